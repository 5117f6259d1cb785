// Whole-clip masks against the oracle's, and what follows from their definition.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <set>

#include <QFileInfo>
#include <QTest>

#include "engine/lipar/keep_mask.h"
#include "engine/weights/tensor_file.h"
#include "tests/engine/lipar/mask_cases.h"
#include "tests/engine/lipar/random_clip.h"

using namespace lipar;
using namespace lipar::method;

namespace {

constexpr int blockFrames = 3;

// [frames,C,h,w], every frame of one value.
std::vector<float> flatClip(const LatentGrid& grid, const std::vector<float>& values) {
    std::vector<float> clip;
    for (const float value : values)
        clip.insert(clip.end(), grid.frameSize(), value);
    return clip;
}

// [1,C,T,h,w] bfloat16, the layout of latent files, as [T,C,h,w] float32.
std::vector<float> framesFirst(const weights::TensorView& tensor) {
    const auto channels = std::size_t(tensor.shape[1]);
    const auto frames = std::size_t(tensor.shape[2]);
    const auto plane = std::size_t(tensor.shape[3] * tensor.shape[4]);
    std::vector<float> latents(channels * frames * plane);
    for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t t = 0; t < frames; ++t)
            for (std::size_t i = 0; i < plane; ++i) {
                std::uint16_t half = 0;
                std::memcpy(&half, tensor.bytes.data() + ((c * frames + t) * plane + i) * sizeof half, sizeof half);
                latents[(t * channels + c) * plane + i] = std::bit_cast<float>(std::uint32_t(half) << 16);
            }
    return latents;
}

}  // namespace

class TestKeepMask : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void masksOfRandomClipsEqualTheOracles() {
        const auto cases = test::readMaskCases(QStringLiteral(LIPAR_GOLDEN_DIR "/lipar/masks.bin"));
        QCOMPARE(cases.size(), std::size_t(300));
        for (const auto& c : cases) {
            const auto clip = test::randomClip(c.seed, c.frames, c.grid);
            QVERIFY2(test::checksum(clip) == c.checksum, "the clip is not the oracle's");
            const auto latents = test::toLatents(clip);
            const auto mask = keepMask(latents.data(), c.frames, c.grid, c.blockFrames, c.thresholds);
            QVERIFY2(mask == c.expected, qPrintable(QStringLiteral("seed %1").arg(c.seed)));
        }
    }

    void masksOfRealLatentsEqualTheOracles() {
        const QString path = QStringLiteral(LIPAR_SHARED_DIR "/data/wan_latents.pth");
        if (!QFileInfo::exists(path))
            QSKIP("the shared test data has no data/wan_latents.pth");
        const auto file = weights::TensorFile::open(path.toStdString());
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        QCOMPARE(file->tensors().size(), std::size_t(1));
        const weights::TensorView& tensor = file->tensors().begin()->second;
        QVERIFY(tensor.dtype == weights::DType::bf16);
        QCOMPARE(tensor.shape, (std::vector<std::int64_t>{1, 16, 16, 40, 64}));
        const auto latents = framesFirst(tensor);

        const auto cases = test::readMaskCases(QStringLiteral(LIPAR_GOLDEN_DIR "/lipar/wan_latents_masks.bin"));
        QCOMPARE(cases.size(), std::size_t(3));
        for (const auto& c : cases) {
            const auto mask = keepMask(latents.data(), c.frames, c.grid, c.blockFrames, c.thresholds);
            qInfo("tau1 %.2f keeps %.4f", double(c.thresholds.tau1), mask.keptRatio());
            QVERIFY(mask == c.expected);
        }
    }

    void differencesServeEveryThreshold() {
        const LatentGrid grid{8, 22, 26};
        const int frames = 16;
        const auto latents = test::toLatents(test::randomClip(7, frames, grid));
        const auto differences = filteredDifferences(latents.data(), frames, grid);
        QCOMPARE(differences.values.size(), std::size_t(frames - 1) * std::size_t(grid.tokens()));
        std::set<std::size_t> counts;
        for (const float tau1 : {0.0F, 0.05F, 0.1F, 0.15F, 0.2F, 0.3F, 1.0F}) {
            const MaskThresholds thresholds{tau1, 2 * tau1};
            const auto mask = applyThresholds(differences, latents.data(), blockFrames, thresholds);
            QVERIFY(mask == keepMask(latents.data(), frames, grid, blockFrames, thresholds));
            counts.insert(mask.keptCount());
        }
        QVERIFY(counts.size() >= 5);
    }

    void stillClipKeepsItsFirstFrameAlone() {
        const LatentGrid grid{4, 10, 14};
        const auto clip = flatClip(grid, std::vector<float>(8, 0.5F));
        // A difference of zero is not greater than a threshold of zero.
        const auto mask = keepMask(clip.data(), 8, grid, blockFrames, {0.0F, 0.0F});
        QCOMPARE(mask.keptCount(), mask.frameSize());
        QVERIFY(std::all_of(mask.frame(0), mask.frame(1), [](auto k) { return k == 1; }));
    }

    void longTermIsStrictAndStartsAtTheSecondBlock() {
        const LatentGrid grid{4, 10, 14};
        // From frame 4 on a quarter away from what was last kept: exact in float32.
        const auto clip = flatClip(grid, {0.0F, 0.0F, 0.0F, 0.0F, 0.25F, 0.25F, 0.25F, 0.25F, 0.25F});
        const auto at = keepMask(clip.data(), 9, grid, blockFrames, {10.0F, 0.25F});
        QCOMPARE(at.keptCount(), at.frameSize());
        const auto below = keepMask(clip.data(), 9, grid, blockFrames, {10.0F, 0.2499F});
        // Frames 4 and 5 exceed the memory of block 0; block 2 is compared with frame 5. The dilation adds frames 3
        // and 6.
        for (int f = 1; f < 9; ++f)
            QCOMPARE(int(*below.frame(f)), f >= 3 && f <= 6 ? 1 : 0);
        // A block as long as the clip leaves no frame to the long term.
        const auto never = keepMask(clip.data(), 9, grid, 9, {10.0F, 0.2F});
        QCOMPARE(never.keptCount(), never.frameSize());
    }

    void driftIsCaughtByTheLongTermAlone() {
        const LatentGrid grid{4, 10, 14};
        std::vector<float> values;
        for (int t = 0; t < 24; ++t)
            values.push_back(0.05F * float(t));
        const auto clip = flatClip(grid, values);
        QCOMPARE(keepMask(clip.data(), 24, grid, blockFrames, {0.15F, 100.0F}).keptRatio(), 1.0 / 24.0);
        QVERIFY(keepMask(clip.data(), 24, grid, blockFrames, {0.15F, 0.3F}).keptRatio() > 0.3);
    }

    void oneFrameIsWhole() {
        const LatentGrid grid{2, 6, 10};
        const auto clip = flatClip(grid, {1.0F});
        QCOMPARE(filteredDifferences(clip.data(), 1, grid).values.size(), std::size_t(0));
        QVERIFY(keepMask(clip.data(), 1, grid, blockFrames, {0.15F, 0.3F}) == TokenMask(1, 3, 5));
    }

    void aLoneTokenIsNoiseAndASquareIsDilated() {
        const LatentGrid grid{4, 22, 26};  // 11 x 13 tokens
        const auto movingSquare = [&](int side) {
            auto clip = flatClip(grid, std::vector<float>(6, 0.0F));
            for (int t = 0; t < 6; t += 2)  // flickers, so every frame differs from the one before
                for (int c = 0; c < grid.channels; ++c)
                    for (int y = 8; y < 8 + 2 * side; ++y)
                        for (int x = 10; x < 10 + 2 * side; ++x)
                            clip[((std::size_t(t) * 4 + std::size_t(c)) * 22 + std::size_t(y)) * 26 + std::size_t(x)] =
                                4.0F;
            return keepMask(clip.data(), 6, grid, blockFrames, {0.15F, 100.0F});
        };
        QCOMPARE(movingSquare(1).keptCount(), std::size_t(11 * 13));
        const auto square = movingSquare(4);
        for (int f = 1; f < 6; ++f) {
            const std::uint8_t* frame = square.frame(f);
            QCOMPARE(int(frame[6 * 13 + 7]), 1);
            QCOMPARE(int(frame[0]), 0);
            QCOMPARE(int(frame[10 * 13 + 12]), 0);
        }
    }

    void gridsThatDoNotFitAreRefused() {
        QVERIFY(checkGrid({16, 60, 104}));
        QVERIFY(checkGrid({16, 6, 10}));  // an odd token grid
        QVERIFY(checkGrid({2, 5, 7, 1, 1}));
        for (const LatentGrid& grid : {LatentGrid{16, 61, 104}, LatentGrid{16, 60, 103}, LatentGrid{0, 60, 104},
                                       LatentGrid{1, 4, 4, 1, 1}, LatentGrid{16, 60, 104, 0, 2}}) {
            const auto checked = checkGrid(grid);
            QVERIFY(!checked);
            QVERIFY(checked.error().code == ErrorCode::invalidArgument);
        }
    }

    void minimumIsReachedByGrowing() {
        TokenMask mask(4, 9, 11, false);
        mask.frame(1)[4 * 11 + 5] = 1;
        mask.frame(2)[0] = 1;
        std::fill(mask.frame(3), mask.frame(3) + 50, std::uint8_t(1));
        const TokenMask before = mask;
        enforceMinimumKept(mask, 0.35);
        QCOMPARE(std::count(mask.frame(0), mask.frame(1), 1), 0);   // nothing to grow from
        QCOMPARE(std::count(mask.frame(1), mask.frame(2), 1), 49);  // 7x7: 25 of 99 are too few
        for (int row = 0; row < 9; ++row)
            for (int column = 0; column < 11; ++column)
                QCOMPARE(int(mask.frame(1)[row * 11 + column]),
                         std::abs(row - 4) <= 3 && std::abs(column - 5) <= 3 ? 1 : 0);
        QCOMPARE(std::count(mask.frame(2), mask.frame(3), 1), 36);  // 6x6 from a corner
        QVERIFY(std::equal(mask.frame(3), mask.frame(4), before.frame(3)));
        enforceMinimumKept(mask, 1.0);
        QCOMPARE(mask.keptRatio(), 0.75);
        TokenMask untouched = before;
        enforceMinimumKept(untouched, 0.0);
        QVERIFY(untouched == before);
    }

    void thresholdSearchMeetsTheRatio() {
        const LatentGrid grid{8, 30, 40};
        const int frames = 15;
        std::vector<float> latents(grid.frameSize() * frames);
        for (std::size_t i = 0; i < latents.size(); ++i) {
            // Flicker that grows from the left to the right.
            const auto t = i / grid.frameSize();
            const auto x = i % std::size_t(grid.width);
            latents[i] = float(t % 2) * 0.01F * float(x);
        }
        const auto differences = filteredDifferences(latents.data(), frames, grid);
        for (const double ratio : {0.9, 0.68, 0.5, 0.3}) {
            const auto match = thresholdsForKeptRatio(differences, latents.data(), blockFrames, ratio);
            QVERIFY(std::abs(match.mask.keptRatio() - ratio) < 0.03);
            QCOMPARE(match.thresholds.tau2, 2 * match.thresholds.tau1);
            QVERIFY(match.mask == applyThresholds(differences, latents.data(), blockFrames, match.thresholds));
        }
        // Out of reach: all that moves, or frame 0 alone.
        QCOMPARE(thresholdsForKeptRatio(differences, latents.data(), blockFrames, 1.0).thresholds.tau1, 0.0F);
        QCOMPARE(thresholdsForKeptRatio(differences, latents.data(), blockFrames, 0.0).mask.keptRatio(), 1.0 / frames);
    }
};

QTEST_GUILESS_MAIN(TestKeepMask)
#include "tst_keep_mask.moc"
