// Rendering, joining and playing a timeline with an edit in it, by the real built-in model.
#include "tests/engine/service/timeline_fixture.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

using namespace lipar;
using namespace lipar::service;
using namespace lipar::test;

class TestTimelineJobs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void threeClipsAreRendered();
    void rangesJoinedEqualTheWhole();
    void renderUsesWhatThePreviewMade();
    void dryRunEstimates();
    void cancelledRenderLeavesNothing();
    void failedRenderIsTakenUpAgain();
    void impossibleRendersAreRefused_data();
    void impossibleRendersAreRefused();
    void playbackShowsSourceAndEdit();
    void playbackSaysWhatIsPending();
    void playbackKeepsItsPace();
    void soundIsWhole();
    void thumbnailsAndWaveform();

private:
    // Source, edit and source again: 24 frames each, 72 in all.
    [[nodiscard]] Timeline timeline() const {
        Timeline timeline;
        timeline.width = 96;
        timeline.height = 64;
        timeline.rate = {24, 1};
        timeline.frames = 72;
        for (int i = 0; i < 3; ++i) {
            TimelinePictures pictures;
            pictures.input = i == 2 ? m_small : m_clip;
            pictures.start = {i, 1};
            pictures.duration = {1, 1};
            pictures.sourceStart = i == 1 ? Rational{1, 4} : Rational{0, 1};
            pictures.edit = i == 1 ? 0 : -1;
            timeline.pictures.push_back(pictures);
            if (i < 2) {
                TimelineSound sound;
                sound.input = m_clip;
                sound.start = pictures.start;
                sound.duration = pictures.duration;
                sound.sourceStart = pictures.sourceStart;
                timeline.sounds.push_back(sound);
            }
        }
        return timeline;
    }
    [[nodiscard]] RenderRequest render(const Shop& shop, const char* name = "out.mkv") const {
        RenderRequest request;
        request.timeline = timeline();
        request.edits = {paint()};
        request.cache = shop.cache();
        request.output.path = shop.path(name);
        request.output.codec = "ffv1";
        return request;
    }
    [[nodiscard]] PlaybackRequest playback(const Shop& shop) const {
        PlaybackRequest request;
        request.timeline = timeline();
        request.edits = {paint()};
        request.cache = shop.cache();
        return request;
    }

    QTemporaryDir m_folder;
    fs::path m_clip, m_small;
};

void TestTimelineJobs::initTestCase() {
    // 40 frames, and sound as long as they are.
    runFfmpeg({"-f", "lavfi", "-i", "testsrc2=s=96x64:r=24:d=1.6666", "-f", "lavfi", "-i", "sine=440:d=1.6666", "-c:a", "aac", "-c:v", "libx264", "-crf", "12",
               "-pix_fmt", "yuv420p", m_folder.filePath("clip.mp4")});
    m_clip = m_folder.filePath("clip.mp4").toStdString();
    m_small = makeClip(m_folder.filePath("small.mp4"), 64, 48, 30, false);
}

void TestTimelineJobs::threeClipsAreRendered() {
    const Shop shop;
    const Played first = play(render(shop));
    const auto& report = first.report<RenderReport>();
    QCOMPARE(report.output.frames, std::int64_t(72));
    QCOMPARE(report.output.width, 96);
    QVERIFY(report.editedFrames >= 30);
    QVERIFY(report.outputBytes > 0);
    QCOMPARE(probeLines(shop.path("out.mkv"), "frame=pts_time").size(), 72);
    QVERIFY(!probeLines(shop.path("out.mkv"), "stream=codec_name", "a:0").isEmpty());
    QVERIFY(!shop.blocks().empty());

    // Progress covers both stages, ascends and ends whole.
    const auto progress = first.all<Progress>();
    QVERIFY(std::ranges::any_of(progress, [](const Progress& p) { return p.phase == Phase::editing && p.fps > 0; }));
    QCOMPARE(progress.back().framesDone, progress.back().framesTotal);

    // Another one costs no editing.
    const Played second = play(render(shop, "again.mkv"));
    QCOMPARE(second.report<RenderReport>().editedFrames, std::int64_t(0));
    QCOMPARE(play(CompareRequest{shop.path("out.mkv"), shop.path("again.mkv")}).report<CompareReport>().psnr, double(INFINITY));
}

void TestTimelineJobs::rangesJoinedEqualTheWhole() {
    const Shop shop;
    RenderRequest whole = render(shop, "whole.mkv");
    QVERIFY(play(whole).outcome);
    RenderRequest part = render(shop, "a.mkv");
    part.endFrame = 31;
    QVERIFY(play(part).outcome);
    part = render(shop, "b.mkv");
    part.firstFrame = 31;
    QVERIFY(play(part).outcome);
    const Played joined = play(JoinRequest{{shop.path("a.mkv"), shop.path("b.mkv")}, shop.path("joined.mkv")});
    QCOMPARE(joined.report<JoinReport>().output.frames, std::int64_t(72));
    const auto same = play(CompareRequest{shop.path("whole.mkv"), shop.path("joined.mkv")}).report<CompareReport>();
    QCOMPARE(same.frames, std::int64_t(72));
    QCOMPARE(same.psnr, double(INFINITY));
    // Sound packets lie on one grid; their bytes may differ, for an encoder remembers what came before.
    QCOMPARE(probeLines(shop.path("joined.mkv"), "packet=pts_time,duration_time", "a:0"), probeLines(shop.path("whole.mkv"), "packet=pts_time,duration_time", "a:0"));
}

void TestTimelineJobs::renderUsesWhatThePreviewMade() {
    const Shop shop;
    QVERIFY(play(editRequest(m_clip, paint(), shop.cache())).outcome);
    QCOMPARE(play(render(shop)).report<RenderReport>().editedFrames, std::int64_t(0));
    // Without a cache of its own the render keeps its blocks beside the output and takes them away again.
    const Shop other;
    RenderRequest alone = render(other);
    alone.cache.folder.clear();
    QVERIFY(play(alone).report<RenderReport>().editedFrames > 0);
    QCOMPARE(std::distance(fs::directory_iterator(other.path("")), fs::directory_iterator{}), std::ptrdiff_t(1));
    QCOMPARE(play(CompareRequest{shop.path("out.mkv"), other.path("out.mkv")}).report<CompareReport>().psnr, double(INFINITY));
}

void TestTimelineJobs::dryRunEstimates() {
    const Shop shop;
    RenderRequest request = render(shop);
    request.dryRun = true;
    const Played asked = play(request);
    const auto& report = asked.report<RenderReport>();
    QVERIFY(report.dryRun && report.estimate.seconds > 0 && report.estimate.fits);
    QVERIFY(report.outputBytes > 0 && report.freeBytes > 0 && report.editedFrames > 0);
    QVERIFY(!fs::exists(request.output.path) && shop.blocks().empty());
}

void TestTimelineJobs::cancelledRenderLeavesNothing() {
    for (const Phase phase : {Phase::editing, Phase::finishing}) {
        const Shop shop;
        CancelSource cancel;
        const auto outcome = runJob(
            render(shop),
            [&](const Event& event) {
                if (const auto* progress = std::get_if<Progress>(&event); progress && progress->phase == phase && progress->framesDone > 0)
                    cancel.cancel();
            },
            cancel.token());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::cancelled);
        for (const auto& entry : fs::directory_iterator(shop.path("")))
            QCOMPARE(entry.path().filename().string(), std::string("cache"));
    }
}

// Without a cache of its own: what was edited before the disk was full is not edited again.
void TestTimelineJobs::failedRenderIsTakenUpAgain() {
    const Shop shop;
    RenderRequest request = render(shop);
    request.cache.folder.clear();
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    const auto failed = runJob(request,
                               [&](const Event& event) {
                                   const auto* progress = std::get_if<Progress>(&event);
                                   const rlimit small{4096, before.rlim_max};
                                   if (progress && progress->phase == Phase::finishing)
                                       ::setrlimit(RLIMIT_FSIZE, &small);
                               },
                               {});
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, oldHandler);
    QVERIFY(!failed);
    const fs::path kept = shop.path(".out.mkv.blocks");
    QVERIFY2(failed.error().hint.find(kept.string()) != std::string::npos, failed.error().sentence().c_str());
    QVERIFY(fs::is_directory(kept) && !fs::exists(request.output.path));
    // Asking what is left to do touches nothing.
    RenderRequest asked = request;
    asked.dryRun = true;
    QCOMPARE(play(asked).report<RenderReport>().editedFrames, std::int64_t(0));
    QVERIFY(fs::is_directory(kept));
    QCOMPARE(play(request).report<RenderReport>().editedFrames, std::int64_t(0));
    QVERIFY(fs::exists(request.output.path) && !fs::exists(kept));
}

void TestTimelineJobs::impossibleRendersAreRefused_data() {
    QTest::addColumn<std::function<void(RenderRequest&)>>("change");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, ErrorCode code, std::function<void(RenderRequest&)> change) { QTest::newRow(name) << change << int(code); };
    row("missing source", ErrorCode::inputMissing, [](RenderRequest& r) { r.timeline.pictures[2].input = "/nowhere/holiday.mp4"; });
    row("empty timeline", ErrorCode::invalidArgument, [](RenderRequest& r) { r.timeline.frames = 0; });
    row("range past the end", ErrorCode::invalidArgument, [](RenderRequest& r) { r.endFrame = 100; });
    row("missing folder", ErrorCode::outputFailed, [](RenderRequest& r) { r.output.path = "/nowhere/out.mkv"; });
    row("onto a source", ErrorCode::invalidArgument, [](RenderRequest& r) { r.output.path = r.timeline.pictures[0].input; });
    row("unknown codec", ErrorCode::invalidArgument, [](RenderRequest& r) { r.output.codec = "cinepak"; });
    row("unknown edit", ErrorCode::invalidArgument, [](RenderRequest& r) { r.edits.clear(); });
    row("missing model", ErrorCode::modelMissing, [](RenderRequest& r) { r.edits[0].engine.model = "nothing"; });
}

void TestTimelineJobs::impossibleRendersAreRefused() {
    QFETCH(const std::function<void(RenderRequest&)>, change);
    QFETCH(const int, code);
    const Shop shop;
    RenderRequest request = render(shop);
    change(request);
    const Played played = play(request);
    QVERIFY(!played.outcome);
    QCOMPARE(int(played.outcome.error().code), code);
    QVERIFY(!fs::exists(shop.path("out.mkv")));
}

void TestTimelineJobs::playbackShowsSourceAndEdit() {
    const Shop shop;
    const Played made = play(editRequest(m_clip, paint(), shop.cache()));
    const auto edited = editedPictures(made);
    const Played played = play(playback(shop));
    QCOMPARE(played.report<PlaybackReport>().frames, std::int64_t(72));
    const auto pictures = played.all<PlaybackPicture>();
    QCOMPARE(pictures.size(), std::size_t(72));
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        QCOMPARE(pictures[i].frame, std::int64_t(i));
        QVERIFY(pictures[i].source && pictures[i].source->width == 96 && pictures[i].source->height == 64);
        const bool isEdited = i >= 24 && i < 48;
        QCOMPARE(bool(pictures[i].edited), isEdited);
        QVERIFY(!pictures[i].editPending);
        QCOMPARE(pictures[i].keep.frames, isEdited ? 1 : 0);
        if (isEdited)  // the clip begins a quarter of a second, six frames, into the source
            QVERIFY(difference(*pictures[i].edited, *edited[i - 24 + 6]) < 1.0);
    }
    // A still picture, smaller.
    PlaybackRequest still = playback(shop);
    still.firstFrame = 30;
    still.endFrame = 31;
    still.width = 48;
    still.height = 32;
    const auto one = play(still).all<PlaybackPicture>();
    QCOMPARE(one.size(), std::size_t(1));
    QVERIFY(one[0].edited && one[0].edited->width == 48 && one[0].frame == 30);
}

void TestTimelineJobs::playbackSaysWhatIsPending() {
    const Shop shop;
    const Played nothing = play(playback(shop));
    for (const PlaybackPicture& picture : nothing.all<PlaybackPicture>()) {
        QCOMPARE(picture.editPending, picture.frame >= 24 && picture.frame < 48);
        QVERIFY(!picture.edited && picture.source);
    }
    // An edit that cannot be looked up is pending too; what is not edited plays.
    PlaybackRequest broken = playback(shop);
    broken.edits[0].engine.model = "nothing";
    const Played played = play(broken);
    QCOMPARE(played.all<PlaybackPicture>()[30].editPending, true);
    QCOMPARE(played.report<PlaybackReport>().frames, std::int64_t(72));
}

void TestTimelineJobs::playbackKeepsItsPace() {
    const Shop shop;
    PlaybackRequest request = playback(shop);
    request.pace = std::make_shared<PlaybackPace>(0, 5);
    std::atomic<std::int64_t> sent{-1};
    CancelSource cancel;
    std::vector<std::int64_t> frames;
    std::thread player([&] {
        while (sent < 5)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const std::int64_t ahead = sent;
        if (ahead != 5)
            qWarning("%lld frames were sent", static_cast<long long>(ahead));
        request.pace->show(40);  // the player had to jump: frames 6 to 39 are late
        while (sent < 45)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        cancel.cancel();
    });
    const auto outcome = runJob(
        request,
        [&](const Event& event) {
            if (const auto* picture = std::get_if<PlaybackPicture>(&event)) {
                frames.push_back(picture->frame);
                sent = picture->frame;
            }
        },
        cancel.token());
    player.join();
    QVERIFY(!outcome && outcome.error().code == ErrorCode::cancelled);
    QCOMPARE(frames, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 40, 41, 42, 43, 44, 45}));
}

void TestTimelineJobs::soundIsWhole() {
    const Shop shop;
    const Played played = play(playback(shop));
    std::int64_t next = 0;
    double energy = 0;
    for (const PlaybackSound& sound : played.all<PlaybackSound>()) {
        QCOMPARE(sound.firstSample, next);
        QCOMPARE(sound.sampleRate, 48000);
        next += std::int64_t(sound.stereo.size() / 2);
        for (const float sample : sound.stereo)
            energy += double(sample) * double(sample);
    }
    QCOMPARE(next, std::int64_t(3 * 48000));
    QVERIFY(energy > 1000);  // a tone of 1/8 of full scale, two seconds
    // A second of sound is there before the first picture.
    std::int64_t before = 0;
    for (const Event& event : played.events) {
        if (const auto* sound = std::get_if<PlaybackSound>(&event))
            before += std::int64_t(sound->stereo.size() / 2);
        if (std::holds_alternative<PlaybackPicture>(event))
            break;
    }
    QVERIFY(before >= 48000);
}

void TestTimelineJobs::thumbnailsAndWaveform() {
    const Played thumbnails = play(ThumbnailsRequest{m_clip, {0, 0.5, 1.0, 99}, 32});
    QCOMPARE(thumbnails.report<ThumbnailsReport>().count, 4);
    const auto pictures = thumbnails.all<Thumbnail>();
    QCOMPARE(pictures.size(), std::size_t(4));
    for (const Thumbnail& one : pictures)
        QVERIFY(one.picture && one.picture->height == 32 && one.picture->width == 48);
    QCOMPARE(pictures[1].seconds, 0.5);
    const Played waveform = play(WaveformRequest{m_clip, 50});
    const auto& peaks = waveform.report<WaveformReport>().peaks;
    QVERIFY2(peaks.size() >= 80 && peaks.size() <= 92, qPrintable(QString::number(peaks.size())));  // 1.67 s and the codec's padding
    QVERIFY(peaks[20] > 10);
    QVERIFY(play(WaveformRequest{m_small, 50}).report<WaveformReport>().peaks.empty());
}

QTEST_GUILESS_MAIN(TestTimelineJobs)
#include "tst_timeline_jobs.moc"
