#include "engine/kernels/cpu/row_math.h"

#include <algorithm>

namespace lipar::kernels {

LIPAR_CPU_CLONES void widenRow(const std::uint16_t* in, float* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = floatFromBfloat16(in[i]);
}

LIPAR_CPU_CLONES void narrowRow(const float* in, std::uint16_t* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = bfloat16FromFloat(in[i]);
}

namespace {

LIPAR_CPU_CLONES void addFloats(float* x, const float* y, const float* gate, std::int64_t n) {
    if (gate)
        for (std::int64_t i = 0; i < n; ++i)
            x[i] += y[i] * gate[i];
    else
        for (std::int64_t i = 0; i < n; ++i)
            x[i] += y[i];
}

LIPAR_CPU_CLONES void addHalves(std::uint16_t* x, const std::uint16_t* y, const float* gate, std::int64_t n) {
    if (gate)
        for (std::int64_t i = 0; i < n; ++i)
            x[i] = bfloat16FromFloat(floatFromBfloat16(x[i]) + floatFromBfloat16(y[i]) * gate[i]);
    else
        for (std::int64_t i = 0; i < n; ++i)
            x[i] = bfloat16FromFloat(floatFromBfloat16(x[i]) + floatFromBfloat16(y[i]));
}

}  // namespace

void addToRow(Element type, void* x, const void* y, const float* gate, std::int64_t n) {
    if (type == Element::float32)
        addFloats(static_cast<float*>(x), static_cast<const float*>(y), gate, n);
    else
        addHalves(static_cast<std::uint16_t*>(x), static_cast<const std::uint16_t*>(y), gate, n);
}

LIPAR_CPU_CLONES float sumOfSquares(const float* x, std::int64_t n, float mean) {
    double total = 0;
    for (std::int64_t first = 0; first < n; first += kSumLength) {
        const std::int64_t end = std::min(n, first + kSumLength);
        float part = 0;
#pragma omp simd reduction(+ : part)
        for (std::int64_t i = first; i < end; ++i)
            part += (x[i] - mean) * (x[i] - mean);
        total += part;
    }
    return float(total);
}

}  // namespace lipar::kernels
