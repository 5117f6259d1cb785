// TimelineMixer: the right sample at the right time, whatever the source, wherever reading begins.
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "engine/media/timeline_audio.h"
#include "engine/media/timeline_video.h"
#include "timeline_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

Timeline timelineOf(std::vector<TimelineSound> sounds, int sampleRate = 48000) {
    Timeline timeline;
    timeline.width = 64;
    timeline.height = 48;
    timeline.frames = 250;
    timeline.sampleRate = sampleRate;
    timeline.sounds = std::move(sounds);
    return timeline;
}

std::vector<float> mixed(const Timeline& timeline, std::int64_t first, std::int64_t count) {
    auto mixer = TimelineMixer::open(timeline);
    if (!mixer) {
        QTest::qFail(mixer.error().sentence().c_str(), __FILE__, __LINE__);
        return {};
    }
    auto sound = mixer->mix(first, count);
    if (!sound) {
        QTest::qFail(sound.error().sentence().c_str(), __FILE__, __LINE__);
        return {};
    }
    return std::move(*sound);
}

float largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size())
        return 9;
    float worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        worst = std::max(worst, std::abs(a[i] - b[i]));
    return worst;
}

// The frequency of a tone, from the times at which it passes zero upwards.
double frequency(const std::vector<float>& stereo, int sampleRate) {
    double first = -1, last = -1;
    int periods = -1;
    for (std::size_t i = 2; i + 1 < stereo.size(); i += 2)
        if (stereo[i - 2] < 0 && stereo[i] >= 0) {
            last = double(i / 2) - double(stereo[i]) / double(stereo[i] - stereo[i - 2]);
            if (++periods == 0)
                first = last;
        }
    return periods < 1 ? 0 : periods * sampleRate / (last - first);
}

}  // namespace

class TimelineAudioTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void beginsToTheSample_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("tolerance");  // samples
        QTest::newRow("wav") << "a.wav" << "" << 0;
        QTest::newRow("flac in mkv") << "a.mkv" << "-c:a flac" << 0;
        QTest::newRow("44.1 kHz") << "a.wav" << "-ar 44100" << 1;
        QTest::newRow("mono 8 kHz") << "a.wav" << "-ac 1 -ar 8000" << 1;
        QTest::newRow("aac") << "a.m4a" << "-c:a aac -b:a 256k" << 1;
        QTest::newRow("aac in mkv") << "a.mkv" << "-c:a aac -b:a 256k" << 1;
        QTest::newRow("mp3") << "a.mp3" << "-c:a libmp3lame -b:a 256k" << 1;
        QTest::newRow("opus") << "a.webm" << "-c:a libopus -b:a 256k" << 48;
        QTest::newRow("5.1") << "a.mkv" << "-af pan=5.1|FL=c0|FR=c1|FC=0*c0|LFE=0*c0|BL=0*c0|BR=0*c0 -c:a flac" << 0;
    }
    void beginsToTheSample() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        QFETCH(int, tolerance);
        const Workshop shop;
        // A second of silence, then a loud cosine: its first sample is full.
        const fs::path clip =
            shop.make(name, "-f lavfi -i aevalsrc='0.9*cos(2*PI*1000*t)*gte(t\\,1)|0.9*cos(2*PI*1000*t)*gte(t\\,1)':s=48000:d=3 " +
                                arguments);
        // Heard from 0.25 s of the source on, at 2 s: the tone begins at 2.75 s.
        const Timeline timeline = timelineOf({sound(clip, {2, 1}, {2, 1}, {1, 4})});
        const std::vector<float> all = mixed(timeline, 0, 48000 * 5);
        QCOMPARE(qint64(all.size()), qint64(48000 * 5 * 2));
        // As ffmpeg decodes it: a file of sound alone may tell its encoder's delay or not.
        const std::int64_t expected = onset(decodedSound(clip), 0.25F) + 84000;
        const std::int64_t begins = onset(all, 0.25F);
        QVERIFY(std::abs(expected - 132000) < 1200);
        QVERIFY2(std::abs(begins - expected) <= tolerance, qPrintable(QString::number(begins - expected)));
        QCOMPARE(peak(all, 0, 96000), 0.0F);
        QCOMPARE(peak(all, 192000, 240000), 0.0F);  // after the entry's end
        QVERIFY(peak(all, 190000, 192000) > 0.3F);
        QVERIFY(std::abs(frequency(std::vector<float>(all.begin() + 280000, all.begin() + 360000), 48000) - 1000) < 0.1);
        // From any place: the same samples (but for noise that decoders make up).
        auto mixer = TimelineMixer::open(timeline);
        QVERIFY(mixer.has_value());
        std::mt19937 random(3);
        for (int i = 0; i < 12; ++i) {
            const std::int64_t first = 96000 + std::int64_t(random() % 90000);
            const auto piece = mixer->mix(first, 3000);
            QVERIFY(piece.has_value());
            const std::vector<float> same(all.begin() + first * 2, all.begin() + (first + 3000) * 2);
            const float difference = largestDifference(*piece, same);
            QVERIFY2(difference < 0.01F, qPrintable(QString("%1 at %2").arg(difference).arg(first)));
        }
    }

    void soundOnThePicturesClock_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<double>("beep");  // when the beep at 1 s of the sound is heard, from the first picture
        QTest::newRow("together") << "-i v.mp4 -i a.wav" << 1.0;
        QTest::newRow("sound later") << "-i v.mp4 -itsoffset 0.5 -i a.wav" << 1.5;
        QTest::newRow("pictures later") << "-itsoffset 0.5 -i v.mp4 -i a.wav" << 0.5;
    }
    void soundOnThePicturesClock() {
        QFETCH(QString, arguments);
        QFETCH(double, beep);
        const Workshop shop;
        const fs::path video = shop.make("v.mp4", "-f lavfi -i testsrc2=s=64x48:r=25:d=3 -c:v libx264 -pix_fmt yuv420p");
        const fs::path audio = shop.make("a.wav", "-f lavfi -i aevalsrc='0.9*cos(2*PI*1000*t)*gte(t\\,1)':s=48000:d=3");
        for (const QString name : {"m.mkv", "m.mov"}) {
            QString inputs = arguments;
            inputs.replace("v.mp4", video.c_str()).replace("a.wav", audio.c_str());
            const fs::path clip = shop.make(name, inputs + " -map 0:v -map 1:a -c:v copy -c:a pcm_s16le");
            const std::vector<float> all = mixed(timelineOf({sound(clip, {}, {3, 1})}), 0, 48000 * 3);
            QVERIFY2(std::abs(onset(all, 0.5F) - beep * 48000) <= 48, qPrintable(QString::number(onset(all, 0.5F))));
        }
    }

    void levelsAndFades() {
        const Workshop shop;
        const fs::path mono = shop.make("m.wav", "-f lavfi -i aevalsrc=0.5:s=48000:d=4");
        TimelineSound entry = sound(mono, {}, {4, 1});
        entry.gain = 0.5;
        entry.fadeIn = {1, 1};
        entry.fadeOut = {2, 1};
        const std::vector<float> all = mixed(timelineOf({entry}), 0, 48000 * 4);
        const auto at = [&](double seconds) { return all[std::size_t(seconds * 48000) * 2]; };
        QVERIFY(std::abs(at(1.5) - 0.25F) < 1e-4F);  // mono is as loud on both sides as it was
        QCOMPARE(all[std::size_t(1.5 * 48000) * 2 + 1], at(1.5));
        QCOMPARE(at(0), 0.0F);
        QVERIFY(std::abs(at(0.5) - 0.25F * std::sqrt(0.5F)) < 1e-3F);
        QVERIFY(std::abs(at(3) - 0.25F * std::sqrt(0.5F)) < 1e-3F);
        // The power of two that cross is constant.
        TimelineSound second = entry;
        second.start = {2, 1};
        const std::vector<float> other = mixed(timelineOf({second}), 96000, 96000);
        second.fadeIn = entry.fadeOut;
        const std::vector<float> in = mixed(timelineOf({second}), 96000, 96000);
        for (int i = 0; i < 96000; i += 1000) {
            const double out = all[std::size_t(96000 + i) * 2], rising = in[std::size_t(i) * 2];
            QVERIFY(std::abs(out * out + rising * rising - 0.0625) < 1e-3);
        }
        // Sums are cut off, not wrapped.
        std::vector<TimelineSound> many(5, sound(mono, {}, {4, 1}));
        QCOMPARE(peak(mixed(timelineOf(many), 0, 1000), 0, 1000), 1.0F);
    }

    void speedBendsPitch_data() {
        QTest::addColumn<qint64>("num");
        QTest::addColumn<qint64>("den");
        QTest::newRow("double") << qint64(2) << qint64(1);
        QTest::newRow("half") << qint64(1) << qint64(2);
        QTest::newRow("pulled down") << qint64(1000) << qint64(1001);
        QTest::newRow("odd") << qint64(12347) << qint64(10000);
    }
    void speedBendsPitch() {
        QFETCH(qint64, num);
        QFETCH(qint64, den);
        const Workshop shop;
        const fs::path clip = shop.make(
            "s.wav", "-f lavfi -i aevalsrc='0.9*cos(2*PI*1000*t)*gte(t\\,2)':s=44100:d=12");
        const Rational speed{num, den};
        const Timeline timeline = timelineOf({sound(clip, {}, {5, 1}, {1, 1}, speed)});
        const std::vector<float> all = mixed(timeline, 0, 48000 * 5);
        const double begins = 48000 / speed.value();
        QVERIFY2(std::abs(double(onset(all, 0.4F)) - begins) <= 32, qPrintable(QString::number(onset(all, 0.4F) - begins)));
        const std::vector<float> tone(all.begin() + std::int64_t(begins + 2000) * 2, all.end());
        QVERIFY(std::abs(frequency(tone, 48000) / (1000 * speed.value()) - 1) < 1e-5);
    }

    void noDriftOverTenMinutes() {
        const Workshop shop;
        // A click every minute, at 44.1 kHz, heard at 48.
        const fs::path clip = shop.make(
            "l.flac", "-f lavfi -i aevalsrc='0.9*cos(2*PI*1000*t)*lt(mod(t\\,60)\\,0.01)':s=44100:d=600");
        const Timeline timeline = timelineOf({sound(clip, {}, {600, 1})});
        auto mixer = TimelineMixer::open(timeline);
        QVERIFY(mixer.has_value());
        for (int minute = 0; minute < 10; ++minute) {
            const std::int64_t before = std::int64_t(minute) * 60 * 48000 - 4800;
            const auto sound = mixer->mix(before, 9600);
            QVERIFY(sound.has_value());
            QVERIFY(std::abs(onset(*sound, 0.4F) - 4800) <= 24);
        }
        std::int64_t read = 0;  // in one go, up to the last click
        std::vector<float> last;
        for (auto whole = TimelineMixer::open(timeline); read < std::int64_t(48000) * 541; read += 48000)
            last = *whole->mix(read, 48000);
        QVERIFY(std::abs(onset(last, 0.4F)) <= 24);
    }

    void silenceAndErrors() {
        const Workshop shop;
        const fs::path mute = shop.make("v.mp4", "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -c:v libx264 -pix_fmt yuv420p");
        QCOMPARE(peak(mixed(timelineOf({sound(mute, {}, {1, 1})}), -500, 20000), 0, 20000), 0.0F);
        auto mixer = TimelineMixer::open(timelineOf({sound(shop.path("none.wav"), {}, {1, 1})}));
        QVERIFY(mixer.has_value());
        const auto missing = mixer->mix(0, 100);
        QVERIFY(!missing && missing.error().code == ErrorCode::inputMissing);
    }

    // Three clips of different size and rate, one of variable rate, each with flashes and beeps at known times: after
    // composing, mixing, encoding and decoding, flash and beep are where they belong.
    void flashAndBeepStayTogether() {
        const Workshop shop;
        const fs::path a = shop.make("a.mp4", flashAndBeep("320x180", "25", 4, {1, 3}) +
                                                  " -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac");
        const fs::path b = shop.make("b.mkv", flashAndBeep("160x120", "30000/1001", 4, {1.001, 2.002}) +
                                                  " -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ar 44100");
        const fs::path c = shop.make(
            "c.mp4", flashAndBeep("200x200", "50", 4, {1, 3.5}) +
                         "  -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac");
        const fs::path variable = shop.make(
            "d.mp4", QString("-i \"%1\" -vf select='not(mod(n\\,3))+between(n\\,48\\,56)' -vsync vfr -c:v libx264 -preset "
                             "ultrafast -pix_fmt yuv420p -c:a copy")
                         .arg(c.c_str()));
        Timeline timeline = timelineOf({});
        timeline.width = 320;
        timeline.height = 180;
        timeline.rate = {30, 1};
        timeline.frames = 9 * 30;
        const auto add = [&](const fs::path& file, Rational start, Rational duration, Rational from) {
            timeline.pictures.push_back(pictures(file, start, duration, from));
            timeline.sounds.push_back(sound(file, start, duration, from));
        };
        add(a, {}, {7, 2}, {1, 2});           // flashes at 0.5 and 2.5
        add(b, {7, 2}, {5, 2}, {502, 1000});  // at 3.999 and 5, so that a frame of the timeline begins soon after
        add(variable, {6, 1}, {3, 1}, {});    // at 7; the next is cut off
        const std::vector<double> expected{0.5, 2.5, 3.999, 5.0, 7.0};
        const fs::path target = shop.path("out.mp4");
        const auto written = render(timeline, target);
        QVERIFY2(written.has_value(), written ? "" : written.error().sentence().c_str());

        const std::vector<SourceFrame> frames = readAll(target);
        QCOMPARE(int(frames.size()), 270);
        std::vector<double> flashes;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            QCOMPARE(frames[i].timestamp - frames[0].timestamp, std::int64_t(i) * frames[0].duration);
            if (brightness(*frames[i].picture) > 100 && (i == 0 || brightness(*frames[i - 1].picture) < 100))
                flashes.push_back(frames[i].seconds);
        }
        const std::vector<float> heard = decodedSound(target);
        std::vector<double> beeps;
        for (std::int64_t at = onset(heard, 0.2F); at >= 0; at = onset(heard, 0.2F, at + 24000))
            beeps.push_back(double(at) / 48000);
        QCOMPARE(flashes.size(), expected.size());
        QCOMPARE(beeps.size(), expected.size());
        double worst = 0, worstBeep = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            worst = std::max(worst, std::abs(flashes[i] - beeps[i]));
            worstBeep = std::max(worstBeep, std::abs(beeps[i] - expected[i]));
            QVERIFY(flashes[i] - expected[i] > -0.002 && flashes[i] - expected[i] < 1.0 / 30 + 0.002);
        }
        qInfo("worst offset of sound and picture: %.1f ms; of sound and timeline: %.1f ms", worst * 1e3, worstBeep * 1e3);
        QVERIFY(worstBeep < 0.003);
        QVERIFY(worst < 0.020);
    }
};

QTEST_GUILESS_MAIN(TimelineAudioTest)
#include "tst_timeline_audio.moc"
