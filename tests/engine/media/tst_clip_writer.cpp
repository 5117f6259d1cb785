// ClipWriter: what comes out has the source's times, shape and tags, or says clearly why it cannot.
#include <QTest>

#include <sys/mount.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstdlib>

#include "media_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

constexpr const char* kVariableRate =
    "-vf select='not(eq(mod(n\\,5)\\,2))*not(between(n\\,10\\,17))' -vsync vfr -video_track_timescale 90000";

int filesIn(const fs::path& folder) {
    int count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder))
        ++count;
    return count;
}

}  // namespace

class ClipWriterTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void timesAreTheSources_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("codec");
        QTest::addColumn<QString>("target");
        const auto row = [](const char* name, const char* source, const QString& arguments, const char* codec,
                            const char* target) { QTest::newRow(name) << source << arguments << codec << target; };
        row("constant rate", "a.mp4", "-c:v libx264 -bf 3", "h264", "b.mp4");
        row("variable rate", "a.mp4", QString(kVariableRate) + " -c:v libx264 -bf 3", "h264", "b.mp4");
        row("variable rate mov hevc", "a.mp4", QString(kVariableRate) + " -c:v libx264", "hevc", "b.mov");
        row("variable rate av1", "a.mp4", QString(kVariableRate) + " -c:v libx264", "av1", "b.mp4");
        row("later start", "a.mp4", "-output_ts_offset 0.777 -c:v libx264", "h264", "b.mp4");
        row("transport stream", "a.ts", "-c:v libx264 -bf 2", "h264", "b.mp4");
        row("NTSC rate", "a.mp4", "-r 30000/1001 -c:v libx264", "h264", "b.mov");
        row("matroska to mp4", "a.mkv", "-c:v libx264", "h264", "b.mp4");
        row("avi clock of 1001/30000", "a.avi", "-r 30000/1001 -c:v mpeg4", "h264", "b.mp4");
        row("matroska", "a.mkv", QString(kVariableRate) + " -c:v libx264 -bf 3", "h264", "b.mkv");
        row("webm", "a.mkv", "-c:v libx264 -bf 3", "vp9", "b.webm");
        row("prores", "a.mp4", "-c:v libx264", "prores", "b.mov");
        row("ffv1", "a.mkv", "-c:v libx264", "ffv1", "b.mkv");
        row("one frame", "a.mp4", "-frames:v 1 -c:v libx264", "h264", "b.mp4");
        row("interlaced", "a.mkv", "-c:v mpeg2video -flags +ildct+ilme -top 1", "h264", "b.mp4");
    }
    void timesAreTheSources() {
        QFETCH(QString, source);
        QFETCH(QString, arguments);
        QFETCH(QString, codec);
        QFETCH(QString, target);
        const Workshop shop;
        const fs::path a = shop.make(source, testPicture("96x64", 30, 1.2) + " " + arguments);
        WriterOptions options;
        options.codec = codec.toStdString();
        const fs::path b = shop.path(target);
        const auto copied = copyClip(a, b, options);
        QVERIFY2(copied, copied ? "" : copied.error().sentence().c_str());
        const QStringList expected = frameTimes(a);
        QCOMPARE(qsizetype(*copied), expected.size());
        QCOMPARE(frameTimes(b), expected);
        QCOMPARE(filesIn(b.parent_path()), 2);
        // The clip is as long as the source, last frame included.
        const auto before = readAll(a), after = readAll(b);
        const double lastBefore = double(before.back().duration) * probe(a)->video.timeBase.value();
        const double lastAfter = double(after.back().duration) * probe(b)->video.timeBase.value();
        if (target.endsWith("mp4") || target.endsWith("mov"))
            QVERIFY2(std::abs(lastBefore - lastAfter) < 0.0011,
                     qPrintable(QString("%1 %2").arg(lastBefore).arg(lastAfter)));
    }

    // MKV and WebM store milliseconds whatever the source has.
    void millisecondContainersRound() {
        const Workshop shop;
        const fs::path a = shop.make("a.mp4", testPicture("96x64", 24, 1) + " -c:v libx264");
        for (const auto& [name, codec] : {std::pair{"b.mkv", "h264"}, {"b.webm", "vp9"}}) {
            WriterOptions options;
            options.codec = codec;
            QVERIFY(copyClip(a, shop.path(name), options));
            QCOMPARE(timeDifferences(frameTimes(a), frameTimes(shop.path(name)), 0.00051), 0);
        }
    }

    void shapeAndTagsAreTheSources_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("codec");
        QTest::addColumn<QString>("target");
        const QString tags = " -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv";
        QTest::newRow("tags") << "-c:v libx264" + tags << "h264"
                              << "b.mp4";
        QTest::newRow("tags hevc") << "-c:v libx264" + tags << "hevc"
                                   << "b.mp4";
        QTest::newRow("tags av1") << "-c:v libx264" + tags << "av1"
                                  << "b.mp4";
        QTest::newRow("tags vp9") << "-c:v libx264" + tags << "vp9"
                                  << "b.webm";
        QTest::newRow("tags prores") << "-c:v libx264" + tags << "prores"
                                     << "b.mov";
        QTest::newRow("tags ffv1") << "-c:v libx264" + tags << "ffv1"
                                   << "b.mkv";
        QTest::newRow("full range") << "-c:v libx264 -vf scale=out_range=pc -colorspace bt709 -color_range pc"
                                    << "h264"
                                    << "b.mp4";
        QTest::newRow("hdr") << "-c:v libx264 -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc arib-std-b67 "
                                "-colorspace bt2020nc -color_range tv"
                             << "hevc"
                             << "b.mp4";
        QTest::newRow("10 bit h264") << "-c:v libx264 -pix_fmt yuv420p10le"
                                     << "h264"
                                     << "b.mp4";
        QTest::newRow("10 bit vp9") << "-c:v libx264 -pix_fmt yuv420p10le"
                                    << "vp9"
                                    << "b.webm";
        QTest::newRow("10 bit av1") << "-c:v libx264 -pix_fmt yuv420p10le"
                                    << "av1"
                                    << "b.mp4";
        QTest::newRow("anamorphic") << "-c:v libx264 -vf setsar=16/11"
                                    << "h264"
                                    << "b.mp4";
        QTest::newRow("anamorphic mkv") << "-c:v libx264 -vf setsar=16/11"
                                        << "h264"
                                        << "b.mkv";
        QTest::newRow("odd h264") << "-c:v libx264 -vf format=yuv444p,crop=63:37"
                                  << "h264"
                                  << "b.mp4";
        QTest::newRow("odd hevc") << "-c:v libx264 -vf format=yuv444p,crop=63:37"
                                  << "hevc"
                                  << "b.mp4";
        QTest::newRow("odd av1") << "-c:v libx264 -vf format=yuv444p,crop=63:37"
                                 << "av1"
                                 << "b.mkv";
        QTest::newRow("odd vp9") << "-c:v libx264 -vf format=yuv444p,crop=63:37"
                                 << "vp9"
                                 << "b.webm";
        QTest::newRow("odd prores") << "-c:v libx264 -vf format=yuv444p,crop=63:37"
                                    << "prores"
                                    << "b.mov";
        QTest::newRow("odd ffv1") << "-c:v libx264 -vf format=yuv444p,crop=63:37"
                                  << "ffv1"
                                  << "b.mkv";
        QTest::newRow("centred chroma") << "-c:v libx264 -chroma_sample_location center"
                                        << "h264"
                                        << "b.mp4";
    }
    void shapeAndTagsAreTheSources() {
        QFETCH(QString, arguments);
        QFETCH(QString, codec);
        QFETCH(QString, target);
        const Workshop shop;
        const fs::path a = shop.make("a.mkv", testPicture("96x64", 10, 0.5) + " " + arguments);
        const fs::path b = shop.path(target);
        WriterOptions options;
        options.codec = codec.toStdString();
        const auto copied = copyClip(a, b, options);
        QVERIFY2(copied, copied ? "" : copied.error().sentence().c_str());
        const QJsonObject before = videoStream(a), after = videoStream(b);
        QCOMPARE(after["codec_name"].toString(), codec);
        for (const char* key :
             {"width", "height", "sample_aspect_ratio", "color_primaries", "color_transfer", "color_space"})
            QCOMPARE(after[key], before[key]);
        if (before.contains("color_range"))
            QCOMPARE(after["color_range"], before["color_range"]);
        if ((codec == "h264" || codec == "hevc") && !after["pix_fmt"].toString().contains("444"))
            QCOMPARE(after["chroma_location"], before["chroma_location"]);
        if (before["pix_fmt"].toString().contains("10"))
            QVERIFY2(after["pix_fmt"].toString().contains("10"), qPrintable(after["pix_fmt"].toString()));
    }

    void rotationIsKept_data() {
        QTest::addColumn<int>("degrees");
        QTest::addColumn<QString>("target");
        for (const char* target : {"b.mp4", "b.mov", "b.mkv"})
            for (const int degrees : {90, 180, 270})
                QTest::addRow("%d %s", degrees, target) << degrees << target;
    }
    void rotationIsKept() {
        QFETCH(int, degrees);
        QFETCH(QString, target);
        const Workshop shop;
        MediaInfo stored = newClipFormat(96, 64, {10, 1});
        stored.video.rotation = degrees;
        stored.video.sampleAspect = {4, 3};
        const fs::path a = shop.path("a.mp4");
        auto writer = ClipWriter::openNew(a, stored, {});
        QVERIFY(writer);
        const Picture upright = quadrants(stored.video.uprightWidth(), stored.video.uprightHeight());
        for (int i = 0; i < 3; ++i)
            QVERIFY(writer->write(upright, i, 1));
        QVERIFY(writer->finish());
        const fs::path b = shop.path(target);
        QVERIFY(copyClip(a, b));
        QCOMPARE(quadrantLetters(*readAll(b).at(0).picture), std::string("RGBW"));
        // ffmpeg agrees on which side is up.
        const fs::path shown =
            shop.make("shown.png", QString("-i \"%1\" -frames:v 1").arg(QString::fromStdString(b.string())));
        QCOMPARE(quadrantLetters(*readAll(shown).at(0).picture), std::string("RGBW"));

        const QJsonObject before = videoStream(a), after = videoStream(b);
        QCOMPARE(before["width"].toInt(), 96);
        QCOMPARE((360 - before["side_data_list"].toArray().at(0)["rotation"].toInt()) % 360, degrees);
        if (target != "b.mkv") {
            for (const char* key : {"width", "height", "sample_aspect_ratio"})
                QCOMPARE(after[key], before[key]);
            QCOMPARE(after["side_data_list"].toArray().at(0)["rotation"],
                     before["side_data_list"].toArray().at(0)["rotation"]);
        } else {
            QCOMPARE(after["width"].toInt(), stored.video.uprightWidth());
            QCOMPARE(after["sample_aspect_ratio"].toString(), QString(degrees % 180 ? "3:4" : "4:3"));
        }
    }

    void mirroringIsKept() {
        const Workshop shop;
        for (const int degrees : {0, 90, 270}) {
            MediaInfo format = newClipFormat(96, 64, {10, 1});
            format.video.rotation = degrees;
            format.video.mirrored = true;
            const fs::path a = shop.path("a.mp4");
            auto writer = ClipWriter::openNew(a, format, {});
            QVERIFY(writer);
            QVERIFY(writer->write(quadrants(format.video.uprightWidth(), format.video.uprightHeight()), 0, 1));
            QVERIFY(writer->finish());
            const auto info = probe(a);
            QVERIFY(info);
            QCOMPARE(info->video.rotation, degrees);
            QVERIFY(info->video.mirrored);
            QCOMPARE(quadrantLetters(*readAll(a).at(0).picture), std::string("RGBW"));
            const fs::path shown =
                shop.make("shown.png", QString("-i \"%1\" -frames:v 1").arg(QString::fromStdString(a.string())));
            if (degrees != 0)  // ffmpeg 5.1 overlooks a mirroring without a turn
                QCOMPARE(quadrantLetters(*readAll(shown).at(0).picture), std::string("RGBW"));
        }
    }

    void outputSizeKeepsTheShape() {
        const Workshop shop;
        const fs::path a = shop.make("a.mp4", testPicture("144x108", 10, 0.3) + " -vf setsar=4/3 -c:v libx264");
        WriterOptions options;
        options.width = 192;
        options.height = 108;
        QVERIFY(copyClip(a, shop.path("b.mp4"), options));
        const QJsonObject after = videoStream(shop.path("b.mp4"));
        QCOMPARE(after["width"].toInt(), 192);
        QCOMPARE(after["height"].toInt(), 108);
        QCOMPARE(after["sample_aspect_ratio"].toString(), QString("1:1"));
        // One side follows from the other.
        options.height = 0;
        options.width = 72;
        QVERIFY(copyClip(a, shop.path("c.mp4"), options));
        QCOMPARE(videoStream(shop.path("c.mp4"))["height"].toInt(), 54);
        QCOMPARE(videoStream(shop.path("c.mp4"))["sample_aspect_ratio"].toString(), QString("4:3"));
    }

    void coloursSurviveARoundTrip_data() {
        QTest::addColumn<QString>("codec");
        QTest::addColumn<int>("matrix");
        QTest::addColumn<int>("range");
        QTest::addColumn<QString>("format");
        for (const char* codec : {"h264", "hevc", "av1", "vp9", "prores", "ffv1"})
            QTest::addRow("%s", codec) << codec << 1 << 1 << "yuv420p";
        QTest::newRow("601") << "h264" << 6 << 1 << "yuv420p";
        QTest::newRow("full range") << "h264" << 1 << 2 << "yuv420p";
        QTest::newRow("unspecified") << "h264" << 2 << 0 << "yuv420p";
        QTest::newRow("2020 10 bit") << "hevc" << 9 << 1 << "yuv420p10le";
        QTest::newRow("rgb source") << "h264" << 0 << 2 << "rgb24";
        QTest::newRow("rgb source ffv1") << "ffv1" << 0 << 2 << "rgb24";
    }
    void coloursSurviveARoundTrip() {
        QFETCH(QString, codec);
        QFETCH(int, matrix);
        QFETCH(int, range);
        QFETCH(QString, format);
        constexpr int side = 32;
        const Workshop shop;
        MediaInfo info = newClipFormat(side * 4, side * 2, {10, 1});
        info.video.colorMatrix = matrix;
        info.video.colorRange = range;
        info.video.pixelFormat = format.toStdString();
        info.video.bitDepth = format.contains("10") ? 10 : 8;
        WriterOptions options;
        options.codec = codec.toStdString();
        if (codec != "prores" && codec != "ffv1")
            options.crf = 4;
        const fs::path file = shop.path(codec == "prores" ? "a.mov" : "a.mkv");
        auto writer = ClipWriter::openNew(file, info, options);
        QVERIFY2(writer, writer ? "" : writer.error().sentence().c_str());
        for (int i = 0; i < 3; ++i)
            QVERIFY(writer->write(colorChart(side), i, 1));
        QVERIFY(writer->finish());
        const int error = chartError(*readAll(file).at(1).picture, side);
        QVERIFY2(error <= 3, qPrintable(QString("off by %1").arg(error)));
    }

    void detailSurvives() {
        const Workshop shop;
        const fs::path a = shop.make("a.mkv", testPicture("192x128", 10, 0.5) + " -pix_fmt yuv420p -c:v ffv1");
        QVERIFY(copyClip(a, shop.path("b.mp4")));
        const auto before = readAll(a), after = readAll(shop.path("b.mp4"));
        QCOMPARE(before.size(), after.size());
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY(meanDifference(*before[i].picture, *after[i].picture) < 4);
        // A picture of another size is scaled to the clip's.
        ReaderOptions small;
        small.width = 96;
        small.height = 64;
        QVERIFY(copyClip(a, shop.path("c.mp4"), {}, small));
        const auto scaled = readAll(shop.path("c.mp4"));
        QCOMPARE(scaled[0].picture->width, 192);
        QVERIFY(meanDifference(*before[0].picture, *scaled[0].picture) < 12);
    }

    void optionsThatMakeNoSenseAreExplained_data() {
        QTest::addColumn<QString>("codec");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("container");
        QTest::addColumn<int>("crf");
        QTest::addColumn<QString>("words");
        QTest::newRow("codec") << "h265"
                               << "a.mp4"
                               << "" << -1 << "unknown codec \"h265\"";
        QTest::newRow("container") << "h264"
                                   << "a.wmv"
                                   << "" << -1 << "unknown container \"wmv\"";
        QTest::newRow("no ending") << "h264"
                                   << "clip"
                                   << "" << -1 << "no ending";
        QTest::newRow("pair") << "h264"
                              << "a.webm"
                              << "" << -1 << "webm does not hold h264";
        QTest::newRow("pair by option") << "prores"
                                        << "a.mov"
                                        << "mp4" << -1 << "mp4 does not hold prores";
        QTest::newRow("crf range") << "h264"
                                   << "a.mp4"
                                   << "" << 99 << "out of range";
        QTest::newRow("crf of prores") << "prores"
                                       << "a.mov"
                                       << "" << 20 << "no such setting";
    }
    void optionsThatMakeNoSenseAreExplained() {
        QFETCH(QString, codec);
        QFETCH(QString, file);
        QFETCH(QString, container);
        QFETCH(int, crf);
        QFETCH(QString, words);
        WriterOptions options;
        options.codec = codec.toStdString();
        options.container = container.toStdString();
        if (crf >= 0)
            options.crf = crf;
        const auto checked = checkWriterOptions(file.toStdString(), options);
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::invalidArgument);
        QVERIFY2(QString::fromStdString(checked.error().message).contains(words), checked.error().message.c_str());
        QVERIFY(!checked.error().hint.empty());
        const Workshop shop;
        QVERIFY(!ClipWriter::openNew(shop.path(file), newClipFormat(64, 48, {25, 1}), options));
        QCOMPARE(filesIn(shop.path("x").parent_path()), 0);
    }

    void unfinishedClipsLeaveNothing() {
        const Workshop shop;
        const fs::path target = shop.path("a.mp4");
        const Picture picture = quadrants(64, 48);
        {
            auto writer = ClipWriter::openNew(target, newClipFormat(64, 48, {25, 1}), {});
            QVERIFY(writer);
            for (int i = 0; i < 80; ++i)
                QVERIFY(writer->write(picture, i, 1));
        }
        QCOMPARE(filesIn(target.parent_path()), 0);
        {
            CancelSource source;
            auto writer = ClipWriter::openNew(target, newClipFormat(64, 48, {25, 1}), {}, {}, source.token());
            QVERIFY(writer);
            QVERIFY(writer->write(picture, 0, 1));
            source.cancel();
            QCOMPARE(writer->write(picture, 1, 1).error().code, ErrorCode::cancelled);
            QCOMPARE(writer->finish().error().code, ErrorCode::cancelled);
        }
        QCOMPARE(filesIn(target.parent_path()), 0);
        auto empty = ClipWriter::openNew(target, newClipFormat(64, 48, {25, 1}), {});
        QCOMPARE(empty->finish().error().code, ErrorCode::outputFailed);
        auto order = ClipWriter::openNew(target, newClipFormat(64, 48, {25, 1}), {});
        QVERIFY(order->write(picture, 5, 1));
        QCOMPARE(order->write(picture, 5, 1).error().code, ErrorCode::invalidArgument);
    }

    void anExistingFileIsReplacedOnlyByAWholeOne() {
        const Workshop shop;
        const fs::path target = shop.make("a.mp4", testPicture("64x48", 25, 0.2) + " -c:v libx264");
        const auto size = fs::file_size(target);
        {
            auto writer = ClipWriter::openNew(target, newClipFormat(96, 48, {25, 1}), {});
            QVERIFY(writer && writer->write(quadrants(96, 48), 0, 1));
        }
        QCOMPARE(fs::file_size(target), size);
        // Even a clip that is read meanwhile can be replaced.
        WriterOptions wider;
        wider.width = 96;
        QVERIFY(copyClip(target, target, wider));
        QCOMPARE(probe(target)->video.storedWidth, 96);
        const auto missing = ClipWriter::openNew(shop.path("no/such/folder/a.mp4"), newClipFormat(64, 48, {25, 1}), {});
        QCOMPARE(missing.error().code, ErrorCode::outputFailed);
    }

    void aFullDiskIsSaidToBe() {
        const Workshop shop;
        const fs::path folder = shop.path("disk");
        fs::create_directory(folder);
        const bool mounted = ::mount("none", folder.c_str(), "tmpfs", 0, "size=64k") == 0;
        rlimit before{};
        if (!mounted) {  // without the right to mount, a limit on the size of files does as well
            ::getrlimit(RLIMIT_FSIZE, &before);
            const rlimit small{65536, before.rlim_max};
            std::signal(SIGXFSZ, SIG_IGN);
            QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        }
        Result<> written;
        WriterOptions options;
        options.codec = "ffv1";
        {
            auto writer = ClipWriter::openNew(folder / "a.mkv", newClipFormat(320, 240, {25, 1}), options);
            QVERIFY(writer);
            Picture noise(320, 240);
            for (std::uint8_t& value : noise.rgb)
                value = std::uint8_t(std::rand());
            for (int i = 0; i < 20 && written; ++i)
                written = writer->write(noise, i, 1);
            if (written)
                written = writer->finish();
        }
        const int left = filesIn(folder);
        if (mounted)
            ::umount(folder.c_str());
        else
            ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!written);
        QVERIFY2(written.error().code == ErrorCode::diskFull, written.error().message.c_str());
        QCOMPARE(left, 0);
    }

    void estimatesAreOfTheRightOrder() {
        const Workshop shop;
        const fs::path a = shop.make("a.mp4", testPicture("320x240", 25, 2) + " -vf noise=alls=12:allf=t -c:v libx264");
        const auto info = probe(a);
        QVERIFY(info);
        const std::int64_t whole = estimateOutputBytes(*info, {});
        WriterOptions half;
        half.endSeconds = 1;
        QVERIFY(estimateOutputBytes(*info, half) < whole * 0.6);
        WriterOptions coarse;
        coarse.crf = 30;
        QVERIFY(estimateOutputBytes(*info, coarse) < whole / 2);
        QVERIFY(copyClip(a, shop.path("b.mp4")));
        const double ratio = double(whole) / double(fs::file_size(shop.path("b.mp4")));
        QVERIFY2(ratio > 0.1 && ratio < 10, qPrintable(QString::number(ratio)));
    }
};

QTEST_GUILESS_MAIN(ClipWriterTest)
#include "tst_clip_writer.moc"
