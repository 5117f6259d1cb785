// Proxies: for every frame of a clip the same frame, small; made only where that helps, whole or not at all.
#include <QTest>

#include <cmath>
#include <fstream>
#include <random>

#include "engine/media/media_info.h"
#include "engine/media/proxy.h"
#include "engine/media/timeline_video.h"
#include "timeline_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

// A clip whose frame n is grey of brightness 20 + n % 22 * 10, with a coloured corner; 150 frames from key frame to key frame.
QString numberedClip(const QString& rate, double seconds, const QString& more = {}) {
    return QString("-f lavfi -i nullsrc=s=96x54:r=%1:d=%2 -vf \"geq=lum='if(lt(X+Y\\,24)\\,90\\,16+(20+mod(N\\,22)*10)*219/255)'"
                   ":cb='if(lt(X+Y\\,24)\\,200\\,128)':cr='if(lt(X+Y\\,24)\\,60\\,128)',scale=768:432:flags=neighbor%3\""
                   " -c:v libx264 -preset veryfast -bf 3 -g 150 -keyint_min 150 -sc_threshold 0 -crf 12 -pix_fmt yuv420p")
        .arg(rate)
        .arg(seconds)
        .arg(more);
}

Timeline timelineOf(const fs::path& clip, int width, int height, Rational rate) {
    const auto info = probe(clip);
    Timeline timeline;
    timeline.width = width;
    timeline.height = height;
    timeline.rate = rate;
    timeline.frames = std::int64_t(std::floor(info->video.durationSeconds * rate.value())) - 1;
    timeline.pictures.push_back(pictures(clip, {}, Rational{timeline.frames, 1} / rate));
    return timeline;
}

bool isEmpty(const fs::path& folder) { return fs::directory_iterator(folder) == fs::directory_iterator(); }

}  // namespace

class ProxyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void showsEveryFrameOfItsClip_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("mp4") << "a.mp4" << numberedClip("25", 7) << 768 << 432;
        QTest::newRow("milliseconds") << "a.mkv" << numberedClip("30000/1001", 6) << 768 << 432;
        QTest::newRow("variable rate, later start")
            << "a.mp4" << numberedClip("25", 9, ",select='not(eq(mod(n\\,5)\\,2))*not(between(n\\,40\\,52))'") + " -vsync vfr -output_ts_offset 0.777"
            << 768 << 432;
        QTest::newRow("anamorphic") << "a.mp4" << numberedClip("25", 7, ",setsar=16/11") << 1118 << 432;
        QTest::newRow("transport stream") << "a.ts" << numberedClip("25", 7) << 768 << 432;
    }
    void showsEveryFrameOfItsClip() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        QFETCH(int, width);
        QFETCH(int, height);
        const Workshop shop;
        const fs::path clip = shop.make(name, arguments), proxy = shop.path("proxy.mp4");
        double done = 0;
        const auto made = makeProxy(clip, proxy, [&](double part) {
            QVERIFY(part >= done && part <= 1);
            done = part;
        });
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        QVERIFY(*made);
        QVERIFY(done > 0.8);
        QVERIFY(fs::file_size(proxy) < (std::uintmax_t(8) << 20));
        const auto small = probe(proxy);
        QVERIFY(small.has_value());
        QCOMPARE(std::max(small->video.storedWidth, small->video.storedHeight), kProxyLongestSide);

        const Timeline timeline = timelineOf(clip, width, height, {25, 1});
        auto plain = TimelineCompositor::open(timeline);
        QVERIFY(plain.has_value());
        std::vector<PicturePtr> expected;
        for (std::int64_t frame = 0; frame < timeline.frames; ++frame) {
            const auto composed = plain->compose(frame);
            QVERIFY(composed.has_value());
            expected.push_back(composed->source);
        }
        const auto pool = std::make_shared<SourcePool>();
        std::mt19937 random(5);
        int fromProxy = 0;
        std::int64_t at = 0;
        for (int i = 0; i < 60; ++i) {
            at = i % 5 == 4 ? std::min(timeline.frames - 1, at + 1) : std::int64_t(random() % std::uint64_t(timeline.frames));
            CompositorOptions options;
            options.proxies[clip] = proxy;
            auto compositor = TimelineCompositor::open(timeline, options, pool);
            QVERIFY(compositor.has_value());
            const auto composed = compositor->compose(at);
            QVERIFY(composed.has_value());
            QVERIFY(!composed->edited);
            fromProxy += composed->hasProxy;
            const double difference = meanDifference(*composed->source, *expected[std::size_t(at)]);
            QVERIFY2(difference < 2.5, qPrintable(QString("frame %1: %2").arg(at).arg(difference)));  // the next frame: 10
        }
        QVERIFY2(fromProxy > 35, qPrintable(QString::number(fromProxy)));
    }

    // Upright, whatever way the clip is stored.
    void turnsAsItsClip() {
        const Workshop shop;
        const fs::path level = shop.make("level.mp4", numberedClip("25", 7));
        const fs::path clip = shop.make("turned.mp4", QString("-i %1 -c copy -metadata:s:v rotate=90").arg(QString::fromStdString(level.string())));
        const fs::path proxy = shop.path("proxy.mp4");
        const auto made = makeProxy(clip, proxy);
        QVERIFY(made.has_value() && *made);
        const Timeline timeline = timelineOf(clip, 432, 768, {25, 1});
        auto plain = TimelineCompositor::open(timeline);
        CompositorOptions options;
        options.proxies[clip] = proxy;
        auto small = TimelineCompositor::open(timeline, options);
        QVERIFY(plain.has_value() && small.has_value());
        const auto expected = plain->compose(120), shown = small->compose(120);
        QVERIFY(expected.has_value() && shown.has_value());
        QVERIFY(shown->hasProxy);
        QVERIFY(meanDifference(*shown->source, *expected->source) < 2.5);
    }

    // Where the frame itself is near, or the proxy is gone, it is shown.
    void theFrameItselfWhereItIsNear() {
        const Workshop shop;
        const fs::path clip = shop.make("a.mp4", numberedClip("25", 7)), proxy = shop.path("proxy.mp4");
        QVERIFY(makeProxy(clip, proxy).value_or(false));
        const Timeline timeline = timelineOf(clip, 768, 432, {25, 1});
        const auto pool = std::make_shared<SourcePool>();
        const auto show = [&](std::int64_t frame, bool withProxy) {
            CompositorOptions options;
            if (withProxy)
                options.proxies[clip] = proxy;
            auto compositor = TimelineCompositor::open(timeline, options, pool);
            const auto composed = compositor ? compositor->compose(frame) : std::unexpected(compositor.error());
            return composed ? int(composed->hasProxy) : -1;
        };
        QCOMPARE(show(100, true), 1);
        QCOMPARE(show(100, false), 0);
        QCOMPARE(show(101, true), 0);
        QCOMPARE(show(105, true), 0);
        QCOMPARE(show(104, true), 0);  // held for steps back
        QCOMPARE(show(140, true), 1);
        pool->clear();
        std::ofstream(proxy) << "no clip";
        QCOMPARE(show(50, true), 0);
        fs::remove(proxy);
        pool->clear();
        QCOMPARE(show(90, true), 0);
    }

    void isNotMadeWhereFramesAreNear_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("only key frames") << "a.mov" << testPicture("1280x720", 25, 2) + " -c:v mjpeg -q:v 4";
        QTest::newRow("a key frame every half second") << "a.mp4" << testPicture("1280x720", 24, 2) + " -c:v libx264 -preset ultrafast -g 12";
        QTest::newRow("small") << "a.mp4" << testPicture("160x96", 25, 12) + " -c:v libx264 -g 250 -pix_fmt yuv420p";
        QTest::newRow("one frame") << "a.mp4" << testPicture("1280x720", 25, 0.04) + " -c:v libx264 -pix_fmt yuv420p";
    }
    void isNotMadeWhereFramesAreNear() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        const Workshop shop;
        const QTemporaryDir folder;
        const fs::path target = fs::path(folder.path().toStdString()) / "proxy.mp4";
        const auto made = makeProxy(shop.make(name, arguments), target);
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        QVERIFY(!*made);
        QVERIFY(isEmpty(target.parent_path()));
    }

    void wholeOrNotAtAll() {
        const Workshop shop;
        const fs::path clip = shop.make("a.mp4", numberedClip("25", 7));
        const QTemporaryDir folder;
        const fs::path target = fs::path(folder.path().toStdString()) / "proxy.mp4";
        CancelSource cancel;
        const auto cancelled = makeProxy(clip, target, [&](double done) {
            if (done > 0.3)
                cancel.cancel();
        }, cancel.token());
        QVERIFY(!cancelled);
        QCOMPARE(cancelled.error().code, ErrorCode::cancelled);
        QVERIFY(isEmpty(target.parent_path()));

        const auto nowhere = makeProxy(clip, shop.path("no folder") / "proxy.mp4");
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().code, ErrorCode::outputFailed);
        const auto missing = makeProxy(shop.path("missing.mp4"), target);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::inputMissing);
        std::ofstream(shop.path("text.mp4")) << "no clip";
        const auto text = makeProxy(shop.path("text.mp4"), target);
        QVERIFY(!text);
        QCOMPARE(text.error().code, ErrorCode::inputDamaged);
        QVERIFY(isEmpty(target.parent_path()));
    }
};

QTEST_GUILESS_MAIN(ProxyTest)
#include "tst_proxy.moc"
