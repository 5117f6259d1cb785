#include "engine/kernels/product_tile.h"

#include <limits>

namespace lipar::kernels {
namespace {

// What tiles of a kind take, in nanoseconds; areas in units of 128 x 128. Fitted to 4500 timed products of 61 numbers of
// rows (NVIDIA H100, 2026-11-27); what it chooses is within 1 to 4 % of the fastest tile measured, on average.
struct TileCost {
    double input, inputArea;  // for each input of a wave
    double store, gelu;       // for each area of a wave
    double once;
};
constexpr TileCost kSmall{2.55, 3.33, 400, 280, 2100}, kLarge{0.95, 5.37, 650, 960, 570};

// Measured products of 896 rows and more gain from here on.
constexpr double kLeastFilled = 0.84;

std::int64_t inTiles(std::int64_t size, int tile, bool isPaired) {
    const std::int64_t tiles = (size + tile - 1) / tile;
    return isPaired ? (tiles + 1) / 2 * 2 : tiles;
}

double wavesOf(const ProductTile& tile, const ProductShape& shape) {
    const std::int64_t tiles = inTiles(shape.outWidth, tile.outs, !tile.pairsInRows) * inTiles(shape.rows, tile.rows, tile.pairsInRows);
    return double((tiles + shape.multiprocessors - 1) / shape.multiprocessors);
}

double nanoseconds(const ProductTile& tile, const ProductShape& shape) {
    const double waves = wavesOf(tile, shape);
    const double area = double(tile.outs) * tile.rows / (128.0 * 128.0);
    const TileCost& cost = tile.isSmall() ? kSmall : kLarge;
    return waves * (double(shape.inWidth) * (cost.input + cost.inputArea * area) + area * (cost.store + (shape.gelu ? cost.gelu : 0))) +
           cost.once;
}

}  // namespace

std::optional<ProductTile> chooseProductTile(const ProductShape& shape) noexcept {
    ProductTile best;
    double bestTime = std::numeric_limits<double>::infinity();
    const auto consider = [&](const ProductTile& tile) {
        if (const double time = nanoseconds(tile, shape); time < bestTime) {
            best = tile;
            bestTime = time;
        }
    };
    // Of small tiles pairs in rows are the faster ones where both take as many waves.
    for (const bool pairsInRows : {true, false})
        for (const int rows : {128, 136})
            consider({128, rows, pairsInRows});
    for (int rows = 144; rows <= 248; rows += 8)
        if (rows != 192)  // which the library computes in another, slower way
            consider({128, rows, false});
    for (int rows = 72; rows <= 152; rows += 8)
        consider({256, rows, true});
    const double computed = wavesOf(best, shape) * shape.multiprocessors * best.outs * best.rows;
    if (double(shape.rows) * double(shape.outWidth) <= kLeastFilled * computed)
        return {};
    return best;
}

}  // namespace lipar::kernels
