#include "engine/service/estimate.h"

#include <c10/core/GradMode.h>

#include <algorithm>

#include "engine/service/memory_account.h"

namespace lipar::service {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

Result<BlockCost> measureBlockCost(const ClipSetup& setup, const CancelToken& cancel) {
    const c10::NoGradGuard noGradients;
    const pipeline::ModelBundle& model = *setup.model;
    const models::AutoencoderTraits& traits = model.autoencoder->traits();
    const pipeline::PixelSize padded = pipeline::paddedSize(setup.size, model.pixelsPerToken());
    const std::int64_t frames = model.manifest.dit.blockFrames, height = padded.height / traits.spatial, width = padded.width / traits.spatial;
    pipeline::BlockDenoiser denoiser(model.dit, pipeline::FlowSchedule(setup.parameters.steps, setup.parameters.shift), height, width,
                                     setup.parameters.recovery, pipeline::seededNoise(0, frames, traits.latentChannels, height, width),
                                     setup.parameters.keys);
    denoiser.setPrompt(at::zeros({1, model.manifest.dit.textDim}));
    const std::int64_t tokens = denoiser.tokensPerFrame() * frames;
    const at::Tensor latents = at::randn({frames, traits.latentChannels, height, width});
    const at::Tensor guide = traits.guided ? at::rand({model.framesPerBlock(), 3, padded.height, padded.width}).to(model.device(), setup.device.dtype) : at::Tensor();
    const auto decoder = model.autoencoder->newDecoder(setup.parameters.decoderMemory);

    // The first blocks fill the window and warm everything up; then whole and half kept by turns, the fastest of each, so
    // that a moment's other work on the machine does not count.
    std::vector<double> wholeMs, halfMs, decodeMs;
    for (int block = 0; block < 10; ++block) {
        const bool half = block % 2 == 1;
        std::vector<std::uint8_t> keep(std::size_t(tokens), 1);
        if (half)
            for (std::size_t i = 0; i < keep.size(); i += 2)
                keep[i] = 0;
        auto start = Clock::now();
        LIPAR_ASSIGN(const pipeline::DenoisedBlock denoised, denoiser.denoise(latents, keep.data(), cancel));
        denoised.clock->waitForAll();
        const double denoiseMs = 1000 * secondsSince(start);
        start = Clock::now();
        (void)decoder->decode(denoised.latents, guide).cpu();
        if (block < 2)
            continue;
        (half ? halfMs : wholeMs).push_back(denoiseMs);
        decodeMs.push_back(1000 * secondsSince(start));
    }
    const double whole = std::ranges::min(wholeMs), half = std::ranges::min(halfMs);
    BlockCost cost;
    cost.perTokenMs = std::max(0.0, (whole - half) / (double(tokens) / 2));
    cost.fixedMs = std::max(0.0, whole - cost.perTokenMs * double(tokens)) + std::ranges::min(decodeMs);
    return cost;
}

Estimate estimateOf(const std::vector<MaskedBlock>& blocks, const BlockCost& cost, const ClipSetup& setup) {
    Estimate estimate;
    double ms = 0, unprunedMs = 0;
    std::int64_t frames = 0;
    for (const MaskedBlock& block : blocks) {
        ms += block.encodeMs + cost.blockMs(block.kept);
        unprunedMs += block.encodeMs + cost.blockMs(block.total);
        frames += block.frames;
    }
    estimate.seconds = ms / 1000;
    estimate.fps = ms > 0 ? 1000.0 * double(frames) / ms : 0;
    estimate.speedup = ms > 0 ? unprunedMs / ms : 1;
    const std::vector<MemoryPart> memory = memoryOfEdit(setup.model->manifest, setup.size, setup.device);
    estimate.peakDeviceBytes = totalBytes(memory);
    estimate.fits = autoencoderLimits(memory, freeMemory(setup.device.device)).has_value();
    return estimate;
}

}  // namespace lipar::service
