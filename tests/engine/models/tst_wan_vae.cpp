// Wan's own autoencoders, 2.1's and 2.2's, against diffusers (tests/oracle/make_wan_vae_goldens.py).
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

#include "engine/models/autoencoder.h"
#include "engine/models/tiles.h"
#include "tests/engine/models/stream_checks.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using test::golden;
using test::maxError;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LIPAR_GOLDEN_DIR) / "models";

struct Case {
    const char* kind;
    std::string name;
    int channels;
    int spatial;
};

const Case kWan21{"wan", "wan21_vae", 16, 8};
const Case kWan22{"wan2.2", "wan22_vae", 48, 16};

weights::ModelManifest modelOf(const Case& which, const std::filesystem::path& directory = kGoldens) {
    weights::ModelManifest manifest;
    manifest.directory = directory;
    manifest.name = "small";
    manifest.vae = weights::VaeConfig{.kind = which.kind,
                                      .files = {which.name + "_weights.safetensors"},
                                      .latentChannels = which.channels,
                                      .spatial = which.spatial};
    return manifest;
}

std::unique_ptr<models::Autoencoder> load(const Case& which, at::ScalarType dtype = at::kFloat) {
    auto loaded = models::loadAutoencoder(modelOf(which), dtype, at::kCPU);
    if (!loaded)
        qFatal("%s", loaded.error().sentence().c_str());
    return std::move(*loaded);
}

weights::TensorFile goldenFile(const Case& which) {
    return *weights::TensorFile::open(kGoldens / (which.name + "_golden.safetensors"));
}

// The clip as a caller brings it: three copies of its first frame before it. What they hold is not looked at.
at::Tensor withLead(const at::Tensor& frames) {
    return at::cat({at::full_like(frames.narrow(0, 0, 3), 0.7), frames});
}

at::Tensor clipOf(const weights::TensorFile& file) {
    return withLead(golden(file, "frames").to(at::kFloat) / 255);
}

double relativeError(const at::Tensor& a, const at::Tensor& b) {
    return ((a.to(at::kDouble) - b.to(at::kDouble)).norm() / b.to(at::kDouble).norm()).item<double>();
}

std::string errorOf(const weights::ModelManifest& manifest) {
    const auto loaded = models::loadAutoencoder(manifest, at::kFloat, at::kCPU);
    if (loaded)
        return "loaded";
    return loaded.error().code == ErrorCode::modelDamaged ? loaded.error().sentence()
                                                          : "wrong code: " + loaded.error().sentence();
}

// The sentence that a checkpoint gives when `change` has been done to its tensors.
template <class Change>
std::string errorAfter(Change change) {
    const QTemporaryDir folder;
    const auto original = *weights::TensorFile::open(kGoldens / "wan21_vae_weights.safetensors");
    std::map<std::string, weights::TensorView> tensors(original.tensors().begin(), original.tensors().end());
    change(tensors);
    std::vector<weights::NamedTensor> named;
    for (const auto& [name, view] : tensors)
        named.push_back({name, view});
    const std::filesystem::path directory = folder.path().toStdString();
    if (const auto written = weights::writeSafetensors(directory / "wan21_vae_weights.safetensors", named); !written)
        return written.error().sentence();
    return errorOf(modelOf(kWan21, directory));
}

bool mentions(const std::string& sentence, const std::string& part) {
    if (sentence.find(part) == std::string::npos)
        qWarning("\"%s\" does not mention \"%s\"", sentence.c_str(), part.c_str());
    return sentence.find(part) != std::string::npos;
}

}  // namespace

class TestWanVae : public QObject {
    Q_OBJECT

    static void checkAgainstDiffusers(const Case& which) {
        const auto file = goldenFile(which);
        const auto model = load(which);
        QCOMPARE(model->traits().latentChannels, which.channels);
        QCOMPARE(model->traits().spatial, which.spatial);
        QCOMPARE(model->traits().leadFrames, 3);
        QVERIFY(!model->traits().guided);
        const at::Tensor latents = model->newEncoder()->encode(clipOf(file));
        const at::Tensor decoded = model->newDecoder()->decode(golden(file, "decoder_input"), {});
        const double encodeError = maxError(latents, golden(file, "latents")),
                     decodeError = maxError(decoded.narrow(0, 3, decoded.size(0) - 3), golden(file, "decoded"));
        qInfo("largest error against diffusers, float32: latents %.2g, frames %.2g", encodeError, decodeError);
        QVERIFY(encodeError < 1e-5 && decodeError < 1e-5);
    }

    static void checkChunkings(const Case& which) {
        const auto file = goldenFile(which);
        const auto model = load(which);
        const at::Tensor frames = clipOf(file), latents = golden(file, "latents");
        const at::Tensor input = golden(file, "decoder_input"), decoded = golden(file, "decoded");
        for (std::int64_t total = 1; total <= latents.size(0); ++total)
            for (const auto& chunks : test::chunkings(total)) {
                QVERIFY(maxError(test::encodeInChunks(*model, frames, chunks), latents.narrow(0, 0, total)) < 1e-5);
                const at::Tensor made = test::decodeInChunks(*model, input, {}, chunks);
                QCOMPARE(made.size(0), 4 * total);
                QVERIFY(maxError(made.narrow(0, 3, 4 * total - 3), decoded.narrow(0, 0, 4 * total - 3)) < 1e-5);
            }
    }

    // Root mean square over the variants that the oracle took.
    static void checkBfloat16(const Case& which) {
        const auto file = goldenFile(which);
        const auto exact = load(which), half = load(which, at::kBFloat16);
        const at::Tensor clip = golden(file, "frames").to(at::kFloat) / 255, latents = golden(file, "decoder_input");
        double encodeSquares = 0, decodeSquares = 0;
        int count = 0;
        for (const std::vector<std::int64_t>& flips : {std::vector<std::int64_t>{}, {3}, {2}, {2, 3}})
            for (const bool negative : {false, true}) {
                const at::Tensor frames = withLead(negative ? 1 - clip.flip(flips) : clip.flip(flips));
                const at::Tensor input = negative ? -latents.flip(flips) : latents.flip(flips);
                const auto drop = [](const at::Tensor& decoded) { return decoded.narrow(0, 3, decoded.size(0) - 3); };
                encodeSquares +=
                    std::pow(relativeError(half->newEncoder()->encode(frames), exact->newEncoder()->encode(frames)), 2);
                decodeSquares += std::pow(relativeError(drop(half->newDecoder()->decode(input, {})),
                                                        drop(exact->newDecoder()->decode(input, {}))),
                                          2);
                ++count;
            }
        const double encodeError = std::sqrt(encodeSquares / count), decodeError = std::sqrt(decodeSquares / count);
        const at::Tensor theirs = golden(file, "bfloat16_errors");
        qInfo("relative error of bfloat16: latents %.3g (diffusers: %.3g), frames %.3g (%.3g)", encodeError,
              theirs[0].item<double>(), decodeError, theirs[1].item<double>());
        QVERIFY(encodeError <= theirs[0].item<double>());
        QVERIFY(decodeError <= theirs[1].item<double>());
    }

private Q_SLOTS:
    // Layers this narrow are slower on several threads, much slower on a busy machine.
    void initTestCase() { at::set_num_threads(1); }

    void wan21EqualsDiffusers() { checkAgainstDiffusers(kWan21); }
    void wan22EqualsDiffusers() { checkAgainstDiffusers(kWan22); }

    // The networks are causal: any way to cut the beginning of a clip gives the beginning of the whole.
    void wan21InAnyChunksGivesTheWhole() { checkChunkings(kWan21); }
    void wan22InAnyChunksGivesTheWhole() { checkChunkings(kWan22); }

    void wan21InBfloat16IsNoFurtherOffThanDiffusers() { checkBfloat16(kWan21); }
    void wan22InBfloat16IsNoFurtherOffThanDiffusers() { checkBfloat16(kWan22); }

    // The first picture stands for the three that a caller drops.
    void aClipBeginsWithItsFirstPicture() {
        const auto file = goldenFile(kWan21);
        const at::Tensor decoded = load(kWan21)->newDecoder()->decode(golden(file, "decoder_input"), {});
        for (int lead = 0; lead < 3; ++lead)
            QVERIFY(at::equal(decoded[lead], decoded[3]));
    }

    void passesOfLargeFramesAreSeamless() {
        const auto model = load(kWan21);
        at::Generator generator = at::detail::createCPUGenerator(5);
        const at::Tensor frames = withLead(at::rand({5, 3, 256, 416}, generator)),
                         latents = at::randn({2, 16, 32, 52}, generator);
        QVERIFY(maxError(model->newEncoder()->encode(frames), test::encodeInChunks(*model, frames, {1, 1})) < 1e-5);
        QVERIFY(maxError(model->newDecoder()->decode(latents, {}), test::decodeInChunks(*model, latents, {}, {1, 1})) <
                1e-5);
    }

    // Little memory: the same pictures up to what the seams cost, in pieces of any length, and the same for every call.
    void tilesStandForTheWholeFrame() {
        const auto model = load(kWan21);
        at::Generator generator = at::detail::createCPUGenerator(7);
        const at::Tensor smooth = at::upsample_bilinear2d(at::rand({5, 3, 8, 10}, generator), {256, 320}, false);
        const at::Tensor frames = withLead(smooth), input = at::randn({2, 16, 32, 40}, generator);
        const std::uint64_t pixels = 192 * 192;  // of a tile: there will be two by two
        const std::uint64_t encodeLimit = pixels * 35 * 4 * 4, decodeLimit = pixels * 45 * 4 * 4;
        const auto encode = [&](std::uint64_t limit, const std::vector<std::int64_t>& chunks) {
            const auto stream = model->newEncoder(limit);
            std::vector<at::Tensor> parts;
            std::int64_t at = 0;
            for (const std::int64_t length : chunks) {
                parts.push_back(stream->encode(frames.narrow(0, at, length)));
                at += length;
            }
            return at::cat(parts);
        };
        const auto decode = [&](std::uint64_t limit, const std::vector<std::int64_t>& chunks) {
            const auto stream = model->newDecoder(limit);
            std::vector<at::Tensor> parts;
            std::int64_t at = 0;
            for (const std::int64_t length : chunks) {
                parts.push_back(stream->decode(input.narrow(0, at, length), {}));
                at += length;
            }
            return at::cat(parts);
        };
        const at::Tensor latents = encode(0, {8}), tiledLatents = encode(encodeLimit, {8});
        const at::Tensor decoded = decode(0, {2}), tiled = decode(decodeLimit, {2});
        QCOMPARE(tiledLatents.sizes(), latents.sizes());
        QCOMPARE(tiled.sizes(), decoded.sizes());
        const double latentError = relativeError(tiledLatents, latents), error = relativeError(tiled, decoded);
        qInfo("relative error of tiles: latents %.2g, frames %.2g (largest %.2g)", latentError, error,
              maxError(tiled, decoded));
        QVERIFY(latentError > 0 && error > 0);  // they were tiled
        QVERIFY(latentError < 0.05 && error < 0.05);
        QVERIFY(maxError(encode(encodeLimit, {4, 4}), tiledLatents) < 1e-5);
        QVERIFY(maxError(decode(decodeLimit, {1, 1}), tiled) < 1e-5);
        // As much memory as the frame takes: no tiles.
        QVERIFY(at::equal(encode(std::uint64_t(256 * 320) * 35 * 4 * 4, {8}), latents));
    }

    void tilesCoverTheFrameWithWeightsOfOne() {
        for (const std::int64_t total : {1, 15, 16, 17, 25, 60, 104, 135, 240})
            for (const std::int64_t most : {1, 16, 17, 30, 59, 104, 1000}) {
                const auto spans = models::tileSpans(total, most);
                QCOMPARE(spans.front().first, std::int64_t(0));
                QCOMPARE(spans.back().first + spans.back().length, total);
                at::Tensor sum = at::zeros({2 * total});
                for (std::size_t i = 0; i < spans.size(); ++i) {
                    QVERIFY(spans[i].length <= std::max<std::int64_t>(most, models::kLeastTile));
                    if (i > 0)
                        QVERIFY(spans[i - 1].first + spans[i - 1].length - spans[i].first >= models::kTileOverlap);
                    sum.narrow(0, 2 * spans[i].first, 2 * spans[i].length)
                        .add_(models::blendWeights(spans, i, 2, at::kCPU));
                }
                QVERIFY(maxError(sum, at::ones({2 * total})) < 1e-5);
            }
        const models::TileGrid grid = models::TileGrid::plan(60, 104, 2000);
        QVERIFY(grid.count() > 1 && grid.placesOfTile() <= 2000);
        QCOMPARE(models::TileGrid::plan(60, 104, 60 * 104).count(), std::size_t(1));
        QVERIFY(models::TileGrid::plan(60, 104, 1).placesOfTile() <= models::kLeastTile * models::kLeastTile);
    }

    void damagedCheckpointsAreNamed() {
        QVERIFY(mentions(errorAfter([](auto& tensors) { tensors.erase("decoder.upsamples.11.resample.1.bias"); }),
                         "decoder.upsamples.11.resample.1.bias is missing"));
        QVERIFY(mentions(errorAfter([](auto& tensors) { tensors.erase("encoder.downsamples.5.time_conv.weight"); }),
                         "encoder.downsamples.5.time_conv.weight is missing"));
        QVERIFY(mentions(
            errorAfter([](auto& tensors) { tensors.emplace("decoder.extra.bias", tensors.at("decoder.conv1.bias")); }),
            "decoder.extra.bias is not part of this model"));
        QVERIFY(mentions(errorAfter([](auto& tensors) { tensors.at("conv2.bias") = tensors.at("decoder.conv1.bias"); }),
                         "conv2.bias"));
    }

    void wrongDescriptionsAreNamed() {
        auto manifest = modelOf(kWan21);
        manifest.vae->latentChannels = 12;
        QVERIFY(mentions(errorOf(manifest), "latent_channels"));
        manifest = modelOf(kWan21);
        manifest.vae->guided = true;
        QVERIFY(mentions(errorOf(manifest), "guided"));
        manifest = modelOf(kWan22);
        manifest.vae->spatial = 8;
        QVERIFY(mentions(errorOf(manifest), "spatial 16"));
    }

    void publishedWidthsMakeTheReckonedNumberOfParameters() {
        const weights::VaeConfig config{.kind = "wan", .files = {}};
        const auto model = models::randomAutoencoder(config, at::kBFloat16, at::kCPU, 0);
        const double reckoned = models::costOf(config, 3).parameters;
        QVERIFY(std::abs(double(model->parameterCount()) / reckoned - 1) < 0.01);
    }
};

QTEST_GUILESS_MAIN(TestWanVae)
#include "tst_wan_vae.moc"
