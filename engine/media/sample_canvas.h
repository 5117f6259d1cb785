// Private to engine/media: a float canvas with anti-aliased shapes and noise, with which the sample clip is painted.
// Coordinates are pixels, y down, pixel centres at half integers. Colours are sRGB values in [0, 1].
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/picture.h"

namespace lipar::media {

struct Color {
    float r = 0, g = 0, b = 0;
};

[[nodiscard]] constexpr Color rgb(int r, int g, int b) noexcept {
    return {float(r) / 255, float(g) / 255, float(b) / 255};
}
[[nodiscard]] constexpr Color operator*(Color c, float s) noexcept { return {c.r * s, c.g * s, c.b * s}; }
[[nodiscard]] constexpr Color operator+(Color a, Color b) noexcept { return {a.r + b.r, a.g + b.g, a.b + b.b}; }
[[nodiscard]] constexpr Color mix(Color a, Color b, float t) noexcept { return a * (1 - t) + b * t; }

struct Point {
    float x = 0, y = 0;
};

[[nodiscard]] inline float unit(float value) noexcept { return std::clamp(value, 0.0F, 1.0F); }
[[nodiscard]] inline float smoothStep(float from, float to, float value) noexcept {
    const float t = unit((value - from) / (to - from));
    return t * t * (3 - 2 * t);
}
// Part of a pixel that a shape covers, from the signed distance (pixels, negative inside) of its centre.
[[nodiscard]] inline float coverage(float distance) noexcept { return unit(0.5F - distance); }

// Random number in [0, 1) that depends on nothing but its arguments.
[[nodiscard]] float hash(int x, int y, int seed) noexcept;
// Smooth noise in [0, 1], one feature a unit; and a sum of `octaves` of it, each twice as fine and half as strong.
[[nodiscard]] float noise(float x, float y, int seed) noexcept;
[[nodiscard]] float fractalNoise(float x, float y, int octaves, int seed) noexcept;

// Signed distances, in pixels.
[[nodiscard]] inline float discDistance(Point p, Point centre, float radius) noexcept {
    return std::hypot(p.x - centre.x, p.y - centre.y) - radius;
}
[[nodiscard]] float boxDistance(Point p, float left, float top, float right, float bottom) noexcept;
[[nodiscard]] float lineDistance(Point p, Point a, Point b, float width) noexcept;  // with round ends
[[nodiscard]] float polygonDistance(Point p, const Point* corners, std::size_t count) noexcept;

struct Box {
    float left = 0, top = 0, right = 0, bottom = 0;
};

class Canvas {
public:
    Canvas(int width, int height)
        : m_width(width), m_height(height), m_pixels(std::size_t(width) * std::size_t(height)) {}

    [[nodiscard]] int width() const noexcept { return m_width; }
    [[nodiscard]] int height() const noexcept { return m_height; }
    [[nodiscard]] Color& at(int x, int y) noexcept {
        return m_pixels[std::size_t(y) * std::size_t(m_width) + std::size_t(x)];
    }
    [[nodiscard]] Color at(int x, int y) const noexcept {
        return m_pixels[std::size_t(y) * std::size_t(m_width) + std::size_t(x)];
    }
    // The colour between pixels; outside, that of the border.
    [[nodiscard]] Color sample(float x, float y) const noexcept;

    // For each pixel of the box, `paint(point, color)` gets its centre and may change its colour.
    template <class Paint>
    void paint(const Box& box, Paint&& paintPixel) {
        const int left = std::max(0, int(std::floor(box.left)) - 1),
                  right = std::min(m_width, int(std::ceil(box.right)) + 1);
        const int top = std::max(0, int(std::floor(box.top)) - 1),
                  bottom = std::min(m_height, int(std::ceil(box.bottom)) + 1);
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x)
                paintPixel(Point{float(x) + 0.5F, float(y) + 0.5F}, at(x, y));
    }

    void disc(Point centre, float radius, Color color, float opacity = 1);
    void line(Point a, Point b, float width, Color color, float opacity = 1);
    void polygon(const std::vector<Point>& corners, Color color, float opacity = 1);
    void rectangle(const Box& box, Color color, float opacity = 1);

    // Rounded to bytes with a fixed fine grain, which keeps gradients free of bands.
    [[nodiscard]] Picture picture() const;

private:
    int m_width;
    int m_height;
    std::vector<Color> m_pixels;
};

}  // namespace lipar::media
