// Private to engine/kernels: the functions behind cpuKernels(). Contracts: kernel_table.h.
#pragma once

#include <cstdint>

#include "engine/kernels/kernel_table.h"

namespace lipar::kernels::cpu {

void layerNorm(Element type, void* x, const AddedRows& added, const float* scale, const float* shift, void* out,
               std::int64_t rows, std::int64_t width, float eps, bool modulate, void* stream);
void rmsNorm(Element type, const void* x, std::int64_t stride, const float* weight, void* out, std::int64_t rows,
             std::int64_t width, float eps, void* stream);
bool linear(const void* x, const void* weight, const void* bias, void* out, const ProductShape& shape,
            const ProductTile& tile, void* stream);
void toHeads(Element type, const void* x, std::int64_t stride, const float* cos, const float* sin,
             std::int64_t tableStride, void* destination, std::int64_t destinationRows, const std::int64_t* rowIndex,
             std::int64_t tokens, std::int64_t heads, std::int64_t width, void* stream);
void chosenToHeads(Element type, const RowChoice& choice, const float* cos, const float* sin, std::int64_t tableStride,
                   void* destination, std::int64_t destinationRows, const std::int64_t* rowIndex, std::int64_t tokens,
                   std::int64_t heads, std::int64_t width, void* stream);
void rotateRows(Element type, void* destination, std::int64_t destinationRows, std::int64_t first, std::int64_t count,
                const float* cos, const float* sin, std::int64_t heads, std::int64_t width, void* stream);
void normRotateToHeads(Element type, const HeadsPart* parts, int partCount, const float* cos, const float* sin,
                       std::int64_t tableStride, std::int64_t tokens, std::int64_t heads, std::int64_t width, float eps,
                       void* stream);
void geluTanh(Element type, void* x, std::int64_t count, void* stream);
void mergeAttention(Element type, const void* partial, const float* logSumExp, void* out, int splits,
                    std::int64_t heads, std::int64_t queries, std::int64_t width, void* stream);
void quantizeRows(Element type, const void* x, std::uint8_t* codes, float* rowScale, std::int64_t rows,
                  std::int64_t width, bool gelu, void* stream);
void layerNormQuantizeRows(Element type, void* x, const AddedRows& added, const float* scale, const float* shift,
                           std::uint8_t* codes, float* rowScale, std::int64_t rows, std::int64_t width, float eps,
                           void* stream);
void pairedPictureFeatures(Element type, const void* frames, const void* weight, const void* bias, void* out,
                           std::int64_t frameCount, std::int64_t height, std::int64_t width, void* stream);
void picturesOfFeatures(Element type, const void* features, const void* weight, const void* bias, void* out,
                        std::int64_t frameCount, std::int64_t height, std::int64_t width, std::int64_t step,
                        void* stream);
void unitOfBytes(Element type, const std::uint8_t* bytes, void* out, std::int64_t count, void* stream);
void bytesOfUnit(Element type, const void* frames, std::int64_t rows, std::int64_t rowLength, std::uint8_t* out,
                 std::int64_t frameCount, std::int64_t outRows, std::int64_t outLength, void* stream);
void withPreviousFrame(const void* x, const void* before, void* pairs, void* last, std::int64_t frameCount,
                       std::int64_t pixels, std::int64_t pixelBytes, void* stream);
void lifDifferences(const LifState& state, const LifBlock& block, float* last, void* stream);
void lifDecisions(const LifState& state, const LifBlock& block, const LifDecisions& decisions, void* stream);
void lifMasks(const LifState& state, int first, int count, int lastDecided, std::uint8_t* out, void* stream);

}  // namespace lipar::kernels::cpu
