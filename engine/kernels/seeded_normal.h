// Normally distributed random numbers that a seed determines: at::randn() of a CPU generator with that seed gives the same,
// bit for bit, in four times the time (it draws one number of the Mersenne Twister after the other).
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace lipar::kernels {

// Mean 0, deviation 1; float32 on the CPU. Thread: any; no state.
[[nodiscard]] at::Tensor seededNormal(std::uint64_t seed, at::IntArrayRef sizes);

}  // namespace lipar::kernels
