// Private to engine/kernels: seeded_normal.h for processors with AVX2 and FMA.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lipar::kernels::cpu {

inline constexpr int kNormalGroup = 16;

// count: a multiple of kNormalGroup.
void fillNormal(std::uint64_t seed, float* numbers, std::size_t count);

}  // namespace lipar::kernels::cpu
