// Private to engine/kernels/cpu: rows of float32 or bfloat16 in and out of float32, compiled for several instruction sets.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/kernels/kernel_table.h"

// One copy of the function for each instruction set, chosen when the program starts. Sanitizers run before the
// choice can be made, so they get the plain copy.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LIPAR_CPU_CLONES __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define LIPAR_CPU_CLONES
#endif

namespace lipar::kernels {

inline float floatFromBfloat16(std::uint16_t value) noexcept {
    return std::bit_cast<float>(std::uint32_t(value) << 16);
}

// Rounds to nearest even. NaN stays NaN but for the rare payloads that round to infinity.
inline std::uint16_t bfloat16FromFloat(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return std::uint16_t((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

// Rows of n values, in and out of float32.
void widenRow(const std::uint16_t* in, float* out, std::int64_t n);
void narrowRow(const float* in, std::uint16_t* out, std::int64_t n);
// x += y * gate; gate null: ones.
void addToRow(Element type, void* x, const void* y, const float* gate, std::int64_t n);
// Sum of (x - mean)^2.
float sumOfSquares(const float* x, std::int64_t n, float mean);

// Values that are summed in float before the sum goes on in double.
inline constexpr std::int64_t kSumLength = 128;

inline std::size_t elementSize(Element type) noexcept { return type == Element::float32 ? 4 : 2; }

inline const void* rowAt(Element type, const void* base, std::int64_t element) noexcept {
    return static_cast<const std::byte*>(base) + std::size_t(element) * elementSize(type);
}
inline void* rowAt(Element type, void* base, std::int64_t element) noexcept {
    return static_cast<std::byte*>(base) + std::size_t(element) * elementSize(type);
}

}  // namespace lipar::kernels
