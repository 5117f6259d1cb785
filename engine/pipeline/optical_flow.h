// Dense optical flow between two pictures: pyramidal Lucas-Kanade on luma.
//
// Each level minimises, per pixel and over a 9x9 window, the squared difference that remains after warping (Lucas and
// Kanade 1981, with the gradients of the frame that stays put, Baker and Matthews 2004) and removes outliers with a
// 3x3 median. Where there is no texture the flow of the coarser level stands. Good to a fraction of a pixel for smooth
// motion up to about a sixth of the shorter side; a matter for measuring, not for synthesis.
// Thread: values, no shared state.
#pragma once

#include <vector>

#include "engine/core/picture.h"

namespace lipar::pipeline {

// One value a pixel, row-major.
struct Plane {
    int width = 0;
    int height = 0;
    std::vector<float> values;

    Plane() = default;
    Plane(int w, int h) : width(w), height(h), values(std::size_t(w) * std::size_t(h)) {}
    [[nodiscard]] float* row(int y) noexcept { return values.data() + std::size_t(y) * std::size_t(width); }
    [[nodiscard]] const float* row(int y) const noexcept { return values.data() + std::size_t(y) * std::size_t(width); }
};

// BT.601 luma, 0..1.
[[nodiscard]] Plane lumaOf(const Picture& picture);

// Between the four nearest values; `x` and `y` must lie within the plane (0..width-1, 0..height-1).
[[nodiscard]] float bilinear(const Plane& plane, float x, float y) noexcept;

// A frame prepared for flow from it and to it.
class FlowFrame {
public:
    explicit FlowFrame(Plane luma);

private:
    struct Level {
        Plane luma;
        Plane gradientX, gradientY;
        Plane sumXX, sumXY, sumYY;  // structure tensor over the window
    };
    std::vector<Level> m_levels;  // finest first

    friend struct FlowSolver;
};

// Pixels to the right and down.
struct FlowField {
    Plane x;
    Plane y;
};

// from(p) looks like to(p + flow(p)). Both frames must have one size.
[[nodiscard]] FlowField estimateFlow(const FlowFrame& from, const FlowFrame& to);

}  // namespace lipar::pipeline
