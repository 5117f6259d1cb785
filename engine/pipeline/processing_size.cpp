#include "engine/pipeline/processing_size.h"

#include <algorithm>
#include <cmath>

namespace lipar::pipeline {

PixelSize automaticSize(double displayWidth, double displayHeight, double pixelBudget, int multiple) {
    const double scale = std::min(1.0, std::sqrt(pixelBudget / (displayWidth * displayHeight)));
    const auto side = [&](double length) { return std::max(1, int(std::lround(length * scale / multiple))) * multiple; };
    return {side(displayWidth), side(displayHeight)};
}

PixelSize paddedSize(PixelSize size, int multiple) {
    const auto up = [&](int length) { return (length + multiple - 1) / multiple * multiple; };
    return {up(size.width), up(size.height)};
}

}  // namespace lipar::pipeline
