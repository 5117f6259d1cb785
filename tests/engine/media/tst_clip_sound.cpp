// ClipWriter's sound: copied packet by packet, encoded anew where it must be, in step with the picture after a cut.
#include <QFile>
#include <QTest>

#include <cmath>
#include <span>

#include "media_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

double seconds(const QJsonValue& value) { return value.toString().toDouble(); }

}  // namespace

class ClipSoundTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void soundIsCopiedPacketByPacket_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("codec");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("video");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* name, const char* source, const char* codec, const char* target,
                            const char* video, const char* result) {
            QTest::newRow(name) << source << codec << target << video << result;
        };
        row("aac mp4", "a.mp4", "aac", "b.mp4", "h264", "aac");
        row("aac mov", "a.mp4", "aac", "b.mov", "h264", "aac");
        row("aac mkv", "a.mp4", "aac", "b.mkv", "h264", "aac");
        row("aac of a transport stream", "a.ts", "aac", "b.mp4", "h264", "aac");
        row("mp3", "a.mkv", "libmp3lame", "b.mp4", "h264", "mp3");
        row("ac3", "a.mkv", "ac3", "b.mp4", "h264", "ac3");
        row("opus mp4", "a.mkv", "libopus", "b.mp4", "h264", "opus");
        row("opus webm", "a.webm", "libopus", "b.webm", "vp9", "opus");
        row("vorbis webm", "a.mkv", "libvorbis", "b.webm", "vp9", "vorbis");
        row("flac mp4", "a.mkv", "flac", "b.mp4", "h264", "flac");
        row("pcm mov", "a.mov", "pcm_s16le", "b.mov", "h264", "pcm_s16le");
        row("pcm mkv", "a.mov", "pcm_s24le", "b.mkv", "h264", "pcm_s24le");
        // What the container cannot hold is encoded anew.
        row("pcm mp4", "a.mkv", "pcm_s16le", "b.mp4", "h264", "aac");
        row("vorbis mp4", "a.mkv", "libvorbis", "b.mp4", "h264", "aac");
        row("aac webm", "a.mp4", "aac", "b.webm", "vp9", "opus");
        row("opus mov", "a.mkv", "libopus", "b.mov", "h264", "aac");
    }
    void soundIsCopiedPacketByPacket() {
        QFETCH(QString, source);
        QFETCH(QString, codec);
        QFETCH(QString, target);
        QFETCH(QString, video);
        QFETCH(QString, result);
        const Workshop shop;
        const QString picture = source.endsWith("webm") ? "libvpx-vp9 -deadline realtime -cpu-used 8" : "libx264";
        const fs::path a =
            shop.make(source, testPicture("64x48", 25, 1) + " -f lavfi -i sine=f=440:b=2:r=48000:d=1 -c:v " + picture +
                                  " -ac 2 -c:a " + codec);
        WriterOptions options;
        options.codec = video.toStdString();
        const fs::path b = shop.path(target);
        const auto copied = copyClip(a, b, options);
        QVERIFY2(copied, copied ? "" : copied.error().sentence().c_str());
        const QJsonArray before = audioStreams(a), after = audioStreams(b);
        QCOMPARE(after.size(), 1);
        QCOMPARE(after[0]["codec_name"].toString(), result);
        QCOMPARE(after[0]["channels"].toInt(), 2);
        QVERIFY(std::abs(seconds(after[0]["start_time"]) - seconds(before[0]["start_time"])) < 0.035);
        if (before[0]["codec_name"].toString() == result) {
            const QStringList expected = packetTimes(a, "a"), got = packetTimes(b, "a");
            QCOMPARE(timeDifferences(expected, got, target.endsWith("mp4") || target.endsWith("mov") ? 0.0006 : 0.0011),
                     0);
        }
        // The sound ends where it ended: decode both and compare the number of samples.
        const auto samples = [&](const fs::path& file, const char* name) {
            return double(fs::file_size(shop.make(
                name, QString("-i \"%1\" -vn -ac 1 -ar 48000 -f s16le").arg(QString::fromStdString(file.string())))));
        };
        QVERIFY(std::abs(samples(a, "a.raw") - samples(b, "b.raw")) / 2 / 48000 < 0.06);
    }

    void severalStreamsAndLanguages() {
        const Workshop shop;
        const fs::path a = shop.make(
            "a.mkv", testPicture("64x48", 25, 1) +
                         " -f lavfi -i sine=f=440:d=1 -f lavfi -i sine=f=880:d=1 -map 0 -map 1 -map 2 -c:v libx264 "
                         "-c:a:0 aac -c:a:1 pcm_s16le"
                         " -metadata:s:a:0 language=eng -metadata:s:a:1 language=fra -metadata title=Harbour");
        const fs::path b = shop.path("b.mp4");
        QVERIFY(copyClip(a, b));
        const QJsonArray streams = audioStreams(b);
        QCOMPARE(streams.size(), 2);
        QCOMPARE(streams[0]["tags"]["language"].toString(), QString("eng"));
        QCOMPARE(streams[1]["tags"]["language"].toString(), QString("fra"));
        QCOMPARE(streams[1]["codec_name"].toString(), QString("aac"));
        WriterOptions silent;
        silent.audio = AudioPolicy::none;
        QVERIFY(copyClip(a, shop.path("c.mp4"), silent));
        QCOMPARE(audioStreams(shop.path("c.mp4")).size(), 0);
    }

    // A beep at 1.5 s and a flash at 1.5 s stay together, however the clip is cut.
    void aCutKeepsPictureAndSoundTogether_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("target");
        QTest::addColumn<int>("policy");
        const int copy = int(AudioPolicy::copy), aac = int(AudioPolicy::aac);
        QTest::newRow("copied mp4") << "a.mp4"
                                    << "b.mp4" << copy;
        QTest::newRow("copied mkv") << "a.mp4"
                                    << "b.mkv" << copy;
        QTest::newRow("copied ts") << "a.ts"
                                   << "b.mp4" << copy;
        QTest::newRow("encoded") << "a.mkv"
                                 << "b.mp4" << aac;
    }
    void aCutKeepsPictureAndSoundTogether() {
        QFETCH(QString, source);
        QFETCH(QString, target);
        QFETCH(int, policy);
        const Workshop shop;
        const QString sound = source == "a.mkv" ? "pcm_s16le" : "aac";
        const fs::path a = shop.make(
            source,
            "-f lavfi -i \"color=black:s=64x48:r=25:d=3,drawbox=color=white:t=fill:enable='gte(t,1.5)'\""
            " -f lavfi -i \"aevalsrc='if(gte(t,1.5),0.5*sin(2000*t),0)':s=48000:d=3\" -c:v libx264 -g 50 -c:a " +
                sound);
        WriterOptions options;
        options.startSeconds = 1.1;
        options.endSeconds = 2.3;
        options.audio = AudioPolicy(policy);
        const fs::path b = shop.path(target);
        const auto copied = copyClip(a, b, options);
        QVERIFY2(copied, copied ? "" : copied.error().sentence().c_str());
        QCOMPARE(*copied, 30);
        const auto frames = readAll(b);
        double flash = -1;
        for (const auto& frame : frames)
            if (flash < 0 && frame.picture->rgb[3000] > 128)
                flash = frame.seconds;
        // The first frame at or after 1.1 s is the one at 1.12 s, the first white one that at 1.52 s.
        QVERIFY(std::abs(flash - 0.40) < 0.0015);
        const QJsonArray streams = audioStreams(b);
        QCOMPARE(streams.size(), 1);
        const double videoStart = seconds(videoStream(b)["start_time"]);
        QVERIFY(std::abs(videoStart - seconds(videoStream(a)["start_time"])) < 0.002);
        // ffmpeg puts sound on the clip's clock ("async" fills the gap before its first sample).
        const fs::path raw = shop.make(
            "b.raw", QString("-copyts -i \"%1\" -vn -af aresample=async=1:first_pts=%2 -ac 1 -ar 48000 -f f32le")
                         .arg(QString::fromStdString(b.string()))
                         .arg(std::llround(videoStart * 48000)));
        QFile file(QString::fromStdString(raw.string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        const auto* samples = reinterpret_cast<const float*>(bytes.constData());
        const qsizetype count = bytes.size() / 4;
        qsizetype beep = 0;
        while (beep < count && std::abs(samples[beep]) < 0.1F)
            ++beep;
        QVERIFY2(std::abs(double(beep) / 48000 - 0.38) < 0.01, qPrintable(QString::number(double(beep) / 48000)));
        QVERIFY2(std::abs(double(count) / 48000 - 1.2) < 0.05, qPrintable(QString::number(double(count) / 48000)));
    }

    void synthesizedSoundIsAsLongAsTold() {
        const Workshop shop;
        SynthesizedAudio tone;
        tone.durationSeconds = 1.0;
        tone.fill = [](std::int64_t first, std::span<float> stereo) {
            for (std::size_t i = 0; i < stereo.size(); ++i)
                stereo[i] = 0.3F * float(std::sin(double(first + std::int64_t(i / 2)) * 0.05));
        };
        auto writer = ClipWriter::openNew(shop.path("a.mp4"), newClipFormat(64, 48, {25, 1}), {}, tone);
        QVERIFY(writer);
        for (int i = 0; i < 25; ++i)
            QVERIFY(writer->write(quadrants(64, 48), i, 1));
        QVERIFY(writer->finish());
        const auto info = probe(shop.path("a.mp4"));
        QVERIFY(info && info->audio);
        QCOMPARE(info->audio->codec, std::string("aac"));
        QCOMPARE(info->video.frameCount, 25);
        QVERIFY(std::abs(info->audio->durationSeconds - 1.0) < 0.03);
        QVERIFY(std::abs(info->video.durationSeconds - 1.0) < 0.001);
    }
};

QTEST_GUILESS_MAIN(ClipSoundTest)
#include "tst_clip_sound.moc"
