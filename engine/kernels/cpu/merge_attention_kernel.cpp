// The CPU's twin of cuda/merge_attention_kernel.cu: the definition that the other is compared with.
#include <ATen/Parallel.h>
#include <c10/util/BFloat16.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/kernels/cpu/cpu_kernels.h"

namespace lipar::kernels::cpu {
namespace {

template <class T>
void merge(const T* partial, const float* logSumExp, T* out, int splits, std::int64_t heads, std::int64_t queries, std::int64_t width) {
    const std::int64_t rows = heads * queries;
    at::parallel_for(0, rows, 64, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t place = begin; place < end; ++place) {  // query * heads + head
            const std::int64_t row = place % heads * queries + place / heads;
            std::array<float, kMostAttentionSplits> weight{};
            float largest = -INFINITY, total = 0;
            for (int i = 0; i < splits; ++i)
                largest = std::max(largest, logSumExp[i * rows + row]);
            for (int i = 0; i < splits; ++i)
                total += weight[std::size_t(i)] = std::exp(logSumExp[i * rows + row] - largest);
            T* target = out + place * width;
            for (std::int64_t column = 0; column < width; ++column) {
                float sum = 0;
                for (int i = 0; i < splits; ++i)
                    sum += weight[std::size_t(i)] * float(partial[(i * rows + place) * width + column]);
                target[column] = T(sum / total);
            }
        }
    });
}

}  // namespace

void mergeAttention(Element type, const void* partial, const float* logSumExp, void* out, int splits, std::int64_t heads,
                    std::int64_t queries, std::int64_t width, void*) {
    if (type == Element::float32)
        merge(static_cast<const float*>(partial), logSumExp, static_cast<float*>(out), splits, heads, queries, width);
    else
        merge(static_cast<const c10::BFloat16*>(partial), logSumExp, static_cast<c10::BFloat16*>(out), splits, heads, queries, width);
}

}  // namespace lipar::kernels::cpu
