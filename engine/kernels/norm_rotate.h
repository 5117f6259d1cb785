// From the q/k/v projection to the cache in one pass: the q and k norms, rotation and the write to heads.
//
// float32 or bfloat16, on the CPU or a CUDA device; computed in float32 with one rounding at the end (rmsNorm() and
// rotateToHeads() one after the other round twice). Twins: cpu/norm_rotate_kernel.cpp, cuda/norm_rotate_kernel.cu.
// Thread: any; no state.
#pragma once

#include <ATen/ATen.h>

#include <span>

namespace lipar::kernels {

// One tensor on its way to heads. Token i of head h goes to destination[h, rows[i]].
struct HeadsWrite {
    at::Tensor x;            // [N, H*d], rows may lie x.stride(0) apart: a slice of the joined projection
    at::Tensor weight;       // [H*d] float32 of the norm; undefined: copied, neither normed nor rotated (values)
    at::Tensor destination;  // [H,M,d], x's type; channels are neighbours, heads and rows may lie in either order
    at::Tensor rows;         // [N] int64, or undefined for rows 0..N-1
};

// Up to three writes (q, k, v) of the same N, H and d in one launch. With a weight: x / rms(x) * weight over the whole
// row, then adjacent pairs turned by the angles whose cos and sin are [N,d/2] (or [1,d/2]: one for all).
void normRotateToHeads(std::span<const HeadsWrite> writes, const at::Tensor& cos, const at::Tensor& sin, double eps);

}  // namespace lipar::kernels
