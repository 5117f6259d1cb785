// The FFN's activation.
//
// Twins: cpu/activation_kernel.cpp, cuda/activation_kernel.cu. Thread: any; no state.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// GELU, tanh form, in place: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). x of any shape, float32 or bfloat16, contiguous;
// computed in float32, one rounding. (Wan DiT's FFN and text embedding, models.md.)
void geluTanhInPlace(at::Tensor& x);

}  // namespace lipar::kernels
