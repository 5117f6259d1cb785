// ClipWriter::openTimeline and joinParts: every codec and container, parts put together equal to one render.
#include <QTest>

#include <algorithm>
#include <cmath>

#include "engine/media/clip_join.h"
#include "engine/media/timeline_audio.h"
#include "timeline_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

constexpr std::int64_t kFrames = 75;
constexpr std::int64_t kCut = 31;

// Moving pictures with a sliding tone, made of two clips of different size and rate.
Timeline exampleTimeline(const Workshop& shop) {
    const fs::path a = shop.make(
        "a.mp4", "-f lavfi -i testsrc2=s=192x108:r=25:d=3 -f lavfi -i \"aevalsrc='0.5*sin(2*PI*(300+200*t)*t)':s=48000:d=3\" "
                 "-c:v libx264 -preset ultrafast -crf 10 -pix_fmt yuv420p -c:a aac");
    const fs::path b = shop.make(
        "b.mkv", "-f lavfi -i testsrc2=s=128x96:r=30:d=3 -f lavfi -i sine=700:r=44100:d=3 -c:v libx264 -preset ultrafast "
                 "-pix_fmt yuv420p -c:a flac");
    Timeline timeline;
    timeline.width = 192;
    timeline.height = 108;
    timeline.rate = {25, 1};
    timeline.frames = kFrames;
    timeline.pictures = {pictures(a, {}, {2, 1}), pictures(b, {3, 2}, {3, 2})};
    timeline.pictures[1].fadeIn = {1, 2};
    timeline.sounds = {sound(a, {}, {2, 1}), sound(b, {3, 2}, {3, 2})};
    timeline.sounds[0].fadeOut = timeline.sounds[1].fadeIn = {1, 2};
    return timeline;
}

#define VERIFY_DONE(expression)                                                        \
    do {                                                                               \
        const auto done = (expression);                                                \
        QVERIFY2(done.has_value(), done ? "" : done.error().sentence().c_str());       \
    } while (false)

QStringList packetDecodingTimes(const fs::path& file) {
    QStringList times;
    for (const auto& packet : ffprobe(file, "packets", "v:0"))
        times << packet.toObject().value("dts_time").toString();
    return times;
}

float largestStep(const std::vector<float>& a, const std::vector<float>& b, std::int64_t from, std::int64_t to) {
    float worst = 0;
    for (std::int64_t i = from * 2; i < to * 2; ++i)
        worst = std::max(worst, std::abs(a[std::size_t(i)] - b[std::size_t(i)]));
    return worst;
}

}  // namespace

class ClipJoinTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void joinedEqualsOneRender_data() {
        QTest::addColumn<QString>("codec");
        QTest::addColumn<QString>("container");
        QTest::addColumn<double>("least");  // PSNR of the two, dB
        QTest::newRow("h264 mp4") << "h264" << "mp4" << 45.0;
        QTest::newRow("h264 mkv") << "h264" << "mkv" << 45.0;
        QTest::newRow("hevc mov") << "hevc" << "mov" << 45.0;
        QTest::newRow("vp9 webm") << "vp9" << "webm" << 30.0;
        QTest::newRow("av1 mp4") << "av1" << "mp4" << 30.0;
        QTest::newRow("prores mov") << "prores" << "mov" << 98.0;
        QTest::newRow("ffv1 mkv") << "ffv1" << "mkv" << 98.0;
    }
    void joinedEqualsOneRender() {
        QFETCH(QString, codec);
        QFETCH(QString, container);
        QFETCH(double, least);
        const Workshop shop;
        const Timeline timeline = exampleTimeline(shop);
        WriterOptions options;
        options.codec = codec.toStdString();
        if (codec == "h264" || codec == "hevc")
            options.crf = 2;  // two encodings differ by what each lost
        const fs::path whole = shop.path("whole." + container), first = shop.path("first." + container),
                       second = shop.path("second." + container), joined = shop.path("joined." + container);
        VERIFY_DONE(render(timeline, whole, options));
        VERIFY_DONE(render(timeline, first, options, 0, kCut));
        VERIFY_DONE(render(timeline, second, options, kCut, kFrames));
        const std::vector<fs::path> parts{first, second};
        VERIFY_DONE(joinParts(parts, joined));

        const auto a = readAll(whole), b = readAll(joined), part = readAll(second);
        QCOMPARE(a.size(), std::size_t(kFrames));
        QCOMPARE(b.size(), std::size_t(kFrames));
        QCOMPARE(part.size(), std::size_t(kFrames - kCut));
        double worst = 99;
        for (std::size_t i = 0; i < a.size(); ++i) {
            QVERIFY(std::abs(a[i].seconds - b[i].seconds) < 1e-9);
            QVERIFY(std::abs(a[i].seconds - double(i) / 25) < 0.0006);
            worst = std::min(worst, psnr(*a[i].picture, *b[i].picture));
        }
        for (std::size_t i = 0; i < part.size(); ++i)
            QCOMPARE(part[i].picture->rgb, b[i + kCut].picture->rgb);  // nothing was encoded again
        QVERIFY2(worst >= least, qPrintable(QString::number(worst)));
        const bool hasDecodingTimes = container == "mp4" || container == "mov";
        const QStringList decoding = hasDecodingTimes ? packetDecodingTimes(joined) : QStringList();
        for (qsizetype i = 1; i < decoding.size(); ++i)
            QVERIFY(decoding[i].toDouble() > decoding[i - 1].toDouble());

        // Sound: every packet of the grid once, and no larger difference at the seam than elsewhere.
        QVERIFY(timeDifferences(packetTimes(whole, "a:0"), packetTimes(joined, "a:0"), 1e-6) == 0);
        const std::vector<float> heard = decodedSound(whole), other = decodedSound(joined);
        QCOMPARE(heard.size(), other.size());
        const std::int64_t seam = kCut * 48000 / 25;
        const float elsewhere = largestStep(heard, other, 2000, seam - 3000);
        const float after = largestStep(heard, other, seam + 3000, 48000 * 3 - 2000);
        const float there = largestStep(heard, other, seam - 3000, seam + 3000);
        qInfo("PSNR %.1f dB; sound differs by %.5f before, %.5f at, %.5f after the seam", worst, double(elsewhere),
              double(there), double(after));
        QVERIFY(there <= std::max({after * 1.5F, elsewhere * 1.5F, 0.01F}));

        // The sound of the part alone is right from its first picture on.
        const std::vector<float> alone = decodedSound(second);
        if (container != "webm" && container != "mkv") {
            float late = 0;
            for (std::size_t i = 0; i < 4000; ++i)
                late = std::max(late, std::abs(alone[i] - heard[std::size_t(seam) * 2 + i]));
            qInfo("the part's first sound differs by %.5f", double(late));
        }
        const auto info = readPartInfo(joined);
        VERIFY_DONE(info);
        QCOMPARE(info->firstFrame, 0);
        QCOMPARE(info->endFrame, kFrames);
    }

    void indexComesFirst() {
        const Workshop shop;
        const fs::path file = shop.path("o.mp4");
        VERIFY_DONE(render(exampleTimeline(shop), file, {}, 0, 10));
        QFile bytes(QString::fromStdString(file.string()));
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        const QByteArray all = bytes.readAll();
        QVERIFY(all.indexOf("moov") > 0 && all.indexOf("moov") < all.indexOf("mdat"));
    }

    void bitRateIsKept_data() {
        QTest::addColumn<QString>("codec");
        QTest::addColumn<QString>("container");
        for (const char* codec : {"h264", "hevc", "vp9", "av1"})
            QTest::newRow(codec) << codec << "mkv";
    }
    void bitRateIsKept() {
        QFETCH(QString, codec);
        QFETCH(QString, container);
        const Workshop shop;
        const Timeline timeline = exampleTimeline(shop);
        std::array<std::uintmax_t, 2> sizes{};
        for (const int i : {0, 1}) {
            WriterOptions options;
            options.codec = codec.toStdString();
            options.audio = AudioPolicy::none;
            options.bitRate = i == 0 ? 100'000 : 400'000;
            const fs::path file = shop.path(QString("o%1.").arg(i) + container);
            VERIFY_DONE(render(timeline, file, options));
            sizes[std::size_t(i)] = fs::file_size(file);
        }
        qInfo("100 kbit/s asked for: %.0f, 400: %.0f", double(sizes[0]) * 8 / 3000, double(sizes[1]) * 8 / 3000);
        QVERIFY(sizes[0] < 100'000 * 3 / 8 * 2);
        QVERIFY(sizes[1] > sizes[0] * 3 / 2);
    }

    void settingsAreRefusedInWords() {
        const Workshop shop;
        for (const char* codec : {"prores", "ffv1"}) {
            WriterOptions options;
            options.codec = codec;
            options.bitRate = 1'000'000;
            const auto refused = checkWriterOptions(shop.path("o.mkv"), options);
            QVERIFY(!refused && refused.error().code == ErrorCode::invalidArgument);
            QVERIFY(refused.error().message.find("bit rate") != std::string::npos);
        }
        WriterOptions both;
        both.bitRate = 1'000'000;
        both.crf = 20;
        QVERIFY(!checkWriterOptions(shop.path("o.mp4"), both));
    }

    void wrongPartsAreRefused() {
        const Workshop shop;
        Timeline timeline = exampleTimeline(shop);
        const fs::path a = shop.path("a0.mp4"), b = shop.path("b0.mp4"), c = shop.path("c0.mp4"), d = shop.path("d0.mp4"),
                       target = shop.path("joined.mp4");
        VERIFY_DONE(render(timeline, a, {}, 0, 10));
        VERIFY_DONE(render(timeline, b, {}, 10, 20));
        VERIFY_DONE(render(timeline, c, {}, 25, 30));
        WriterOptions silent;
        silent.audio = AudioPolicy::none;
        VERIFY_DONE(render(timeline, d, silent, 10, 20));
        const auto refusal = [&](std::vector<fs::path> parts) {
            const auto joined = joinParts(parts, target);
            return joined ? std::string() : joined.error().message;
        };
        QVERIFY(refusal({a, c}).find("begins at frame 25") != std::string::npos);
        QVERIFY(refusal({b, a}).find("begins at frame 0") != std::string::npos);
        QVERIFY(refusal({a, d}).find("encoded differently") != std::string::npos);
        QVERIFY(refusal({}).find("none is named") != std::string::npos);
        QVERIFY(refusal({a, shop.path("a.mp4")}).find("not a rendered part") != std::string::npos);
        timeline.sounds[0].gain = 0.5;
        VERIFY_DONE(render(timeline, b, {}, 10, 20));
        QVERIFY(refusal({a, b}).find("not of the same timeline") != std::string::npos);
        QVERIFY(!fs::exists(target));
        CancelSource cancel;
        cancel.cancel();
        const auto cancelled = joinParts(std::vector{a}, target, cancel.token());
        QVERIFY(!cancelled && cancelled.error().code == ErrorCode::cancelled);
    }
};

QTEST_GUILESS_MAIN(ClipJoinTest)
#include "tst_clip_join.moc"
