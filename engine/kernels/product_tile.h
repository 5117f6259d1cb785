// How a large matrix product in bfloat16 is cut into tiles, so that it takes time in proportion to its rows.
//
// A GPU's library works on tiles of the result, one for a multiprocessor at a time; the last of these waves may be nearly
// empty. The library's own choice leaves 6 to 25 % of the time there (NVIDIA H100, the transformer's shapes, 900 to 4680
// rows). Here the tile's size is chosen so that waves come out whole. Pure arithmetic: the same shape is always cut the
// same way. Every tile adds up in the same order, so that the choice does not show in the result.
#pragma once

#include <cstdint>
#include <optional>

namespace lipar::kernels {

struct ProductShape {
    std::int64_t rows, inWidth, outWidth;
    bool gelu;  // applied to the result before it is stored
    int multiprocessors;
};

// Of the result [rows, outWidth].
struct ProductTile {
    int outs = 0;  // 128 or 256
    int rows = 0;  // a multiple of 8
    // Two neighbours share what they read: in the next columns, or in the next rows.
    bool pairsInRows = false;
    // Several such tiles fit on a multiprocessor, so that one is stored while the next is computed.
    [[nodiscard]] bool isSmall() const noexcept { return outs * rows <= 128 * 136; }
};

// The fastest, as reckoned from measurements on an H100. None where these tiles would leave multiprocessors idle, in a product
// that is too small for them: the library has smaller ones.
[[nodiscard]] std::optional<ProductTile> chooseProductTile(const ProductShape& shape) noexcept;

}  // namespace lipar::kernels
