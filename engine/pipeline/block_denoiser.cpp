#include "engine/pipeline/block_denoiser.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/GradMode.h>

#include <chrono>

namespace lipar::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// One well-mixed seed for each (seed, block, step): SplitMix64's finaliser.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

std::int64_t tokenCount(const weights::DitConfig& config, std::int64_t height, std::int64_t width) {
    return (height / config.patch[1]) * (width / config.patch[2]);
}

}  // namespace

NoiseSource seededNoise(std::uint64_t seed, std::int64_t frames, std::int64_t channels, std::int64_t height, std::int64_t width) {
    return [=](std::int64_t block, std::size_t step) {
        const at::Generator generator = at::detail::createCPUGenerator(mix(mix(mix(seed) + std::uint64_t(block)) + step));
        return at::randn({frames, channels, height, width}, generator, at::TensorOptions().dtype(at::kFloat));
    };
}

BlockDenoiser::BlockDenoiser(const models::WanDit& dit, FlowSchedule schedule, std::int64_t height, std::int64_t width,
                             method::Recovery recovery, NoiseSource noise)
    : m_dit(dit),
      m_schedule(std::move(schedule)),
      m_height(height),
      m_width(width),
      m_tokens(tokenCount(dit.config(), height, width)),
      m_noise(std::move(noise)),
      m_cache(dit.config(), int(height / dit.config().patch[1]), int(width / dit.config().patch[2]), recovery, dit.dtype(), dit.device()),
      m_cleanModulation(dit.modulationAt(0.0)) {
    for (const double sigma : m_schedule.sigmas())
        m_stepModulation.push_back(dit.modulationAt(FlowSchedule::timestep(sigma)));
}

void BlockDenoiser::setPrompt(const at::Tensor& embeddings) {
    const c10::NoGradGuard noGradients;
    m_prompt = m_dit.encodePrompt(embeddings);
}

void BlockDenoiser::synchronize() const {
    if (m_dit.device().is_cuda())
        at::detail::getCUDAHooks().deviceSynchronize(m_dit.device().index());
}

// Frame by frame: a pruned token takes the restored one of the same place in the frame before. The chain index of the
// recovery says which computed token that is in the end.
at::Tensor BlockDenoiser::restore(const at::Tensor& denoised, const at::Tensor& previous) {
    const at::Tensor chain = at::tensor(m_cache.selection().chain, at::kLong).to(denoised.device());
    return at::cat({previous.defined() ? previous : at::zeros({m_tokens, denoised.size(1)}, denoised.options()), denoised}).index_select(0, chain);
}

Result<DenoisedBlock> BlockDenoiser::denoise(const at::Tensor& source, const std::uint8_t* keep, const CancelToken& cancel,
                                             bool wantKeptLatents) {
    const c10::NoGradGuard noGradients;
    const std::int64_t frames = m_dit.config().blockFrames;
    DenoisedBlock result;
    m_cache.beginBlock(keep);
    const at::Tensor& index = m_cache.computedIndex();
    const auto computedPatches = [&](const at::Tensor& latents) {
        return m_dit.toPatches(latents.to(m_dit.device(), at::kFloat)).index_select(0, index);  // [P, area*C]
    };
    const at::Tensor clean = computedPatches(source);
    const at::Tensor condition = m_dit.config().sourceConcat ? clean : at::Tensor();

    at::Tensor estimate = clean;
    m_cache.beginPass(method::Pass::denoise);
    result.kept = m_cache.keptCount();
    result.keys = m_cache.visibleKeys();
    for (std::size_t step = 0; step < m_schedule.stepCount(); ++step) {
        const auto start = Clock::now();
        const double sigma = m_schedule.sigmas()[step];
        const at::Tensor noisy = estimate * (1.0 - sigma) + computedPatches(m_noise(m_block, step)) * sigma;
        const at::Tensor velocity = m_dit.forward(noisy, condition, m_stepModulation[step], m_prompt, m_cache, cancel);
        if (!velocity.defined())
            return cancelledError();
        estimate = noisy - velocity * sigma;
        synchronize();
        result.stepMs.push_back(millisecondsSince(start));
    }
    const auto start = Clock::now();
    m_cache.beginPass(method::Pass::cache);
    if (!m_dit.writeCache(estimate, condition, m_cleanModulation, m_prompt, m_cache, cancel))
        return cancelledError();
    synchronize();
    result.cacheMs = millisecondsSince(start);

    estimate = estimate.narrow(0, 0, result.kept);
    const at::Tensor restored = restore(estimate, m_restoredLast);
    m_restoredLast = restored.narrow(0, restored.size(0) - m_tokens, m_tokens).clone();
    result.latents = m_dit.fromPatches(restored, frames, m_height, m_width);
    if (wantKeptLatents) {
        const at::Tensor places = at::zeros_like(restored).index_copy(0, index.narrow(0, 0, result.kept), estimate);
        result.keptLatents = m_dit.fromPatches(places, frames, m_height, m_width);
    }
    ++m_block;
    return result;
}

}  // namespace lipar::pipeline
