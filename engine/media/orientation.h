// Private to engine/media: how a stored picture is turned to stand upright.
#pragma once

#include <array>
#include <cstdint>

#include "engine/media/media_info.h"

namespace lipar::media {

// Applied in this order to the stored picture: mirrored left to right, then turned clockwise.
struct Orientation {
    int rotation = 0;  // 0, 90, 180, 270
    bool mirrored = false;

    [[nodiscard]] bool isUpright() const noexcept { return rotation == 0 && !mirrored; }
    [[nodiscard]] bool swapsSides() const noexcept { return rotation % 180 != 0; }
    // What brings an upright picture back to its stored orientation.
    [[nodiscard]] Orientation inverse() const noexcept {
        return mirrored ? *this : Orientation{(360 - rotation) % 360, false};
    }
};

[[nodiscard]] inline Orientation orientationOf(const VideoStreamInfo& video) noexcept {
    return {video.rotation, video.mirrored};
}

// A 3x3 display matrix in FFmpeg's layout (16.16 and 2.30 fixed point), and back; other angles go to the nearest
// quarter turn. The size is that of the stored picture: the matrix moves the turned picture back to the origin.
using DisplayMatrix = std::array<std::int32_t, 9>;
[[nodiscard]] DisplayMatrix displayMatrix(Orientation orientation, int storedWidth, int storedHeight) noexcept;
[[nodiscard]] Orientation orientationFromMatrix(const std::int32_t* matrix) noexcept;

// RGB rows of 3 bytes a pixel, strides in bytes. The result has width and height swapped on a quarter turn.
void turnPixels(const std::uint8_t* rgb, int stride, int width, int height, Orientation orientation,
                std::uint8_t* result, int resultStride) noexcept;

}  // namespace lipar::media
