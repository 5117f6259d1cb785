// Private to keep_mask.h: the steps as stages that the frames of a whole clip flow through, one after the other, so
// that thresholds can be tried on differences that are filtered once. Streams run the same kernels a block at a time
// (lif_block.h); tests hold both equal bit for bit.
//
// A stage holds a few frames, whatever the clip's length.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/lipar/keep_mask.h"

namespace lipar::method {

using TokenPlane = std::vector<float>;        // [rows, columns]
using MaskFrame = std::vector<std::uint8_t>;  // [rows, columns], 1 = kept

// The last two frames of a sequence, for filters that read one frame to either side; edges are replicated.
template <class Frame>
class ThreeFrameWindow {
public:
    // Takes frame i and calls use(before, at, after) for frame i - 1, if there is one.
    template <class Use>
    void push(Frame frame, Use use) {
        if (m_at)
            use(m_before ? *m_before : *m_at, *m_at, frame);
        m_before = std::move(m_at);
        m_at = std::move(frame);
    }
    // Calls use() for the last frame, if there is any. Nothing may be pushed afterwards.
    template <class Use>
    void finish(Use use) const {
        if (m_at)
            use(m_before ? *m_before : *m_at, *m_at, *m_at);
    }

private:
    std::optional<Frame> m_before;
    std::optional<Frame> m_at;
};

// Steps 1-4 of README.md: latent frames in, filtered differences out, one frame later.
class DifferenceFilter {
public:
    explicit DifferenceFilter(const LatentGrid& grid);

    // Takes frame t and its predecessor [C,h,w], t = 1, 2, ...; returns the filtered difference of frame t - 1, if t
    // > 1.
    [[nodiscard]] std::optional<TokenPlane> push(const float* previous, const float* current);
    // That of the last frame; empty for a clip of one frame.
    [[nodiscard]] std::optional<TokenPlane> finish();

private:
    [[nodiscard]] TokenPlane filter(const TokenPlane& before, const TokenPlane& at, const TokenPlane& after);

    LatentGrid m_grid;
    std::vector<int> m_tokens;  // all of them
    ThreeFrameWindow<TokenPlane> m_differences;
    TokenPlane m_previousMedian;
};

// Steps 5 and 6: the raw decision, and the memory frame it is made against.
class KeepDecision {
public:
    // `firstFrame` [C,h,w] is kept whole.
    KeepDecision(const LatentGrid& grid, int blockFrames, const float* firstFrame);

    // Takes the filtered difference [rows, columns] and the latent [C,h,w] of frame t = 1, 2, ...; returns which of its
    // tokens are kept.
    [[nodiscard]] MaskFrame decide(const float* filtered, const float* latent, MaskThresholds thresholds);

private:
    LatentGrid m_grid;
    int m_blockFrames;
    int m_frame = 0;
    std::vector<float> m_memory;   // [C,h,w] M: every token when last kept, as of the end of the previous block
    std::vector<float> m_running;  // [C,h,w] the same as of now
};

// Step 7: raw decisions of frames 1, 2, ... in, cleaned mask frames out, two frames later.
class MaskCleaner {
public:
    explicit MaskCleaner(const LatentGrid& grid);

    // Both append the frames that are done to `out`: push() none or one, finish() what is left.
    void push(MaskFrame keep, std::vector<MaskFrame>& out);
    void finish(std::vector<MaskFrame>& out);

private:
    [[nodiscard]] MaskFrame clean(const MaskFrame& before, const MaskFrame& at, const MaskFrame& after) const;

    int m_rows;
    int m_columns;
    ThreeFrameWindow<MaskFrame> m_decisions;
    ThreeFrameWindow<MaskFrame> m_dilated;
};

}  // namespace lipar::method
