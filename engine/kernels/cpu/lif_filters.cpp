// Filters over planes and mask frames of tokens: a few thousand places, so simplicity counts more than speed, except in
// the median of 27 floats.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/kernels/cpu/lif_selection.h"
#include "engine/kernels/lif.h"

namespace lipar::kernels {

using cpu::SelectionNetwork;

namespace {

constexpr double sigma = 1.5;

// Index of the neighbour at `step` with the edge replicated.
int clamped(int place, int step, int size) {
    return std::clamp(place + step, 0, size - 1);
}

// combine(x, y) over the window of +-radius along one axis, cut at the edges. Lines are `lineStride` apart, places on a
// line `stride`.
template <class Combine>
void slide(const std::uint8_t* in, int lines, int lineStride, int length, int stride, int radius, std::uint8_t* out,
           Combine combine) {
    for (int line = 0; line < lines; ++line)
        for (int i = 0; i < length; ++i) {
            const int begin = std::max(i - radius, 0);
            const int end = std::min(i + radius + 1, length);
            std::uint8_t value = in[line * lineStride + begin * stride];
            for (int k = begin + 1; k < end; ++k)
                value = combine(value, in[line * lineStride + k * stride]);
            out[line * lineStride + i * stride] = value;
        }
}

// A square window is a window along the rows after one along the columns.
template <class Combine>
void slideSquare(const std::uint8_t* mask, int rows, int columns, int radius, std::uint8_t* out, Combine combine) {
    std::vector<std::uint8_t> half(std::size_t(rows) * std::size_t(columns));
    slide(mask, rows, columns, columns, 1, radius, half.data(), combine);
    slide(half.data(), columns, 1, rows, columns, radius, out, combine);
}

}  // namespace

void medianFilter(const float* before, const float* at, const float* after, int rows, int columns, float* out) {
    constexpr int lanes = SelectionNetwork::lanes;
    constexpr int places = 27;
    constexpr int middle = places / 2;
    static const SelectionNetwork network(places, middle, middle + 1);
    const int total = rows * columns;
    std::array<float, std::size_t(places) * lanes> values;

    for (int first = 0; first < total; first += lanes) {
        // Lanes past the last token repeat it.
        for (int lane = 0; lane < lanes; ++lane) {
            const int token = std::min(first + lane, total - 1);
            const int row = token / columns;
            const int column = token % columns;
            float* value = values.data() + lane;
            for (const int dy : {-1, 0, 1})
                for (const int dx : {-1, 0, 1}) {
                    const int place = clamped(row, dy, rows) * columns + clamped(column, dx, columns);
                    for (const float* plane : {before, at, after}) {
                        *value = plane[place];
                        value += lanes;
                    }
                }
        }
        network.select(values.data());
        std::copy_n(values.begin() + middle * lanes, std::min(lanes, total - first), out + first);
    }
}

GaussianTaps gaussianTaps() {
    const double tap = std::exp(-1.0 / (2.0 * sigma * sigma));  // one step from the centre, whose tap is 1
    return {float(tap / (1.0 + tap)), float(1.0 / (1.0 + tap)), float(tap / (1.0 + 2.0 * tap)),
            float(1.0 / (1.0 + 2.0 * tap))};
}

void gaussianFilter(const float* before, const float* at, int rows, int columns, float* out) {
    const GaussianTaps taps = gaussianTaps();

    const int total = rows * columns;
    std::vector<float> overTime(std::size_t(total), 0.0F);
    for (int i = 0; i < total; ++i)
        overTime[std::size_t(i)] = taps.past * before[i] + taps.present * at[i];

    std::vector<float> overRows(std::size_t(total), 0.0F);
    for (int row = 0; row < rows; ++row) {
        const float* above = overTime.data() + clamped(row, -1, rows) * columns;
        const float* centre = overTime.data() + row * columns;
        const float* below = overTime.data() + clamped(row, 1, rows) * columns;
        for (int column = 0; column < columns; ++column)
            overRows[std::size_t(row * columns + column)] =
                taps.side * (above[column] + below[column]) + taps.centre * centre[column];
    }

    for (int row = 0; row < rows; ++row) {
        const float* line = overRows.data() + row * columns;
        for (int column = 0; column < columns; ++column)
            out[row * columns + column] =
                taps.side * (line[clamped(column, -1, columns)] + line[clamped(column, 1, columns)]) +
                taps.centre * line[column];
    }
}

void medianMask(const std::uint8_t* before, const std::uint8_t* at, const std::uint8_t* after, int rows, int columns,
                std::uint8_t* out) {
    constexpr int majority = 14;
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            int kept = 0;
            for (const int dy : {-1, 0, 1})
                for (const int dx : {-1, 0, 1}) {
                    const int place = clamped(row, dy, rows) * columns + clamped(column, dx, columns);
                    kept += before[place] + at[place] + after[place];
                }
            out[row * columns + column] = kept >= majority ? 1 : 0;
        }
}

void dilateMask(const std::uint8_t* mask, int rows, int columns, int radius, std::uint8_t* out) {
    slideSquare(mask, rows, columns, radius, out, [](std::uint8_t x, std::uint8_t y) { return std::uint8_t(x | y); });
}

void erodeMask(const std::uint8_t* mask, int rows, int columns, int radius, std::uint8_t* out) {
    slideSquare(mask, rows, columns, radius, out, [](std::uint8_t x, std::uint8_t y) { return std::uint8_t(x & y); });
}

void cleanMask(const std::uint8_t* before, const std::uint8_t* at, const std::uint8_t* after, int rows, int columns,
               std::uint8_t* out) {
    medianMask(before, at, after, rows, columns, out);
    erodeMask(out, rows, columns, 1, out);
    dilateMask(out, rows, columns, 1, out);  // opened
    dilateMask(out, rows, columns, 1, out);
    erodeMask(out, rows, columns, 1, out);  // closed
    dilateMask(out, rows, columns, 2, out);
}

}  // namespace lipar::kernels
