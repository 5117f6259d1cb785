#include "engine/media/orientation.h"

#include <cmath>
#include <cstddef>
#include <cstring>

namespace lipar::media {

DisplayMatrix displayMatrix(Orientation orientation, int storedWidth, int storedHeight) noexcept {
    constexpr std::int32_t one = 1 << 16;
    constexpr std::int32_t unit = 1 << 30;
    // Row vectors: (x, y, 1) * M. Start with the turn, then put the mirror in front of it.
    DisplayMatrix m{};
    switch (orientation.rotation) {
        case 90: m = {0, one, 0, -one, 0, 0, storedHeight * one, 0, unit}; break;
        case 180: m = {-one, 0, 0, 0, -one, 0, storedWidth * one, storedHeight * one, unit}; break;
        case 270: m = {0, -one, 0, one, 0, 0, 0, storedWidth * one, unit}; break;
        default: m = {one, 0, 0, 0, one, 0, 0, 0, unit}; break;
    }
    if (orientation.mirrored) {  // x becomes storedWidth - x
        m[6] += storedWidth * m[0];
        m[7] += storedWidth * m[1];
        m[0] = -m[0];
        m[1] = -m[1];
    }
    return m;
}

Orientation orientationFromMatrix(const std::int32_t* matrix) noexcept {
    const double a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
    const bool mirrored = a * d - b * c < 0;
    // Where the stored x axis points after the turn alone.
    const double x = mirrored ? -a : a;
    const double y = mirrored ? -b : b;
    if (x == 0 && y == 0)
        return {};
    const double degrees = std::atan2(y, x) * 180.0 / M_PI;  // clockwise, since y points down
    return {int(std::lround(degrees / 90.0) + 4) % 4 * 90, mirrored};
}

void turnPixels(const std::uint8_t* rgb, int stride, int width, int height, Orientation orientation,
                std::uint8_t* result, int resultStride) noexcept {
    if (orientation.isUpright()) {
        for (int y = 0; y < height; ++y)
            std::memcpy(result + std::ptrdiff_t(y) * resultStride, rgb + std::ptrdiff_t(y) * stride,
                        std::size_t(width) * 3);
        return;
    }
    // The result is walked row by row; the source pointer moves by a fixed step for each result pixel and row.
    const std::ptrdiff_t right = orientation.mirrored ? -3 : 3;  // to the next stored column after mirroring
    const std::ptrdiff_t down = stride;
    const std::ptrdiff_t lastColumn = right * (width - 1);
    const std::ptrdiff_t lastRow = down * (height - 1);
    const std::uint8_t* origin = rgb + (orientation.mirrored ? std::ptrdiff_t(width - 1) * 3 : 0);
    std::ptrdiff_t columnStep = right, rowStep = down;
    switch (orientation.rotation) {
        case 90:
            origin += lastRow;
            columnStep = -down;
            rowStep = right;
            break;
        case 180:
            origin += lastRow + lastColumn;
            columnStep = -right;
            rowStep = -down;
            break;
        case 270:
            origin += lastColumn;
            columnStep = down;
            rowStep = -right;
            break;
        default: break;
    }
    const int resultWidth = orientation.swapsSides() ? height : width;
    const int resultHeight = orientation.swapsSides() ? width : height;
    for (int y = 0; y < resultHeight; ++y) {
        const std::uint8_t* in = origin + y * rowStep;
        std::uint8_t* out = result + std::ptrdiff_t(y) * resultStride;
        for (int x = 0; x < resultWidth; ++x, in += columnStep, out += 3) {
            out[0] = in[0];
            out[1] = in[1];
            out[2] = in[2];
        }
    }
}

}  // namespace lipar::media
