// The sample clip: what it is said to be, the same each time, still enough for pruning and alive enough to look at.
#include <QTest>

#include <cmath>
#include <cstdlib>

#include "engine/media/sample_clip.h"
#include "engine/media/sample_scene.h"
#include "media_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

// Share of pixels of which some channel changed visibly.
double changedShare(const Picture& a, const Picture& b) {
    std::size_t changed = 0;
    const std::size_t pixels = a.rgb.size() / 3;
    for (std::size_t i = 0; i < pixels; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            if (std::abs(int(a.rgb[i * 3 + c]) - int(b.rgb[i * 3 + c])) > 12) {
                ++changed;
                break;
            }
    return double(changed) / double(pixels);
}

}  // namespace

class SampleClipTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sceneIsStillButNotFrozen() {
        const SampleScene scene;
        const Picture first = scene.at(0), later = scene.at(1), last = scene.at(3.9);
        QVERIFY(first.rgb == SampleScene().at(0).rgb);
        QCOMPARE(first.width, 832);
        QCOMPARE(first.height, 480);
        QVERIFY(changedShare(first, later) > 0.004);
        QVERIFY(changedShare(first, last) < 0.08);
        // Edges and texture everywhere: few pixels equal their neighbour.
        std::size_t flat = 0;
        for (std::size_t i = 3; i < first.rgb.size(); ++i)
            flat += first.rgb[i] == first.rgb[i - 3];
        QVERIFY(double(flat) / double(first.rgb.size()) < 0.4);
    }

    void clipIsWhatItIsSaidToBe() {
        const Workshop shop;
        const fs::path file = shop.path("sample.mp4");
        const auto written = writeSampleClip(file);
        QVERIFY2(written, written ? "" : written.error().sentence().c_str());
        const auto info = probe(file);
        QVERIFY(info && info->audio);
        QCOMPARE(info->video.codec, std::string("h264"));
        QCOMPARE(info->video.storedWidth, 832);
        QCOMPARE(info->video.storedHeight, 480);
        QCOMPARE(info->video.frameCount, 96);
        QCOMPARE(info->video.averageRate, (Rational{24, 1}));
        QVERIFY(!info->video.variableRate);
        QCOMPARE(info->audio->codec, std::string("aac"));
        QVERIFY(std::abs(info->audio->durationSeconds - 4) < 0.03);
        ReaderOptions half;
        half.startSeconds = 2;
        half.endSeconds = 2.1;
        const auto frames = readAll(file, half);
        QCOMPARE(frames.size(), 3u);
        QVERIFY(meanDifference(*frames[0].picture, SampleScene().at(2)) < 4);

        CancelSource source;
        source.cancel();
        QCOMPARE(writeSampleClip(shop.path("b.mp4"), source.token()).error().code, ErrorCode::cancelled);
        QVERIFY(!fs::exists(shop.path("b.mp4")));
    }
};

QTEST_GUILESS_MAIN(SampleClipTest)
#include "tst_sample_clip.moc"
