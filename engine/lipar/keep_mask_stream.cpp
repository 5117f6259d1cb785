#include "engine/lipar/keep_mask_stream.h"

#include <algorithm>
#include <cassert>

#include "engine/kernels/lif_steps.h"

namespace lipar::method {

namespace {

// Frames that a mask is late by: it reads decisions two frames ahead, and a decision differences one ahead.
constexpr int kDelay = 3;

}  // namespace

struct KeepMaskStream::State {
    LatentGrid grid;
    int blockFrames;
    MaskThresholds thresholds;
    LookAhead lookAhead;

    std::optional<kernels::LifSteps> steps;  // from the first block on
    int taken = 0;                           // frames pushed
    int decided = 1;                         // the first frame that is not decided for good
    int returned = 0;                        // frames whose mask was returned
    bool ended = false;

    // Frames before `known` are decided, those before `settled` for good.
    void decide(int known, int settled) {
        steps->decide({decided, known - decided, settled - decided, thresholds.tau1, thresholds.tau2});
        decided = std::max(decided, settled);
    }

    [[nodiscard]] TokenMask take(int count) {
        returned += count;
        return steps->masks(returned - count, count, decided - 1);
    }
};

KeepMaskStream::KeepMaskStream(const LatentGrid& grid, int blockFrames, MaskThresholds thresholds, LookAhead lookAhead)
    : m_state(new State{grid, blockFrames, thresholds, lookAhead, {}}) {}
KeepMaskStream::KeepMaskStream(KeepMaskStream&&) noexcept = default;
KeepMaskStream& KeepMaskStream::operator=(KeepMaskStream&&) noexcept = default;
KeepMaskStream::~KeepMaskStream() = default;

std::optional<TokenMask> KeepMaskStream::push(const at::Tensor& block) {
    State& state = *m_state;
    const int frames = int(block.size(0));
    assert(!state.ended && frames >= 1 && frames <= state.blockFrames);
    if (!state.steps)
        state.steps.emplace(state.grid, state.blockFrames, block.device());
    const at::Tensor latents = block.to(state.steps->device(), at::kFloat).contiguous();
    state.steps->findDifferences(latents, state.taken);
    state.taken += frames;

    // A decision needs the differences of the frame after, unless there is none.
    if (state.lookAhead == LookAhead::none) {
        state.decide(state.taken, state.taken - 1);
        state.steps->endBlock();
        state.returned = state.taken;
        return state.steps->masks(state.taken - frames, frames, state.taken - 1);
    }
    state.ended = frames < state.blockFrames;
    const int known = state.ended ? state.taken : state.taken - 1;
    state.decide(known, known);
    state.steps->endBlock();
    const int done = state.ended ? state.taken : std::max(state.taken - kDelay, 1);
    if (done - state.returned < state.blockFrames)
        return std::nullopt;
    return state.take(state.blockFrames);
}

std::optional<TokenMask> KeepMaskStream::finish() {
    State& state = *m_state;
    if (state.lookAhead == LookAhead::none || state.returned == state.taken)
        return std::nullopt;
    if (!state.ended)
        state.decide(state.taken, state.taken);
    state.ended = true;
    return state.take(state.taken - state.returned);
}

void KeepMaskStream::setThresholds(MaskThresholds thresholds) {
    m_state->thresholds = thresholds;
}

}  // namespace lipar::method
