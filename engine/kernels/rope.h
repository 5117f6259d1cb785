// Rotary positions, and the write of keys and values into the cache, head by head.
//
// float32 or bfloat16, on the CPU or a CUDA device; rotation in float32 from float32 tables.
// Twins: cpu/rope_kernel.cpp, cuda/rope_kernel.cu. Thread: any; no state.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// Rotates adjacent pairs of x [N,H,d] by the angles whose cos and sin are [N,d/2] (or [1,d/2]: one for all) and writes
// token i of head h to destination[h, rows[i]]. destination [H,M,d], contiguous; rows [N] int64 on the same device, below 0
// where a token is left out, or undefined for rows 0..N-1. x may have rows apart (stride(0)); heads and channels are contiguous.
void rotateToHeads(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, at::Tensor& destination,
                   const at::Tensor& rows);

// The same without rotation, for values.
void copyToHeads(const at::Tensor& x, at::Tensor& destination, const at::Tensor& rows);

// Row i is row index[i] of before [M,H*d] and after [N,H*d], one after the other. Rows may lie apart; index int64.
struct ChosenRows {
    at::Tensor before, after;
    at::Tensor index;
};
// The same of chosen rows; cos and sin undefined: without rotation. A row of the destination may be the one that it is made
// of, no other's.
void chosenToHeads(const ChosenRows& chosen, const at::Tensor& cos, const at::Tensor& sin, at::Tensor& destination,
                   const at::Tensor& rows);

// Rotates rows first..first+count-1 of every head of destination [H,M,d] in place, all by the angles cos, sin [d/2].
void rotateRowsInPlace(at::Tensor& destination, std::int64_t first, std::int64_t count, const at::Tensor& cos,
                       const at::Tensor& sin);

}  // namespace lipar::kernels
