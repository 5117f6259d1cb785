// The DiT's normalisations and residual updates, each one pass over memory.
//
// Every function takes float32 or bfloat16 tensors, contiguous, on the CPU or a CUDA device (openCudaModule() done),
// computes in float32 and rounds once at the end. Twins: cpu/normalization_kernel.cpp, cuda/normalization_kernel.cu.
// Thread: any; no state.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// LayerNorm without affine parameters, then adaLN: norm(x) * (1 + scale) + shift.
// x [N,D]; shift, scale [D] float32 -> [N,D] in x's type. (Wan DiT, models.md "Block".)
[[nodiscard]] at::Tensor layerNormModulate(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps);

// LayerNorm with affine parameters. x [N,D]; weight, bias [D] float32 -> [N,D] in x's type.
[[nodiscard]] at::Tensor layerNormAffine(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps);

// RMSNorm over the last axis: x / rms(x) * weight. x [N,D], rows may lie `x.stride(0)` apart; weight [D] float32 -> [N,D].
[[nodiscard]] at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps);

// x += y * gate, in place. x, y [N,D] of one type; gate [D] float32.
void addGated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate);

}  // namespace lipar::kernels
