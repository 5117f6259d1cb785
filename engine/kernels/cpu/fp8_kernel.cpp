#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/util/Float8_e4m3fn.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/cpu/row_math.h"

namespace lipar::kernels::cpu {
namespace {

// One row of float32 as codes; returns its scale.
float quantizeRow(const float* x, std::uint8_t* codes, std::int64_t n) {
    float largest = kSmallestFp8Row;
    for (std::int64_t i = 0; i < n; ++i)
        largest = std::max(largest, std::abs(x[i]));
    const float inverse = kLargestFp8 / largest;
    for (std::int64_t i = 0; i < n; ++i)
        codes[i] = c10::detail::fp8e4m3fn_from_fp32_value(x[i] * inverse);
    return largest / kLargestFp8;
}

void quantizeFloatRows(const float* x, std::uint8_t* codes, float* rowScale, std::int64_t rows, std::int64_t width) {
    at::parallel_for(0, rows, 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row)
            rowScale[row] = quantizeRow(x + row * width, codes + row * width, width);
    });
}

std::vector<float> widened(Element type, const void* x, std::int64_t count) {
    if (type == Element::float32)
        return {static_cast<const float*>(x), static_cast<const float*>(x) + count};
    std::vector<float> wide(static_cast<std::size_t>(count));
    widenRow(static_cast<const std::uint16_t*>(x), wide.data(), count);
    return wide;
}

}  // namespace

void quantizeRows(Element type, const void* x, std::uint8_t* codes, float* rowScale, std::int64_t rows, std::int64_t width, bool gelu,
                  void* stream) {
    std::vector<float> wide = widened(type, x, rows * width);
    if (gelu)
        geluTanh(Element::float32, wide.data(), rows * width, stream);
    quantizeFloatRows(wide.data(), codes, rowScale, rows, width);
}

void layerNormQuantizeRows(Element type, void* x, const AddedRows& added, const float* scale, const float* shift, std::uint8_t* codes,
                           float* rowScale, std::int64_t rows, std::int64_t width, float eps, void* stream) {
    if (added.y)
        for (std::int64_t row = 0; row < rows; ++row)
            addToRow(type, rowAt(type, x, row * width), rowAt(type, added.y, row * width), added.gate, width);
    std::vector<float> wide = widened(type, x, rows * width);
    std::vector<float> normed(wide.size());
    layerNorm(Element::float32, wide.data(), {}, scale, shift, normed.data(), rows, width, eps, true, stream);
    quantizeFloatRows(normed.data(), codes, rowScale, rows, width);
}

}  // namespace lipar::kernels::cpu
