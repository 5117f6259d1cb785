#include <ATen/Parallel.h>

#include <cmath>
#include <cstring>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/cpu/row_math.h"

namespace lipar::kernels {
namespace {

constexpr std::int64_t kTokenGrain = 16;

// One head of a token: weighted by `inverse * weight`, then rotated.
LIPAR_CPU_CLONES void scaleAndRotate(const float* x, float inverse, const float* weight, const float* cos, const float* sin, float* out,
                                     std::int64_t pairs) {
    for (std::int64_t i = 0; i < pairs; ++i) {
        const float a = x[2 * i] * inverse * weight[2 * i], b = x[2 * i + 1] * inverse * weight[2 * i + 1];
        out[2 * i] = a * cos[i] - b * sin[i];
        out[2 * i + 1] = a * sin[i] + b * cos[i];
    }
}

}  // namespace

namespace cpu {

void normRotateToHeads(Element type, const HeadsPart* parts, int partCount, const float* cos, const float* sin,
                       std::int64_t tableStride, std::int64_t tokens, std::int64_t heads, std::int64_t width, float eps, void*) {
    for (const HeadsPart* part = parts; part != parts + partCount; ++part) {
        const auto targetOf = [&](std::int64_t token, std::int64_t head) {
            const std::int64_t row = part->rowIndex ? part->rowIndex[token] : token;
            return rowAt(type, part->destination, head * part->headStride + row * part->rowStride);
        };
        if (!part->weight) {
            const std::size_t bytes = std::size_t(width) * (type == Element::bfloat16 ? 2 : 4);
            at::parallel_for(0, tokens, kTokenGrain, [&](std::int64_t begin, std::int64_t end) {
                for (std::int64_t token = begin; token < end; ++token)
                    for (std::int64_t head = 0; head < heads; ++head)
                        std::memcpy(targetOf(token, head), rowAt(type, part->x, token * part->stride + head * width), bytes);
            });
            continue;
        }
        at::parallel_for(0, tokens, kTokenGrain, [&](std::int64_t begin, std::int64_t end) {
            std::vector<float> wide(type == Element::bfloat16 ? std::size_t(heads * width + width) : 0);
            for (std::int64_t token = begin; token < end; ++token) {
                const void* source = rowAt(type, part->x, token * part->stride);
                const auto* row = static_cast<const float*>(source);
                if (type == Element::bfloat16) {
                    widenRow(static_cast<const std::uint16_t*>(source), wide.data(), heads * width);
                    row = wide.data();
                }
                const float inverse = 1.0f / std::sqrt(sumOfSquares(row, heads * width, 0.0f) / float(heads * width) + eps);
                for (std::int64_t head = 0; head < heads; ++head) {
                    void* target = targetOf(token, head);
                    float* out = type == Element::float32 ? static_cast<float*>(target) : wide.data() + heads * width;
                    scaleAndRotate(row + head * width, inverse, part->weight + head * width, cos + token * tableStride,
                                   sin + token * tableStride, out, width / 2);
                    if (type == Element::bfloat16)
                        narrowRow(out, static_cast<std::uint16_t*>(target), width);
                }
            }
        });
    }
}

}  // namespace cpu
}  // namespace lipar::kernels
