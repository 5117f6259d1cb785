// UMT5's encoder as a config and functions: what one layer does to the rows of a prompt (models.md, UMT5).
//
// Only a prompt's own tokens are computed, [n, dim]: padding is masked as keys and zero in the result, so it has no
// say. Rows go from layer to layer in float32; products with weights run in the weights' type; attention, softmax and
// norms are float32. Thread: any.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <cstdint>

namespace lipar::models {

// All from the weights' shapes.
struct Umt5Config {
    std::int64_t vocabulary = 0;  // rows of the embedding; may be more than the tokenizer has pieces
    std::int64_t dim = 0;
    std::int64_t attentionWidth = 0;  // of all heads together
    std::int64_t heads = 0;
    std::int64_t ffn = 0;
    std::int64_t layers = 0;
    std::int64_t buckets = 0;  // of relative positions, both directions together

    [[nodiscard]] std::int64_t layerElements() const noexcept { return 4 * dim * attentionWidth + 3 * dim * ffn; }
};

struct Umt5Layer {
    static constexpr int kMatrices = 7;

    // float32, small
    at::Tensor norm1, norm2;  // [dim]
    at::Tensor positions;     // [buckets, heads]
    // in the type that the network computes in; [out, in]
    at::Tensor q, k, v, o, gate, up, down;

    [[nodiscard]] std::array<at::Tensor*, kMatrices> matrices() { return {&q, &k, &v, &o, &gate, &up, &down}; }
};

// [n, n] int64: the bucket of key k seen from query q. Exact up to a quarter of the buckets, then logarithmic up to a
// distance of 128.
[[nodiscard]] at::Tensor umt5Buckets(std::int64_t tokens, std::int64_t buckets);

// Root mean square norm over the last axis, float32 in and out.
[[nodiscard]] at::Tensor umt5Norm(const at::Tensor& rows, const at::Tensor& weight);

// rows: [n, dim] float32. buckets: [n * n] int64, on the same device. Returns the same shape as rows.
[[nodiscard]] at::Tensor umt5LayerForward(const Umt5Config& config, const Umt5Layer& layer, const at::Tensor& rows,
                                          const at::Tensor& buckets);

}  // namespace lipar::models
