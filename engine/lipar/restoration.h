// Restoration: the denoised latents of pruned tokens (paper sections 4-5), as a chain.
//
// After the last denoising step, and for the decoder only: restored tokens never enter another pass.
// Shapes: latents [S,C,h,w] float32, contiguous; mask [S, h/patch, w/patch] of this block.
// Errors: none, shapes are the caller's. Thread: any; no state.
#pragma once

#include "engine/core/token_mask.h"
#include "engine/kernels/lif.h"

namespace lipar::method {

// Frame by frame, every pruned token takes the values of the same place in the frame before, which is restored already.
// The first frame takes them from the previous block's restored last frame [C,h,w]; it must not overlap `latents` and
// may be null at the clip's start, where the first frame is kept whole (its pruned tokens, if any, stay as they are).
void restorePruned(float* latents, const TokenMask& mask, const float* previousRestoredLastFrame,
                   const kernels::LatentGrid& grid);

}  // namespace lipar::method
