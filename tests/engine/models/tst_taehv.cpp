// TAEHV against tests/oracle/taehv_oracle.py.
#include <ATen/Parallel.h>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <limits>
#include <span>

#include "engine/models/autoencoder.h"
#include "tests/engine/models/stream_checks.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using test::golden;
using test::maxError;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LIPAR_GOLDEN_DIR) / "models";

weights::ModelManifest modelIn(const std::filesystem::path& directory) {
    weights::ModelManifest manifest;
    manifest.directory = directory;
    manifest.name = "small";
    weights::VaeConfig vae;
    vae.kind = "taehv";
    vae.files = {"taehv_weights.safetensors"};
    vae.latentChannels = 3;
    manifest.vae = vae;
    return manifest;
}

std::unique_ptr<models::Autoencoder> load(at::ScalarType dtype = at::kFloat) {
    auto loaded = models::loadAutoencoder(modelIn(kGoldens), dtype, at::kCPU);
    if (!loaded)
        qFatal("%s", loaded.error().sentence().c_str());
    return std::move(*loaded);
}

weights::TensorFile goldenFile() {
    return *weights::TensorFile::open(kGoldens / "taehv_golden.safetensors");
}

at::Tensor unitFrames(const weights::TensorFile& file) {
    return golden(file, "frames").to(at::kFloat) / 255;
}

// The sentence that a checkpoint gives when `change` has been done to its tensors.
template <class Change>
std::string errorAfter(Change change) {
    const QTemporaryDir folder;
    const auto original = *weights::TensorFile::open(kGoldens / "taehv_weights.safetensors");
    std::map<std::string, weights::TensorView> tensors(original.tensors().begin(), original.tensors().end());
    change(tensors);
    std::vector<weights::NamedTensor> named;
    for (const auto& [name, view] : tensors)
        named.push_back({name, view});
    const std::filesystem::path directory = folder.path().toStdString();
    if (const auto written = weights::writeSafetensors(directory / "taehv_weights.safetensors", named); !written)
        return written.error().sentence();
    const auto loaded = models::loadAutoencoder(modelIn(directory), at::kFloat, at::kCPU);
    if (loaded)
        return "loaded";
    return loaded.error().code == ErrorCode::modelDamaged ? loaded.error().sentence() : "wrong code: " + loaded.error().sentence();
}

bool mentions(const std::string& sentence, const std::string& part) {
    if (sentence.find(part) == std::string::npos)
        qWarning("\"%s\" does not mention \"%s\"", sentence.c_str(), part.c_str());
    return sentence.find(part) != std::string::npos;
}

}  // namespace

class TestTaehv : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Layers this narrow are slower on several threads, much slower on a busy machine.
    void initTestCase() { at::set_num_threads(1); }

    void equalsTheOracle() {
        const auto file = goldenFile();
        const auto model = load();
        QCOMPARE(model->traits().latentChannels, 3);
        QCOMPARE(model->traits().leadFrames, 3);
        QVERIFY(!model->traits().guided);
        QVERIFY(maxError(model->newEncoder()->encode(unitFrames(file)), golden(file, "latents")) < 1e-5);
        QVERIFY(maxError(model->newDecoder()->decode(golden(file, "decoder_input"), {}), golden(file, "decoded")) < 1e-5);
    }

    // All 63 ways to cut the first 1 to 6 latents; the network is causal, so each gives the beginning of the whole.
    void anyChunkingGivesTheWhole() {
        const auto file = goldenFile();
        const auto model = load();
        const at::Tensor frames = unitFrames(file), latents = golden(file, "latents");
        const at::Tensor input = golden(file, "decoder_input"), decoded = golden(file, "decoded");
        for (std::int64_t total = 1; total <= 6; ++total)
            for (const auto& chunks : test::chunkings(total)) {
                QVERIFY(maxError(test::encodeInChunks(*model, frames, chunks), latents.narrow(0, 0, total)) < 1e-5);
                QVERIFY(maxError(test::decodeInChunks(*model, input, {}, chunks), decoded.narrow(0, 0, 4 * total)) < 1e-5);
            }
    }

    void passesOfLargeFramesAreSeamless() {
        const auto model = load();
        at::Generator generator = at::detail::createCPUGenerator(5);
        const at::Tensor frames = at::rand({8, 3, 480, 832}, generator), latents = at::randn({2, 3, 60, 104}, generator);
        QVERIFY(maxError(model->newEncoder()->encode(frames), test::encodeInChunks(*model, frames, {1, 1})) < 1e-5);
        QVERIFY(maxError(model->newDecoder()->decode(latents, {}), test::decodeInChunks(*model, latents, {}, {1, 1})) < 1e-5);
    }

    void bfloat16StaysClose() {
        const auto file = goldenFile();
        const auto model = load(at::kBFloat16);
        QVERIFY(maxError(model->newEncoder()->encode(unitFrames(file)), golden(file, "latents")) < 0.05);
        const at::Tensor decoded = model->newDecoder()->decode(golden(file, "decoder_input"), {});
        QCOMPARE(decoded.scalar_type(), at::kBFloat16);
        QVERIFY(maxError(decoded, golden(file, "decoded")) < 0.1);
    }

    void damagedCheckpointsAreNamed() {
        QVERIFY(mentions(errorAfter([](auto& tensors) { tensors.erase("decoder.10.conv.2.bias"); }), "decoder.10.conv.2.bias is missing"));
        QVERIFY(mentions(errorAfter([](auto& tensors) { tensors.emplace("decoder.9.skip.weight", tensors.at("decoder.22.bias")); }),
                         "decoder.9.skip.weight is not part of this model"));
        QVERIFY(mentions(errorAfter([](auto& tensors) { tensors.at("encoder.7.conv.weight") = tensors.at("encoder.2.conv.weight"); }),
                         "encoder.7.conv.weight"));
        // Too small a grow; the last one is stored exactly as large as it must be.
        QVERIFY(mentions(errorAfter([](auto& tensors) {
                             auto& grow = tensors.at("decoder.19.conv.weight");
                             grow.shape[0] -= 1;
                             grow.bytes = grow.bytes.first(std::size_t(grow.elementCount()) * 4);
                         }),
                         "decoder.19.conv.weight"));
        std::vector<float> notNumbers(3, std::numeric_limits<float>::quiet_NaN());
        QVERIFY(mentions(errorAfter([&](auto& tensors) { tensors.at("decoder.22.bias").bytes = std::as_bytes(std::span(notNumbers)); }),
                         "decoder.22.bias"));
    }
};

QTEST_GUILESS_MAIN(TestTaehv)
#include "tst_taehv.moc"
