// Frames cut into tiles that are computed apart and blended: what an autoencoder does when a whole frame does not fit
// in memory.
//
// Tiles overlap by kTileOverlap latent places. Within an overlap the weight of a tile falls linearly to its edge, where
// it sees nothing of what lies beyond and is wrong the most; weights add up to one everywhere. Thread: values.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace lipar::models {

inline constexpr std::int64_t kTileOverlap = 8;  // latent places
inline constexpr std::int64_t kLeastTile = 2 * kTileOverlap;

struct TileSpan {
    std::int64_t first = 0, length = 0;  // latent places
    friend bool operator==(const TileSpan&, const TileSpan&) = default;
};

// Equal spans that cover [0,total), as few as have at most `most` places; neighbours share kTileOverlap or a little
// more. One span when that is enough or `total` is no more than kLeastTile; none is shorter than that.
[[nodiscard]] std::vector<TileSpan> tileSpans(std::int64_t total, std::int64_t most);

struct TileGrid {
    std::vector<TileSpan> rows, columns;

    // As few tiles of height x width places as have at most `mostPlaces` each, kLeastTile a side at least.
    [[nodiscard]] static TileGrid plan(std::int64_t height, std::int64_t width, std::int64_t mostPlaces);
    [[nodiscard]] std::size_t count() const noexcept { return rows.size() * columns.size(); }
    // The places of the largest tile.
    [[nodiscard]] std::int64_t placesOfTile() const noexcept { return rows.front().length * columns.front().length; }
};

// Weights of spans[index] along its axis, `scale` values a place: [length*scale] float32 on `device`.
[[nodiscard]] at::Tensor blendWeights(const std::vector<TileSpan>& spans, std::size_t index, std::int64_t scale,
                                      at::Device device);

}  // namespace lipar::models
