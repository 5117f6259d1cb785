// VideoReader: every frame, upright, in the right colours, with exact times, from any point, whatever the file is like.
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

#include "media_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

QString quoted(const fs::path& path) { return "\"" + QString::fromStdString(path.string()) + "\""; }

// Pictures go to ffmpeg as raw RGB.
fs::path writeRaw(const Workshop& shop, const Picture& picture) {
    const fs::path file = shop.path("raw.rgb");
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(picture.rgb.data()), std::streamsize(picture.rgb.size()));
    return file;
}

QString rawInput(const Workshop& shop, const Picture& picture) {
    return QString("-f rawvideo -pix_fmt rgb24 -s %1x%2 -r 10 -i %3")
        .arg(picture.width)
        .arg(picture.height)
        .arg(quoted(writeRaw(shop, picture)));
}

}  // namespace

class VideoReaderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void everyFrameHasItsTime_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("constant rate, B-frames") << "a.mp4"
                                                 << "-c:v libx264 -bf 3";
        QTest::newRow("variable rate") << "a.mp4"
                                       << "-vf select='not(eq(mod(n\\,5)\\,2))*not(between(n\\,10\\,17))' -vsync vfr "
                                          "-c:v libx264 -video_track_timescale 90000";
        QTest::newRow("later start") << "a.mp4"
                                     << "-output_ts_offset 0.777 -c:v libx264";
        QTest::newRow("transport stream") << "a.ts"
                                          << "-c:v libx264";
        QTest::newRow("matroska hevc") << "a.mkv"
                                       << "-c:v libx265 -x265-params log-level=none";
        QTest::newRow("10 bit") << "a.mkv"
                                << "-pix_fmt yuv420p10le -c:v libx264";
        QTest::newRow("interlaced") << "a.mkv"
                                    << "-c:v mpeg2video -flags +ildct+ilme -top 1 -bf 2";
        QTest::newRow("avi") << "a.avi"
                             << "-c:v mpeg4";
        QTest::newRow("odd size") << "a.mkv"
                                  << "-vf format=yuv444p,crop=63:37 -c:v ffv1";
        QTest::newRow("alpha") << "a.mov"
                               << "-pix_fmt argb -c:v qtrle";
        QTest::newRow("one frame") << "a.mp4"
                                   << "-frames:v 1 -c:v libx264";
        QTest::newRow("webm") << "a.webm"
                              << "-c:v libvpx-vp9 -deadline realtime -cpu-used 8";
        QTest::newRow("gif") << "a.gif"
                             << "";
    }
    void everyFrameHasItsTime() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        const Workshop shop;
        const fs::path file = shop.make(name, testPicture("96x64", 30, 1.2) + " " + arguments);
        const QStringList expected = frameTimes(file);
        const auto frames = readAll(file);
        QCOMPARE(qsizetype(frames.size()), expected.size());
        auto reader = VideoReader::open(file);
        QVERIFY(reader);
        const double tick = reader->info().video.timeBase.value();
        for (std::size_t i = 0; i < frames.size(); ++i) {
            QCOMPARE(frames[i].index, std::int64_t(i));
            QCOMPARE(QString::number(double(frames[i].timestamp) * tick, 'f', 6), expected[qsizetype(i)]);
            QVERIFY(std::abs(frames[i].seconds - double(frames[i].timestamp - frames[0].timestamp) * tick) < 1e-9);
            QVERIFY(frames[i].duration > 0);
            if (i > 0)
                QCOMPARE(frames[i - 1].timestamp + frames[i - 1].duration, frames[i].timestamp);
        }
        QCOMPARE(reader->damagedFrames(), 0);
    }

    // Long distances between key frames, frames shown before their key frame, several containers.
    void seekIsExactOverEveryFrame_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("long GOP") << "a.mp4"
                                  << "-c:v libx264 -g 200 -bf 4 -b_strategy 0";
        QTest::newRow("open GOP")
            << "a.mp4"
            << "-c:v libx264 -x264-params open-gop=1:keyint=12:min-keyint=12:bframes=4:b-adapt=0:scenecut=0";
        QTest::newRow("open GOP hevc") << "a.mkv"
                                       << "-c:v libx265 -x265-params log-level=none:keyint=12:bframes=4:open-gop=1";
        QTest::newRow("frames that many others need")
            << "a.mp4"
            << "-c:v libx264 -g 40 -bf 7 -refs 6 -x264-params b-pyramid=normal:b-adapt=0:weightp=2";
        QTest::newRow("interlaced") << "a.mkv"
                                    << "-c:v libx264 -g 25 -bf 3 -flags +ildct+ilme -x264-params tff=1";
        QTest::newRow("closed GOP hevc") << "a.mp4"
                                         << "-c:v libx265 -x265-params log-level=none:keyint=30:bframes=6:open-gop=0";
        QTest::newRow("temporal layers") << "a.mkv"
                                         << "-c:v libx265 -x265-params log-level=none:keyint=30:bframes=7:temporal-layers=1";
        QTest::newRow("transport stream hevc")
            << "a.ts"
            << "-c:v libx265 -x265-params log-level=none:keyint=30:bframes=7:temporal-layers=1";
        QTest::newRow("transport stream") << "a.ts"
                                          << "-c:v libx264 -g 15 -bf 2";
        QTest::newRow("later start, variable rate")
            << "a.mp4"
            << "-vf select='not(eq(mod(n\\,5)\\,2))' -vsync vfr -output_ts_offset 0.5 -c:v libx264 -g 13";
        QTest::newRow("a long pause") << "a.mp4"
                                      << "-vf select='lt(n\\,30)+gt(n\\,48)' -vsync vfr -c:v libx264 -g 100 -bf 3";
        QTest::newRow("no times at all") << "a.h264"
                                         << "-c:v libx264 -g 10 -bf 2";
        QTest::newRow("avi with B-frames") << "a.avi"
                                           << "-c:v mpeg4 -bf 2 -g 12";
    }
    void seekIsExactOverEveryFrame() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        const Workshop shop;
        const fs::path file = shop.make(name, testPicture("64x48", 30, 2) + " " + arguments);
        const auto frames = readAll(file);
        QVERIFY(frames.size() >= 40);
        auto reader = VideoReader::open(file);
        QVERIFY(reader);
        std::vector<std::size_t> order(frames.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::shuffle(order.begin(), order.end(), std::mt19937(3));
        const double tick = reader->info().video.timeBase.value();
        for (std::size_t step = 0; step < order.size(); ++step) {
            const std::size_t i = order[step];
            // Any moment of the frame's time on screen finds it.
            const double into = step % 2 ? double(frames[i].duration) * tick * 0.9 : 0;
            QVERIFY(reader->seek(frames[i].seconds + into));
            for (std::size_t k = i; k < std::min(i + 2, frames.size()); ++k) {
                const auto found = reader->next();
                QVERIFY(found && *found);
                QCOMPARE((*found)->timestamp, frames[k].timestamp);
                QCOMPARE((*found)->duration, frames[k].duration);
                QVERIFY((*found)->picture->rgb == frames[k].picture->rgb);
            }
        }
        QVERIFY(reader->seek(1e6));
        QCOMPARE((*reader->next())->timestamp, frames.back().timestamp);
        QVERIFY(!*reader->next());
        QVERIFY(reader->seek(-3));
        QCOMPARE((*reader->next())->timestamp, frames.front().timestamp);
    }

    // What a cut without encoding again leaves: frames before the first one shown, which it needs.
    void seekIsExactAfterACut() {
        const Workshop shop;
        const fs::path whole = shop.make("a.mp4", testPicture("64x48", 30, 3) + " -c:v libx264 -g 60 -bf 3");
        const fs::path file = shop.make("cut.mp4", QString("-ss 0.73 -i %1 -c copy").arg(quoted(whole)));
        const auto frames = readAll(file);
        QVERIFY(frames.size() >= 60);
        auto reader = VideoReader::open(file);
        QVERIFY(reader);
        for (std::size_t step = 0; step < frames.size(); ++step) {
            const std::size_t i = step * 37 % frames.size();
            QVERIFY(reader->seek(frames[i].seconds));
            const auto found = reader->next();
            QVERIFY(found && *found);
            QCOMPARE((*found)->timestamp, frames[i].timestamp);
            QVERIFY((*found)->picture->rgb == frames[i].picture->rgb);
        }
    }

    void rangesPartitionAClip() {
        const Workshop shop;
        const fs::path file = shop.make("a.mp4", testPicture("64x48", 24, 2) + " -c:v libx264 -output_ts_offset 1.5");
        const auto all = readAll(file);
        QCOMPARE(all.size(), 48u);
        for (const double cut : {0.01, 0.5, 1.0, 25.0 / 24, 1.2345}) {
            ReaderOptions head, tail;
            head.endSeconds = tail.startSeconds = cut;
            const auto first = readAll(file, head);
            const auto second = readAll(file, tail);
            QCOMPARE(first.size() + second.size(), all.size());
            QVERIFY(first.back().seconds < cut);
            QVERIFY(second.front().seconds >= cut - 1e-6);
            QCOMPARE(second.front().timestamp, all[first.size()].timestamp);
            QVERIFY(second.front().picture->rgb == all[first.size()].picture->rgb);
        }
        // The range holds for seeking too.
        ReaderOptions middle;
        middle.startSeconds = 0.5;
        middle.endSeconds = 1.0;
        auto reader = VideoReader::open(file, middle);
        QVERIFY(reader);
        QVERIFY(reader->seek(0));
        QCOMPARE((*reader->next())->timestamp, all[12].timestamp);
        QVERIFY(reader->seek(5));
        QCOMPARE((*reader->next())->timestamp, all[23].timestamp);
    }

    void emptyRangesAreRefused() {
        const Workshop shop;
        const fs::path file = shop.make("a.mp4", testPicture("64x48", 24, 1) + " -c:v libx264");
        for (const auto& [start, end] : {std::pair{0.5, 0.5}, {0.6, 0.2}, {5.0, 9.0}, {0.0, 0.0}, {0.55, 0.56}}) {
            ReaderOptions options;
            options.startSeconds = start;
            options.endSeconds = end;
            const auto reader = VideoReader::open(file, options);
            QVERIFY(!reader);
            QCOMPARE(reader.error().code, ErrorCode::invalidArgument);
        }
    }

    void picturesStandUpright_data() {
        QTest::addColumn<int>("degrees");
        for (const int degrees : {0, 90, 180, 270})
            QTest::addRow("%d", degrees) << degrees;
    }
    void picturesStandUpright() {
        QFETCH(int, degrees);
        const Workshop shop;
        const fs::path stored = shop.make("stored.mp4", rawInput(shop, quadrants(96, 64)) + " -c:v libx264");
        const fs::path file =
            shop.make("turned.mp4", QString("-i %1 -c copy -metadata:s:v rotate=%2").arg(quoted(stored)).arg(degrees));
        // ffmpeg turns pictures upright by itself: the letters it shows are the ones wanted.
        const fs::path upright = shop.make("upright.png", QString("-i %1 -frames:v 1").arg(quoted(file)));
        const std::string letters = quadrantLetters(*readAll(upright).at(0).picture);
        QCOMPARE(letters == "RGBW", degrees == 0);

        const auto frames = readAll(file);
        QVERIFY(!frames.empty());
        QCOMPARE(frames[0].picture->width, degrees % 180 ? 64 : 96);
        QCOMPARE(quadrantLetters(*frames[0].picture), letters);
        ReaderOptions small;
        small.width = 40;
        small.height = 30;
        const auto scaled = readAll(file, small);
        QCOMPARE(scaled[0].picture->width, 40);
        QCOMPARE(scaled[0].picture->height, 30);
        QCOMPARE(quadrantLetters(*scaled[0].picture), letters);
    }

    void coloursAreTrue_data() {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("encoder");
        const QString lossless = "-c:v ffv1";
        QTest::newRow("601 limited") << "scale=out_color_matrix=bt601:out_range=tv,format=yuv444p"
                                     << lossless + " -colorspace smpte170m -color_range tv";
        QTest::newRow("709 limited") << "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
                                     << lossless + " -colorspace bt709 -color_range tv";
        QTest::newRow("709 full") << "scale=out_color_matrix=bt709:out_range=pc,format=yuv444p"
                                  << lossless + " -colorspace bt709 -color_range pc";
        QTest::newRow("2020 10 bit") << "scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le"
                                     << lossless + " -colorspace bt2020nc -color_range tv";
        QTest::newRow("no tags, small") << "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p" << lossless;
        QTest::newRow("yuvj") << "scale=out_color_matrix=bt601:out_range=pc,format=yuvj422p"
                              << "-c:v mjpeg -q:v 1";
        QTest::newRow("rgb") << "format=bgr0" << lossless;
        QTest::newRow("h264") << "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
                              << "-c:v libx264 -qp 1 -colorspace bt709";
    }
    void coloursAreTrue() {
        QFETCH(QString, filter);
        QFETCH(QString, encoder);
        constexpr int side = 32;
        const Workshop shop;
        const fs::path file = shop.make("chart.mkv", rawInput(shop, colorChart(side)) + " -vf " + filter +
                                                         " -sws_flags accurate_rnd+full_chroma_int " + encoder);
        const auto frames = readAll(file);
        QVERIFY(!frames.empty());
        const int error = chartError(*frames[0].picture, side);
        QVERIFY2(error <= 3, qPrintable(QString("off by %1").arg(error)));
        ReaderOptions half;
        half.width = side * 2;
        half.height = side;
        const int scaledError = chartError(*readAll(file, half)[0].picture, side / 2);
        QVERIFY2(scaledError <= 3, qPrintable(QString("halved: off by %1").arg(scaledError)));
    }

    void untaggedHighPicturesAreBt709() {
        constexpr int side = 360;  // 720 lines
        const Workshop shop;
        const fs::path file =
            shop.make("chart.mkv", rawInput(shop, colorChart(side)) +
                                       " -vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p -c:v ffv1");
        QVERIFY(chartError(*readAll(file)[0].picture, side) <= 3);
    }

    void transparencyIsBlack() {
        const Workshop shop;
        const fs::path file = shop.make("a.mov", "-f lavfi -i color=white@0.5:s=32x32:d=0.2,format=argb -c:v qtrle");
        const auto frames = readAll(file);
        QVERIFY(!frames.empty());
        QVERIFY(std::abs(int(frames[0].picture->rgb[0]) - 128) <= 2);
    }

    // Two resolutions in one stream: pictures keep the size that was promised.
    void sizeMayChangeOnTheWay() {
        const Workshop shop;
        const fs::path a = shop.make("a.ts", testPicture("96x64", 25, 0.4) + " -c:v mpeg2video");
        const fs::path b = shop.make("b.ts", testPicture("128x96", 25, 0.4) + " -c:v mpeg2video -output_ts_offset 0.4");
        std::ofstream both(shop.path("both.ts"), std::ios::binary);
        for (const auto& part : {a, b})
            both << std::ifstream(part, std::ios::binary).rdbuf();
        both.close();
        const auto frames = readAll(shop.path("both.ts"));
        QCOMPARE(qsizetype(frames.size()), frameTimes(shop.path("both.ts")).size());
        QVERIFY(frames.size() >= 19);
        for (const auto& frame : frames)
            QVERIFY(frame.picture->width == 96 && frame.picture->height == 64);
    }

    void damageIsRepairedAndCounted() {
        const Workshop shop;
        const fs::path good = shop.make("a.mkv", testPicture("96x64", 25, 2) + " -c:v mjpeg -q:v 3");
        std::ifstream in(good, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        const QJsonArray packets = ffprobe(good, "packets", "v");
        QCOMPARE(packets.size(), 50);
        // Three packets in the middle are wiped out, contents only.
        for (const int index : {20, 21, 33}) {
            const QJsonObject packet = packets[index].toObject();
            const auto size = packet["size"].toString().toULongLong();
            const auto at = packet["pos"].toString().toULongLong() + 12;
            for (std::size_t i = 0; i + 24 < size; ++i)
                bytes[at + i] = 0;
        }
        std::ofstream(shop.path("b.mkv"), std::ios::binary) << bytes;
        const auto whole = readAll(good);
        auto reader = VideoReader::open(shop.path("b.mkv"));
        QVERIFY(reader);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            const auto frame = reader->next();
            QVERIFY(frame && *frame);
            QCOMPARE((*frame)->timestamp, whole[i].timestamp);
            const std::size_t shown = i == 20 || i == 21 ? 19 : i == 33 ? 32 : i;
            QVERIFY2((*frame)->picture->rgb == whole[shown].picture->rgb, qPrintable(QString::number(i)));
        }
        QVERIFY(!*reader->next());
        QCOMPARE(reader->damagedFrames(), 3);
    }

    // Bytes flipped anywhere: an error or frames, never a crash, and time goes forward.
    void randomDamageIsSurvived_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("h264 mp4") << "a.mp4"
                                  << "-c:v libx264 -g 10 -movflags +faststart";
        QTest::newRow("hevc mkv") << "a.mkv"
                                  << "-c:v libx265 -x265-params log-level=none:keyint=10";
        QTest::newRow("mpeg2 ts") << "a.ts"
                                  << "-c:v mpeg2video";
    }
    void randomDamageIsSurvived() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        const Workshop shop;
        const fs::path good = shop.make(name, testPicture("96x64", 25, 2) + " " + arguments);
        std::ifstream in(good, std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(in), {}};
        const fs::path file = shop.path("bad-" + name);
        std::mt19937 random(11);
        int mostlyRead = 0;
        for (int round = 0; round < 12; ++round) {
            std::string bytes = whole;
            for (int i = 0; i < 30; ++i)
                bytes[bytes.size() / 3 + random() % (bytes.size() * 2 / 3)] = char(random());
            if (round % 4 == 3)
                bytes.resize(bytes.size() * std::size_t(round) / 12);
            std::ofstream(file, std::ios::binary) << bytes;
            auto reader = VideoReader::open(file);
            if (!reader)
                continue;
            std::int64_t count = 0, last = INT64_MIN;
            while (true) {
                const auto frame = reader->next();
                if (!frame || !*frame)
                    break;
                QVERIFY((*frame)->timestamp > last && (*frame)->duration > 0);
                last = (*frame)->timestamp;
                ++count;
            }
            mostlyRead += count >= 40;
        }
        QVERIFY2(mostlyRead >= 6, qPrintable(QString("only %1 of 12 damaged clips could be read").arg(mostlyRead)));
    }

    void nothingDecodableIsAnError() {
        const Workshop shop;
        const fs::path good = shop.make("a.mkv", testPicture("96x64", 25, 0.4) + " -c:v mjpeg");
        std::ifstream in(good, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        for (const auto& packet : ffprobe(good, "packets", "v")) {
            const auto size = packet.toObject()["size"].toString().toULongLong();
            const auto at = packet.toObject()["pos"].toString().toULongLong() + 8;
            std::fill_n(bytes.begin() + std::ptrdiff_t(at), size - 8, '\0');
        }
        std::ofstream(shop.path("b.mkv"), std::ios::binary) << bytes;
        const auto reader = VideoReader::open(shop.path("b.mkv"));
        QVERIFY(!reader);
        QVERIFY2(reader.error().code == ErrorCode::decodeFailed || reader.error().code == ErrorCode::inputDamaged,
                 reader.error().message.c_str());
    }

    void cancelStopsAtOnce() {
        const Workshop shop;
        const fs::path file = shop.make("a.mp4", testPicture("64x48", 25, 1) + " -c:v libx264");
        CancelSource source;
        auto reader = VideoReader::open(file, {}, source.token());
        QVERIFY(reader);
        QVERIFY(*reader->next());
        source.cancel();
        QCOMPARE(reader->next().error().code, ErrorCode::cancelled);
        QCOMPARE(reader->seek(0).error().code, ErrorCode::cancelled);
        QCOMPARE(VideoReader::open(file, {}, source.token()).error().code, ErrorCode::cancelled);
    }
};

QTEST_GUILESS_MAIN(VideoReaderTest)
#include "tst_video_reader.moc"
