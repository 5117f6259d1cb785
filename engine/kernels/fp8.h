// Matrices in 8-bit floating point (E4M3: largest value 448) with a float32 scale a row, and products of two of them.
//
// Whatever makes an operand writes it in 8 bits at once (LayerNorm, GELU), so that the rounding costs no pass over memory of
// its own. Float32 or bfloat16 in; scaled so that a row's largest magnitude is 448; rounded once, to nearest even.
// Twins: cpu/fp8_kernel.cpp, cuda/fp8_kernel.cu; the product is cuBLAS' or CUTLASS' through ATen on CUDA, float32 on the CPU,
// which is there to compare with. Thread: any; no state.
#pragma once

#include <ATen/ATen.h>

#include "engine/kernels/normalization.h"

namespace lipar::kernels {

// value[i,j] = codes[i,j] * scale[i]
struct Fp8Rows {
    at::Tensor codes;  // [N,K] float8_e4m3fn
    at::Tensor scale;  // [N] float32, above zero
};

// Whether the device multiplies 8-bit floats: NVIDIA GPUs from compute capability 8.9 on. The CPU only does so slowly.
[[nodiscard]] bool hasFp8Products(at::Device device);

// x [N,K], contiguous.
[[nodiscard]] Fp8Rows toFp8(const at::Tensor& x);
// GELU, tanh form.
[[nodiscard]] Fp8Rows geluToFp8(const at::Tensor& x);
// normalization.h, layerNormModulate().
[[nodiscard]] Fp8Rows layerNormModulateToFp8(at::Tensor& x, const Residual& residual, const at::Tensor& shift, const at::Tensor& scale,
                                             double eps);

// x weight^T + bias for weight [out,K] -> [N,out] bfloat16. K and out multiples of 16; bias [out] bfloat16.
[[nodiscard]] at::Tensor linearFp8(const Fp8Rows& x, const Fp8Rows& weight, const at::Tensor& bias);

}  // namespace lipar::kernels
