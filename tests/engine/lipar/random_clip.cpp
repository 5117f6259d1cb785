#include "tests/engine/lipar/random_clip.h"

#include <algorithm>

namespace lipar::test {

namespace {

// Word `index` of a stream of random 64-bit words (SplitMix64, by counter).
std::uint64_t draw(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
    std::uint64_t z = seed + stream * 0xD1B54A32D192ED03U + (index + 1) * 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

// In [-2^20, 2^20), that is [-1, 1).
std::int64_t drawSigned(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
    return std::int64_t(draw(seed, stream, index) >> 43) - (std::int64_t(1) << 20);
}

int drawBelow(std::uint64_t seed, std::uint64_t stream, std::uint64_t index, int bound) {
    return int(draw(seed, stream, index) % std::uint64_t(bound));
}

// A smooth field in [-2, 2): random values on every fourth place, interpolated.
std::int64_t texture(std::uint64_t seed, std::uint64_t stream, int c, int y, int x) {
    const auto lattice = [&](int dj, int di) {
        const std::int64_t row = std::int64_t(c) * 1024 + (y >> 2) + dj;
        return drawSigned(seed, stream, std::uint64_t(row * 1024 + (x >> 2) + di));
    };
    const int fy = y & 3;
    const int fx = x & 3;
    const std::int64_t top = lattice(0, 0) * (4 - fx) + lattice(0, 1) * fx;
    const std::int64_t bottom = lattice(1, 0) * (4 - fx) + lattice(1, 1) * fx;
    return (top * (4 - fy) + bottom * fy) >> 3;
}

// A textured rectangle at one moment.
struct Rectangle {
    std::uint64_t stream = 0;
    int top = 0;
    int left = 0;
    int height = 0;
    int width = 0;

    [[nodiscard]] bool contains(int y, int x) const {
        return y >= top && x >= left && y < top + height && x < left + width;
    }
};

Rectangle rectangleAt(std::uint64_t seed, int number, int t, int frames, const method::LatentGrid& grid) {
    const auto choose = [&](std::uint64_t index, int bound) {
        return drawBelow(seed, std::uint64_t(100 + number), index, bound);
    };
    const int moved = std::clamp(t - choose(0, frames), 0, choose(1, frames + 1));
    return {std::uint64_t(10 + number), (choose(2, grid.height) * 2 + (choose(3, 5) - 2) * moved) >> 1,
            (choose(4, grid.width) * 2 + (choose(5, 5) - 2) * moved) >> 1, 2 + choose(6, grid.height),
            2 + choose(7, grid.width)};
}

}  // namespace

std::vector<std::int64_t> randomClip(std::uint64_t seed, int frames, const method::LatentGrid& grid) {
    const int cut = 1 + drawBelow(seed, 90, 0, 3 * frames);
    const int objects = drawBelow(seed, 90, 1, 4);
    const int driftWidth = drawBelow(seed, 90, 2, grid.width + 1);
    const std::int64_t drift = drawBelow(seed, 90, 3, 1 << 16);

    std::vector<std::int64_t> backgrounds[2];
    for (const int scene : {0, 1})
        for (int c = 0; c < grid.channels; ++c)
            for (int y = 0; y < grid.height; ++y)
                for (int x = 0; x < grid.width; ++x)
                    backgrounds[scene].push_back(texture(seed, std::uint64_t(1 + scene), c, y, x));

    std::vector<std::int64_t> clip;
    clip.reserve(std::size_t(frames) * grid.frameSize());
    for (int t = 0; t < frames; ++t) {
        std::vector<Rectangle> rectangles;
        for (int k = 0; k < objects; ++k)
            rectangles.insert(rectangles.begin(), rectangleAt(seed, k, t, frames, grid));  // the front one first
        const auto& background = backgrounds[t >= cut ? 1 : 0];
        for (int c = 0; c < grid.channels; ++c)
            for (int y = 0; y < grid.height; ++y)
                for (int x = 0; x < grid.width; ++x) {
                    const auto hit =
                        std::ranges::find_if(rectangles, [&](const Rectangle& r) { return r.contains(y, x); });
                    std::int64_t value = hit != rectangles.end()
                                             ? texture(seed, hit->stream, c, y - hit->top, x - hit->left)
                                             : background[std::size_t((c * grid.height + y) * grid.width + x)];
                    if (x < driftWidth)
                        value += drift * t * (c % 2 == 0 ? 1 : -1);
                    const std::uint64_t cell =
                        draw(seed, 3, std::uint64_t(((t >> 2) * 1024 + (y >> 2)) * 1024 + (x >> 2)));
                    if ((cell & 1) == 0)  // below 0.5
                        value += (drawSigned(seed, 200, clip.size()) * std::int64_t(cell >> 45)) >> 20;
                    clip.push_back(value);
                }
    }
    return clip;
}

std::uint64_t checksum(const std::vector<std::int64_t>& clip) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < clip.size(); ++i)
        sum += std::uint64_t(clip[i]) * (2 * std::uint64_t(i) + 1);
    return sum;
}

std::vector<float> toLatents(const std::vector<std::int64_t>& clip) {
    std::vector<float> latents(clip.size());
    std::ranges::transform(clip, latents.begin(), [](std::int64_t value) { return float(value) * 0x1p-20F; });
    return latents;
}

}  // namespace lipar::test
