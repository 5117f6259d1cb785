#include "engine/pipeline/block_denoiser.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <utility>

#include "engine/kernels/seeded_normal.h"
#include "engine/kernels/transfer.h"

namespace lipar::pipeline {
namespace {

// Graphs hold device memory for their nodes, some MB for a model of thirty layers.
constexpr std::size_t kMostRecordedPasses = 64;

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

NoiseSource seededNoise(std::uint64_t seed, std::int64_t frames, std::int64_t channels, std::int64_t height,
                        std::int64_t width) {
    return [=](std::int64_t block, std::size_t step) {
        return kernels::seededNormal(mix(mix(mix(seed) + std::uint64_t(block)) + step), {frames, channels, height, width});
    };
}

BlockDenoiser::BlockDenoiser(const models::WanDit& dit, FlowSchedule schedule, std::int64_t height, std::int64_t width,
                             method::Recovery recovery, NoiseSource noise, method::KeySequence keys)
    : m_dit(dit),
      m_schedule(std::move(schedule)),
      m_height(height),
      m_width(width),
      m_tokens(tokenCount(dit.config(), height, width)),
      m_noise(std::move(noise)),
      m_cache(dit.config(), int(height / dit.config().patch[1]), int(width / dit.config().patch[2]), recovery, keys,
              dit.dtype(), dit.device()),
      m_canRecord(kernels::DeviceGraph::isAvailable(dit.device())),
      m_cleanModulation(dit.modulationAt(0.0)),
      m_modulation{m_cleanModulation.blocks.clone(), m_cleanModulation.head.clone()} {
    for (const double sigma : m_schedule.sigmas())
        m_stepModulation.push_back(dit.modulationAt(FlowSchedule::timestep(sigma)));
    const weights::DitConfig& config = dit.config();
    const at::TensorOptions options = at::TensorOptions().dtype(at::kFloat).device(dit.device());
    m_input =
        at::zeros({config.blockFrames * m_tokens, config.outChannels * config.patch[1] * config.patch[2]}, options);
    if (config.sourceConcat)
        m_condition = at::zeros_like(m_input);
    kernels::DeviceGraph::prepareThread(dit.device());
}

void BlockDenoiser::setPrompt(const at::Tensor& embeddings) {
    const c10::NoGradGuard noGradients;
    models::PromptContext prompt = m_dit.encodePrompt(embeddings);
    if (m_prompt.keys.empty())
        m_prompt = std::move(prompt);
    else
        m_prompt.assign(prompt);
}

// Frame by frame: a pruned token takes the restored one of the same place in the frame before. The chain index of the
// recovery says which computed token that is in the end.
at::Tensor BlockDenoiser::restore(const at::Tensor& denoised, const at::Tensor& previous) {
    const at::Tensor first =
        previous.defined() ? previous : at::zeros({m_tokens, denoised.size(1)}, denoised.options());
    return at::cat({first, denoised}).index_select(0, m_cache.chainIndex());
}

// Of every token.
at::Tensor BlockDenoiser::patches(const at::Tensor& latents) const {
    const at::Tensor wide = latents.to(at::kFloat);
    return m_dit.toPatches(wide.is_cpu() ? kernels::toDevice(wide, m_dit.device()) : wide);
}

at::Tensor BlockDenoiser::computed(const at::Tensor& patches) const {
    return patches.index_select(0, m_cache.computedIndex());
}

void BlockDenoiser::makeNoise() {
    for (std::size_t step = m_nextNoise.size(); step < m_schedule.stepCount(); ++step)
        m_nextNoise.push_back(patches(m_noise(m_block, step)));
}

at::Tensor BlockDenoiser::runPass(const std::function<at::Tensor()>& pass) {
    const std::optional<KvCache::PassShape> shape = m_canRecord ? m_cache.recordableShape() : std::nullopt;
    if (!shape)
        return pass();
    const auto [place, isNew] = m_passes.try_emplace(*shape);
    RecordedPass& recorded = place->second;
    recorded.lastBlock = m_block;
    if (isNew)
        return pass();
    if (!recorded.graph)
        recorded.graph = kernels::DeviceGraph::record([&] { recorded.output = pass(); });
    recorded.graph->replay();
    return recorded.output;
}

void BlockDenoiser::forgetOldPasses() {
    while (m_passes.size() > kMostRecordedPasses)
        m_passes.erase(
            std::ranges::min_element(m_passes, {}, [](const auto& entry) { return entry.second.lastBlock; }));
}

DenoisedBlock::Times DenoisedBlock::timesOf(const LaneClock& clock) {
    Times times{clock.intervals(), 0};
    times.cacheMs = times.stepMs.back();
    times.stepMs.pop_back();
    return times;
}

Result<DenoisedBlock> BlockDenoiser::denoise(const at::Tensor& source, const std::uint8_t* keep,
                                             const CancelToken& cancel, bool wantKeptLatents) {
    const c10::NoGradGuard noGradients;
    const std::int64_t frames = m_dit.config().blockFrames;
    DenoisedBlock result;
    result.clock = std::make_shared<LaneClock>(m_dit.device());
    // At most two passes are on their way: the driver would wait busily to take a third. It also lets a cancel
    // take effect soon. Marks: one before the first pass and one after each.
    const auto awaitPassBeforeLast = [&](std::size_t pass) {
        if (pass >= 2)
            result.clock->waitFor(pass - 1);
        else if (m_lastClock)
            m_lastClock->waitFor(m_schedule.stepCount() + pass);
    };
    awaitPassBeforeLast(0);
    m_cache.beginBlock(keep);
    const at::Tensor& index = m_cache.computedIndex();
    const std::int64_t rows = index.size(0);
    const at::Tensor input = m_input.narrow(0, 0, rows);
    at::Tensor estimate = computed(patches(source)), condition;
    if (m_condition.defined())
        condition = m_condition.narrow(0, 0, rows).copy_(estimate);
    makeNoise();
    const std::vector<at::Tensor> noise = std::exchange(m_nextNoise, {});
    if (m_cache.needsDuplicates()) {
        if (m_duplicates) {
            m_duplicates->replay();
        } else {
            m_cache.writeDuplicates();
            if (m_canRecord && m_cache.isFixed())
                m_duplicates = kernels::DeviceGraph::record([&] { m_cache.writeDuplicates(); });
        }
    }

    // Nothing below waits for the device before the end of the block. A pass that is recorded cannot be left half-way,
    // so there the cancel is looked at between passes.
    m_cache.beginPass(method::Pass::denoise);
    const CancelToken withinPass = m_canRecord ? CancelToken() : cancel;
    result.kept = m_cache.keptCount();
    result.keys = m_cache.visibleKeys();
    result.clock->mark();
    for (std::size_t step = 0; step < m_schedule.stepCount(); ++step) {
        LIPAR_TRY(cancel.check());
        const double sigma = m_schedule.sigmas()[step];
        const at::Tensor noisy = estimate * (1.0 - sigma) + computed(noise[step]) * sigma;
        input.copy_(noisy);
        m_modulation.assign(m_stepModulation[step]);
        awaitPassBeforeLast(step);
        const at::Tensor velocity =
            runPass([&] { return m_dit.forward(input, condition, m_modulation, m_prompt, m_cache, withinPass); });
        if (!velocity.defined())
            return cancelledError();
        estimate = noisy - velocity * sigma;
        result.clock->mark();
    }
    LIPAR_TRY(cancel.check());
    m_cache.beginPass(method::Pass::cache);
    input.copy_(estimate);
    awaitPassBeforeLast(m_schedule.stepCount());
    const at::Tensor written = runPass([&] {
        return m_dit.writeCache(input, condition, m_cleanModulation, m_prompt, m_cache, withinPass) ? input
                                                                                                    : at::Tensor();
    });
    if (!written.defined())
        return cancelledError();
    result.clock->mark();

    estimate = estimate.narrow(0, 0, result.kept);
    const at::Tensor restored = restore(estimate, m_restoredLast);
    m_restoredLast = restored.narrow(0, restored.size(0) - m_tokens, m_tokens).clone();
    result.latents = m_dit.fromPatches(restored, frames, m_height, m_width);
    if (wantKeptLatents) {
        const at::Tensor places = at::zeros_like(restored).index_copy(0, index.narrow(0, 0, result.kept), estimate);
        result.keptLatents = m_dit.fromPatches(places, frames, m_height, m_width);
    }
    ++m_block;
    forgetOldPasses();
    if (m_dit.device().is_cuda())
        makeNoise();
    m_lastClock = result.clock;
    return result;
}

}  // namespace lipar::pipeline
