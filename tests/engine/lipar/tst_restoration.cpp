#include <random>

#include <QTest>

#include "engine/lipar/restoration.h"

using namespace lipar;
using namespace lipar::method;

namespace {

const kernels::LatentGrid grid{3, 6, 10};  // 3 x 5 tokens

std::vector<float> randomLatents(int frames, unsigned seed) {
    std::mt19937 generator(seed);
    std::vector<float> latents(std::size_t(frames) * grid.frameSize());
    for (float& value : latents)
        value = float(generator() % 1000) / 100.0F;
    return latents;
}

TokenMask randomMask(int frames, unsigned seed) {
    std::mt19937 generator(seed);
    TokenMask mask(frames, grid.rows(), grid.columns());
    for (auto& k : mask.keep)
        k = generator() % 3 == 0 ? 1 : 0;
    return mask;
}

std::size_t place(int f, int c, int y, int x) {
    return ((std::size_t(f) * 3 + std::size_t(c)) * 6 + std::size_t(y)) * 10 + std::size_t(x);
}

bool isKept(const TokenMask& mask, int f, int y, int x) {
    return mask.frame(f)[(y / 2) * 5 + x / 2] != 0;
}

}  // namespace

class TestRestoration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Every place shows its last kept value, however far back that was.
    void prunedPlacesShowTheLastKeptValue() {
        const int frames = 4;
        const auto denoised = randomLatents(frames, 1);
        const auto previous = randomLatents(1, 2);
        const auto mask = randomMask(frames, 3);
        auto restored = denoised;
        restorePruned(restored.data(), mask, previous.data(), grid);
        for (int f = 0; f < frames; ++f)
            for (int c = 0; c < grid.channels; ++c)
                for (int y = 0; y < grid.height; ++y)
                    for (int x = 0; x < grid.width; ++x) {
                        int last = f;
                        while (last >= 0 && !isKept(mask, last, y, x))
                            --last;
                        const float expected = last >= 0 ? denoised[place(last, c, y, x)] : previous[place(0, c, y, x)];
                        QCOMPARE(restored[place(f, c, y, x)], expected);
                    }
    }

    void chainCrossesBlocks() {
        const auto denoised = randomLatents(6, 4);
        auto mask = randomMask(6, 5);
        std::fill(mask.frame(0), mask.frame(1), std::uint8_t(1));
        auto whole = denoised;
        restorePruned(whole.data(), mask, nullptr, grid);

        auto blocks = denoised;
        for (int b = 0; b < 2; ++b) {
            TokenMask part(3, grid.rows(), grid.columns());
            std::copy(mask.frame(3 * b), mask.frame(3 * b + 3), part.keep.begin());
            float* block = blocks.data() + std::size_t(3 * b) * grid.frameSize();
            restorePruned(block, part, b == 0 ? nullptr : block - grid.frameSize(), grid);
        }
        QCOMPARE(blocks, whole);
    }

    void firstFrameOfAClipStaysAsItIs() {
        const auto denoised = randomLatents(1, 6);
        auto restored = denoised;
        restorePruned(restored.data(), TokenMask(1, 3, 5, false), nullptr, grid);
        QCOMPARE(restored, denoised);
    }

    void nothingKeptRepeatsThePreviousFrame() {
        auto restored = randomLatents(3, 7);
        const auto previous = randomLatents(1, 8);
        restorePruned(restored.data(), TokenMask(3, 3, 5, false), previous.data(), grid);
        for (int f = 0; f < 3; ++f)
            QVERIFY(std::equal(previous.begin(), previous.end(),
                               restored.begin() + std::ptrdiff_t(f) * std::ptrdiff_t(grid.frameSize())));
    }

    void everythingKeptChangesNothing() {
        const auto denoised = randomLatents(3, 9);
        const auto previous = randomLatents(1, 10);
        auto restored = denoised;
        restorePruned(restored.data(), TokenMask(3, 3, 5), previous.data(), grid);
        QCOMPARE(restored, denoised);
    }
};

QTEST_GUILESS_MAIN(TestRestoration)
#include "tst_restoration.moc"
