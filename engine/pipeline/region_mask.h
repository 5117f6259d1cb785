// A region that the user painted, in pixels of the processing size.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/picture.h"

namespace lipar::pipeline {

struct RegionMask {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> inside;  // [height, width], 1 = inside; empty = no region

    [[nodiscard]] bool isEmpty() const noexcept { return inside.empty(); }
};

// White (luma of at least one half) is inside; the picture is scaled to width x height by nearest neighbour.
[[nodiscard]] RegionMask regionFromPicture(const Picture& picture, int width, int height);

// Per token of a grid of rows x columns, pixelsPerToken pixels each way: whether all, or any, of its pixels are inside.
[[nodiscard]] std::vector<std::uint8_t> tokensWhollyInside(const RegionMask& region, int rows, int columns, int pixelsPerToken);
[[nodiscard]] std::vector<std::uint8_t> tokensTouched(const RegionMask& region, int rows, int columns, int pixelsPerToken);

// `edited` with the region's pixels taken from `source`; both of the region's size.
[[nodiscard]] PicturePtr withSourcePixels(const Picture& edited, const Picture& source, const RegionMask& region);

}  // namespace lipar::pipeline
