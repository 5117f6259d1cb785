#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/cpu/row_math.h"

namespace lipar::kernels {
namespace {

// Rows a thread takes at least: below that, starting threads costs more than it saves.
constexpr std::int64_t kRowGrain = 16;

LIPAR_CPU_CLONES float sum(const float* x, std::int64_t n) {
    double total = 0;  // of short float sums, so that the error does not depend on how wide the vectors are
    for (std::int64_t first = 0; first < n; first += kSumLength) {
        const std::int64_t end = std::min(n, first + kSumLength);
        float part = 0;
#pragma omp simd reduction(+ : part)
        for (std::int64_t i = first; i < end; ++i)
            part += x[i];
        total += part;
    }
    return float(total);
}

LIPAR_CPU_CLONES void normalizeRow(const float* x, float mean, float inverse, const float* scale, float scaleBase,
                                   const float* shift, float* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = (x[i] - mean) * inverse * (scaleBase + scale[i]) + shift[i];
}

LIPAR_CPU_CLONES void scaleRow(const float* x, float inverse, const float* weight, float* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = x[i] * inverse * weight[i];
}

// Hands `work` each row as float32 in and out, converting where the data is bfloat16, once it has been prepared.
template <class Prepare, class Work>
void forEachRow(Element type, const void* x, std::int64_t stride, void* out, std::int64_t rows, std::int64_t width, Prepare prepare,
                Work work) {
    at::parallel_for(0, rows, kRowGrain, [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> wide(type == Element::bfloat16 ? std::size_t(2 * width) : 0);
        for (std::int64_t row = begin; row < end; ++row) {
            prepare(row);
            const void* source = rowAt(type, x, row * stride);
            void* target = rowAt(type, out, row * width);
            if (type == Element::float32) {
                work(static_cast<const float*>(source), static_cast<float*>(target));
            } else {
                widenRow(static_cast<const std::uint16_t*>(source), wide.data(), width);
                work(wide.data(), wide.data() + width);
                narrowRow(wide.data() + width, static_cast<std::uint16_t*>(target), width);
            }
        }
    });
}

}  // namespace

namespace cpu {

void layerNorm(Element type, void* x, const AddedRows& added, const float* scale, const float* shift, void* out, std::int64_t rows,
               std::int64_t width, float eps, bool modulate, void*) {
    const float scaleBase = modulate ? 1.0f : 0.0f;
    const auto addRow = [&](std::int64_t row) {
        if (added.y)
            addToRow(type, rowAt(type, x, row * width), rowAt(type, added.y, row * width), added.gate, width);
    };
    forEachRow(type, x, width, out, rows, width, addRow, [&](const float* in, float* result) {
        const float mean = sum(in, width) / float(width);
        const float inverse = 1.0f / std::sqrt(sumOfSquares(in, width, mean) / float(width) + eps);
        normalizeRow(in, mean, inverse, scale, scaleBase, shift, result, width);
    });
}

void rmsNorm(Element type, const void* x, std::int64_t stride, const float* weight, void* out, std::int64_t rows, std::int64_t width,
             float eps, void*) {
    forEachRow(type, x, stride, out, rows, width, [](std::int64_t) {}, [&](const float* in, float* result) {
        const float inverse = 1.0f / std::sqrt(sumOfSquares(in, width, 0.0f) / float(width) + eps);
        scaleRow(in, inverse, weight, result, width);
    });
}

}  // namespace cpu
}  // namespace lipar::kernels
