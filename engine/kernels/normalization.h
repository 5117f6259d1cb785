// The DiT's normalisations, with the residual updates before them, each one pass over memory.
//
// Every function takes float32 or bfloat16 tensors, contiguous, on the CPU or a CUDA device (openCudaModule() done),
// computes in float32 and rounds once at the end. Twins: cpu/normalization_kernel.cpp, cuda/normalization_kernel.cu.
// Thread: any; no state.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// A layer's result on its way into the hidden state: x += y * gate, rounded to x's type. The norm that follows does it on the
// way, so that the state is read and written once.
struct Residual {
    at::Tensor y;     // [N,D] of x's type; undefined: nothing is added
    at::Tensor gate;  // [D] float32; undefined: ones
};

// The hidden state x with the residual added, in place, and its LayerNorm without affine parameters, then adaLN:
// norm(x) * (1 + scale) + shift. x [N,D]; shift, scale [D] float32 -> [N,D] in x's type. (Wan DiT, models.md "Block".)
[[nodiscard]] at::Tensor layerNormModulate(at::Tensor& x, const Residual& residual, const at::Tensor& shift, const at::Tensor& scale,
                                           double eps);

// The same with affine parameters: norm(x) * weight + bias. weight, bias [D] float32.
[[nodiscard]] at::Tensor layerNormAffine(at::Tensor& x, const Residual& residual, const at::Tensor& weight, const at::Tensor& bias,
                                         double eps);

// RMSNorm over the last axis: x / rms(x) * weight. x [N,D], rows may lie `x.stride(0)` apart; weight [D] float32 -> [N,D].
[[nodiscard]] at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps);
// The same into `out` [N,D], contiguous, of x's type.
void rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps, const at::Tensor& out);

}  // namespace lipar::kernels
