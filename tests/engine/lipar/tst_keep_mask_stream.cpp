// Masks made block by block against those of whole clips.
#include <algorithm>

#include <QTest>

#include "engine/lipar/keep_mask_stream.h"
#include "tests/engine/lipar/mask_cases.h"
#include "tests/engine/lipar/random_clip.h"

using namespace lipar;
using namespace lipar::method;

namespace {

void append(TokenMask& mask, const TokenMask& more) {
    mask.frames += more.frames;
    mask.rows = more.rows;
    mask.columns = more.columns;
    mask.keep.insert(mask.keep.end(), more.keep.begin(), more.keep.end());
}

TokenMask framesOf(const TokenMask& mask, int first, int count) {
    TokenMask part(count, mask.rows, mask.columns);
    std::copy(mask.frame(first), mask.frame(first + count), part.keep.begin());
    return part;
}

struct Clip {
    int frames;
    LatentGrid grid;
    std::vector<float> latents;

    Clip(std::uint64_t seed, int frameCount, const LatentGrid& latentGrid)
        : frames(frameCount),
          grid(latentGrid),
          latents(test::toLatents(test::randomClip(seed, frameCount, latentGrid))) {}
    // Frames first .. first + count - 1 [count,C,h,w], in the clip's memory.
    [[nodiscard]] at::Tensor part(int first, int count) const {
        auto* memory = const_cast<float*>(latents.data()) + std::size_t(first) * grid.frameSize();
        return at::from_blob(memory, {count, grid.channels, grid.height, grid.width}, at::kFloat);
    }
};

// The whole clip through a stream. False when a mask does not come when it is due.
bool streamed(const Clip& clip, int blockFrames, MaskThresholds thresholds, TokenMask& mask) {
    KeepMaskStream stream(clip.grid, blockFrames, thresholds, LookAhead::oneBlock);
    for (int first = 0; first < clip.frames; first += blockFrames) {
        const int frames = std::min(blockFrames, clip.frames - first);
        const auto block = stream.push(clip.part(first, frames));
        if (blockFrames >= 3 && block.has_value() != (first > 0))
            return false;
        if (block) {
            if (block->frames != blockFrames)
                return false;
            append(mask, *block);
        }
    }
    const auto rest = stream.finish();
    if (rest)
        append(mask, *rest);
    return mask.frames == clip.frames && !stream.finish();
}

}  // namespace

class TestKeepMaskStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void streamWithLookAheadEqualsTheWhole() {
        const auto cases = test::readMaskCases(QStringLiteral(LIPAR_GOLDEN_DIR "/lipar/masks.bin"));
        QCOMPARE(cases.size(), std::size_t(300));
        for (const auto& c : cases) {
            const Clip clip(c.seed, c.frames, c.grid);
            const auto differences = filteredDifferences(clip.latents.data(), c.frames, c.grid);
            const MaskThresholds lower{c.thresholds.tau1 * 0.5F, c.thresholds.tau2 * 0.5F};
            const MaskThresholds skewed{c.thresholds.tau1 * 1.5F, c.thresholds.tau1};
            for (const MaskThresholds& thresholds : {c.thresholds, lower, skewed}) {
                TokenMask mask;
                const auto message = QStringLiteral("seed %1").arg(c.seed);
                QVERIFY2(streamed(clip, c.blockFrames, thresholds, mask), qPrintable(message));
                QVERIFY2(mask == applyThresholds(differences, clip.latents.data(), c.blockFrames, thresholds),
                         qPrintable(message));
            }
        }
    }

    void streamWithoutLookAheadEqualsTheClipCutOffThere_data() {
        QTest::addColumn<int>("blockFrames");
        QTest::addColumn<int>("frames");
        QTest::newRow("blocks of 3") << 3 << 18;
        QTest::newRow("short last block") << 3 << 17;
        QTest::newRow("blocks of 1") << 1 << 7;
        QTest::newRow("blocks of 2") << 2 << 9;
        QTest::newRow("blocks of 5") << 5 << 12;
        QTest::newRow("less than a block") << 3 << 2;
    }
    void streamWithoutLookAheadEqualsTheClipCutOffThere() {
        QFETCH(int, blockFrames);
        QFETCH(int, frames);
        for (const std::uint64_t seed : {11U, 12U, 13U, 14U}) {
            const Clip clip(seed, frames, {8, 18, 26});
            const MaskThresholds thresholds{0.12F, 0.24F};
            KeepMaskStream stream(clip.grid, blockFrames, thresholds, LookAhead::none);
            for (int first = 0; first < frames; first += blockFrames) {
                const int count = std::min(blockFrames, frames - first);
                const auto block = stream.push(clip.part(first, count));
                QVERIFY(block);
                const auto whole = keepMask(clip.latents.data(), first + count, clip.grid, blockFrames, thresholds);
                QVERIFY(*block == framesOf(whole, first, count));
            }
            QVERIFY(!stream.finish());
        }
    }

    void firstFrameIsWholeAndAStillStreamKeepsNothingElse() {
        const LatentGrid grid{4, 10, 14};
        const at::Tensor block = at::full({3, grid.channels, grid.height, grid.width}, 0.25F);
        for (const LookAhead lookAhead : {LookAhead::none, LookAhead::oneBlock}) {
            KeepMaskStream stream(grid, 3, {0.0F, 0.0F}, lookAhead);
            TokenMask mask;
            for (int b = 0; b < 4; ++b)
                if (const auto part = stream.push(block))
                    append(mask, *part);
            if (const auto part = stream.finish())
                append(mask, *part);
            QCOMPARE(mask.frames, 12);
            QCOMPARE(mask.keptCount(), mask.frameSize());
            QCOMPARE(std::count(mask.frame(0), mask.frame(1), 1), std::ptrdiff_t(mask.frameSize()));
        }
    }

    void lastBlockOfOneBlockClipsComesWithFinish() {
        for (const int frames : {1, 2, 3}) {
            const Clip clip(21, frames, {4, 12, 10});
            KeepMaskStream stream(clip.grid, 3, {0.1F, 0.2F}, LookAhead::oneBlock);
            QVERIFY(!stream.push(clip.part(0, frames)));
            const auto mask = stream.finish();
            QVERIFY(mask);
            QVERIFY(*mask == keepMask(clip.latents.data(), frames, clip.grid, 3, {0.1F, 0.2F}));
        }
    }

    void nothingPushedNothingReturned() {
        KeepMaskStream stream({4, 12, 10}, 3, {0.1F, 0.2F}, LookAhead::oneBlock);
        QVERIFY(!stream.finish());
    }

    void thresholdsMayChangeOnTheWay() {
        const Clip clip(31, 15, {8, 22, 26});
        const MaskThresholds loose{0.4F, 0.8F};
        const MaskThresholds tight{0.05F, 0.1F};
        const auto run = [&](MaskThresholds first, MaskThresholds then, int changeAt) {
            KeepMaskStream stream(clip.grid, 3, first, LookAhead::none);
            TokenMask mask;
            for (int b = 0; b < 5; ++b) {
                if (b == changeAt)
                    stream.setThresholds(then);
                append(mask, *stream.push(clip.part(3 * b, 3)));
            }
            return mask;
        };
        const auto allTight = run(tight, tight, 0);
        QVERIFY(run(loose, tight, 0) == allTight);  // before the first block: as if constructed with them
        const auto allLoose = run(loose, loose, 0);
        QVERIFY(allTight.keptCount() > allLoose.keptCount());
        const auto changed = run(loose, tight, 3);
        QVERIFY(framesOf(changed, 0, 9) == framesOf(allLoose, 0, 9));
        QVERIFY(framesOf(changed, 9, 6).keptCount() > framesOf(allLoose, 9, 6).keptCount());
    }

    void latentsAreWidenedAndMayLieAnyhow() {
        const Clip clip(51, 9, {8, 18, 22});
        const at::Tensor half = clip.part(0, 9).to(at::kBFloat16);
        const at::Tensor wide = half.to(at::kFloat).contiguous();
        const at::Tensor channelsLast = wide.permute({0, 2, 3, 1}).contiguous().permute({0, 3, 1, 2});
        const auto expected = keepMask(wide.const_data_ptr<float>(), 9, clip.grid, 3, {0.1F, 0.2F});
        QVERIFY(expected.keptRatio() > 0.2 && expected.keptRatio() < 1.0);
        for (const at::Tensor& latents : {half, channelsLast}) {
            KeepMaskStream stream(clip.grid, 3, {0.1F, 0.2F}, LookAhead::oneBlock);
            TokenMask mask;
            for (int first = 0; first < 9; first += 3)
                if (const auto part = stream.push(latents.narrow(0, first, 3)))
                    append(mask, *part);
            append(mask, *stream.finish());
            QVERIFY(mask == expected);
        }
    }

    // The stream reads the last frame of a block once more with the next one.
    void blocksMayBeOverwrittenAfterwards() {
        const Clip clip(61, 14, {4, 18, 22});
        const auto expected = keepMask(clip.latents.data(), 14, clip.grid, 3, {0.1F, 0.2F});
        KeepMaskStream stream(clip.grid, 3, {0.1F, 0.2F}, LookAhead::oneBlock);
        at::Tensor reused = at::empty({3, 4, 18, 22});
        TokenMask mask;
        for (int first = 0; first < 14; first += 3) {
            const int count = std::min(3, 14 - first);
            const at::Tensor block = reused.narrow(0, 0, count).copy_(clip.part(first, count));
            if (const auto part = stream.push(block))
                append(mask, *part);
            reused.fill_(99);
        }
        append(mask, *stream.finish());
        QVERIFY(mask == expected);
    }

    void streamsAreIndependentAndMovable() {
        const Clip clip(41, 9, {4, 18, 22});
        const MaskThresholds thresholds{0.1F, 0.2F};
        KeepMaskStream a(clip.grid, 3, thresholds, LookAhead::none);
        KeepMaskStream b(clip.grid, 3, thresholds, LookAhead::none);
        TokenMask fromA;
        append(fromA, *a.push(clip.part(0, 3)));
        QVERIFY(b.push(clip.part(6, 3)));
        KeepMaskStream moved = std::move(a);
        append(fromA, *moved.push(clip.part(3, 3)));
        KeepMaskStream c(clip.grid, 3, thresholds, LookAhead::none);
        TokenMask fromC;
        append(fromC, *c.push(clip.part(0, 3)));
        append(fromC, *c.push(clip.part(3, 3)));
        QVERIFY(fromA == fromC);
    }
};

QTEST_GUILESS_MAIN(TestKeepMaskStream)
#include "tst_keep_mask_stream.moc"
