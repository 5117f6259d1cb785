// The layers of TAEHV that touch the pictures' own size: the first of the encoder and the last of the decoder. A few
// channels on one side and 64 on the other are what library convolutions do worst: of 12 frames of 832x480 they take
// 0.75 and 1.0 ms on an H100.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace lipar::kernels {

// Where both functions can be used: bfloat16 on CUDA, 64 features. Elsewhere a convolution of the library's does.
[[nodiscard]] bool hasPictureLayers(const at::Tensor& x, std::int64_t features);

// relu(conv3x3(frames)), two frames beside each other: frames [T,3,H,W] channels-last, T even; weight [64,3,3,3]
// channels-last, bias [64], all of one type -> [T/2,2*64,H,W] channels-last. Zero padding.
[[nodiscard]] at::Tensor pairedPictureFeatures(const at::Tensor& frames, const at::Tensor& weight,
                                               const at::Tensor& bias);

// conv3x3 of features that lie as quads: features [T,2*2*64,h,w] channels-last, the four pixels of a place one after
// the other; weight [3,64,3,3] channels-last, bias [3] -> frame first + t * step of `pictures` [n,3,2h,2w],
// channels-last.
void picturesOfFeatures(const at::Tensor& features, const at::Tensor& weight, const at::Tensor& bias,
                        at::Tensor& pictures, std::int64_t first, std::int64_t step);

}  // namespace lipar::kernels
