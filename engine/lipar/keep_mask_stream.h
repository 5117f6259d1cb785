// The LIF keep mask made block by block, from state of constant size: both terms, both modes, on the device of the
// latents.
//
// The mask of a frame reads up to three frames ahead (two medians and the dilation), so a stream either waits for them
// or goes without:
// - LookAhead::oneBlock: masks come one block late and equal those of keepMask() on the whole clip bit for bit.
// - LookAhead::none: a block's mask comes at once and equals the last frames of keepMask() on the clip cut off at the
// end of
//   this block. Only that end is replicated: what is carried over is made good once the next block is there.
// Shapes and preconditions as in keep_mask.h: checkGrid(grid) holds, blockFrames >= 1.
//
// Latents are taken where they lie; on CUDA a block is three launches, and only the mask comes to the host. All devices
// give the same masks. (Tokens of more than kernels::kMostLifTokenValues values are copied to the host.) State lies on
// the device of the first block: the others come from there. Ownership: nothing that is passed in is retained. Errors:
// none; torch's exceptions, and std::runtime_error where CUDA refuses a launch. Thread: one at a time, on CUDA always
// with the same current stream.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <optional>

#include "engine/lipar/keep_mask.h"

namespace lipar::method {

enum class LookAhead { none, oneBlock };

class KeepMaskStream {
public:
    KeepMaskStream(const LatentGrid& grid, int blockFrames, MaskThresholds thresholds, LookAhead lookAhead);
    KeepMaskStream(KeepMaskStream&&) noexcept;
    KeepMaskStream& operator=(KeepMaskStream&&) noexcept;
    ~KeepMaskStream();

    // Takes the next block [frames,C,h,w] of the clip, widened to float32 where it is not: blockFrames frames, or fewer
    // (at least one) if it is the last. With oneBlock returns the mask of the block before, so nothing for the first
    // block (blocks shorter than three frames come later still, by as many blocks as three frames need); with none,
    // that of this block.
    [[nodiscard]] std::optional<TokenMask> push(const at::Tensor& block);
    // Ends the clip. Returns the frames that push() has not returned, if any: with oneBlock those of the last block (of
    // the last ones, where three frames need more than one), with none there are none. Push no more afterwards.
    [[nodiscard]] std::optional<TokenMask> finish();

    // Holds for every frame decided from now on. With oneBlock the decisions on all frames pushed so far but the last
    // have been made, though their masks may not have been returned yet.
    void setThresholds(MaskThresholds thresholds);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::method
