// probe(): what it tells of a file, and a distinct error for each way in which a file is no clip.
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "engine/media/media_info.h"
#include "media_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

void writeBytes(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string readBytes(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

class ProbeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void errorsSayWhatIsTheMatter_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("missing") << "missing" << int(ErrorCode::inputMissing) << "no such file";
        QTest::newRow("folder") << "folder" << int(ErrorCode::inputMissing) << "folder";
        QTest::newRow("pipe") << "pipe" << int(ErrorCode::inputMissing) << "pipe";
        QTest::newRow("empty") << "empty" << int(ErrorCode::inputDamaged) << "empty (0 bytes)";
        QTest::newRow("text") << "text.txt" << int(ErrorCode::inputDamaged) << "not a media file";
        QTest::newRow("text named mp4") << "text.mp4" << int(ErrorCode::inputDamaged) << "not a media file";
        QTest::newRow("subtitles") << "text.srt" << int(ErrorCode::inputDamaged) << "neither pictures nor sound";
        QTest::newRow("playlist") << "list.m3u8" << int(ErrorCode::inputDamaged) << "not a media file";
        QTest::newRow("noise") << "noise" << int(ErrorCode::inputDamaged) << "cannot read";
        QTest::newRow("no index") << "cut.mp4" << int(ErrorCode::inputDamaged) << "index";
        QTest::newRow("audio only") << "audio" << int(ErrorCode::inputUnsupported) << "sound but no picture";
        QTest::newRow("cover art") << "cover" << int(ErrorCode::inputUnsupported) << "sound but no picture";
    }
    void errorsSayWhatIsTheMatter() {
        QFETCH(QString, kind);
        QFETCH(int, code);
        QFETCH(QString, words);
        const Workshop shop;
        fs::path file = shop.path(kind);
        if (kind == "folder") {
            fs::create_directory(file);
        } else if (kind == "pipe") {
            QCOMPARE(::mkfifo(file.c_str(), 0600), 0);
        } else if (kind == "empty") {
            writeBytes(file, "");
        } else if (kind == "text.srt") {
            writeBytes(file, "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n");
        } else if (kind == "list.m3u8") {
            shop.make("part.ts", testPicture("64x64", 10, 0.5));
            writeBytes(file, "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.5,\npart.ts\n#EXT-X-ENDLIST\n");
        } else if (kind.startsWith("text")) {
            writeBytes(file, "Dear diary,\ntoday I wrote a text and called it a film.\n");
        } else if (kind == "noise") {
            std::mt19937 random(1);
            std::string bytes(40'000, '\0');
            for (char& byte : bytes)
                byte = char(random());
            writeBytes(file, bytes);
        } else if (kind == "cut.mp4") {
            const std::string whole = readBytes(shop.make("whole.mp4", testPicture("64x64", 10, 2)));
            writeBytes(file, whole.substr(0, whole.size() / 2));
        } else if (kind == "audio") {
            file = shop.make("audio.m4a", "-f lavfi -i sine=d=0.5");
        } else if (kind == "cover") {
            shop.make("cover.png", testPicture("64x64", 1, 1) + " -frames:v 1");
            file = shop.make("song.mp3", "-f lavfi -i sine=d=0.5 -i " +
                                             QString::fromStdString(shop.path("cover.png").string()) +
                                             " -map 0 -map 1 -c:v copy -disposition:v attached_pic");
        }
        const auto info = probe(file);
        QVERIFY(!info);
        QVERIFY2(int(info.error().code) == code, info.error().message.c_str());
        QVERIFY2(QString::fromStdString(info.error().message).contains(words), info.error().message.c_str());
        QVERIFY2(!info.error().hint.empty(), "an error says what to do");
    }

    void unreadableFileIsSaidToBe() {
        const Workshop shop;
        const fs::path file = shop.make("a.mp4", testPicture("64x64", 10, 0.5));
        fs::permissions(file, fs::perms::none);
        fs::permissions(file.parent_path(), fs::perms::all);
        const bool isRoot = ::geteuid() == 0;
        constexpr uid_t nobody = 65534;
        // The right to read is checked for the real user.
        if (isRoot && ::setreuid(nobody, 0) != 0)
            QSKIP("the super-user may read everything, and changing the user is not allowed here");
        const auto info = probe(file);
        if (isRoot)
            QCOMPARE(::setreuid(0, 0), 0);
        QVERIFY(!info);
        QCOMPARE(info.error().code, ErrorCode::inputMissing);
        QVERIFY(QString::fromStdString(info.error().message).contains("ermission"));
    }

    void plainClip() {
        const Workshop shop;
        const fs::path file = shop.make(
            "a.mp4", testPicture("96x64", 24, 2) + " -f lavfi -i sine=d=2:r=44100 -c:v libx264 -c:a aac -ac 2");
        const auto info = probe(file);
        QVERIFY2(info, info ? "" : info.error().message.c_str());
        QCOMPARE(info->video.storedWidth, 96);
        QCOMPARE(info->video.storedHeight, 64);
        QCOMPARE(info->video.frameCount, 48);
        QCOMPARE(info->video.averageRate, (Rational{24, 1}));
        QCOMPARE(info->video.codec, std::string("h264"));
        QCOMPARE(info->video.bitDepth, 8);
        QVERIFY(!info->video.variableRate);
        QVERIFY(!info->video.interlaced);
        QVERIFY(!info->video.hasAlpha);
        QVERIFY(std::abs(info->video.durationSeconds - 2) < 0.01);
        QVERIFY(info->audio);
        QCOMPARE(info->audio->codec, std::string("aac"));
        QCOMPARE(info->audio->sampleRate, 44100);
        QCOMPARE(info->audio->channels, 2);
    }

    void oddClips_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("property");
        QTest::newRow("10 bit") << "a.mkv"
                                << "-pix_fmt yuv420p10le -c:v libx264"
                                << "bitDepth=10";
        QTest::newRow("alpha") << "a.mov"
                               << "-pix_fmt argb -c:v qtrle"
                               << "alpha=1";
        QTest::newRow("anamorphic") << "a.mp4"
                                    << "-vf setsar=4/3 -c:v libx264"
                                    << "sar=4/3";
        QTest::newRow("interlaced") << "a.mkv"
                                    << "-c:v mpeg2video -flags +ildct+ilme -top 1 -vf setfield=tff"
                                    << "interlaced=1";
        QTest::newRow("variable rate") << "a.mp4"
                                       << "-vf select='not(eq(mod(n\\,5)\\,2))' -vsync vfr -c:v libx264"
                                       << "vfr=1";
        QTest::newRow("colour tags")
            << "a.mp4"
            << "-c:v libx264 -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv"
            << "color=1/1/1/1";
        QTest::newRow("one frame") << "a.mp4"
                                   << "-frames:v 1 -c:v libx264"
                                   << "frames=1";
        QTest::newRow("odd size") << "a.mkv"
                                  << "-vf format=yuv444p,crop=63:37 -c:v ffv1"
                                  << "size=63x37";
    }
    void oddClips() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        QFETCH(QString, property);
        const Workshop shop;
        const auto info = probe(shop.make(name, testPicture("96x64", 25, 1) + " " + arguments));
        QVERIFY2(info, info ? "" : info.error().message.c_str());
        const VideoStreamInfo& v = info->video;
        const QStringList properties{QString("bitDepth=%1").arg(v.bitDepth),
                                     QString("alpha=%1").arg(v.hasAlpha),
                                     QString("sar=%1/%2").arg(v.sampleAspect.num).arg(v.sampleAspect.den),
                                     QString("interlaced=%1").arg(v.interlaced),
                                     QString("vfr=%1").arg(v.variableRate),
                                     QString("rotation=%1").arg(v.rotation),
                                     QString("color=%1/%2/%3/%4")
                                         .arg(v.colorPrimaries)
                                         .arg(v.colorTransfer)
                                         .arg(v.colorMatrix)
                                         .arg(v.colorRange),
                                     QString("frames=%1").arg(v.frameCount),
                                     QString("size=%1x%2").arg(v.uprightWidth()).arg(v.uprightHeight())};
        QVERIFY2(properties.contains(property), qPrintable(properties.join(' ')));
    }

    void rotation_data() {
        QTest::addColumn<int>("degrees");
        for (const int degrees : {0, 90, 180, 270})
            QTest::addRow("%d", degrees) << degrees;
    }
    void rotation() {
        QFETCH(int, degrees);
        const Workshop shop;
        const fs::path file = shop.make("stored.mp4", testPicture("96x64", 25, 0.2) + " -c:v libx264");
        const auto info = probe(shop.make(
            "turned.mp4",
            QString("-i %1 -c copy -metadata:s:v rotate=%2").arg(QString::fromStdString(file.string())).arg(degrees)));
        QVERIFY(info);
        // ffprobe counts counter-clockwise.
        const QJsonArray sideData = videoStream(info->path)["side_data_list"].toArray();
        QCOMPARE(info->video.rotation, (360 - sideData.at(0)["rotation"].toInt()) % 360);
        QCOMPARE(info->video.rotation == 0, degrees == 0);
        QCOMPARE(info->video.storedWidth, 96);
        QCOMPARE(info->video.uprightWidth(), degrees % 180 == 0 ? 96 : 64);
    }

    // Whatever a damaged file makes probe() say, it says something, and quickly.
    void truncatedAndFlippedFilesNeverCrash() {
        const Workshop shop;
        const std::string whole = readBytes(shop.make(
            "a.mp4", testPicture("64x64", 10, 1) + " -f lavfi -i sine=d=1 -c:v libx264 -c:a aac -movflags +faststart"));
        const fs::path file = shop.path("b.mp4");
        int accepted = 0;
        for (std::size_t part = 1; part < 24; ++part) {
            writeBytes(file, whole.substr(0, whole.size() * part / 24));
            accepted += probe(file).has_value();
        }
        QVERIFY2(accepted > 0, "an index at the front is enough to know a file");
        std::mt19937 random(7);
        for (int round = 0; round < 40; ++round) {
            std::string bytes = whole;
            for (int i = 0; i < 20; ++i)
                bytes[random() % 3000] = char(random());
            writeBytes(file, bytes);
            if (const auto info = probe(file))
                QVERIFY(info->video.storedWidth > 0 && info->video.timeBase.isValid());
            else
                QVERIFY(!info.error().message.empty());
        }
    }
};

QTEST_GUILESS_MAIN(ProbeTest)
#include "tst_probe.moc"
