// Latent inter-frame (LIF) kernels: the frame-sized steps of the keep mask (paper sections 4-5, appendix 15).
//
// Plain memory on the host, no torch. engine/lipar/keep_mask.h puts the steps together for a whole clip, lif_block.h
// for the blocks of a stream, there also on a device; here each one is a function of one to three frames. Sources:
// cpu/lif_kernel.cpp (latents), cpu/lif_filters.cpp (planes and mask frames). Shapes: latent frame [C,h,w] float32,
// contiguous; plane [rows,columns] float32; mask frame [rows,columns], 1 = kept. Inputs and outputs must not overlap,
// unless said otherwise. Errors: none, preconditions are the caller's. Thread: any; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lipar::kernels {

// How a latent frame [channels, height, width] is cut into tokens. Height and width are multiples of the patch.
struct LatentGrid {
    int channels = 0;
    int height = 0;
    int width = 0;
    int patchHeight = 2;
    int patchWidth = 2;

    [[nodiscard]] constexpr int rows() const noexcept { return height / patchHeight; }
    [[nodiscard]] constexpr int columns() const noexcept { return width / patchWidth; }
    [[nodiscard]] constexpr int tokens() const noexcept { return rows() * columns(); }
    // Latent values of one token, n.
    [[nodiscard]] constexpr int tokenValues() const noexcept { return channels * patchHeight * patchWidth; }
    // The sorted differences of a token that count: from trimmedFrom() up to, not including, trimmedTo().
    [[nodiscard]] constexpr int trimmedFrom() const noexcept { return int(0.2 * tokenValues()); }
    [[nodiscard]] constexpr int trimmedTo() const noexcept { return int(0.8 * tokenValues()); }
    // Values of one latent frame.
    [[nodiscard]] constexpr std::size_t frameSize() const noexcept {
        return std::size_t(channels) * std::size_t(height) * std::size_t(width);
    }
    friend bool operator==(const LatentGrid&, const LatentGrid&) = default;
};

// d(a, b): per token the mean of its sorted |a - b| from index int(0.2 n) up to, not including, int(0.8 n).
// a, b [C,h,w]; out[i] belongs to token tokens[i] (row-major index). n >= 2.
void tokenDifferences(const float* a, const float* b, const LatentGrid& grid, std::span<const int> tokens, float* out);

// Median over 3x3x3 (t,h,w) around frame `at`; the plane's edges are replicated. At a clip's ends pass `at` for the
// missing neighbour.
void medianFilter(const float* before, const float* at, const float* after, int rows, int columns, float* out);

// Gaussian over 3x3x3, sigma 1.5 on every axis, causal in time (the taps of `before` and `at`, renormalised), edges
// replicated: over time first, then over rows, then over columns.
struct GaussianTaps {
    float past = 0, present = 0;  // over time
    float side = 0, centre = 0;   // over rows and columns
};
[[nodiscard]] GaussianTaps gaussianTaps();
void gaussianFilter(const float* before, const float* at, int rows, int columns, float* out);

// The majority of the 3x3x3 places around frame `at` (at least 14 of 27), edges replicated.
void medianMask(const std::uint8_t* before, const std::uint8_t* at, const std::uint8_t* after, int rows, int columns,
                std::uint8_t* out);

// Square of side 2 * radius + 1: any place kept / all places kept. Places outside the frame never decide.
// `out` may be `mask`.
void dilateMask(const std::uint8_t* mask, int rows, int columns, int radius, std::uint8_t* out);
void erodeMask(const std::uint8_t* mask, int rows, int columns, int radius, std::uint8_t* out);

// Step 7 but for the union over time: the median of frame `at`, opened and closed by 3x3, dilated by 5x5.
void cleanMask(const std::uint8_t* before, const std::uint8_t* at, const std::uint8_t* after, int rows, int columns,
               std::uint8_t* out);

// Copies the tokens whose place in `mask` equals `value` from one latent frame [C,h,w] to another.
void copyTokens(const float* source, const std::uint8_t* mask, std::uint8_t value, const LatentGrid& grid,
                float* destination);

}  // namespace lipar::kernels
