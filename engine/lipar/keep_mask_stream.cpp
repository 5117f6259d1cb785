#include "engine/lipar/keep_mask_stream.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <vector>

#include "engine/lipar/keep_mask_stages.h"

namespace lipar::method {

// All that is carried from block to block; a value, so that an end of the clip can be tried out on a copy.
struct KeepMaskStream::State {
    LatentGrid grid;
    int blockFrames;
    MaskThresholds thresholds;
    LookAhead lookAhead;

    DifferenceFilter filter;
    std::optional<KeepDecision> decision;  // from frame 0 on
    MaskCleaner cleaner;
    std::vector<float> lastFrame;  // [C,h,w]
    std::vector<MaskFrame> done;   // finished and not returned
    bool ended = false;

    State(const LatentGrid& latentGrid, int framesOfBlock, MaskThresholds initial, LookAhead ahead)
        : grid(latentGrid),
          blockFrames(framesOfBlock),
          thresholds(initial),
          lookAhead(ahead),
          filter(latentGrid),
          cleaner(latentGrid) {}

    void take(const float* frame) {
        if (!decision) {
            decision.emplace(grid, blockFrames, frame);
            done.emplace_back(std::size_t(grid.tokens()), std::uint8_t(1));
        } else {
            decide(filter.push(lastFrame.data(), frame));
        }
        lastFrame.assign(frame, frame + grid.frameSize());
    }

    // The clip ends with the last frame taken.
    void end() {
        if (ended)
            return;
        ended = true;
        decide(filter.finish());
        cleaner.finish(done);
    }

    // The filter is one frame late: what it returns belongs to lastFrame.
    void decide(const std::optional<TokenPlane>& filtered) {
        if (filtered)
            cleaner.push(decision->decide(filtered->data(), lastFrame.data(), thresholds), done);
    }

    [[nodiscard]] TokenMask toMask(std::span<const MaskFrame> frames) const {
        TokenMask mask(int(frames.size()), grid.rows(), grid.columns());
        for (std::size_t i = 0; i < frames.size(); ++i)
            std::ranges::copy(frames[i], mask.frame(int(i)));
        return mask;
    }
};

KeepMaskStream::KeepMaskStream(const LatentGrid& grid, int blockFrames, MaskThresholds thresholds, LookAhead lookAhead)
    : m_state(std::make_unique<State>(grid, blockFrames, thresholds, lookAhead)) {}
KeepMaskStream::KeepMaskStream(KeepMaskStream&&) noexcept = default;
KeepMaskStream& KeepMaskStream::operator=(KeepMaskStream&&) noexcept = default;
KeepMaskStream::~KeepMaskStream() = default;

std::optional<TokenMask> KeepMaskStream::push(const float* block, int frames) {
    State& state = *m_state;
    assert(!state.ended && frames >= 1 && frames <= state.blockFrames);
    for (int f = 0; f < frames; ++f)
        state.take(block + std::size_t(f) * state.grid.frameSize());

    if (state.lookAhead == LookAhead::none) {
        State cutOff = state;
        cutOff.end();
        state.done.clear();
        return state.toMask(std::span(cutOff.done).last(std::size_t(frames)));
    }

    const bool isLast = frames < state.blockFrames;
    if (isLast)
        state.end();
    const auto wanted = std::size_t(state.blockFrames);
    if (state.done.size() < wanted)
        return std::nullopt;
    TokenMask mask = state.toMask(std::span(state.done).first(wanted));
    state.done.erase(state.done.begin(), state.done.begin() + state.blockFrames);
    return mask;
}

std::optional<TokenMask> KeepMaskStream::finish() {
    State& state = *m_state;
    if (state.lookAhead == LookAhead::none)
        return std::nullopt;
    state.end();
    if (state.done.empty())
        return std::nullopt;
    TokenMask mask = state.toMask(state.done);
    state.done.clear();
    return mask;
}

void KeepMaskStream::setThresholds(MaskThresholds thresholds) {
    m_state->thresholds = thresholds;
}

}  // namespace lipar::method
