// Edits latents block by block: noise the source, denoise the kept tokens towards the prompt, write the clean cache,
// restore the pruned ones (lipar.md sections 2 to 5). SDEdit on a causal diffusion transformer.
//
// Thread: one object, one thread. Ownership: borrows the network, which must outlive it.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/kernels/device_graph.h"
#include "engine/lipar/recovery.h"
#include "engine/models/dit/wan_dit.h"
#include "engine/pipeline/device_lane.h"
#include "engine/pipeline/flow_schedule.h"
#include "engine/pipeline/kv_cache.h"

namespace lipar::pipeline {

struct DenoisedBlock {
    at::Tensor latents;      // [S,C,h,w] float32, pruned places restored from the frame before
    at::Tensor keptLatents;  // the same before restoration, zero where pruned; only when asked for
    std::int64_t kept = 0;   // tokens computed
    std::int64_t keys = 0;   // keys that they attended to
    std::shared_ptr<LaneClock> clock;  // a mark before the first pass and one after each

    struct Times {
        std::vector<double> stepMs;
        double cacheMs = 0;
    };
    // Of such a clock. Holds the host until the block is done.
    [[nodiscard]] static Times timesOf(const LaneClock& clock);
};

// Gaussian noise [S,C,h,w] float32 on the CPU for a block and a denoising step.
using NoiseSource = std::function<at::Tensor(std::int64_t block, std::size_t step)>;

// Noise that depends on (seed, block, step) alone, so that any block can be made again.
[[nodiscard]] NoiseSource seededNoise(std::uint64_t seed, std::int64_t frames, std::int64_t channels, std::int64_t height, std::int64_t width);

class BlockDenoiser {
public:
    // Latent size height x width, multiples of the patch. perToken only where KvCache::canShrinkKeys().
    BlockDenoiser(const models::WanDit& dit, FlowSchedule schedule, std::int64_t height, std::int64_t width, method::Recovery recovery,
                  NoiseSource noise, method::KeySequence keys = method::KeySequence::window);

    // embeddings [L, text_dim]; may change between blocks.
    void setPrompt(const at::Tensor& embeddings);

    // source [S,C,h,w] float32 clean latents; keep [S, tokens], the clip's first frame whole. Error: cancelled. On a GPU it comes
    // back when the work has been given to the thread's lane, which may be a block before it is done: the latents are for
    // work that follows on that lane.
    [[nodiscard]] Result<DenoisedBlock> denoise(const at::Tensor& source, const std::uint8_t* keep, const CancelToken& cancel,
                                                bool wantKeptLatents = false);

    [[nodiscard]] std::int64_t tokensPerFrame() const noexcept { return m_tokens; }
    [[nodiscard]] std::uint64_t cacheBytes() const noexcept { return m_cache.bytes(); }

private:
    // A pass of one shape: run at first, recorded the second time, replayed from then on.
    struct RecordedPass {
        std::optional<kernels::DeviceGraph> graph;
        at::Tensor output;
        std::int64_t lastBlock = 0;  // that used it
    };

    [[nodiscard]] at::Tensor runPass(const std::function<at::Tensor()>& pass);
    void forgetOldPasses();
    [[nodiscard]] at::Tensor patches(const at::Tensor& latents) const;        // [S*tokens, patchArea*C]
    [[nodiscard]] at::Tensor computed(const at::Tensor& patches) const;       // [P, patchArea*C]
    void makeNoise();
    [[nodiscard]] at::Tensor restore(const at::Tensor& denoised, const at::Tensor& previous);

    const models::WanDit& m_dit;
    const FlowSchedule m_schedule;
    const std::int64_t m_height, m_width, m_tokens;
    const NoiseSource m_noise;
    KvCache m_cache;
    const bool m_canRecord;
    models::PromptContext m_prompt;
    std::vector<models::Modulation> m_stepModulation;
    models::Modulation m_cleanModulation;
    // What the passes read, at addresses that stay.
    models::Modulation m_modulation;  // of the step in hand
    at::Tensor m_input;               // [S*tokens, patchArea*C] float32, of which the computed rows count
    at::Tensor m_condition;           // likewise; undefined where the model takes none
    std::map<KvCache::PassShape, RecordedPass> m_passes;
    std::optional<kernels::DeviceGraph> m_duplicates;
    std::vector<at::Tensor> m_nextNoise;  // patches, of m_block, made while the device worked on the block before; may be empty
    at::Tensor m_restoredLast;  // [tokens, patchArea*C], the previous block's restored last frame
    std::shared_ptr<LaneClock> m_lastClock;
    std::int64_t m_block = 0;
};

}  // namespace lipar::pipeline
