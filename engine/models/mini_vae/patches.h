// Frames as patches of 4x4 pixels, and 2x2 shuffling, without leaving the channels-last layout.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace lipar::models {

// frames [T,3,H,W] in [0,1] -> 2x-1 as [T/stack, stack*48, H/4, W/4] of type dtype, channels-last;
// channel = frame, colour, row, column (pixel-unshuffle 4 with `stack` frames one after the other).
[[nodiscard]] at::Tensor framesToPatches(const at::Tensor& frames, std::int64_t stack, at::ScalarType dtype);
// patches [T,48,h,w] channels-last -> frames [T,3,4h,4w], contiguous (pixel-shuffle 4).
[[nodiscard]] at::Tensor patchesToFrames(const at::Tensor& patches);
// [T,4C,h,w] channels-last, channel = row, column, c -> [T,C,2h,2w].
[[nodiscard]] at::Tensor shuffle2(const at::Tensor& x);

}  // namespace lipar::models
