// `bench`: whole blocks, all passes, on random latents (cli.md, "bench").
#include <c10/core/GradMode.h>

#include <time.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "engine/pipeline/block_denoiser.h"
#include "engine/pipeline/processing_size.h"
#include "engine/service/bench_pipeline.h"
#include "engine/service/bench_text.h"
#include "engine/service/clip_setup.h"
#include "engine/service/job.h"
#include "engine/service/kernel_profile.h"
#include "engine/service/memory_account.h"

namespace lipar::service {
namespace {

using Clock = std::chrono::steady_clock;

Result<weights::ModelManifest> configNamed(const std::string& config) {
    if (std::optional<weights::ModelManifest> published = weights::publishedManifest(config))
        return *std::move(published);
    std::ifstream file(config);
    if (!file)
        return fail(ErrorCode::inputMissing, "config " + config + " was not found: it is neither wan2.1-1.3b, wan2.1-14b or wan2.2-ti2v-5b nor a file that can be read",
                    "give one of these names or a model.json");
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

// Milliseconds that the calling thread has worked so far; waiting for the device does not count.
double threadWorkMs() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

void divide(KernelProfile& profile, int blocks) {
    for (auto& [family, milliseconds] : profile)
        milliseconds /= blocks;
}

// The transformer alone, on latents that lie on the device and random masks of exactly the ratio.
Result<BenchRow> measureTransformer(const pipeline::ModelBundle& model, const at::Tensor& latents, double ratio,
                                    const BenchRequest& request, const std::function<void()>& blockDone,
                                    JobContext& context) {
    const weights::DitConfig& dit = model.manifest.dit;
    const std::int64_t frames = dit.blockFrames, height = latents.size(2), width = latents.size(3);
    const std::vector<int>& steps = model.manifest.sampling.steps;
    pipeline::BlockDenoiser denoiser(
        model.dit, pipeline::FlowSchedule(steps, model.manifest.sampling.shift), height, width, method::Recovery::full,
        pipeline::seededNoise(0, frames, dit.outChannels, height, width), methodKeys(request.keys));
    denoiser.setPrompt(at::randn({dit.textLen, dit.textDim}));
    BenchRow row;
    row.kept = ratio;
    std::vector<double> blockMs, hostMs, cacheMs;
    std::vector<std::vector<double>> stepMs(steps.size());
    // Until the window is full and the passes are recorded; the first block is whole, as a clip's is. A block takes the
    // time from the end of the one before to its own, while the next one waits: what blocks take in a row.
    const int ignored = warmUpBlocks(dit);
    std::shared_ptr<pipeline::LaneClock> before;
    Clock::time_point lastDone;
    const auto denoise = [&](int block) {
        const std::vector<std::uint8_t> keep =
            randomMask(denoiser.tokensPerFrame() * frames, block == 0 ? 1.0 : ratio, std::uint32_t(block));
        return denoiser.denoise(latents, keep.data(), context.cancel);
    };
    for (int block = 0; block <= ignored + request.blocks; ++block) {
        const double worked = threadWorkMs();
        LIPAR_ASSIGN(const pipeline::DenoisedBlock denoised, denoise(block));
        if (block >= ignored)
            hostMs.push_back(threadWorkMs() - worked);
        row.keys = denoised.keys;
        if (before) {
            const pipeline::DenoisedBlock::Times times = pipeline::DenoisedBlock::timesOf(*before);
            const auto done = Clock::now();
            if (block > ignored) {
                blockMs.push_back(std::chrono::duration<double, std::milli>(done - lastDone).count());
                cacheMs.push_back(times.cacheMs);
                for (std::size_t step = 0; step < stepMs.size(); ++step)
                    stepMs[step].push_back(times.stepMs[step]);
            }
            lastDone = done;
        }
        before = denoised.clock;
        blockDone();
    }
    row.blockMs = median(blockMs);
    row.hostMs = median(hostMs);
    row.cacheMs = median(cacheMs);
    for (const auto& step : stepMs)
        row.stepMs.push_back(median(step));
    row.ditFps = 1000.0 * model.framesPerBlock() / row.blockMs;
    if (request.profile) {
        const auto measured = [&]() -> Result<> {
            for (int block = 1; block <= request.blocks; ++block)
                LIPAR_TRY(denoise(block));
            return {};
        };
        before->waitForAll();
        LIPAR_ASSIGN(row.transformerProfile, profileKernels(model.device(), measured));
        divide(row.transformerProfile, request.blocks);
    }
    return row;
}

}  // namespace

Result<BenchReport> runBench(const BenchRequest& request, JobContext& context) {
    const c10::NoGradGuard noGradients;
    if (request.text) {
        BenchReport report;
        LIPAR_ASSIGN(const Device device, chooseDevice(request.engine));
        LIPAR_ASSIGN(report.text, measureTextEncoder(request, device, context));
        report.config = request.engine.model.string();
        report.device = device.info;
        return report;
    }
    if (request.blocks < 1 || request.keptRatios.empty())
        return fail(ErrorCode::invalidArgument, "there is nothing to measure: at least one block and one kept ratio are needed");
    LIPAR_ASSIGN(const Device device, chooseDevice(request.engine));
    context.progress(Phase::loading);
    std::shared_ptr<const pipeline::ModelBundle> model;
    if (request.engine.model.empty()) {
        LIPAR_ASSIGN(weights::ModelManifest manifest, configNamed(request.config));
        LIPAR_ASSIGN(manifest, withVae(std::move(manifest), request.engine.vae));
        auto random = std::make_shared<pipeline::ModelBundle>(
            pipeline::ModelBundle{manifest, models::WanDit::random(manifest.dit, device.dtype, device.device, 0, device.wide), nullptr, nullptr});
        completeForBench(*random, device);
        model = std::move(random);
    } else {
        LIPAR_ASSIGN(model, context.models.load(request.engine.model, device, /*ditOnly=*/false, request.engine.vae));
    }
    LIPAR_TRY(checkKeys(request.keys, Recovery::full, model->manifest));
    const pipeline::PixelSize size = pipeline::paddedSize({request.width, request.height}, model->pixelsPerToken());
    const weights::DitConfig& dit = model->manifest.dit;
    const int spatial = model->pixelsPerToken() / dit.patch[1];

    BenchReport report;
    report.config = model->manifest.name;
    report.device = device.info;
    report.width = size.width;
    report.height = size.height;
    report.blocks = request.blocks;
    const at::Tensor latents =
        at::randn({dit.blockFrames, dit.outChannels, size.height / spatial, size.width / spatial}).to(device.device);
    std::int64_t done = 0;
    const std::int64_t total = std::int64_t(request.keptRatios.size()) * (request.blocks + warmUpBlocks(dit) + 1);
    const auto blockDone = [&] {
        context.emit(
            Progress{.job = context.id, .phase = Phase::measuring, .framesDone = ++done, .framesTotal = total});
    };
    for (const double ratio : request.keptRatios) {
        releaseCachedMemory();
        resetPeak(device.device);
        LIPAR_ASSIGN(BenchRow row, measureTransformer(*model, latents, ratio, request, blockDone, context));
        row.peakDeviceBytes = row.transformerPeakBytes = memoryUse(device.device).devicePeak;
        if (request.endToEnd && model->autoencoder && model->text) {
            // As an edit of its own would find the device.
            releaseCachedMemory();
            resetPeak(device.device);
            LIPAR_ASSIGN(const PipelineTimes pipeline, measurePipeline(model, device, size, ratio, request, context));
            row.endToEndKept = pipeline.kept;
            row.peakDeviceBytes = memoryUse(device.device).devicePeak;
            row.endToEndMs = pipeline.blockMs;
            row.encodeMs = pipeline.encodeMs;
            row.maskMs = pipeline.maskMs;
            row.decodeMs = pipeline.decodeMs;
            row.firstPictureMs = pipeline.firstPictureMs;
            row.cancelMs = pipeline.cancelMs;
            row.endToEndFps = 1000.0 * model->framesPerBlock() / pipeline.blockMs;
            row.editorProfile = pipeline.profile;
            divide(row.editorProfile, request.blocks);
        }
        row.expectedPeakBytes = totalBytes(memoryOfEdit(model->manifest, size, device));
        report.rows.push_back(std::move(row));
    }
    return report;
}

}  // namespace lipar::service
