// The built-in model's autoencoder against tests/oracle/mini_oracle.py and against the built-in model's own golden file.
#include <ATen/Parallel.h>
#include <QTest>

#include <filesystem>

#include "engine/models/autoencoder.h"
#include "tests/engine/models/stream_checks.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using test::golden;
using test::maxError;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LIPAR_GOLDEN_DIR) / "models";
const std::filesystem::path kBuiltIn = std::filesystem::path(LIPAR_SHARED_DIR) / "models/lipar-mini-0";

weights::ModelManifest smallModel(bool guided) {
    weights::ModelManifest manifest;
    manifest.directory = kGoldens;
    manifest.name = "small";
    weights::VaeConfig vae;
    vae.kind = "lipar-mini";
    vae.files = {"mini_vae_weights.safetensors"};
    if (guided)
        vae.files.push_back("mini_guide_weights.safetensors");
    vae.latentChannels = 3;
    vae.guided = guided;
    manifest.vae = vae;
    return manifest;
}

std::unique_ptr<models::Autoencoder> load(const weights::ModelManifest& manifest, at::ScalarType dtype = at::kFloat) {
    auto loaded = models::loadAutoencoder(manifest, dtype, at::kCPU);
    if (!loaded)
        qFatal("%s", loaded.error().sentence().c_str());
    return std::move(*loaded);
}

weights::TensorFile smallGolden() {
    return *weights::TensorFile::open(kGoldens / "mini_golden.safetensors");
}

at::Tensor unitFrames(const weights::TensorFile& file) {
    return golden(file, "frames").to(at::kFloat) / 255;
}

std::string errorOf(const weights::ModelManifest& manifest, ErrorCode code) {
    const auto loaded = models::loadAutoencoder(manifest, at::kFloat, at::kCPU);
    if (loaded)
        return "loaded";
    return loaded.error().code == code ? loaded.error().sentence() : "wrong code: " + loaded.error().sentence();
}

}  // namespace

class TestMiniVae : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Layers this narrow are slower on several threads, much slower on a busy machine.
    void initTestCase() { at::set_num_threads(1); }

    void equalsTheOracle() {
        const auto file = smallGolden();
        const at::Tensor frames = unitFrames(file), latents = golden(file, "latents");
        const auto guided = load(smallModel(true)), plain = load(smallModel(false));
        QCOMPARE(guided->traits().latentChannels, 3);
        QCOMPARE(guided->traits().leadFrames, 0);
        QVERIFY(guided->traits().guided && !plain->traits().guided);
        QVERIFY(guided->parameterCount() > plain->parameterCount());
        QVERIFY(maxError(guided->newEncoder()->encode(frames), golden(file, "source_latents")) < 1e-5);
        QVERIFY(maxError(guided->newDecoder()->decode(latents, frames), golden(file, "decoded_guided")) < 1e-5);
        QVERIFY(maxError(plain->newDecoder()->decode(latents.narrow(0, 0, 3), {}), golden(file, "decoded_plain")) < 1e-5);
    }

    void anyChunkingGivesTheWhole() {
        const auto file = smallGolden();
        const at::Tensor frames = unitFrames(file), latents = golden(file, "latents");
        const auto model = load(smallModel(true));
        for (const auto& chunks : test::chunkings(5)) {
            QVERIFY(maxError(test::encodeInChunks(*model, frames, chunks), golden(file, "source_latents")) < 1e-5);
            QVERIFY(maxError(test::decodeInChunks(*model, latents, frames, chunks), golden(file, "decoded_guided")) < 1e-5);
        }
    }

    // Large frames go through the network in passes of one latent; a caller that brings them one by one gets the same.
    void passesOfLargeFramesAreSeamless() {
        const auto model = load(smallModel(true));
        at::Generator generator = at::detail::createCPUGenerator(5);
        const at::Tensor frames = at::rand({8, 3, 720, 1280}, generator);
        const at::Tensor latents = at::randn({2, 3, 90, 160}, generator);
        QVERIFY(maxError(model->newEncoder()->encode(frames), test::encodeInChunks(*model, frames, {1, 1})) < 1e-5);
        QVERIFY(maxError(model->newDecoder()->decode(latents, frames), test::decodeInChunks(*model, latents, frames, {1, 1})) < 1e-5);
    }

    void streamsAreIndependentAndOutliveTheirModel() {
        const auto file = smallGolden();
        const at::Tensor frames = unitFrames(file), expected = golden(file, "source_latents");
        auto model = load(smallModel(true));
        const auto first = model->newEncoder(), second = model->newEncoder();
        model.reset();
        for (int t = 0; t < 5; ++t) {
            const at::Tensor four = frames.narrow(0, 4 * t, 4);
            QVERIFY(maxError(first->encode(four), expected.narrow(0, t, 1)) < 1e-5);
            QVERIFY(maxError(second->encode(four), expected.narrow(0, t, 1)) < 1e-5);
        }
    }

    void bfloat16StaysClose() {
        const auto file = smallGolden();
        const at::Tensor frames = unitFrames(file);
        const auto model = load(smallModel(true), at::kBFloat16);
        const at::Tensor latents = model->newEncoder()->encode(frames);
        QCOMPARE(latents.scalar_type(), at::kFloat);
        QVERIFY(maxError(latents, golden(file, "source_latents")) < 0.1);
        const at::Tensor decoded = model->newDecoder()->decode(golden(file, "latents"), frames);
        QCOMPARE(decoded.scalar_type(), at::kBFloat16);
        QVERIFY(maxError(decoded, golden(file, "decoded_guided")) < 0.03);
    }

    void wrongShapesAreRefused() {
        const auto model = load(smallModel(true));
        QVERIFY_EXCEPTION_THROWN((void)model->newEncoder()->encode(at::zeros({5, 3, 16, 16})), c10::Error);
        QVERIFY_EXCEPTION_THROWN((void)model->newEncoder()->encode(at::zeros({4, 3, 16, 12})), c10::Error);
        QVERIFY_EXCEPTION_THROWN((void)model->newDecoder()->decode(at::zeros({1, 3, 2, 2}), {}), c10::Error);
        QVERIFY_EXCEPTION_THROWN((void)model->newDecoder()->decode(at::zeros({1, 3, 2, 2}), at::zeros({4, 3, 16, 24})), c10::Error);
    }

    void damagedModelsAreNamed() {
        auto manifest = smallModel(true);
        manifest.vae->files.pop_back();
        QVERIFY(errorOf(manifest, ErrorCode::modelDamaged).find("g_a.weight is missing") != std::string::npos);
        manifest = smallModel(true);
        manifest.vae->guided = false;
        QVERIFY(errorOf(manifest, ErrorCode::modelDamaged).find("g_a") != std::string::npos);
        manifest = smallModel(true);
        manifest.vae->latentChannels = 4;
        QVERIFY(errorOf(manifest, ErrorCode::modelDamaged).find("e_out.weight") != std::string::npos);
        manifest.vae->kind = "taehv";
        QVERIFY(errorOf(manifest, ErrorCode::modelDamaged).find("guided") != std::string::npos);
        manifest.vae->spatial = 16;
        QVERIFY(errorOf(manifest, ErrorCode::modelDamaged).find("spatial") != std::string::npos);
        manifest.vae->kind = "vqgan";
        QVERIFY(errorOf(manifest, ErrorCode::modelDamaged).find("vqgan") != std::string::npos);
        manifest.vae.reset();
        QVERIFY(errorOf(manifest, ErrorCode::modelMissing).find("autoencoder") != std::string::npos);
        manifest = smallModel(true);
        manifest.vae->files = {"not-there.safetensors"};
        QVERIFY(errorOf(manifest, ErrorCode::modelMissing).find("not-there.safetensors") != std::string::npos);
    }

    void equalsTheBuiltInModelsGolden() {
        if (!std::filesystem::exists(kBuiltIn / "golden.safetensors"))
            QSKIP("no models/lipar-mini-0/golden.safetensors in the shared folder");
        const auto manifest = weights::readManifest(kBuiltIn);
        QVERIFY2(manifest.has_value(), manifest ? "" : manifest.error().sentence().c_str());
        const auto file = *weights::TensorFile::open(kBuiltIn / "golden.safetensors");
        const auto model = load(*manifest);
        const at::Tensor frames = unitFrames(file), latents = golden(file, "denoised_dense");
        const at::Tensor encoded = model->newEncoder()->encode(frames), decoded = model->newDecoder()->decode(latents, frames);
        QVERIFY(maxError(encoded, golden(file, "source_latents")) < 1e-3);
        QVERIFY(maxError(decoded, golden(file, "decoded_dense")) < 1e-3);
        for (std::int64_t size = 1; size <= 5; ++size) {
            const auto chunks = test::evenChunks(latents.size(0), size);
            QVERIFY(maxError(test::encodeInChunks(*model, frames, chunks), encoded) < 1e-5);
            QVERIFY(maxError(test::decodeInChunks(*model, latents, frames, chunks), decoded) < 1e-5);
        }
    }
};

QTEST_GUILESS_MAIN(TestMiniVae)
#include "tst_mini_vae.moc"
