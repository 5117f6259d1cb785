// Scaled dot-product attention without a mask.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// Queries [H,Nq,d] to be filled in, as attention() likes them best: a token's heads lie together, so that its result needs no
// copy, and on CUDA memory goes on behind the last one, so that it can be computed with few different numbers of queries.
[[nodiscard]] at::Tensor emptyQueries(std::int64_t queries, std::int64_t heads, std::int64_t width, const at::TensorOptions& options);

// softmax(q k^T / sqrt(d)) v for q [H,Nq,d], k and v [H,Nk,d] (heads may lie apart) -> [Nq, H*d] in q's type.
// CUDA: the fastest fused form ATen has; in bfloat16 the queries that would leave multiprocessors idle over parts of the keys,
// merged afterwards. CPU: fused in float32; in bfloat16 as two matrix products around a softmax,
// in slices of queries that bound memory (about twice as fast there as ATen's fused form).
[[nodiscard]] at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v);

}  // namespace lipar::kernels
