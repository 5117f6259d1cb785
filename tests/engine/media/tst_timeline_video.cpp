// TimelineCompositor: which picture is shown when, where it lies, in which colours, and what is open for it.
#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>

#include "engine/media/timeline_video.h"
#include "timeline_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

Timeline timelineOf(int width, int height, Rational rate, std::int64_t frames) {
    Timeline timeline;
    timeline.width = width;
    timeline.height = height;
    timeline.rate = rate;
    timeline.frames = frames;
    return timeline;
}

// A clip whose frame n is grey of brightness 20 + n % 22 * 10.
QString greyClip(const QString& rate, double seconds) {
    return QString("-f lavfi -i nullsrc=s=64x48:r=%1:d=%2 -vf \"geq=lum='16+(20+mod(N\\,22)*10)*219/255':cb=128:cr=128\"")
        .arg(rate)
        .arg(seconds);
}

int frameShown(const Picture& picture) { return int(std::lround((brightness(picture) - 20) / 10)); }

class EditedRed final : public PictureSource {
public:
    Result<Answer> edited(std::size_t entry, Rational seconds) override {
        asked.emplace_back(entry, seconds);
        if (seconds < Rational{1, 2})
            return Answer{nullptr, true};
        if (seconds >= Rational{1, 1})
            return Answer{};
        auto picture = std::make_shared<Picture>(32, 24);
        for (std::size_t i = 0; i < picture->rgb.size(); i += 3)
            picture->rgb[i] = 255;
        return Answer{picture, false};
    }
    std::vector<std::pair<std::size_t, Rational>> asked;
};

std::array<int, 3> pixelAt(const Picture& picture, int x, int y) {
    const std::uint8_t* p = picture.rgb.data() + (std::size_t(y) * std::size_t(picture.width) + std::size_t(x)) * 3;
    return {p[0], p[1], p[2]};
}

}  // namespace

class TimelineVideoTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
    }

    void showsTheFrameThatHasBegun_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("rate");
        QTest::newRow("same rate") << "a.mp4" << "25";
        QTest::newRow("milliseconds") << "a.mkv" << "30000/1001";
        QTest::newRow("film in 25") << "a.mp4" << "24000/1001";
        QTest::newRow("slow") << "a.mp4" << "1/2";
        QTest::newRow("fast") << "a.mp4" << "120";
    }
    void showsTheFrameThatHasBegun() {
        QFETCH(QString, name);
        QFETCH(QString, rate);
        const Workshop shop;
        const QStringList terms = rate.split('/');
        const Rational sourceRate{terms[0].toInt(), terms.size() > 1 ? terms[1].toInt() : 1};
        const bool isSlow = sourceRate < Rational{1, 1};
        const fs::path clip = shop.make(name, greyClip(rate, isSlow ? 8 : 2) + " -c:v libx264 -bf 3 -crf 4 -pix_fmt yuv420p");
        const Rational timelineRate = name == "a.mkv" ? sourceRate : Rational{25, 1};
        Timeline timeline = timelineOf(64, 48, timelineRate, 40);
        const Rational sourceStart{1, name == "a.mkv" ? 7 : 5};
        timeline.pictures.push_back(pictures(clip, {}, {4, 1}, sourceStart));
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        const auto expected = [&](std::int64_t frame) {
            const Rational time = Rational{frame, 1} / timelineRate + sourceStart + Rational{1, 1000000};
            return int((time * sourceRate).floor() % 22);
        };
        for (std::int64_t frame = 0; frame < 40; ++frame) {
            const auto composed = compositor->compose(frame);
            QVERIFY(composed.has_value());
            QVERIFY(!composed->edited);
            QCOMPARE(frameShown(*composed->source), expected(frame));
        }
        // In any order: the same.
        std::mt19937 random(7);
        for (int i = 0; i < 30; ++i) {
            const std::int64_t frame = std::int64_t(random() % 40);
            const auto composed = compositor->compose(frame);
            QVERIFY(composed.has_value());
            QCOMPARE(frameShown(*composed->source), expected(frame));
        }
    }

    // A move that was cancelled on its way leaves no wrong picture behind.
    void aCancelledMoveIsForgotten() {
        const Workshop shop;
        const fs::path clip = shop.make("a.mp4", greyClip("25", 12) + " -s 480x360 -sws_flags neighbor -c:v libx264 -bf 3 -g 300 -crf 4 -pix_fmt yuv420p");
        Timeline timeline = timelineOf(480, 360, {25, 1}, 300);
        timeline.pictures.push_back(pictures(clip, {}, {12, 1}));
        const auto pool = std::make_shared<SourcePool>();
        const auto show = [&](std::int64_t frame, const CancelToken& cancel) {
            auto compositor = TimelineCompositor::open(timeline, {}, pool, cancel);
            return compositor ? compositor->compose(frame) : std::unexpected(compositor.error());
        };
        std::mt19937 random(3);
        int cancelled = 0;
        for (int i = 0; i < 80; ++i) {
            const std::int64_t far = std::int64_t(random() % 300);
            CancelSource cancel;
            std::thread later([&cancel, wait = std::chrono::microseconds(random() % 20000)] {
                std::this_thread::sleep_for(wait);
                cancel.cancel();
            });
            const auto first = show(far, cancel.token());
            later.join();
            cancelled += !first;
            const std::int64_t near = std::clamp<std::int64_t>(far - std::int64_t(random() % 40), 0, 299);
            const auto second = show(near, {});
            QVERIFY(second.has_value());
            QVERIFY2(frameShown(*second->source) == int(near % 22),
                     qPrintable(QString("frame %1 after %2 (%3): shown is %4").arg(near).arg(far).arg(first ? "reached" : "cancelled").arg(frameShown(*second->source))));
        }
        QVERIFY2(cancelled > 5, qPrintable(QString::number(cancelled)));
    }

    // However one comes to a frame, by a jump, by dragging or step by step, it is the picture that playing shows.
    void scrubbingShowsWhatPlayingShows_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("long GOP") << "a.mp4" << "-c:v libx264 -g 250 -bf 3 -refs 3";
        QTest::newRow("open GOP") << "a.mp4" << "-c:v libx264 -bf 4 -x264-params open-gop=1:keyint=24:min-keyint=24:scenecut=0";
        QTest::newRow("variable rate, later start")
            << "a.mp4" << "-vf select='not(eq(mod(n\\,5)\\,2))*not(between(n\\,40\\,52))' -vsync vfr -output_ts_offset 0.777 -c:v libx264 -g 90";
        QTest::newRow("hevc in milliseconds") << "a.mkv" << "-c:v libx265 -x265-params log-level=none:keyint=60:bframes=5";
        QTest::newRow("transport stream") << "a.ts" << "-c:v libx264 -g 75 -bf 2";
        QTest::newRow("mpeg4") << "a.avi" << "-c:v mpeg4 -bf 2 -g 50";
    }
    void scrubbingShowsWhatPlayingShows() {
        QFETCH(const QString, name);
        QFETCH(const QString, arguments);
        constexpr std::int64_t frames = 120;
        const Workshop shop;
        Timeline timeline = timelineOf(64, 48, {30, 1}, frames);
        timeline.pictures.push_back(pictures(shop.make(name, testPicture("64x48", 30, 4) + " " + arguments), {}, {4, 1}));
        std::vector<PicturePtr> played;
        auto player = TimelineCompositor::open(timeline);
        QVERIFY(player.has_value());
        for (std::int64_t frame = 0; frame < frames; ++frame) {
            const auto composed = player->compose(frame);
            QVERIFY(composed.has_value());
            played.push_back(composed->source);
        }
        const auto pool = std::make_shared<SourcePool>();
        std::mt19937 random(5);
        std::int64_t at = 0;
        for (int move = 0; move < 300; ++move) {
            constexpr std::array<std::int64_t, 6> steps{1, 1, -1, -1, 17, -17};
            const std::size_t kind = random() % 8;
            at = kind < steps.size() ? std::clamp<std::int64_t>(at + steps[kind], 0, frames - 1) : std::int64_t(random() % frames);
            auto viewer = TimelineCompositor::open(timeline, {}, pool);
            QVERIFY(viewer.has_value());
            const auto composed = viewer->compose(at);
            QVERIFY(composed.has_value());
            QVERIFY2(composed->source->rgb == played[std::size_t(at)]->rgb, qPrintable(QString("move %1, frame %2").arg(move).arg(at)));
        }
    }

    // A drag that goes on and on holds more frames each time.
    void draggingFarBackShowsWhatPlayingShows() {
        constexpr std::int64_t frames = 500;
        const Workshop shop;
        Timeline timeline = timelineOf(64, 48, {30, 1}, frames);
        const fs::path clip = shop.make("a.mp4", testPicture("64x48", 30, 17) + " -c:v libx264 -g 250 -bf 3 -refs 3");
        timeline.pictures.push_back(pictures(clip, {}, Rational{frames, 30}));
        std::vector<PicturePtr> played;
        auto player = TimelineCompositor::open(timeline);
        QVERIFY(player.has_value());
        for (std::int64_t frame = 0; frame < frames; ++frame) {
            const auto composed = player->compose(frame);
            QVERIFY(composed.has_value());
            played.push_back(composed->source);
        }
        for (const std::int64_t step : {1, 7, 20, 41}) {
            const auto pool = std::make_shared<SourcePool>();
            for (std::int64_t at = frames - 1; at >= 0; at -= step) {
                auto viewer = TimelineCompositor::open(timeline, {}, pool);
                QVERIFY(viewer.has_value());
                const auto composed = viewer->compose(at);
                QVERIFY(composed.has_value());
                QVERIFY2(composed->source->rgb == played[std::size_t(at)]->rgb,
                         qPrintable(QString("by %1, frame %2").arg(step).arg(at)));
            }
        }
    }

    void variableRateShowsTheLastBegun() {
        const Workshop shop;
        const fs::path clip = shop.make("v.mp4", greyClip("25", 2) + ",select='not(mod(n\\,5)-2)+eq(n\\,0)+gt(n\\,30)' "
                                                                     "-vsync vfr -c:v libx264 -crf 4 -pix_fmt yuv420p");
        Timeline timeline = timelineOf(64, 48, {25, 1}, 60);
        timeline.pictures.push_back(pictures(clip, {}, {60, 25}));
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        int last = 0;
        for (int frame = 0; frame < 60; ++frame) {
            if (frame < 50 && (frame == 0 || frame % 5 == 2 || frame > 30))
                last = frame % 22;
            const auto composed = compositor->compose(frame);
            QVERIFY(composed.has_value());
            QCOMPARE(frameShown(*composed->source), last);
        }
    }

    void speedAndCut() {
        const Workshop shop;
        const fs::path clip = shop.make("s.mp4", greyClip("25", 3) + " -c:v libx264 -crf 4 -pix_fmt yuv420p");
        Timeline timeline = timelineOf(64, 48, {25, 1}, 40);
        timeline.pictures.push_back(pictures(clip, {2, 25}, {20, 25}, {10, 25}, {2, 1}));  // twice as fast from frame 10
        timeline.pictures.push_back(pictures(clip, {22, 25}, {10, 25}, {4, 25}, {1, 2}));  // half as fast from frame 4
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        for (int frame = 0; frame < 40; ++frame) {
            const auto composed = compositor->compose(frame);
            QVERIFY(composed.has_value());
            if (frame < 2 || frame >= 32)
                QCOMPARE(brightness(*composed->source), 0.0);
            else if (frame < 22)
                QCOMPARE(frameShown(*composed->source), (10 + (frame - 2) * 2) % 22);
            else
                QCOMPARE(frameShown(*composed->source), 4 + (frame - 22) / 2);
        }
    }

    void crossFade() {
        const Workshop shop;
        const fs::path dark = shop.make("d.mp4", "-f lavfi -i color=black:s=64x48:r=25:d=2 -c:v libx264");
        const fs::path light = shop.make("l.mp4", "-f lavfi -i color=white:s=64x48:r=25:d=2 -c:v libx264");
        Timeline timeline = timelineOf(64, 48, {25, 1}, 60);
        timeline.pictures.push_back(pictures(dark, {}, {30, 25}));
        timeline.pictures.push_back(pictures(light, {20, 25}, {40, 25}));
        timeline.pictures.back().fadeIn = {10, 25};
        timeline.pictures.back().fadeOut = {10, 25};
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        for (int frame = 0; frame < 60; ++frame) {
            const double opacity = std::clamp(std::min((frame - 20) / 10.0, (60 - frame) / 10.0), 0.0, 1.0);
            const auto composed = compositor->compose(frame);
            QVERIFY(composed.has_value());
            QVERIFY2(std::abs(brightness(*composed->source) - 255 * opacity) <= 2, qPrintable(QString::number(frame)));
        }
    }

    void fitsWithBars_data() {
        QTest::addColumn<QString>("size");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QRect>("place");  // in 160x90
        QTest::newRow("same aspect") << "320x180" << "" << QRect(0, 0, 160, 90);
        QTest::newRow("upright") << "90x160" << "" << QRect(54, 0, 51, 90);
        QTest::newRow("wide") << "320x80" << "" << QRect(0, 25, 160, 40);
        QTest::newRow("anamorphic") << "72x96" << "-vf setsar=2/1" << QRect(12, 0, 135, 90);
        QTest::newRow("odd") << "101x51" << "-vf scale=101:51,setsar=1 -pix_fmt yuv444p" << QRect(0, 4, 160, 81);
    }
    void fitsWithBars() {
        QFETCH(QString, size);
        QFETCH(QString, arguments);
        QFETCH(QRect, place);
        const Workshop shop;
        const fs::path clip =
            shop.make("b.mp4", "-f lavfi -i color=white:s=" + size + ":r=25:d=0.2 " + arguments + " -c:v libx264 -crf 4");
        Timeline timeline = timelineOf(160, 90, {25, 1}, 2);
        timeline.pictures.push_back(pictures(clip, {}, {2, 25}));
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        const auto composed = compositor->compose(0);
        QVERIFY(composed.has_value());
        const Picture& picture = *composed->source;
        QCOMPARE(picture.width, 160);
        QCOMPARE(picture.height, 90);
        for (int y = 0; y < 90; ++y)
            for (int x = 0; x < 160; ++x) {
                if (place.contains(x, y))
                    QVERIFY2(pixelAt(picture, x, y)[1] > 250, qPrintable(QString("%1 at %2,%3").arg(pixelAt(picture, x, y)[1]).arg(x).arg(y)));
                else
                    QCOMPARE(pixelAt(picture, x, y)[1], 0);
            }
    }

    void rotatedStandsUpright() {
        const Workshop shop;
        const fs::path flat = shop.make("f.mp4", "-f lavfi -i color=red:s=64x32:r=25:d=0.2 -vf "
                                                 "\"drawbox=x=32:w=32:c=lime:t=fill\" -c:v libx264 -crf 4 -pix_fmt yuv420p");
        const fs::path turned = shop.make("t.mp4", QString("-i \"%1\" -c copy -metadata:s:v rotate=90").arg(flat.c_str()));
        const auto info = probe(turned);
        QVERIFY(info.has_value());
        Timeline timeline = timelineOf(32, 64, {25, 1}, 1);
        timeline.pictures.push_back(pictures(turned, {}, {1, 25}));
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        const auto composed = compositor->compose(0);
        QVERIFY(composed.has_value());
        const auto top = pixelAt(*composed->source, 16, 10), bottom = pixelAt(*composed->source, 16, 54);
        QCOMPARE(info->video.rotation % 180, 90);
        QVERIFY(std::abs(top[0] - bottom[0]) > 150);
    }

    // The same chart in files of different matrix and range, against ffmpeg's own conversion to RGB.
    void coloursAreFfmpegs_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("filter");
        const QString tags = " -colorspace %1 -color_primaries %1 -color_trc %1 -color_range %2";
        QTest::newRow("709") << "-vf scale=out_color_matrix=bt709,format=yuv444p" + tags.arg("bt709", "tv") << "bt709";
        QTest::newRow("601") << "-vf scale=out_color_matrix=smpte170m,format=yuv444p" + tags.arg("smpte170m", "tv")
                             << "smpte170m";
        QTest::newRow("709 full") << "-vf scale=out_color_matrix=bt709:out_range=full,format=yuv444p" +
                                         tags.arg("bt709", "pc")
                                  << "bt709:in_range=full";
        QTest::newRow("2020 10 bit") << "-vf scale=out_color_matrix=bt2020,format=yuv444p10 -colorspace bt2020nc "
                                        "-color_primaries bt2020 -color_trc bt2020-10 -color_range tv"
                                     << "bt2020";
    }
    void coloursAreFfmpegs() {
        QFETCH(QString, arguments);
        QFETCH(QString, filter);
        const Workshop shop;
        const fs::path clip =
            shop.make("c.mkv", "-f lavfi -i smptehdbars=s=640x360:r=25:d=0.2 " + arguments + " -c:v ffv1");
        const fs::path expected = shop.make(
            "c.rgb", QString("-i \"%1\" -frames:v 1 -vf scale=in_color_matrix=%2:flags=accurate_rnd+full_chroma_int,format=gbrp,format=rgb24 -f rawvideo")
                         .arg(clip.c_str(), filter));
        Timeline timeline = timelineOf(640, 360, {25, 1}, 2);
        timeline.pictures.push_back(pictures(clip, {}, {2, 25}));
        const fs::path rendered = shop.path("o.mp4");
        WriterOptions options;
        options.crf = 1;
        QVERIFY(render(timeline, rendered, options).has_value());
        const QJsonObject stream = videoStream(rendered);
        for (const char* tag : {"color_space", "color_transfer", "color_primaries"})
            QCOMPARE(stream.value(tag).toString(), QString("bt709"));
        QCOMPARE(stream.value("color_range").toString(), QString("tv"));
        // What the file holds, as ffmpeg shows it, against what ffmpeg makes of the source. Centres of flat patches: chroma
        // of the output has half the resolution.
        const fs::path shown = shop.make(
            "o.rgb", QString("-i \"%1\" -frames:v 1 -vf scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int,format=gbrp,format=rgb24 -f rawvideo")
                         .arg(rendered.c_str()));
        QFile a(QString::fromStdString(expected.string())), b(QString::fromStdString(shown.string()));
        QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
        const QByteArray want = a.readAll(), have = b.readAll();
        QCOMPARE(have.size(), want.size());
        int worst = 0, counted = 0;
        const auto at = [](const QByteArray& bytes, int x, int y, int c) {
            return int(std::uint8_t(bytes[(qsizetype(y) * 640 + x) * 3 + c]));
        };
        for (int y = 8; y < 352; y += 4)
            for (int x = 8; x < 632; x += 4) {
                bool flat = true;
                for (int dy = -6; dy <= 6 && flat; dy += 3)
                    for (int dx = -6; dx <= 6 && flat; dx += 3)
                        for (int c = 0; c < 3; ++c)
                            flat = flat && at(want, x + dx, y + dy, c) == at(want, x, y, c);
                for (int c = 0; flat && c < 3; ++c)
                    worst = std::max(worst, std::abs(at(want, x, y, c) - at(have, x, y, c)));
                counted += flat;
            }
        QVERIFY(counted > 1000);
        qInfo("worst difference of %d points: %d of 255", counted, worst);
        QVERIFY(worst <= 2);
    }

    void editedAndSourceInOnePass() {
        const Workshop shop;
        const fs::path clip = shop.make("e.mp4", greyClip("25", 2) + " -c:v libx264 -crf 4 -pix_fmt yuv420p");
        Timeline timeline = timelineOf(64, 48, {25, 1}, 40);
        timeline.pictures.push_back(pictures(clip, {}, {40, 25}));
        timeline.pictures.back().edit = 0;
        EditedRed edits;
        CompositorOptions options;
        options.edits = &edits;
        auto compositor = TimelineCompositor::open(timeline, options);
        QVERIFY(compositor.has_value());
        for (int frame = 0; frame < 40; ++frame) {
            const auto composed = compositor->compose(frame);
            QVERIFY(composed.has_value());
            QVERIFY(composed->source);
            QCOMPARE(frameShown(*composed->source), frame % 22);
            const bool isEdited = frame >= 13 && frame < 25;
            QCOMPARE(bool(composed->edited), isEdited);
            QCOMPARE(composed->editPending, frame < 13);
            QCOMPARE(composed->topEntry, isEdited ? 0 : -1);
            if (isEdited) {
                QCOMPARE(composed->edited->width, 64);
                QCOMPARE(pixelAt(*composed->edited, 30, 20), (std::array<int, 3>{255, 0, 0}));
                QVERIFY(composed->topSeconds == (Rational{frame, 25}));
            }
        }
        // A range that is edited all over does not decode its source.
        options.wantSource = false;
        auto second = TimelineCompositor::open(timeline, options);
        QVERIFY(second.has_value());
        const auto composed = second->compose(20);
        QVERIFY(composed.has_value());
        QVERIFY(composed->edited && !composed->source);
        QCOMPARE(second->openSources(), std::size_t(0));
    }

    void opensFewOf200() {
        const Workshop shop;
        const fs::path clip = shop.make("m.mp4", greyClip("25", 2) + " -c:v libx264 -g 10 -crf 4 -pix_fmt yuv420p");
        Timeline timeline = timelineOf(64, 48, {25, 1}, 400);
        for (int i = 0; i < 200; ++i)
            timeline.pictures.push_back(pictures(clip, {i * 2, 25}, {2, 25}, {i % 40, 25}));
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        for (int frame = 0; frame < 400; ++frame) {
            const auto composed = compositor->compose(frame);
            QVERIFY(composed.has_value());
            QCOMPARE(frameShown(*composed->source), (frame / 2 % 40 + frame % 2) % 22);
            QCOMPARE(compositor->openSources(), std::size_t(1));
        }
    }

    void stillSizeSharesPictures() {
        const Workshop shop;
        const fs::path clip = shop.make("p.mp4", greyClip("5", 2) + " -c:v libx264 -crf 4 -pix_fmt yuv420p");
        Timeline timeline = timelineOf(64, 48, {25, 1}, 20);
        timeline.pictures.push_back(pictures(clip, {}, {20, 25}));
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        const PicturePtr first = compositor->compose(0)->source;
        QVERIFY(compositor->compose(4)->source == first);
        QVERIFY(compositor->compose(5)->source != first);
    }

    void errorsAndCancel() {
        const Workshop shop;
        Timeline timeline = timelineOf(64, 48, {25, 1}, 20);
        timeline.pictures.push_back(pictures(shop.path("none.mp4"), {}, {20, 25}));
        auto compositor = TimelineCompositor::open(timeline);
        QVERIFY(compositor.has_value());
        const auto missing = compositor->compose(0);
        QVERIFY(!missing && missing.error().code == ErrorCode::inputMissing);
        timeline.rate = {0, 1};
        QVERIFY(!TimelineCompositor::open(timeline).has_value());
        timeline.rate = {25, 1};
        CancelSource cancel;
        auto second = TimelineCompositor::open(timeline, {}, {}, cancel.token());
        cancel.cancel();
        const auto cancelled = second->compose(0);
        QVERIFY(!cancelled && cancelled.error().code == ErrorCode::cancelled);
    }
};

QTEST_GUILESS_MAIN(TimelineVideoTest)
#include "tst_timeline_video.moc"
