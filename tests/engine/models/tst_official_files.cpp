// The published files as they are: every layout gives the same tensors and the same pictures, and what does not fit is
// refused by name (files: tests/oracle/make_official_files.py, with diffusers' and transformers' own renaming).
#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <filesystem>
#include <limits>
#include <map>

#include "engine/models/autoencoder.h"
#include "engine/models/dit/wan_dit.h"
#include "engine/models/weight_store.h"
#include "engine/pipeline/kv_cache.h"

using namespace lipar;
namespace fs = std::filesystem;

namespace {

const fs::path kOfficial = fs::path(LIPAR_GOLDEN_DIR) / "official";

weights::ModelManifest tinyManifest(const fs::path& directory, const std::string& file) {
    weights::ModelManifest manifest = weights::wan21Manifest();
    manifest.directory = directory;
    weights::DitConfig& dit = manifest.dit;
    dit.files = {file};
    dit.dim = 8;
    dit.ffnDim = 12;
    dit.numHeads = 1;
    dit.numLayers = 2;
    dit.inChannels = dit.outChannels = 4;
    dit.textDim = 6;
    dit.textLen = 5;
    dit.freqDim = 8;
    return manifest;
}

at::Tensor velocityOf(const models::WanDit& dit) {
    at::Generator generator = at::detail::createCPUGenerator(1);
    const auto random = [&](at::IntArrayRef shape) {
        return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat));
    };
    constexpr int kFrames = 3, kHeight = 4, kWidth = 6;
    pipeline::KvCache cache(dit.config(), kHeight / 2, kWidth / 2, method::Recovery::full, method::KeySequence::window,
                            at::kFloat, at::kCPU);
    const std::vector<std::uint8_t> keep(kFrames * kHeight * kWidth / 4, 1);
    cache.beginBlock(keep.data());
    cache.beginPass(method::Pass::denoise);
    const at::Tensor latents = random({kFrames, 4, kHeight, kWidth});
    const at::Tensor out =
        dit.forward(dit.toPatches(latents), {}, dit.modulationAt(400), dit.encodePrompt(random({3, 6})), cache);
    return dit.fromPatches(out, kFrames, kHeight, kWidth);
}

Result<models::WanDit> loadDit(const fs::path& directory, const std::string& file) {
    return models::WanDit::load(tinyManifest(directory, file), at::kFloat, at::kCPU);
}

// A copy of a safetensors file whose tensors a test may change before it is written.
class Copied {
public:
    explicit Copied(const fs::path& path) : m_file(*weights::TensorFile::open(path)) {
        for (const auto& [name, view] : m_file.tensors())
            tensors[name] = view;
    }
    void write(const fs::path& path) const {
        std::vector<weights::NamedTensor> named;
        for (const auto& [name, view] : tensors)
            named.push_back({name, view});
        const auto written = weights::writeSafetensors(path, named);
        QVERIFY2(written, written ? "" : written.error().message.c_str());
    }
    std::map<std::string, weights::TensorView> tensors;

private:
    weights::TensorFile m_file;
};

}  // namespace

class TestOfficialFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void transformerIsTheSameInEveryLayout_data();
    void transformerIsTheSameInEveryLayout();
    void tensorsAreTheSameInEveryLayout_data();
    void tensorsAreTheSameInEveryLayout();
    void tinyAutoencoderLoadsFromBothFiles();
    void wrongTensorsAreNamed_data();
    void wrongTensorsAreNamed();
    void copiesOfATensorMustAgree();
    void shardsMustAgreeWithTheirIndex();
    void folderWithoutWeightsIsNamed();
    void codeInAPickleIsNotRun();

private:
    [[nodiscard]] fs::path scratch() const { return m_scratch.path().toStdString(); }
    QTemporaryDir m_scratch;
};

void TestOfficialFiles::transformerIsTheSameInEveryLayout_data() {
    QTest::addColumn<QString>("file");
    for (const char* file : {"self_forcing/checkpoints/self_forcing_dmd.pt", "self_forcing_fsdp.pt",
                             "wan_sharded/diffusion_pytorch_model.safetensors.index.json", "wan_sharded",
                             "diffusers/transformer", "diffusers/transformer/diffusion_pytorch_model.safetensors"})
        QTest::newRow(file) << file;
}

void TestOfficialFiles::transformerIsTheSameInEveryLayout() {
    QFETCH(QString, file);
    const auto expected = loadDit(kOfficial, "wan/diffusion_pytorch_model.safetensors");
    QVERIFY2(expected, expected ? "" : expected.error().message.c_str());
    const auto actual = loadDit(kOfficial, file.toStdString());
    QVERIFY2(actual, actual ? "" : actual.error().message.c_str());
    QCOMPARE(actual->parameterCount(), expected->parameterCount());
    const at::Tensor velocity = velocityOf(*expected);
    QVERIFY(velocity.abs().max().item<double>() > 0.1);
    QVERIFY(at::equal(velocityOf(*actual), velocity));
}

void TestOfficialFiles::tensorsAreTheSameInEveryLayout_data() {
    QTest::addColumn<QString>("official");
    QTest::addColumn<QString>("other");
    QTest::addColumn<int>("count");
    QTest::newRow("autoencoder") << "wan/Wan2.1_VAE.pth"
                                 << "diffusers/vae" << 194;
    QTest::newRow("text encoder") << "wan/models_t5_umt5-xxl-enc-bf16.pth"
                                  << "diffusers/text_encoder" << 22;
    QTest::newRow("text encoder, embedding stored twice") << "wan/models_t5_umt5-xxl-enc-bf16.pth"
                                                          << "umt5_tied.safetensors" << 22;
    QTest::newRow("tiny autoencoder") << "taehv/taew2_1.pth"
                                      << "taehv/safetensors/taew2_1.safetensors" << 128;
}

void TestOfficialFiles::tensorsAreTheSameInEveryLayout() {
    QFETCH(QString, official);
    QFETCH(QString, other);
    QFETCH(int, count);
    auto expected = models::WeightStore::open(kOfficial, {official.toStdString()});
    auto actual = models::WeightStore::open(kOfficial, {other.toStdString()});
    QVERIFY2(expected, expected ? "" : expected.error().message.c_str());
    QVERIFY2(actual, actual ? "" : actual.error().message.c_str());
    // The names are those that the official file itself has.
    const auto file = weights::TensorFile::open(kOfficial / official.toStdString());
    QVERIFY(file);
    QCOMPARE(int(file->tensors().size()), count);
    for (const auto& [name, view] : file->tensors()) {
        QVERIFY2(actual->contains(name), name.c_str());
        const auto wanted = expected->take(name, view.shape, at::kFloat, at::kCPU);
        const auto given = actual->take(name, view.shape, at::kFloat, at::kCPU);
        QVERIFY2(wanted && given && at::equal(*wanted, *given), name.c_str());
    }
    const auto all = actual->checkAllTaken();
    QVERIFY2(all, all ? "" : all.error().message.c_str());
}

void TestOfficialFiles::tinyAutoencoderLoadsFromBothFiles() {
    at::Generator generator = at::detail::createCPUGenerator(2);
    const at::Tensor frames = at::rand({8, 3, 16, 16}, generator, at::TensorOptions().dtype(at::kFloat));
    std::vector<at::Tensor> latents;
    for (const char* file : {"taehv/taew2_1.pth", "taehv/safetensors/taew2_1.safetensors"}) {
        weights::ModelManifest manifest = tinyManifest(kOfficial, "");
        manifest.vae = weights::VaeConfig{.kind = "taehv", .files = {file}, .latentChannels = 4};
        auto autoencoder = models::loadAutoencoder(manifest, at::kFloat, at::kCPU);
        QVERIFY2(autoencoder, autoencoder ? "" : autoencoder.error().message.c_str());
        latents.push_back((*autoencoder)->newEncoder()->encode(frames));
    }
    QVERIFY(at::equal(latents[0], latents[1]));
}

void TestOfficialFiles::wrongTensorsAreNamed_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("tensor");
    QTest::addColumn<QString>("officialName");
    QTest::newRow("official") << "wan/diffusion_pytorch_model.safetensors"
                              << "blocks.1.cross_attn.o.weight"
                              << "blocks.1.cross_attn.o.weight";
    QTest::newRow("diffusers") << "diffusers/transformer/diffusion_pytorch_model.safetensors"
                               << "blocks.1.attn2.to_out.0.weight"
                               << "blocks.1.cross_attn.o.weight";
    QTest::newRow("diffusers, norm") << "diffusers/transformer/diffusion_pytorch_model.safetensors"
                                     << "blocks.0.norm2.bias"
                                     << "blocks.0.norm3.bias";
    QTest::newRow("diffusers, head") << "diffusers/transformer/diffusion_pytorch_model.safetensors"
                                     << "scale_shift_table"
                                     << "head.modulation";
}

void TestOfficialFiles::wrongTensorsAreNamed() {
    QFETCH(QString, source);
    QFETCH(QString, tensor);
    QFETCH(QString, officialName);
    const fs::path original = kOfficial / source.toStdString();
    const std::string name = tensor.toStdString();
    const auto refusal = [&](const Copied& copied, std::initializer_list<std::string> parts) {
        copied.write(scratch() / "wrong.safetensors");
        const auto loaded = loadDit(scratch(), "wrong.safetensors");
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::modelDamaged);
        for (const std::string& part : parts)
            QVERIFY2(loaded.error().message.find(part) != std::string::npos,
                     (loaded.error().message + " / " + part).c_str());
    };
    const std::string official = officialName.toStdString();

    Copied missing(original);
    missing.tensors.erase(name);
    refusal(missing, {"missing", name, official});

    Copied extra(original);
    extra.tensors[name + "_img"] = extra.tensors[name];
    refusal(extra, {"not part of this model", name + "_img"});

    Copied misshapen(original);
    misshapen.tensors[name].shape.insert(misshapen.tensors[name].shape.begin(), 1);
    refusal(misshapen, {"has shape", name, official});

    for (const float value : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
        Copied poisoned(original);
        weights::TensorView& view = poisoned.tensors[name];
        std::vector<std::byte> bytes(view.bytes.begin(), view.bytes.end());
        std::memcpy(bytes.data() + bytes.size() - sizeof value, &value, sizeof value);
        view.bytes = bytes;
        refusal(poisoned, {"not finite", name, official});
    }

    Copied whole(original);
    const std::vector<std::byte> numbers(std::size_t(whole.tensors[name].elementCount()) * 4);
    whole.tensors[name] = {weights::DType::i32, whole.tensors[name].shape, numbers};
    refusal(whole, {"has type I32", name, official});
}

void TestOfficialFiles::copiesOfATensorMustAgree() {
    Copied tied(kOfficial / "umt5_tied.safetensors");
    weights::TensorView& view = tied.tensors["encoder.embed_tokens.weight"];
    std::vector<std::byte> bytes(view.bytes.begin(), view.bytes.end());
    bytes[0] ^= std::byte(1);
    view.bytes = bytes;
    tied.write(scratch() / "untied.safetensors");
    const auto store = models::WeightStore::open(scratch(), {"untied.safetensors"});
    QVERIFY(!store);
    QCOMPARE(store.error().code, ErrorCode::modelDamaged);
    for (const char* name : {"shared.weight", "encoder.embed_tokens.weight"})
        QVERIFY2(store.error().message.find(name) != std::string::npos, store.error().message.c_str());
}

void TestOfficialFiles::shardsMustAgreeWithTheirIndex() {
    const fs::path folder = scratch() / "sharded";
    const auto refusal = [&](ErrorCode code, const std::string& part) {
        const auto loaded = loadDit(folder, "diffusion_pytorch_model.safetensors.index.json");
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, code);
        QVERIFY2(loaded.error().message.find(part) != std::string::npos, loaded.error().message.c_str());
    };
    const fs::path second = folder / "diffusion_pytorch_model-00002-of-00002.safetensors";
    const auto restore = [&] {
        fs::remove_all(folder);
        fs::copy(kOfficial / "wan_sharded", folder);
    };
    restore();
    Copied changed(second);
    changed.tensors.erase("blocks.1.ffn.0.weight");
    changed.write(second);
    refusal(ErrorCode::modelDamaged,
            "tensor blocks.1.ffn.0.weight is not in diffusion_pytorch_model-00002-of-00002.safetensors");

    restore();
    Copied more(second);
    more.tensors["blocks.9.ffn.0.weight"] = more.tensors["blocks.1.ffn.0.weight"];
    more.write(second);
    refusal(ErrorCode::modelDamaged,
            "tensor blocks.9.ffn.0.weight is in diffusion_pytorch_model-00002-of-00002.safetensors");

    restore();
    fs::remove(second);
    refusal(ErrorCode::modelMissing, "diffusion_pytorch_model-00002-of-00002.safetensors");

    for (const auto& [text, reason] : std::initializer_list<std::pair<const char*, const char*>>{
             {R"({"weight_map":{"head.head.weight":"../wan/diffusion_pytorch_model.safetensors"}})",
              "not a file beside the index"},
             {R"({"weight_map":{"head.head.weight":5}})", "weight_map.head.head.weight is not a file name"},
             {R"({"metadata":{}})", "no weight_map"},
             {R"([])", "no weight_map"},
             {R"({"weight_map":)", "not valid JSON"}}) {
        QFile index(QString::fromStdString((folder / "diffusion_pytorch_model.safetensors.index.json").string()));
        QVERIFY(index.open(QIODevice::WriteOnly | QIODevice::Truncate));
        index.write(text);
        index.close();
        refusal(ErrorCode::modelDamaged, reason);
    }
}

void TestOfficialFiles::folderWithoutWeightsIsNamed() {
    const auto loaded = loadDit(kOfficial, "taehv");
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().code, ErrorCode::modelMissing);
    QVERIFY2(loaded.error().message.find("taehv: it holds neither") != std::string::npos,
             loaded.error().message.c_str());
}

void TestOfficialFiles::codeInAPickleIsNotRun() {
    const fs::path before = fs::current_path();
    fs::current_path(scratch());
    for (const auto& entry : fs::directory_iterator(fs::path(LIPAR_GOLDEN_DIR) / "weights")) {
        const std::string name = entry.path().filename().string();
        if (name.find("system") == std::string::npos && name.find("eval") == std::string::npos)
            continue;
        const auto loaded = loadDit(entry.path().parent_path(), name);
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::modelDamaged);
        QVERIFY2(loaded.error().message.find(name) != std::string::npos, loaded.error().message.c_str());
    }
    QVERIFY(!fs::exists("lipar-pickle-was-run"));
    fs::current_path(before);
}

QTEST_GUILESS_MAIN(TestOfficialFiles)
#include "tst_official_files.moc"
