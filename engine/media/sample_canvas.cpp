#include "engine/media/sample_canvas.h"

#include <limits>

namespace lipar::media {

float hash(int x, int y, int seed) noexcept {
    std::uint32_t h =
        std::uint32_t(x) * 0x8DA6B343U ^ std::uint32_t(y) * 0xD8163841U ^ std::uint32_t(seed) * 0xCB1AB31FU;
    h ^= h >> 16;
    h *= 0x7FEB352DU;
    h ^= h >> 15;
    h *= 0x846CA68BU;
    h ^= h >> 16;
    return float(h >> 8) * (1.0F / 16777216.0F);
}

float noise(float x, float y, int seed) noexcept {
    const float fx = std::floor(x), fy = std::floor(y);
    const int ix = int(fx), iy = int(fy);
    const float tx = x - fx, ty = y - fy;
    const float u = tx * tx * (3 - 2 * tx), v = ty * ty * (3 - 2 * ty);
    const float top = hash(ix, iy, seed) * (1 - u) + hash(ix + 1, iy, seed) * u;
    const float bottom = hash(ix, iy + 1, seed) * (1 - u) + hash(ix + 1, iy + 1, seed) * u;
    return top * (1 - v) + bottom * v;
}

float fractalNoise(float x, float y, int octaves, int seed) noexcept {
    float sum = 0, weight = 0.5F, total = 0;
    for (int i = 0; i < octaves; ++i) {
        sum += noise(x, y, seed + i) * weight;
        total += weight;
        weight *= 0.5F;
        // Turned a little from octave to octave, so that the grid does not show.
        const float turned = x * 1.6F + y * 1.2F;
        y = y * 1.6F - x * 1.2F;
        x = turned;
    }
    return sum / total;
}

float boxDistance(Point p, float left, float top, float right, float bottom) noexcept {
    const float dx = std::max(left - p.x, p.x - right), dy = std::max(top - p.y, p.y - bottom);
    return dx > 0 && dy > 0 ? std::hypot(dx, dy) : std::max(dx, dy);
}

float lineDistance(Point p, Point a, Point b, float width) noexcept {
    const float dx = b.x - a.x, dy = b.y - a.y;
    const float length = dx * dx + dy * dy;
    const float t = length > 0 ? unit(((p.x - a.x) * dx + (p.y - a.y) * dy) / length) : 0.0F;
    return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy) - width / 2;
}

float polygonDistance(Point p, const Point* corners, std::size_t count) noexcept {
    float nearest = std::numeric_limits<float>::max();
    bool inside = false;
    for (std::size_t i = 0, j = count - 1; i < count; j = i++) {
        const Point a = corners[j], b = corners[i];
        nearest = std::min(nearest, lineDistance(p, a, b, 0));
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
            inside = !inside;
    }
    return inside ? -nearest : nearest;
}

Color Canvas::sample(float x, float y) const noexcept {
    const float cx = std::clamp(x - 0.5F, 0.0F, float(m_width - 1)),
                cy = std::clamp(y - 0.5F, 0.0F, float(m_height - 1));
    const int x0 = int(cx), y0 = int(cy);
    const int x1 = std::min(x0 + 1, m_width - 1), y1 = std::min(y0 + 1, m_height - 1);
    const float tx = cx - float(x0), ty = cy - float(y0);
    return mix(mix(at(x0, y0), at(x1, y0), tx), mix(at(x0, y1), at(x1, y1), tx), ty);
}

void Canvas::disc(Point centre, float radius, Color color, float opacity) {
    paint({centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius}, [&](Point p, Color& pixel) {
        pixel = mix(pixel, color, opacity * coverage(discDistance(p, centre, radius)));
    });
}

void Canvas::line(Point a, Point b, float width, Color color, float opacity) {
    const Box box{std::min(a.x, b.x) - width, std::min(a.y, b.y) - width, std::max(a.x, b.x) + width,
                  std::max(a.y, b.y) + width};
    // Thinner than a pixel means fainter.
    const float strength = opacity * std::min(1.0F, width);
    paint(box, [&](Point p, Color& pixel) {
        pixel = mix(pixel, color, strength * coverage(lineDistance(p, a, b, std::max(1.0F, width))));
    });
}

void Canvas::polygon(const std::vector<Point>& corners, Color color, float opacity) {
    Box box{corners[0].x, corners[0].y, corners[0].x, corners[0].y};
    for (const Point& corner : corners) {
        box.left = std::min(box.left, corner.x);
        box.right = std::max(box.right, corner.x);
        box.top = std::min(box.top, corner.y);
        box.bottom = std::max(box.bottom, corner.y);
    }
    paint(box, [&](Point p, Color& pixel) {
        pixel = mix(pixel, color, opacity * coverage(polygonDistance(p, corners.data(), corners.size())));
    });
}

void Canvas::rectangle(const Box& box, Color color, float opacity) {
    paint(box, [&](Point p, Color& pixel) {
        pixel = mix(pixel, color, opacity * coverage(boxDistance(p, box.left, box.top, box.right, box.bottom)));
    });
}

Picture Canvas::picture() const {
    Picture result(m_width, m_height);
    std::uint8_t* out = result.rgb.data();
    for (int y = 0; y < m_height; ++y) {
        for (int x = 0; x < m_width; ++x) {
            const Color& c = at(x, y);
            const float grain = hash(x, y, 99);
            for (const float channel : {c.r, c.g, c.b})
                *out++ = std::uint8_t(std::clamp(channel * 255.0F + grain, 0.0F, 255.0F));
        }
    }
    return result;
}

}  // namespace lipar::media
