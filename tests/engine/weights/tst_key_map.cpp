#include "engine/weights/key_map.h"

#include <QTest>

#include <vector>

#include "engine/weights/finite.h"

using namespace lipar;
using weights::KeyMap;
using weights::NameLayout;

class TestKeyMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void renames_data() {
        QTest::addColumn<QString>("mark");
        QTest::addColumn<QString>("stored");
        QTest::addColumn<QString>("official");
        const auto row = [](const char* mark, const char* stored, const char* official) {
            QTest::newRow(stored) << mark << stored << official;
        };
        const char* const transformer = "condition_embedder.time_proj.bias";
        row(transformer, "blocks.17.attn1.norm_q.weight", "blocks.17.self_attn.norm_q.weight");
        row(transformer, "blocks.0.scale_shift_table", "blocks.0.modulation");
        row(transformer, "scale_shift_table", "head.modulation");
        row(transformer, "blocks.3.attn1.to_q.weight_scale", "blocks.3.self_attn.q.weight_scale");
        row(transformer, "patch_embedding.weight", "patch_embedding.weight");
        row(transformer, "blocks.x.attn1.to_q.weight", "blocks.x.attn1.to_q.weight");
        row(transformer, "blocks.01.attn1.to_q.weight", "blocks.01.attn1.to_q.weight");
        row(transformer, "blocks.99999999999999999999.attn1.to_q.weight",
            "blocks.99999999999999999999.attn1.to_q.weight");
        const char* const vae = "encoder.mid_block.attentions.0.proj.bias";
        row(vae, "decoder.up_blocks.2.resnets.1.conv_shortcut.bias", "decoder.upsamples.9.shortcut.bias");
        row(vae, "decoder.up_blocks.1.upsamplers.0.time_conv.weight", "decoder.upsamples.7.time_conv.weight");
        row(vae, "decoder.mid_block.resnets.1.conv2.weight", "decoder.middle.2.residual.6.weight");
        row(vae, "encoder.mid_block.attentions.0.to_qkv.weight", "encoder.middle.1.to_qkv.weight");
        row(vae, "quant_conv.bias", "conv1.bias");
        const char* const text = "shared.weight";
        row(text, "encoder.block.23.layer.0.SelfAttention.relative_attention_bias.weight",
            "blocks.23.pos_embedding.embedding.weight");
        row(text, "encoder.block.0.layer.1.DenseReluDense.wi_0.weight", "blocks.0.ffn.gate.0.weight");
        row(text, "encoder.final_layer_norm.weight", "norm.weight");
        row("blocks.0.self_attn.q.weight", "model.diffusion_model.blocks.0.self_attn.q.weight",
            "blocks.0.self_attn.q.weight");
    }
    void renames() {
        QFETCH(QString, mark);
        QFETCH(QString, stored);
        QFETCH(QString, official);
        const std::string storedName = stored.toStdString(), markName = mark.toStdString();
        const std::vector<std::string_view> names{storedName, markName};
        const KeyMap map = KeyMap::detect(names);
        QCOMPARE(map.officialName(storedName), official.toStdString());
        QCOMPARE(map.storedName(official.toStdString()), weights::withoutWrappers(storedName));
    }

    void layoutsAreTold() {
        const auto layoutOf = [](std::vector<std::string_view> names) { return KeyMap::detect(names).layout(); };
        QCOMPARE(layoutOf({}), NameLayout::official);
        QCOMPARE(layoutOf({"blocks.0.self_attn.q.weight", "head.modulation"}), NameLayout::official);
        QCOMPARE(layoutOf({"encoder.middle.0.residual.0.gamma", "decoder.conv1.weight"}), NameLayout::official);
        QCOMPARE(layoutOf({"encoder.0.weight", "decoder.22.bias"}), NameLayout::official);
        QCOMPARE(layoutOf({"token_embedding.weight", "blocks.0.attn.q.weight"}), NameLayout::official);
        // A part of a network is enough, in whatever shard it lies.
        QCOMPARE(layoutOf({"blocks.0.ffn.net.2.bias", "blocks.7.attn2.to_k.bias"}), NameLayout::diffusersTransformer);
        QCOMPARE(layoutOf({"quant_conv.bias", "decoder.up_blocks.3.resnets.0.conv1.weight"}), NameLayout::diffusersVae);
        QCOMPARE(layoutOf({"encoder.block.3.layer.1.layer_norm.weight"}), NameLayout::transformersUmt5);
    }

    void namesThatNoLayerCanHaveStay() {
        const std::vector<std::string_view> vae{"encoder.mid_block.attentions.0.proj.bias"};
        const KeyMap map = KeyMap::detect(vae);
        // An upsampler stands fourth in its stage, a block before it.
        QCOMPARE(map.storedName("decoder.upsamples.4.resample.1.bias"),
                 std::string("decoder.upsamples.4.resample.1.bias"));
    }

    // One bad value at any place, in any type, at any alignment.
    void finite() {
        struct Case {
            weights::DType dtype;
            std::vector<unsigned char> bad;  // little-endian
            std::vector<unsigned char> largest;
        };
        const Case cases[] = {
            {weights::DType::f64, {0, 0, 0, 0, 0, 0, 0xf0, 0x7f}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0xff}},
            {weights::DType::f32, {0, 0, 0xc0, 0xff}, {0xff, 0xff, 0x7f, 0xff}},
            {weights::DType::f16, {0, 0x7c}, {0xff, 0xfb}},
            {weights::DType::bf16, {0xc0, 0x7f}, {0x7f, 0xff}},
        };
        for (const Case& one : cases) {
            const std::size_t size = one.bad.size();
            for (const std::size_t count : {1, 7, 2048, 5000})
                for (const std::size_t place : {std::size_t(0), count / 2, count - 1}) {
                    std::vector<std::byte> bytes(1 + count * size);  // one byte off
                    weights::TensorView view{one.dtype, {std::int64_t(count)}, std::span(bytes).subspan(1)};
                    std::memcpy(bytes.data() + 1 + place * size, one.largest.data(), size);
                    QVERIFY(weights::allFinite(view));
                    std::memcpy(bytes.data() + 1 + place * size, one.bad.data(), size);
                    QVERIFY(!weights::allFinite(view));
                }
        }
        const std::vector<std::byte> ones(16, std::byte(0xff));
        QVERIFY(weights::allFinite({weights::DType::i32, {4}, ones}));
        QVERIFY(weights::allFinite({weights::DType::f32, {0}, {}}));
    }
};

QTEST_GUILESS_MAIN(TestKeyMap)
#include "tst_key_map.moc"
