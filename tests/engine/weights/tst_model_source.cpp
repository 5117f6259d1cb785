// Which model is found in published files, and its description as text.
#include "engine/weights/model_source.h"

#include <QTest>

#include "tests/engine/weights/file_fixture.h"

using namespace lipar;
using namespace lipar::tests;
namespace fs = std::filesystem;

namespace {

const fs::path kOfficial = LIPAR_GOLDEN_DIR "/official";

}  // namespace

class TestModelSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsPublishedFiles_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("transformer");
        QTest::addColumn<QString>("autoencoder");
        QTest::addColumn<QString>("text");
        QTest::newRow("TAEHV and Self-Forcing, laid side by side") << "both"
                                                                   << "checkpoints/self_forcing_dmd.pt"
                                                                   << "taehv safetensors/taew2_1.safetensors"
                                                                   << "";
        QTest::newRow("one file") << "wan/diffusion_pytorch_model.safetensors"
                                  << "diffusion_pytorch_model.safetensors"
                                  << ""
                                  << "";
        QTest::newRow("shards") << "wan_sharded"
                                << "diffusion_pytorch_model.safetensors.index.json"
                                << ""
                                << "";
    }
    void findsPublishedFiles() {
        QFETCH(QString, source);
        QFETCH(QString, transformer);
        QFETCH(QString, autoencoder);
        QFETCH(QString, text);
        const FileFixture files;
        fs::path path = kOfficial / source.toStdString();
        if (source == "both") {
            path = files.path("both");
            fs::copy(kOfficial / "self_forcing", path, fs::copy_options::recursive);
            fs::copy(kOfficial / "taehv", path, fs::copy_options::recursive);
            fs::copy(kOfficial / "wan/config.json", path / "checkpoints/config.json");
        }
        const auto found = weights::findModel(path);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(found->dit.files, std::vector{transformer.toStdString()});
        const std::string vae = found->vae ? found->vae->kind + " " + found->vae->files.front() : "";
        QCOMPARE(vae, autoencoder.toStdString());
        QCOMPARE(found->text ? found->text->files.front() : "", text.toStdString());
        const weights::DitConfig& dit = found->dit;
        QCOMPARE((std::vector{dit.dim, dit.ffnDim, dit.numHeads, dit.numLayers, dit.inChannels, dit.outChannels,
                              dit.textDim, dit.textLen, dit.freqDim}),
                 (std::vector{8, 12, 1, 2, 4, 4, 6, 5, 8}));
        QVERIFY(!dit.sourceConcat);
        QCOMPARE(dit.windowFrames, std::optional(6));
    }

    // Without a config.json the heads are Wan's, when the width allows it.
    void headsAreTold() {
        const FileFixture files;
        fs::copy(kOfficial / "wan/diffusion_pytorch_model.safetensors", files.path("dit.safetensors"));
        const auto found = weights::findModel(files.path("dit.safetensors"));
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::modelDamaged);
        QVERIFY2(found.error().message.find("number of heads") != std::string::npos, found.error().message.c_str());
        for (const auto& [config, reason] :
             std::initializer_list<std::pair<const char*, const char*>>{{R"({"num_heads":3})", "dit.num_heads"},
                                                                        {R"({"num_heads":-1})", "dit.num_heads"},
                                                                        {"[", "not valid JSON"}}) {
            files.write("config.json", std::string_view(config));
            const auto refused = weights::findModel(files.path("dit.safetensors"));
            QVERIFY(!refused);
            QVERIFY2(refused.error().message.find(reason) != std::string::npos, refused.error().message.c_str());
        }
        files.write("config.json", std::string_view(R"({"num_attention_heads":2,"text_len":7})"));
        const auto two = weights::findModel(files.path("dit.safetensors"));
        QVERIFY2(two, two ? "" : two.error().message.c_str());
        QCOMPARE(two->dit.numHeads, 2);
        QCOMPARE(two->dit.textLen, 7);
    }

    void aModelDirectoryIsWhatItSays() {
        const auto found = weights::findModel(LIPAR_GOLDEN_DIR "/dit/wan_like");
        QVERIFY(found);
        QCOMPARE(found->name, std::string("wan_like"));
        QCOMPARE(found->dit.files, std::vector<std::string>{"dit.safetensors"});
    }

    void whatIsMissingIsNamed() {
        const auto nothing = weights::findModel(kOfficial / "taehv");
        QVERIFY(!nothing);
        QCOMPARE(nothing.error().code, ErrorCode::modelMissing);
        QVERIFY2(nothing.error().message.find("self_forcing_dmd.pt") != std::string::npos,
                 nothing.error().message.c_str());
        const auto other = weights::findModel(kOfficial / "taehv/taew2_1.pth");
        QVERIFY(!other);
        QCOMPARE(other.error().code, ErrorCode::modelDamaged);
        QVERIFY2(other.error().message.find("patch_embedding.weight") != std::string::npos,
                 other.error().message.c_str());
        const FileFixture files;
        fs::copy(kOfficial / "wan", files.path("wan"));  // without the folders below it, where the tokenizer is
        const auto mute = weights::findModel(files.path("wan"));
        QVERIFY(!mute);
        QVERIFY2(mute.error().message.find("spiece.model") != std::string::npos, mute.error().message.c_str());
    }

    void descriptionsAreReadBack_data() {
        QTest::addColumn<QString>("folder");
        for (const char* folder : {"tests/golden/dit/wan_like", "tests/golden/dit/builtin_like",
                                   "tests/golden/dit/unbounded", "resources/models/lipar-mini"})
            QTest::newRow(folder) << folder;
    }
    void descriptionsAreReadBack() {
        QFETCH(QString, folder);
        const auto manifest = weights::readManifest(fs::path(LIPAR_SOURCE_DIR) / folder.toStdString());
        QVERIFY(manifest);
        const std::string text = weights::manifestText(*manifest);
        const auto again = weights::parseManifest(text, "again");
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE(weights::manifestText(*again), text);
        QCOMPARE(again->name, manifest->name);
        QCOMPARE(again->license, manifest->license);
        QCOMPARE(again->dit.windowFrames, manifest->dit.windowFrames);
        QCOMPARE(again->dit.ropeMaxFrames, manifest->dit.ropeMaxFrames);
        QCOMPARE(again->dit.sourceConcat, manifest->dit.sourceConcat);
        QCOMPARE(again->sampling.steps, manifest->sampling.steps);
        QCOMPARE(again->sampling.limits.mostSteps, manifest->sampling.limits.mostSteps);
        QCOMPARE(again->sampling.limits.lowestShift, manifest->sampling.limits.lowestShift);
        QCOMPARE(again->text ? again->text->words : std::vector<std::string>(),
                 manifest->text ? manifest->text->words : std::vector<std::string>());
        QCOMPARE(again->text ? again->text->guideSaturation : decltype(again->text->guideSaturation)(),
                 manifest->text ? manifest->text->guideSaturation : decltype(again->text->guideSaturation)());
    }
};

QTEST_GUILESS_MAIN(TestModelSource)
#include "tst_model_source.moc"
