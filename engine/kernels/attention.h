// Scaled dot-product attention without a mask.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// softmax(q k^T / sqrt(d)) v for q [H,Nq,d], k and v [H,Nk,d] (heads may lie apart) -> [Nq, H*d] in q's type. Queries whose
// memory is [Nq,H,d] save a copy of the result.
// CUDA: the fastest fused form ATen has; in bfloat16 the queries that would leave multiprocessors idle over parts of the keys,
// merged afterwards. CPU: fused in float32; in bfloat16 as two matrix products around a softmax,
// in slices of queries that bound memory (about twice as fast there as ATen's fused form).
[[nodiscard]] at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v);

}  // namespace lipar::kernels
