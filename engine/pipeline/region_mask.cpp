#include "engine/pipeline/region_mask.h"

#include <algorithm>
#include <memory>

namespace lipar::pipeline {
namespace {

// Per token the number of its pixels that are inside, and how many it has within the picture.
template <class Decide>
std::vector<std::uint8_t> perToken(const RegionMask& region, int rows, int columns, int pixelsPerToken, Decide decide) {
    std::vector<std::uint8_t> tokens(std::size_t(rows) * std::size_t(columns));
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            int inside = 0, pixels = 0;
            for (int y = row * pixelsPerToken; y < std::min((row + 1) * pixelsPerToken, region.height); ++y)
                for (int x = column * pixelsPerToken; x < std::min((column + 1) * pixelsPerToken, region.width); ++x, ++pixels)
                    inside += region.inside[std::size_t(y) * std::size_t(region.width) + std::size_t(x)];
            tokens[std::size_t(row) * std::size_t(columns) + std::size_t(column)] = decide(inside, pixels) ? 1 : 0;
        }
    }
    return tokens;
}

}  // namespace

RegionMask regionFromPicture(const Picture& picture, int width, int height) {
    RegionMask region{width, height, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height))};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const std::size_t sourceX = std::size_t(x) * std::size_t(picture.width) / std::size_t(width);
            const std::size_t sourceY = std::size_t(y) * std::size_t(picture.height) / std::size_t(height);
            const std::uint8_t* pixel = picture.rgb.data() + (sourceY * std::size_t(picture.width) + sourceX) * 3;
            region.inside[std::size_t(y) * std::size_t(width) + std::size_t(x)] = 299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] >= 127500 ? 1 : 0;
        }
    }
    return region;
}

std::vector<std::uint8_t> tokensWhollyInside(const RegionMask& region, int rows, int columns, int pixelsPerToken) {
    return perToken(region, rows, columns, pixelsPerToken, [](int inside, int pixels) { return pixels > 0 && inside == pixels; });
}

std::vector<std::uint8_t> tokensTouched(const RegionMask& region, int rows, int columns, int pixelsPerToken) {
    return perToken(region, rows, columns, pixelsPerToken, [](int inside, int) { return inside > 0; });
}

PicturePtr withSourcePixels(const Picture& edited, const Picture& source, const RegionMask& region) {
    auto picture = std::make_shared<Picture>(edited);
    for (std::size_t i = 0; i < region.inside.size(); ++i)
        if (region.inside[i])
            std::copy_n(source.rgb.data() + 3 * i, 3, picture->rgb.data() + 3 * i);
    return picture;
}

}  // namespace lipar::pipeline
