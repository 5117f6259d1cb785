// ATen's normal numbers, made faster: the Mersenne Twister (MT19937, Matsumoto and Nishimura 1998) a vector at a time, then
// Box and Muller's transform with the functions that ATen itself takes, of groups of 16: eight radii, eight angles. Compiled
// with AVX2, FMA and contraction, as ATen's is: the last bit depends on it.
#include "engine/kernels/cpu/normal_avx2.h"

#define CPU_CAPABILITY_AVX2  // without it the next header is empty
#include <ATen/native/cpu/avx_mathfun.h>

#include <algorithm>
#include <array>

namespace lipar::kernels::cpu {
namespace {

constexpr std::size_t kWords = 624, kShift = 397;
using State = std::array<std::uint32_t, kWords>;

std::uint32_t twisted(std::uint32_t word, std::uint32_t next) {
    return (((word & 0x80000000U) | (next & 0x7fffffffU)) >> 1) ^ ((next & 1U) != 0 ? 0x9908b0dfU : 0U);
}

// Each word is made of those at its place, the next and the one kShift further, round the end. A stretch is as long as
// no word of it needs another of it.
void advance(State& state) {
    std::uint32_t* const words = state.data();
#pragma GCC ivdep
    for (std::size_t i = 0; i < kWords - kShift; ++i)
        words[i] = words[i + kShift] ^ twisted(words[i], words[i + 1]);
    for (std::size_t first = kWords - kShift; first < kWords - 1; first += kWords - kShift) {
        const std::size_t end = std::min(first + kWords - kShift, kWords - 1);
#pragma GCC ivdep
        for (std::size_t i = first; i < end; ++i)
            words[i] = words[i + kShift - kWords] ^ twisted(words[i], words[i + 1]);
    }
    words[kWords - 1] = words[kShift - 1] ^ twisted(words[kWords - 1], words[0]);
}

// In [0, 1), from the lowest 24 bits.
void toUnit(const State& state, float* numbers, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t word = state[i];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c5680U;
        word ^= (word << 15) & 0xefc60000U;
        word ^= word >> 18;
        numbers[i] = float(std::int32_t(word & 0xffffffU)) * (1.0F / 16777216.0F);
    }
}

}  // namespace

void fillNormal(std::uint64_t seed, float* numbers, std::size_t count) {
    State state{};
    state[0] = std::uint32_t(seed);
    for (std::uint32_t i = 1; i < kWords; ++i)
        state[i] = 1812433253U * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
    for (std::size_t done = 0; done < count; done += kWords) {
        advance(state);
        toUnit(state, numbers + done, std::min(kWords, count - done));
    }
    const __m256 twoPi = _mm256_set1_ps(6.283185307179586F), one = _mm256_set1_ps(1.0F), minusTwo = _mm256_set1_ps(-2.0F);
    for (float* group = numbers; group < numbers + count; group += kNormalGroup) {
        const __m256 positive = _mm256_sub_ps(one, _mm256_loadu_ps(group));  // in (0, 1]
        const __m256 radius = _mm256_sqrt_ps(_mm256_mul_ps(minusTwo, log256_ps(positive)));
        __m256 sine, cosine;
        sincos256_ps(_mm256_mul_ps(twoPi, _mm256_loadu_ps(group + 8)), &sine, &cosine);
        _mm256_storeu_ps(group, _mm256_mul_ps(radius, cosine));
        _mm256_storeu_ps(group + 8, _mm256_mul_ps(radius, sine));
    }
}

}  // namespace lipar::kernels::cpu
