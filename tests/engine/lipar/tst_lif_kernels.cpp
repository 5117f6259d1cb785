// The keep mask's kernels, each against the plainest way to write it.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <QTest>

#include "engine/kernels/cpu/lif_selection.h"
#include "engine/kernels/lif.h"
#include "engine/kernels/lif_block.h"

using namespace lipar::kernels;

namespace {

std::vector<float> randomValues(std::size_t count, unsigned seed) {
    std::mt19937 generator(seed);
    std::vector<float> values(count);
    for (float& value : values)
        value = float(generator() % 4000) / 1000.0F - 2.0F;
    return values;
}

std::vector<std::uint8_t> randomMask(int rows, int columns, unsigned seed) {
    std::mt19937 generator(seed);
    std::vector<std::uint8_t> mask(std::size_t(rows) * std::size_t(columns));
    for (auto& k : mask)
        k = std::uint8_t(generator() % 2);
    return mask;
}

// The 27 (or 9, of one plane) values around a place, edges replicated.
template <class T>
std::vector<T> around(const std::vector<std::vector<T>>& planes, int row, int column, int rows, int columns) {
    std::vector<T> values;
    for (const auto& plane : planes)
        for (int y = row - 1; y <= row + 1; ++y)
            for (int x = column - 1; x <= column + 1; ++x)
                values.push_back(
                    plane[std::size_t(std::clamp(y, 0, rows - 1) * columns + std::clamp(x, 0, columns - 1))]);
    return values;
}

void addSizes() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    for (const auto& [rows, columns] : {std::pair{1, 1}, {1, 7}, {6, 1}, {2, 2}, {5, 9}, {12, 20}, {30, 52}})
        QTest::addRow("%dx%d", rows, columns) << rows << columns;
}

}  // namespace

class TestLifKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void selectionSeparatesOrderStatistics() {
        constexpr int lanes = cpu::SelectionNetwork::lanes;
        for (const int count : {1, 2, 3, 4, 5, 7, 8, 12, 27, 33, 64, 100, 128, 192, 200})
            for (const auto& [low, high] :
                 {std::pair{int(0.2 * count), int(0.8 * count)}, {count / 2, count / 2 + 1}, {0, count}}) {
                if (low >= high)
                    continue;
                const cpu::SelectionNetwork network(count, low, high);
                auto values = randomValues(std::size_t(count) * lanes, unsigned(count));
                const auto original = values;
                network.select(values.data());
                for (int lane = 0; lane < lanes; ++lane) {
                    std::vector<float> sorted;
                    std::vector<float> selected;
                    for (int i = 0; i < count; ++i)
                        sorted.push_back(original[std::size_t(i * lanes + lane)]);
                    for (int i = low; i < high; ++i)
                        selected.push_back(values[std::size_t(i * lanes + lane)]);
                    std::ranges::sort(sorted);
                    std::ranges::sort(selected);
                    QVERIFY(std::equal(selected.begin(), selected.end(), sorted.begin() + low));
                }
            }
    }

    // What a device does: reads all of a run, then writes it. Sums over the selected places must come in the CPU's
    // order.
    void runsOfComparatorsLeaveEveryValueWhereTheNetworkDoes() {
        constexpr int lanes = cpu::SelectionNetwork::lanes;
        for (const int count : {2, 3, 5, 12, kLifWindow, 64, 128, 192, kMostLifTokenValues})
            for (const auto& [low, high] :
                 {std::pair{int(0.2 * count), int(0.8 * count)}, {count / 2, count / 2 + 1}}) {
                const auto original = randomValues(std::size_t(count + 1) * lanes, unsigned(count));
                auto expected = original;
                cpu::SelectionNetwork(count, low, high).select(expected.data());

                auto values = original;
                const auto comparators = lifComparators(count, low, high);
                QCOMPARE(comparators.size() % kLifBatch, std::size_t(0));
                for (std::size_t first = 0; first < comparators.size(); first += kLifBatch) {
                    const std::vector<float> before = values;
                    std::vector<int> touched;
                    for (std::size_t i = first; i < first + kLifBatch; ++i) {
                        const auto lower = comparators[i] & 0xffffU, higher = comparators[i] >> 16;
                        QVERIFY(int(lower) <= count && int(higher) <= count);
                        if (int(lower) == count)
                            continue;
                        touched.insert(touched.end(), {int(lower), int(higher)});
                        for (std::size_t lane = 0; lane < lanes; ++lane) {
                            const float a = before[lower * lanes + lane], b = before[higher * lanes + lane];
                            values[lower * lanes + lane] = std::min(a, b);
                            values[higher * lanes + lane] = std::max(a, b);
                        }
                    }
                    std::ranges::sort(touched);
                    QVERIFY(std::ranges::adjacent_find(touched) == touched.end());
                }
                QVERIFY(std::equal(values.begin(), values.begin() + std::ptrdiff_t(count) * lanes, expected.begin()));
            }
    }

    void placesOfATokenFollowTheCpusOrder() {
        QCOMPARE(lifPlaces({2, 6, 10}), (std::vector<std::int32_t>{0, 1, 10, 11, 60, 61, 70, 71}));
        QCOMPARE(lifPlaces({1, 4, 9, 1, 3}), (std::vector<std::int32_t>{0, 1, 2}));
    }

    void tokenDifferencesAreTrimmedMeans_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("patchHeight");
        QTest::addColumn<int>("patchWidth");
        QTest::newRow("Wan 2.1: 16 channels") << 16 << 2 << 2;
        QTest::newRow("32 channels") << 32 << 2 << 2;
        QTest::newRow("Wan 2.2: 48 channels") << 48 << 2 << 2;
        QTest::newRow("two values") << 2 << 1 << 1;
        QTest::newRow("oblong patch") << 3 << 1 << 3;
    }
    void tokenDifferencesAreTrimmedMeans() {
        QFETCH(int, channels);
        QFETCH(int, patchHeight);
        QFETCH(int, patchWidth);
        const LatentGrid grid{channels, 5 * patchHeight, 7 * patchWidth, patchHeight, patchWidth};
        const auto a = randomValues(grid.frameSize(), 1);
        const auto b = randomValues(grid.frameSize(), 2);
        std::vector<int> tokens(35);
        std::iota(tokens.begin(), tokens.end(), 0);
        std::vector<float> differences(tokens.size());
        tokenDifferences(a.data(), b.data(), grid, tokens, differences.data());
        for (const int token : tokens) {
            std::vector<float> values;
            for (int c = 0; c < channels; ++c)
                for (int y = 0; y < patchHeight; ++y)
                    for (int x = 0; x < patchWidth; ++x) {
                        const int line = c * grid.height + token / 7 * patchHeight + y;
                        const auto place = std::size_t(line * grid.width + token % 7 * patchWidth + x);
                        values.push_back(std::abs(a[place] - b[place]));
                    }
            std::ranges::sort(values);
            const int low = int(0.2 * double(values.size()));
            const int high = int(0.8 * double(values.size()));
            const double sum = std::accumulate(values.begin() + low, values.begin() + high, 0.0);
            QVERIFY(std::abs(double(differences[std::size_t(token)]) - sum / (high - low)) < 1e-6);
        }
        // A part of the tokens, in any order, gives the same numbers.
        const std::vector<int> some{34, 0, 17};
        std::vector<float> part(some.size());
        tokenDifferences(a.data(), b.data(), grid, some, part.data());
        for (std::size_t i = 0; i < some.size(); ++i)
            QCOMPARE(part[i], differences[std::size_t(some[i])]);
        tokenDifferences(a.data(), b.data(), grid, {}, nullptr);
    }

    void medianOfPlanes_data() { addSizes(); }
    void medianOfPlanes() {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const auto size = std::size_t(rows * columns);
        const std::vector<std::vector<float>> planes{randomValues(size, 3), randomValues(size, 4),
                                                     randomValues(size, 5)};
        std::vector<float> out(size);
        medianFilter(planes[0].data(), planes[1].data(), planes[2].data(), rows, columns, out.data());
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < columns; ++column) {
                auto values = around(planes, row, column, rows, columns);
                std::ranges::sort(values);
                QCOMPARE(out[std::size_t(row * columns + column)], values[13]);
            }
    }

    void gaussianOfPlanes_data() { addSizes(); }
    void gaussianOfPlanes() {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const auto size = std::size_t(rows * columns);
        const std::vector<std::vector<float>> planes{randomValues(size, 6), randomValues(size, 7)};
        std::vector<float> out(size);
        gaussianFilter(planes[0].data(), planes[1].data(), rows, columns, out.data());
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < columns; ++column) {
                const auto values = around(planes, row, column, rows, columns);
                double sum = 0;
                double weights = 0;
                for (int i = 0; i < 18; ++i) {
                    const int dt = i / 9 - 1;
                    const int dy = i / 3 % 3 - 1;
                    const int dx = i % 3 - 1;
                    const double weight = std::exp(-(dt * dt + dy * dy + dx * dx) / (2 * 1.5 * 1.5));
                    sum += weight * double(values[std::size_t(i)]);
                    weights += weight;
                }
                QVERIFY(std::abs(double(out[std::size_t(row * columns + column)]) - sum / weights) < 1e-6);
            }
    }

    void majorityOfMasks_data() { addSizes(); }
    void majorityOfMasks() {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const std::vector<std::vector<std::uint8_t>> masks{randomMask(rows, columns, 8), randomMask(rows, columns, 9),
                                                           randomMask(rows, columns, 10)};
        std::vector<std::uint8_t> out(masks[0].size());
        medianMask(masks[0].data(), masks[1].data(), masks[2].data(), rows, columns, out.data());
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < columns; ++column) {
                const auto values = around(masks, row, column, rows, columns);
                QCOMPARE(int(out[std::size_t(row * columns + column)]), std::ranges::count(values, 1) >= 14 ? 1 : 0);
            }
    }

    void squaresOfMasks_data() { addSizes(); }
    void squaresOfMasks() {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const auto mask = randomMask(rows, columns, 11);
        for (const int radius : {1, 2}) {
            std::vector<std::uint8_t> dilated(mask.size());
            std::vector<std::uint8_t> eroded = mask;
            dilateMask(mask.data(), rows, columns, radius, dilated.data());
            erodeMask(eroded.data(), rows, columns, radius, eroded.data());  // in place
            for (int row = 0; row < rows; ++row)
                for (int column = 0; column < columns; ++column) {
                    bool any = false;
                    bool all = true;
                    for (int y = std::max(row - radius, 0); y <= std::min(row + radius, rows - 1); ++y)
                        for (int x = std::max(column - radius, 0); x <= std::min(column + radius, columns - 1); ++x) {
                            any = any || mask[std::size_t(y * columns + x)];
                            all = all && mask[std::size_t(y * columns + x)];
                        }
                    QCOMPARE(int(dilated[std::size_t(row * columns + column)]), any ? 1 : 0);
                    QCOMPARE(int(eroded[std::size_t(row * columns + column)]), all ? 1 : 0);
                }
        }
    }

    void copyTakesTheTokensOfOneValue() {
        const LatentGrid grid{2, 4, 6};
        const auto source = randomValues(grid.frameSize(), 12);
        const auto original = randomValues(grid.frameSize(), 13);
        const std::vector<std::uint8_t> mask{1, 0, 0, 0, 1, 1};
        for (const std::uint8_t value : {0, 1}) {
            auto destination = original;
            copyTokens(source.data(), mask.data(), value, grid, destination.data());
            for (std::size_t i = 0; i < source.size(); ++i) {
                const auto token = i / 6 % 4 / 2 * 3 + i % 6 / 2;
                QCOMPARE(destination[i], mask[token] == value ? source[i] : original[i]);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestLifKernels)
#include "tst_lif_kernels.moc"
