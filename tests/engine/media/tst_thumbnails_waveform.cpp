// Thumbnails and waveforms: the right picture near the right time without decoding all, peaks on the pictures' clock.
#include <QTest>

#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/media/thumbnails.h"
#include "engine/media/waveform.h"
#include "timeline_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

using Delivered = std::vector<std::pair<double, PicturePtr>>;

Delivered thumbnails(const fs::path& file, const std::vector<double>& seconds, int height) {
    Delivered delivered;
    const auto made = makeThumbnails(file, seconds, height, [&](double time, PicturePtr picture) -> Result<> {
        delivered.emplace_back(time, std::move(picture));
        return {};
    });
    if (!made)
        QTest::qFail(made.error().sentence().c_str(), __FILE__, __LINE__);
    return delivered;
}

// A clip whose brightness tells the time: 25 grey levels a second over ten seconds, one level a frame.
QString clock(double seconds, int keyDistance) {
    return QString("-f lavfi -i nullsrc=s=128x72:r=25:d=%1 -vf \"geq=lum='16+mod(N\\,250)*219/255':cb=128:cr=128\" -c:v "
                   "libx264 -preset ultrafast -crf 2 -g %2 -keyint_min %2 -sc_threshold 0 -pix_fmt yuv420p")
        .arg(seconds)
        .arg(keyDistance);
}

}  // namespace

class ThumbnailsWaveformTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void pictureNearItsTime_data() {
        QTest::addColumn<int>("keyDistance");
        QTest::addColumn<double>("spacing");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("close together: exact") << 250 << 0.04 << 0.021;
        QTest::newRow("key frames are near") << 10 << 1.0 << 0.5;
        QTest::newRow("key frames are far") << 250 << 0.5 << 0.25;
    }
    void pictureNearItsTime() {
        QFETCH(int, keyDistance);
        QFETCH(double, spacing);
        QFETCH(double, tolerance);
        const Workshop shop;
        for (const QString name : {"t.mp4", "t.mkv", "t.ts"}) {
            const fs::path clip = shop.make(name, clock(9.9, keyDistance));
            std::vector<double> seconds;
            for (double time = 0.3; time < 9.9 && seconds.size() < 40; time += spacing)
                seconds.push_back(time);
            const Delivered delivered = thumbnails(clip, seconds, 36);
            QCOMPARE(delivered.size(), seconds.size());
            for (std::size_t i = 0; i < seconds.size(); ++i) {
                QCOMPARE(delivered[i].first, seconds[i]);
                QCOMPARE(delivered[i].second->height, 36);
                QCOMPARE(delivered[i].second->width, 64);
                const double shown = brightness(*delivered[i].second) / 25;  // seconds
                QVERIFY2(std::abs(shown - seconds[i]) <= tolerance + 0.06,
                         qPrintable(QString("%1: %2 shown at %3").arg(name).arg(shown).arg(seconds[i])));
            }
        }
    }

    void oddTimesAndShapes() {
        const Workshop shop;
        const fs::path clip = shop.make("t.mp4", clock(2, 50) + " -aspect 1:1");
        const Delivered delivered = thumbnails(clip, {-1, 0, 1, 100, 200}, 36);
        QCOMPARE(delivered.size(), std::size_t(5));
        QCOMPARE(delivered[0].second->width, 36);
        QVERIFY(brightness(*delivered[3].second) > 45);
        QVERIFY(delivered[3].second == delivered[4].second);
        QVERIFY(!makeThumbnails(clip, std::vector{2.0, 1.0}, 36, [](double, PicturePtr) { return Result<>(); }));
        QVERIFY(!makeThumbnails(clip, std::vector{1.0}, 0, [](double, PicturePtr) { return Result<>(); }));
        CancelSource cancel;
        const auto cancelled = makeThumbnails(
            clip, std::vector{0.0, 0.5, 1.0}, 36,
            [&](double, PicturePtr) {
                cancel.cancel();
                return Result<>();
            },
            cancel.token());
        QVERIFY(!cancelled && cancelled.error().code == ErrorCode::cancelled);
    }

    void peaks_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("wav") << "w.wav" << "";
        QTest::newRow("mono 8 kHz") << "w.wav" << "-ac 1 -ar 8000";
        QTest::newRow("44.1 kHz") << "w.flac" << "-ar 44100";
        QTest::newRow("aac") << "w.m4a" << "-c:a aac";
    }
    void peaks() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        const Workshop shop;
        const fs::path file = shop.make(
            name, "-f lavfi -i \"aevalsrc='0.5*sin(2*PI*500*t)*between(t\\,1\\,2)':s=48000:d=3\" " + arguments);
        double last = 0;
        const auto waveform = readWaveform(file, 50, {}, [&](double done) {
            QVERIFY(done >= last && done <= 1);
            last = done;
        });
        QVERIFY2(waveform.has_value(), waveform ? "" : waveform.error().sentence().c_str());
        QCOMPARE(waveform->peaksPerSecond, 50);
        QCOMPARE(waveform->startSeconds, 0.0);
        QVERIFY(std::abs(int(waveform->peaks.size()) - 150) <= 2);
        for (std::size_t i = 0; i < 150; ++i) {
            if (i < 48 || i > 102)
                QVERIFY(waveform->peaks[i] <= 2);
            else if (i > 51 && i < 98)
                QVERIFY(std::abs(int(waveform->peaks[i]) - 127) <= 8);
        }
        QVERIFY(last > 0.9);
    }

    void peaksOnThePicturesClock() {
        const Workshop shop;
        const fs::path video = shop.make("v.mp4", clock(3, 25));
        const fs::path file = shop.make(
            "m.mkv", QString("-i \"%1\" -itsoffset 0.5 -f lavfi -i sine=500:d=2 -map 0:v -map 1:a -c:v copy -c:a flac")
                         .arg(video.c_str()));
        const auto waveform = readWaveform(file, 100);
        QVERIFY(waveform.has_value());
        QVERIFY(std::abs(waveform->startSeconds - 0.5) < 0.002);
        const auto silent = readWaveform(video, 100);
        QVERIFY(silent.has_value());
        QVERIFY(silent->peaks.empty());
        QVERIFY(!readWaveform(video, 0));
        QVERIFY(!readWaveform(shop.path("none"), 50));
    }
};

QTEST_GUILESS_MAIN(ThumbnailsWaveformTest)
#include "tst_thumbnails_waveform.moc"
