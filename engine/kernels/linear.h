// Linear maps: x weight^T + bias.
//
// Twins: cpu/linear_kernel.cpp, cuda/linear_kernel.cpp (cuBLASLt with tiles of product_tile.h: bfloat16 on GPUs of compute
// capability 9.0). Whatever else there is goes to ATen. Sums in float32, one rounding. Thread: any.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// x [N,in], weight [out,in], bias [out], all of one type -> [N,out].
[[nodiscard]] at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);
// GELU in the tanh form of it. On CUDA in bfloat16 it is applied before the result is rounded.
[[nodiscard]] at::Tensor linearGelu(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace lipar::kernels
