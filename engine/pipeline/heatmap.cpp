#include "engine/pipeline/heatmap.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lipar::pipeline {
namespace {

using Color = std::array<float, 3>;
constexpr Color kComputed{255, 168, 38};
constexpr Color kFresh{38, 198, 186};
constexpr Color kOld{32, 64, 150};
constexpr float kTint = 0.45f;
constexpr float kOldestAge = 24;  // latent frames; about four seconds

Color colorOf(bool kept, std::uint16_t age) {
    if (kept)
        return kComputed;
    const float share = std::min(1.0f, float(age) / kOldestAge);
    Color color;
    for (std::size_t c = 0; c < 3; ++c)
        color[c] = kFresh[c] + (kOld[c] - kFresh[c]) * share;
    return color;
}

}  // namespace

Picture renderHeatmap(const Picture& source, std::span<const std::uint8_t> keep, std::span<const std::uint16_t> age, int columns,
                      int pixelsPerToken) {
    Picture out(source.width, source.height);
    for (int y = 0; y < source.height; ++y) {
        for (int x = 0; x < source.width; ++x) {
            const std::size_t token = std::size_t(y / pixelsPerToken) * std::size_t(columns) + std::size_t(x / pixelsPerToken);
            const std::size_t at = (std::size_t(y) * std::size_t(source.width) + std::size_t(x)) * 3;
            const float luma = 0.299f * source.rgb[at] + 0.587f * source.rgb[at + 1] + 0.114f * source.rgb[at + 2];
            const Color tint = colorOf(keep[token] != 0, age[token]);
            for (std::size_t c = 0; c < 3; ++c)
                out.rgb[at + c] = std::uint8_t(std::lround(luma * (1 - kTint) * 0.9f + tint[c] * kTint * (0.35f + luma / 255.0f * 0.65f)));
        }
    }
    return out;
}

}  // namespace lipar::pipeline
