// What reads latents: token differences, the bulk of the mask's work, and copies.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/kernels/cpu/lif_selection.h"
#include "engine/kernels/lif.h"

namespace lipar::kernels {

using cpu::SelectionNetwork;

void tokenDifferences(const float* a, const float* b, const LatentGrid& grid, std::span<const int> tokens, float* out) {
    constexpr int lanes = SelectionNetwork::lanes;
    const int count = grid.tokenValues();
    const int low = grid.trimmedFrom();
    const int high = grid.trimmedTo();
    const SelectionNetwork network(count, low, high);
    std::vector<float> values(std::size_t(count) * lanes);

    for (std::size_t first = 0; first < tokens.size(); first += lanes) {
        // Lanes past the last token repeat it.
        const std::size_t used = std::min<std::size_t>(lanes, tokens.size() - first);
        std::array<std::size_t, lanes> corner{};
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const int token = tokens[first + std::min(lane, used - 1)];
            const int row = token / grid.columns() * grid.patchHeight;
            const int column = token % grid.columns() * grid.patchWidth;
            corner[lane] = std::size_t(row) * std::size_t(grid.width) + std::size_t(column);
        }

        float* value = values.data();
        for (int c = 0; c < grid.channels; ++c)
            for (int y = 0; y < grid.patchHeight; ++y)
                for (int x = 0; x < grid.patchWidth; ++x, value += lanes) {
                    const std::size_t place =
                        (std::size_t(c) * std::size_t(grid.height) + std::size_t(y)) * std::size_t(grid.width) +
                        std::size_t(x);
                    for (std::size_t lane = 0; lane < lanes; ++lane)
                        value[lane] = std::abs(a[place + corner[lane]] - b[place + corner[lane]]);
                }

        network.select(values.data());
        std::array<float, lanes> sum{};
        for (int i = low; i < high; ++i)
            for (int lane = 0; lane < lanes; ++lane)
                sum[std::size_t(lane)] += values[std::size_t(i) * lanes + std::size_t(lane)];
        for (std::size_t lane = 0; lane < used; ++lane)
            out[first + lane] = sum[lane] / float(high - low);
    }
}

void copyTokens(const float* source, const std::uint8_t* mask, std::uint8_t value, const LatentGrid& grid,
                float* destination) {
    const int columns = grid.columns();
    for (int c = 0; c < grid.channels; ++c)
        for (int y = 0; y < grid.height; ++y) {
            const std::size_t line =
                (std::size_t(c) * std::size_t(grid.height) + std::size_t(y)) * std::size_t(grid.width);
            const std::uint8_t* maskRow = mask + y / grid.patchHeight * columns;
            for (int column = 0; column < columns; ++column) {
                if (maskRow[column] != value)
                    continue;
                const std::size_t place = line + std::size_t(column) * std::size_t(grid.patchWidth);
                std::copy_n(source + place, grid.patchWidth, destination + place);
            }
        }
}

}  // namespace lipar::kernels
