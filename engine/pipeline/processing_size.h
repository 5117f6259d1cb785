// At what size a clip is edited.
#pragma once

namespace lipar::pipeline {

struct PixelSize {
    int width = 0;
    int height = 0;
    friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

// A size of about `pixelBudget` pixels with the shape `displayWidth` x `displayHeight`, no larger than it, both sides
// multiples of `multiple`.
[[nodiscard]] PixelSize automaticSize(double displayWidth, double displayHeight, double pixelBudget, int multiple);

// The next multiple of `multiple` at or above each side: what a picture is padded to.
[[nodiscard]] PixelSize paddedSize(PixelSize size, int multiple);

}  // namespace lipar::pipeline
