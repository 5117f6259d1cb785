// Frames between bytes and numbers, and beside the frame before.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// bytes [T,H,W,3] -> [T,3,H,W] of `dtype` (float32, bfloat16) in [0,1], channels-last.
[[nodiscard]] at::Tensor framesOfBytes(const at::Tensor& bytes, at::ScalarType dtype);

// The upper left corner of frames [T,3,H,W], channels-last, as bytes [T,height,width,3]: 255 x rounded to the nearest,
// what lies outside [0,1] cut off. On the frames' device.
[[nodiscard]] at::Tensor bytesOfFrames(const at::Tensor& frames, std::int64_t height, std::int64_t width);

// Frames [T,C,h,w] with the frame before each: [T,2C,h,w], channels-last. `last` [1,C,h,w] is the one before the first
// (undefined at a clip's start: zeros) and becomes a copy of the newest, channels-last like them.
[[nodiscard]] at::Tensor withPreviousFrame(const at::Tensor& frames, at::Tensor& last);

}  // namespace lipar::kernels
