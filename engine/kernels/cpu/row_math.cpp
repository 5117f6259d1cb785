#include "engine/kernels/cpu/row_math.h"

namespace lipar::kernels {

LIPAR_CPU_CLONES void widenRow(const std::uint16_t* in, float* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = floatFromBfloat16(in[i]);
}

LIPAR_CPU_CLONES void narrowRow(const float* in, std::uint16_t* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = bfloat16FromFloat(in[i]);
}

LIPAR_CPU_CLONES float sumOfSquares(const float* x, std::int64_t n, float mean) {
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (std::int64_t i = 0; i < n; ++i)
        total += (x[i] - mean) * (x[i] - mean);
    return total;
}

}  // namespace lipar::kernels
