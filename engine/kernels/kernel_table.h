// What a device's back end provides, as plain functions: the CPU's is linked in, CUDA's comes from liblipar_cuda.so.
// Raw pointers, sizes and a stream, so that no torch header is needed in a .cu file.
#pragma once

#include <cstdint>

namespace lipar::kernels {

enum class Element : int { float32, bfloat16 };

// One of the tensors that normRotateToHeads() spreads over heads. weight null: copied, neither normed nor rotated.
struct HeadsPart {
    const void* x;  // [tokens, heads * width], rows `stride` apart
    std::int64_t stride;
    const float* weight;  // [heads * width]
    void* destination;    // [heads, rows, width], heads and rows so many elements apart
    std::int64_t headStride, rowStride;
    const std::int64_t* rowIndex;  // [tokens], may be null
};
// What is added to rows before they are normed: x += y * gate, rounded and stored. y [rows, width] null: nothing is added;
// gate [width] null: a gate of ones.
struct AddedRows {
    const void* y = nullptr;
    const float* gate = nullptr;
};
// Row i is row index[i] of `before` and `x`, one after the other; index null: row i of x.
struct RowChoice {
    const void* before;  // [beforeRows, .], rows `beforeStride` apart
    std::int64_t beforeRows, beforeStride;
    const void* x;
    std::int64_t stride;
    const std::int64_t* index;
};
inline constexpr int kMostHeadsParts = 3;  // queries, keys, values
inline constexpr int kMostAttentionSplits = 8;
inline constexpr std::int64_t kPictureFeatures = 64;  // of picture_layers.h
// The largest value of the 8-bit format E4M3, and what a row's largest magnitude counts for at least.
inline constexpr float kLargestFp8 = 448.0f;
inline constexpr float kSmallestFp8Row = 1e-30f;

// The keep mask's steps (lif_block.h).
struct LifState;
struct LifBlock;
struct LifDecisions;

// A linear map's shape and tile (product_tile.h).
struct ProductShape;
struct ProductTile;

// A recorded piece of work; made, replayed and destroyed by the back end that has them.
struct RecordedGraph;

// Pointers are to `Element` data unless they say float; rows are `stride` elements apart; `stream` is a cudaStream_t
// (ignored on the CPU). Semantics: the headers of these names. CUDA's functions throw std::runtime_error
// when a launch is refused.
struct KernelTable {
    // x [rows, width] -> out; scale and shift are added to 1 and 0 when `modulate`, else multiply and add as they are.
    void (*layerNorm)(Element type, void* x, const AddedRows& added, const float* scale, const float* shift, void* out,
                      std::int64_t rows, std::int64_t width, float eps, bool modulate, void* stream);
    void (*rmsNorm)(Element type, const void* x, std::int64_t stride, const float* weight, void* out, std::int64_t rows,
                    std::int64_t width, float eps, void* stream);
    // linear.h; all bfloat16. False where the library has no kernel with such a tile: nothing is done then.
    bool (*linear)(const void* x, const void* weight, const void* bias, void* out, const ProductShape& shape,
                   const ProductTile& tile, void* stream);
    // x [tokens, heads, width], destination [heads, destinationRows, width]; rowIndex may be null, a row below 0 is not
    // written; cos, sin null: copy only; tableStride 0: one row of angles for all tokens.
    void (*toHeads)(Element type, const void* x, std::int64_t stride, const float* cos, const float* sin,
                    std::int64_t tableStride, void* destination, std::int64_t destinationRows,
                    const std::int64_t* rowIndex, std::int64_t tokens, std::int64_t heads, std::int64_t width,
                    void* stream);
    // The same of chosen rows.
    void (*chosenToHeads)(Element type, const RowChoice& choice, const float* cos, const float* sin,
                          std::int64_t tableStride, void* destination, std::int64_t destinationRows,
                          const std::int64_t* rowIndex, std::int64_t tokens, std::int64_t heads, std::int64_t width,
                          void* stream);
    void (*rotateRows)(Element type, void* destination, std::int64_t destinationRows, std::int64_t first,
                       std::int64_t count, const float* cos, const float* sin, std::int64_t heads, std::int64_t width,
                       void* stream);
    // Up to kMostHeadsParts parts in one launch; parts with a weight: rmsNorm over heads * width, then toHeads with
    // rotation.
    void (*normRotateToHeads)(Element type, const HeadsPart* parts, int partCount, const float* cos, const float* sin,
                              std::int64_t tableStride, std::int64_t tokens, std::int64_t heads, std::int64_t width,
                              float eps, void* stream);
    void (*geluTanh)(Element type, void* x, std::int64_t count, void* stream);
    // partial [splits, queries, heads, width], logSumExp [splits, heads, queries] -> out [queries, heads, width].
    void (*mergeAttention)(Element type, const void* partial, const float* logSumExp, void* out, int splits,
                           std::int64_t heads, std::int64_t queries, std::int64_t width, void* stream);
    // x [rows, width], after GELU where `gelu` -> E4M3 codes [rows, width], and what they are to be multiplied with, a
    // row.
    void (*quantizeRows)(Element type, const void* x, std::uint8_t* codes, float* rowScale, std::int64_t rows,
                         std::int64_t width, bool gelu, void* stream);
    // layerNorm with `modulate`, then as above.
    void (*layerNormQuantizeRows)(Element type, void* x, const AddedRows& added, const float* scale, const float* shift,
                                  std::uint8_t* codes, float* rowScale, std::int64_t rows, std::int64_t width,
                                  float eps, void* stream);
    // picture_layers.h. frames [T,H,W,3], weight [64,3,3,3 in], out [T/2,H,W,2,64].
    void (*pairedPictureFeatures)(Element type, const void* frames, const void* weight, const void* bias, void* out,
                                  std::int64_t frameCount, std::int64_t height, std::int64_t width, void* stream);
    // features [T,h,w,2,2,64], weight [3,3,3,64], out [.,2h,2w,3], of which every `step`th frame is written.
    void (*picturesOfFeatures)(Element type, const void* features, const void* weight, const void* bias, void* out,
                               std::int64_t frameCount, std::int64_t height, std::int64_t width, std::int64_t step,
                               void* stream);
    // frame_layout.h. `count` values; frames [T,rows,rowLength] -> bytes [T,outRows,outLength].
    void (*unitOfBytes)(Element type, const std::uint8_t* bytes, void* out, std::int64_t count, void* stream);
    void (*bytesOfUnit)(Element type, const void* frames, std::int64_t rows, std::int64_t rowLength, std::uint8_t* out,
                        std::int64_t frameCount, std::int64_t outRows, std::int64_t outLength, void* stream);
    // x [T,pixels] of `pixelBytes` bytes each, before [pixels] or null for zeros -> pairs [T,pixels,2], last [pixels].
    void (*withPreviousFrame)(const void* x, const void* before, void* pairs, void* last, std::int64_t frameCount,
                              std::int64_t pixels, std::int64_t pixelBytes, void* stream);
    // lif_block.h.
    void (*lifDifferences)(const LifState& state, const LifBlock& block, float* last, void* stream);
    void (*lifDecisions)(const LifState& state, const LifBlock& block, const LifDecisions& decisions, void* stream);
    void (*lifMasks)(const LifState& state, int first, int count, int lastDecided, std::uint8_t* out, void* stream);
    // Stream of torch's that work on `device` goes to now; makes that device the current one. Null on the CPU.
    void* (*currentStream)(int device);

    // The rest is null on the CPU.
    int (*multiprocessorCount)(int device);
    int (*computeCapability)(int device);  // 10 * major + minor
    // Makes a stream of its own the calling thread's current one: work is not recorded on the default stream.
    void (*useOwnStream)(int device);
    // Runs `body` and records the work that it gives to the current stream instead of doing it. Not on the default
    // stream.
    RecordedGraph* (*recordGraph)(void (*body)(void* context), void* context);
    void (*replayGraph)(RecordedGraph* graph);  // on the current stream
    void (*destroyGraph)(RecordedGraph* graph);
};

[[nodiscard]] const KernelTable& cpuKernels();
// Null until openCudaModule() succeeded.
[[nodiscard]] const KernelTable* cudaKernels();

}  // namespace lipar::kernels
