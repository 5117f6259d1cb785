// `bench`: whole blocks, all passes, on random latents (cli.md, "bench").
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <random>
#include <sstream>

#include "engine/pipeline/block_denoiser.h"
#include "engine/pipeline/frame_tensors.h"
#include "engine/pipeline/processing_size.h"
#include "engine/service/clip_setup.h"
#include "engine/service/job.h"

namespace lipar::service {
namespace {

using Clock = std::chrono::steady_clock;

double median(std::vector<double> values) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    return values[values.size() / 2];
}

Result<weights::ModelManifest> configNamed(const std::string& config) {
    if (config == "wan2.1-1.3b")
        return weights::wan21Manifest();
    std::ifstream file(config);
    if (!file)
        return fail(ErrorCode::inputMissing, "config " + config + " was not found: it is neither wan2.1-1.3b nor a file that can be read",
                    "give wan2.1-1.3b or a model.json");
    std::stringstream text;
    text << file.rdbuf();
    return weights::parseManifest(text.str(), config);
}

// Exactly round(ratio * tokens) kept tokens, at random places.
std::vector<std::uint8_t> randomMask(std::int64_t tokens, double ratio, std::uint32_t seed) {
    std::vector<std::uint8_t> keep(std::size_t(tokens), 0);
    std::fill_n(keep.begin(), std::size_t(std::llround(ratio * double(tokens))), std::uint8_t(1));
    std::mt19937 generator(seed);
    std::ranges::shuffle(keep, generator);
    return keep;
}

// The autoencoder's share of a block, with frames in host memory at both ends.
struct AutoencoderTimes {
    double encodeMs = 0, maskMs = 0, decodeMs = 0;
};

Result<AutoencoderTimes> measureAutoencoder(const pipeline::ModelBundle& model, const Device& device, pipeline::PixelSize size, int blocks,
                                           const JobContext& context) {
    const models::AutoencoderTraits& traits = model.autoencoder->traits();
    const auto encoder = model.autoencoder->newEncoder();
    const auto decoder = model.autoencoder->newDecoder();
    auto picture = std::make_shared<Picture>(size.width, size.height);
    std::mt19937 generator(1);
    for (auto& value : picture->rgb)
        value = std::uint8_t(generator() & 255);
    const std::vector<PicturePtr> pictures(std::size_t(model.framesPerBlock()), picture);
    const method::LatentGrid grid{traits.latentChannels, size.height / traits.spatial, size.width / traits.spatial, model.manifest.dit.patch[1], model.manifest.dit.patch[2]};
    method::KeepMaskStream masks(grid, model.manifest.dit.blockFrames, {}, method::LookAhead::oneBlock);
    std::vector<double> encode, mask, decode;
    for (int block = 0; block < blocks + 2; ++block) {
        LIPAR_TRY(context.cancel.check());
        context.progress(Phase::measuring, block, blocks + 2);
        auto start = Clock::now();
        const at::Tensor frames = pipeline::picturesToTensor(pictures, size.width, size.height, device.dtype, device.device);
        const at::Tensor latents = encoder->encode(frames);
        if (latents.is_cuda())
            at::detail::getCUDAHooks().deviceSynchronize(latents.get_device());
        encode.push_back(1000 * secondsSince(start));
        start = Clock::now();
        (void)masks.push(latents);
        mask.push_back(1000 * secondsSince(start));
        start = Clock::now();
        (void)pipeline::tensorToPictures(decoder->decode(latents, traits.guided ? frames : at::Tensor()), size.width, size.height);
        decode.push_back(1000 * secondsSince(start));
    }
    return AutoencoderTimes{median(encode), median(mask), median(decode)};
}

}  // namespace

Result<BenchReport> runBench(const BenchRequest& request, JobContext& context) {
    const c10::NoGradGuard noGradients;
    if (request.keys == KeySequence::perToken)
        return fail(ErrorCode::invalidArgument, "--keys per-token cannot be used: this version attends to the whole window", "use --keys window");
    if (request.blocks < 1 || request.keptRatios.empty())
        return fail(ErrorCode::invalidArgument, "there is nothing to measure: at least one block and one kept ratio are needed");
    LIPAR_ASSIGN(const Device device, chooseDevice(request.engine.device, request.engine.precision));
    context.progress(Phase::loading);
    std::shared_ptr<const pipeline::ModelBundle> model;
    if (request.engine.model.empty()) {
        LIPAR_ASSIGN(const weights::ModelManifest manifest, configNamed(request.config));
        model = std::make_shared<pipeline::ModelBundle>(
            pipeline::ModelBundle{manifest, models::WanDit::random(manifest.dit, device.dtype, device.device, 0), nullptr, nullptr});
    } else {
        LIPAR_ASSIGN(model, context.models.load(request.engine.model, device));
    }
    const pipeline::PixelSize size = pipeline::paddedSize({request.width, request.height}, model->pixelsPerToken());
    const weights::DitConfig& dit = model->manifest.dit;
    const int spatial = model->pixelsPerToken() / dit.patch[1];
    const std::int64_t height = size.height / spatial, width = size.width / spatial, frames = dit.blockFrames;

    BenchReport report;
    report.config = model->manifest.name;
    report.device = device.info;
    report.width = size.width;
    report.height = size.height;
    report.blocks = request.blocks;
    AutoencoderTimes autoencoder;
    if (request.endToEnd && model->autoencoder) {
        LIPAR_ASSIGN(autoencoder, measureAutoencoder(*model, device, size, request.blocks, context));
    }

    const at::Tensor latents = at::randn({frames, dit.outChannels, height, width}).to(device.device);
    const std::int64_t windowBlocks = dit.windowFrames ? (dit.sinkFrames + *dit.windowFrames + frames - 1) / frames : 2;
    std::int64_t done = 0;
    const std::int64_t total = std::int64_t(request.keptRatios.size()) * (request.blocks + windowBlocks + 1);
    for (const double ratio : request.keptRatios) {
        releaseCachedMemory();
        resetPeak(device.device);
        pipeline::BlockDenoiser denoiser(model->dit, pipeline::FlowSchedule(model->manifest.sampling.steps, model->manifest.sampling.shift), height, width,
                                         method::Recovery::full, pipeline::seededNoise(0, frames, dit.outChannels, height, width));
        denoiser.setPrompt(at::randn({dit.textLen, dit.textDim}));
        std::vector<double> blockMs, cacheMs;
        std::vector<std::vector<double>> stepMs(model->manifest.sampling.steps.size());
        BenchRow row;
        row.kept = ratio;
        // Warm-up: until the window is full, with the first block whole, as a clip's is.
        for (std::int64_t block = 0; block < windowBlocks + 1 + request.blocks; ++block) {
            const std::vector<std::uint8_t> keep = randomMask(denoiser.tokensPerFrame() * frames, block == 0 ? 1.0 : ratio, std::uint32_t(block));
            const auto start = Clock::now();
            LIPAR_ASSIGN(const pipeline::DenoisedBlock denoised, denoiser.denoise(latents, keep.data(), context.cancel));
            if (block > windowBlocks) {
                blockMs.push_back(1000 * secondsSince(start));
                cacheMs.push_back(denoised.cacheMs);
                for (std::size_t step = 0; step < stepMs.size(); ++step)
                    stepMs[step].push_back(denoised.stepMs[step]);
                row.keys = denoised.keys;
            }
            context.emit(Progress{.job = context.id, .phase = Phase::measuring, .framesDone = ++done, .framesTotal = total});
        }
        row.blockMs = median(blockMs);
        row.cacheMs = median(cacheMs);
        for (const auto& step : stepMs)
            row.stepMs.push_back(median(step));
        row.encodeMs = autoencoder.encodeMs;
        row.maskMs = autoencoder.maskMs;
        row.decodeMs = autoencoder.decodeMs;
        row.ditFps = 1000.0 * model->framesPerBlock() / row.blockMs;
        if (autoencoder.decodeMs > 0)
            row.endToEndFps = 1000.0 * model->framesPerBlock() / (row.blockMs + row.encodeMs + row.maskMs + row.decodeMs);
        row.peakDeviceBytes = memoryUse(device.device).devicePeak;
        report.rows.push_back(std::move(row));
    }
    return report;
}

}  // namespace lipar::service
