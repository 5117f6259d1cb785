#include <ATen/Parallel.h>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/cpu/row_math.h"

namespace lipar::kernels {
namespace {

constexpr std::int64_t kTokenGrain = 32;

LIPAR_CPU_CLONES void rotatePairs(const float* x, const float* cos, const float* sin, float* out, std::int64_t pairs) {
    for (std::int64_t i = 0; i < pairs; ++i) {
        const float a = x[2 * i], b = x[2 * i + 1];
        out[2 * i] = a * cos[i] - b * sin[i];
        out[2 * i + 1] = a * sin[i] + b * cos[i];
    }
}

LIPAR_CPU_CLONES void rotatePairs16(const std::uint16_t* x, const float* cos, const float* sin, std::uint16_t* out,
                                    std::int64_t pairs) {
    for (std::int64_t i = 0; i < pairs; ++i) {
        const float a = floatFromBfloat16(x[2 * i]), b = floatFromBfloat16(x[2 * i + 1]);
        out[2 * i] = bfloat16FromFloat(a * cos[i] - b * sin[i]);
        out[2 * i + 1] = bfloat16FromFloat(a * sin[i] + b * cos[i]);
    }
}

void rotate(Element type, const void* x, const float* cos, const float* sin, void* out, std::int64_t width) {
    if (type == Element::float32)
        rotatePairs(static_cast<const float*>(x), cos, sin, static_cast<float*>(out), width / 2);
    else
        rotatePairs16(static_cast<const std::uint16_t*>(x), cos, sin, static_cast<std::uint16_t*>(out), width / 2);
}

}  // namespace

namespace cpu {

void toHeads(Element type, const void* x, std::int64_t stride, const float* cos, const float* sin,
             std::int64_t tableStride, void* destination, std::int64_t destinationRows, const std::int64_t* rowIndex,
             std::int64_t tokens, std::int64_t heads, std::int64_t width, void* stream) {
    chosenToHeads(type, {nullptr, 0, 0, x, stride, nullptr}, cos, sin, tableStride, destination, destinationRows, rowIndex,
                  tokens, heads, width, stream);
}

void chosenToHeads(Element type, const RowChoice& choice, const float* cos, const float* sin, std::int64_t tableStride,
                   void* destination, std::int64_t destinationRows, const std::int64_t* rowIndex, std::int64_t tokens,
                   std::int64_t heads, std::int64_t width, void*) {
    at::parallel_for(0, tokens, kTokenGrain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t token = begin; token < end; ++token) {
            const std::int64_t row = rowIndex ? rowIndex[token] : token;
            if (row < 0)
                continue;
            const std::int64_t chosen = choice.index ? choice.index[token] : choice.beforeRows + token;
            const bool isBefore = chosen < choice.beforeRows;
            const void* from = isBefore ? rowAt(type, choice.before, chosen * choice.beforeStride)
                                        : rowAt(type, choice.x, (chosen - choice.beforeRows) * choice.stride);
            for (std::int64_t head = 0; head < heads; ++head) {
                const void* source = rowAt(type, from, head * width);
                void* target = rowAt(type, destination, (head * destinationRows + row) * width);
                if (cos)
                    rotate(type, source, cos + token * tableStride, sin + token * tableStride, target, width);
                else
                    std::memmove(target, source, std::size_t(width) * elementSize(type));
            }
        }
    });
}

void rotateRows(Element type, void* destination, std::int64_t destinationRows, std::int64_t first, std::int64_t count,
                const float* cos, const float* sin, std::int64_t heads, std::int64_t width, void*) {
    at::parallel_for(0, heads * count, kTokenGrain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            void* row = rowAt(type, destination, ((i / count) * destinationRows + first + i % count) * width);
            rotate(type, row, cos, sin, row, width);
        }
    });
}

}  // namespace cpu

const KernelTable& cpuKernels() {
    static const KernelTable table{
        .layerNorm = cpu::layerNorm,
        .rmsNorm = cpu::rmsNorm,
        .linear = cpu::linear,
        .toHeads = cpu::toHeads,
        .chosenToHeads = cpu::chosenToHeads,
        .rotateRows = cpu::rotateRows,
        .normRotateToHeads = cpu::normRotateToHeads,
        .geluTanh = cpu::geluTanh,
        .mergeAttention = cpu::mergeAttention,
        .quantizeRows = cpu::quantizeRows,
        .layerNormQuantizeRows = cpu::layerNormQuantizeRows,
        .pairedPictureFeatures = cpu::pairedPictureFeatures,
        .picturesOfFeatures = cpu::picturesOfFeatures,
        .unitOfBytes = cpu::unitOfBytes,
        .bytesOfUnit = cpu::bytesOfUnit,
        .withPreviousFrame = cpu::withPreviousFrame,
        .lifDifferences = cpu::lifDifferences,
        .lifDecisions = cpu::lifDecisions,
        .lifMasks = cpu::lifMasks,
        .currentStream = nullptr,
        .multiprocessorCount = nullptr,
        .computeCapability = nullptr,
        .useOwnStream = nullptr,
        .recordGraph = nullptr,
        .replayGraph = nullptr,
        .destroyGraph = nullptr,
    };
    return table;
}

}  // namespace lipar::kernels
