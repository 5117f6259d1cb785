#include "engine/models/tiles.h"

#include <algorithm>
#include <limits>

namespace lipar::models {
namespace {

// Falls to nothing over what is shared with the tile before and the one after.
at::Tensor rampOf(const std::vector<TileSpan>& spans, std::size_t index, std::int64_t scale) {
    const TileSpan& span = spans[index];
    const std::int64_t length = span.length * scale;
    const at::Tensor place = at::arange(length, at::kFloat).add_(0.5);
    at::Tensor weights = at::ones({length});
    if (index > 0) {
        const std::int64_t shared = (spans[index - 1].first + spans[index - 1].length - span.first) * scale;
        weights = at::minimum(weights, place / double(shared));
    }
    if (index + 1 < spans.size()) {
        const std::int64_t shared = (span.first + span.length - spans[index + 1].first) * scale;
        weights = at::minimum(weights, (double(length) - place) / double(shared));
    }
    return weights;
}

}  // namespace

std::vector<TileSpan> tileSpans(std::int64_t total, std::int64_t most) {
    const std::int64_t longest = std::max(most, kLeastTile);
    if (total <= longest)
        return {{0, total}};
    const std::int64_t stride = longest - kTileOverlap;
    const std::int64_t count = (total - kTileOverlap + stride - 1) / stride;
    // No longer than it takes, so that tiles are alike.
    const std::int64_t length = std::max(kLeastTile, (total + (count - 1) * kTileOverlap + count - 1) / count);
    std::vector<TileSpan> spans;
    for (std::int64_t i = 0; i < count; ++i)
        spans.push_back({(total - length) * i / (count - 1), length});
    return spans;
}

TileGrid TileGrid::plan(std::int64_t height, std::int64_t width, std::int64_t mostPlaces) {
    TileGrid best{tileSpans(height, kLeastTile), tileSpans(width, kLeastTile)};
    std::int64_t computed = std::numeric_limits<std::int64_t>::max();
    for (std::int64_t rows = height; rows >= std::min(height, kLeastTile); --rows) {
        const TileGrid grid{tileSpans(height, rows), tileSpans(width, mostPlaces / rows)};
        const std::int64_t places =
            std::int64_t(grid.count()) * grid.placesOfTile();  // computed in all, overlaps twice
        if (grid.placesOfTile() <= mostPlaces && places < computed) {
            best = grid;
            computed = places;
        }
    }
    return best;
}

at::Tensor blendWeights(const std::vector<TileSpan>& spans, std::size_t index, std::int64_t scale, at::Device device) {
    at::Tensor sum = at::zeros({(spans.back().first + spans.back().length) * scale}), chosen;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const at::Tensor weights = rampOf(spans, i, scale);
        sum.narrow(0, spans[i].first * scale, spans[i].length * scale).add_(weights);
        if (i == index)
            chosen = weights;
    }
    // Short tiles can lie three deep.
    return (chosen / sum.narrow(0, spans[index].first * scale, spans[index].length * scale)).to(device);
}

}  // namespace lipar::models
