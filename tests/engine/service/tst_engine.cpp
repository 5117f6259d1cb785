// The engine through its public face, with the built-in model on real (small) files.
#include "engine/service/engine.h"

#include <QTemporaryDir>
#include <QTest>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "tests/support/test_clip.h"

using namespace lipar;
using namespace lipar::service;

namespace {

// Collects events from the engine thread and lets the test wait for them.
class EventLog {
public:
    void add(const Event& event) {
        const std::scoped_lock lock(m_mutex);
        m_events.push_back(event);
        m_changed.notify_all();
    }
    // The first event of type T for the job; fails the test after a generous while.
    template <class T>
    T waitFor(JobId job) {
        std::unique_lock lock(m_mutex);
        const T* found = nullptr;
        const bool arrived = m_changed.wait_for(lock, std::chrono::minutes(2), [&] {
            for (const Event& event : m_events)
                if (const T* candidate = std::get_if<T>(&event); candidate && candidate->job == job)
                    found = candidate;
            return found != nullptr;
        });
        if (!arrived)
            qFatal("an event never came");
        return *found;
    }
    // Waits until the job ended, one way or the other.
    Event waitForEnd(JobId job) {
        std::unique_lock lock(m_mutex);
        Event end;
        const bool arrived = m_changed.wait_for(lock, std::chrono::minutes(2), [&] {
            for (const Event& event : m_events)
                if (jobOf(event) == job && (std::holds_alternative<JobFinished>(event) || std::holds_alternative<JobFailed>(event))) {
                    end = event;
                    return true;
                }
            return false;
        });
        if (!arrived)
            qFatal("the job never ended");
        return end;
    }
    template <class T>
    std::vector<T> all() const {
        const std::scoped_lock lock(m_mutex);
        std::vector<T> found;
        for (const Event& event : m_events)
            if (const T* candidate = std::get_if<T>(&event))
                found.push_back(*candidate);
        return found;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Event> m_events;
};

}  // namespace

class TestEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void editKeepsFramesTimesAndSound();
    void eventsTellTheWholeStory();
    void sameSeedGivesTheSamePictures();
    void pruningOffKeepsEverything();
    void masksGoOutAndComeBackIn();
    void wrongMaskIsRefused();
    void protectedPixelsAreTheSources();
    void shortAndOddClips_data();
    void shortAndOddClips();
    void rangeIsEdited();
    void promptChangesTakeEffect();
    void cancelInEveryPhase_data();
    void cancelInEveryPhase();
    void failedJobLeavesTheEngineUsable();
    void waitingJobCanBeCancelled();
    void planPredictsWithoutDenoising();
    void dryRunWritesNothing();
    void unfitSettingsAreRefused_data();
    void unfitSettingsAreRefused();

private:
    [[nodiscard]] EditRequest request(const QString& output = {}) const;
    [[nodiscard]] std::filesystem::path path(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    [[nodiscard]] QStringList filesInFolder() const { return QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden | QDir::System); }

    QTemporaryDir m_folder;
    std::filesystem::path m_clip;
};

void TestEngine::initTestCase() {
    QVERIFY(m_folder.isValid());
    m_clip = test::makeClip(m_folder.filePath("clip.mp4"), 96, 64, 30);
}

EditRequest TestEngine::request(const QString& output) const {
    EditRequest edit;
    edit.input = m_clip;
    edit.engine.device = "cpu";
    edit.engine.precision = Precision::fp32;
    edit.settings.prompt = "oil painting";
    edit.settings.width = 96;
    edit.settings.height = 64;
    edit.sendPictures = true;
    if (!output.isEmpty())
        edit.output.path = path(output);
    return edit;
}

void TestEngine::editKeepsFramesTimesAndSound() {
    EditRequest edit = request("edited.mp4");
    edit.output.heatmap = path("heatmap.mp4");
    const auto report = runJob(edit);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    const auto& done = std::get<EditReport>(*report);
    QCOMPARE(done.output.frames, 30);
    QCOMPARE(done.blocks.size(), std::size_t(3));
    QCOMPARE(done.blocks.back().frames, 6);
    QCOMPARE(done.pruning.keptPerLatentFrame.size(), std::size_t(8));
    QCOMPARE(done.pruning.keptPerLatentFrame.front(), 1.0);
    QVERIFY(done.fpsEndToEnd > 0 && done.peakHostBytes > 0 && done.model.sha256.size() == 64);
    for (const char* name : {"edited.mp4", "heatmap.mp4"}) {
        QCOMPARE(test::probeLines(path(name), "frame=pts_time"), test::probeLines(m_clip, "frame=pts_time"));
        QCOMPARE(test::probeLines(path(name), "stream=width,height"), test::probeLines(m_clip, "stream=width,height"));
    }
    QCOMPARE(test::probeLines(path("edited.mp4"), "packet=pts_time,size", "a:0"), test::probeLines(m_clip, "packet=pts_time,size", "a:0"));
}

void TestEngine::eventsTellTheWholeStory() {
    EventLog log;
    Engine engine([&](const Event& event) { log.add(event); });
    EditRequest edit = request();
    edit.settings.prompt = "dragon oil painting";
    const JobId job = engine.submit(edit);
    (void)log.waitFor<JobFinished>(job);
    const auto prepared = log.all<EditPrepared>();
    QCOMPARE(prepared.size(), std::size_t(1));
    QCOMPARE(prepared[0].unknownWords, std::vector<std::string>{"dragon"});
    QCOMPARE(prepared[0].tokenRows, 4);
    QCOMPARE(prepared[0].tokenColumns, 6);
    const auto blocks = log.all<BlockFinished>();
    QCOMPARE(blocks.size(), std::size_t(3));
    std::int64_t next = 0;
    for (const BlockFinished& block : blocks) {
        QCOMPARE(block.firstFrame, next);
        QCOMPARE(block.edited.size(), block.source.size());
        QCOMPARE(block.latentFrameOf.size(), block.source.size());
        QCOMPARE(block.age.size(), block.keep.keep.size());
        for (std::size_t i = 0; i < block.age.size(); ++i)
            QCOMPARE(block.age[i] == 0, block.keep.keep[i] == 1);
        next += std::int64_t(block.source.size());
    }
    QCOMPARE(next, 30);
    const auto progress = log.all<Progress>();
    QVERIFY(progress.size() >= 4);
    QCOMPARE(progress.front().phase, Phase::loading);
    QCOMPARE(progress.back().framesDone, 30);
}

void TestEngine::sameSeedGivesTheSamePictures() {
    const auto pictures = [&](std::uint64_t seed) {
        std::vector<std::vector<std::uint8_t>> all;
        EditRequest edit = request();
        edit.settings.seed = seed;
        const auto report = runJob(edit, [&](const Event& event) {
            if (const auto* block = std::get_if<BlockFinished>(&event))
                for (const PicturePtr& picture : block->edited)
                    all.push_back(picture->rgb);
        });
        if (!report)
            qFatal("%s", report.error().sentence().c_str());
        return all;
    };
    const auto first = pictures(1);
    QCOMPARE(first.size(), std::size_t(30));
    QVERIFY(first == pictures(1));
    QVERIFY(first != pictures(2));
}

void TestEngine::pruningOffKeepsEverything() {
    EditRequest edit = request();
    edit.settings.pruning = false;
    const auto report = runJob(edit);
    QVERIFY(report);
    QCOMPARE(std::get<EditReport>(*report).pruning.keptRatio, 1.0);
}

void TestEngine::masksGoOutAndComeBackIn() {
    EditRequest edit = request();
    edit.settings.maskOut = path("mask.npy");
    edit.settings.tau1 = 0.2;
    edit.settings.tau2 = 0.4;
    const auto first = runJob(edit);
    QVERIFY(first);
    edit.settings.maskIn = path("mask.npy");
    edit.settings.maskOut = path("again.npy");
    edit.settings.tau1 = edit.settings.tau2 = 10.0;  // not looked at: the mask is given
    const auto second = runJob(edit);
    QVERIFY2(second, second ? "" : second.error().sentence().c_str());
    QCOMPARE(std::get<EditReport>(*second).pruning.keptPerLatentFrame, std::get<EditReport>(*first).pruning.keptPerLatentFrame);
    std::ifstream a(path("mask.npy"), std::ios::binary), b(path("again.npy"), std::ios::binary);
    QVERIFY(std::string(std::istreambuf_iterator<char>(a), {}) == std::string(std::istreambuf_iterator<char>(b), {}));
}

void TestEngine::wrongMaskIsRefused() {
    EditRequest edit = request("no.mp4");
    edit.settings.maskIn = path("mask.npy");
    edit.settings.width = 128;
    const auto report = runJob(edit);
    QVERIFY(!report);
    QVERIFY2(report.error().message.find("mask does not fit") != std::string::npos, report.error().message.c_str());
    QVERIFY(!filesInFolder().contains("no.mp4"));
}

void TestEngine::protectedPixelsAreTheSources() {
    test::runFfmpeg({"-f", "lavfi", "-i", "color=black:s=96x64,drawbox=x=0:y=0:w=48:h=64:c=white:t=fill", "-frames:v", "1", m_folder.filePath("left.png")});
    EditRequest edit = request();
    edit.settings.protectMask = path("left.png");
    bool same = true, changed = false;
    const auto report = runJob(edit, [&](const Event& event) {
        if (const auto* block = std::get_if<BlockFinished>(&event))
            for (std::size_t i = 0; i < block->edited.size(); ++i)
                for (std::size_t y = 0; y < 64; ++y)
                    for (std::size_t x = 0; x < 96; ++x) {
                        const std::size_t at = 3 * (y * 96 + x);
                        const bool equal = std::equal(&block->edited[i]->rgb[at], &block->edited[i]->rgb[at] + 3, &block->source[i]->rgb[at]);
                        same = same && (x >= 48 || equal);
                        changed = changed || (x >= 48 && !equal);
                    }
    });
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    QVERIFY(same);
    QVERIFY(changed);
}

void TestEngine::shortAndOddClips_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("frames");
    QTest::newRow("one frame") << 64 << 48 << 1;
    QTest::newRow("five frames") << 64 << 48 << 5;
    QTest::newRow("a block") << 64 << 48 << 12;
    QTest::newRow("a block and one") << 64 << 48 << 13;
    QTest::newRow("two blocks") << 64 << 48 << 24;
    QTest::newRow("uneven size") << 70 << 50 << 14;
}

void TestEngine::shortAndOddClips() {
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(int, frames);
    EditRequest edit = request("short-edited.mkv");
    edit.input = test::makeClip(m_folder.filePath("short.mp4"), width, height, frames);
    edit.settings.width = width;  // padded to whole tokens inside, cut off again
    edit.settings.height = height;
    const auto report = runJob(edit);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    QCOMPARE(test::probeLines(path("short-edited.mkv"), "frame=width,height").size(), frames);
    QCOMPARE(test::probeLines(path("short-edited.mkv"), "stream=width,height").front(), QString("%1,%2").arg(width).arg(height));
}

void TestEngine::rangeIsEdited() {
    EditRequest edit = request("range.mp4");
    edit.settings.startSeconds = 0.25;
    edit.settings.endSeconds = 0.75;
    const auto report = runJob(edit);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    QCOMPARE(std::get<EditReport>(*report).output.frames, 12);
    QCOMPARE(test::probeLines(path("range.mp4"), "frame=width").size(), 12);
}

void TestEngine::promptChangesTakeEffect() {
    const auto lastBlock = [&](bool change) {
        EditRequest edit = request();
        if (change)
            edit.settings.promptChanges = {{0.9, "film noir"}};
        std::vector<std::uint8_t> first, last;
        const auto report = runJob(edit, [&](const Event& event) {
            if (const auto* block = std::get_if<BlockFinished>(&event)) {
                if (first.empty())
                    first = block->edited.front()->rgb;
                last = block->edited.back()->rgb;
            }
        });
        if (!report)
            qFatal("%s", report.error().sentence().c_str());
        return std::pair(first, last);
    };
    const auto plain = lastBlock(false), changed = lastBlock(true);
    QVERIFY(plain.first == changed.first);
    QVERIFY(plain.second != changed.second);
}

void TestEngine::cancelInEveryPhase_data() {
    QTest::addColumn<int>("when");
    QTest::newRow("at once") << 0;
    QTest::newRow("while loading") << 1;
    QTest::newRow("when prepared") << 2;
    QTest::newRow("after the first block") << 3;
    QTest::newRow("while finishing") << 4;
}

void TestEngine::cancelInEveryPhase() {
    QFETCH(int, when);
    EventLog log;
    Engine* raw = nullptr;
    Engine engine([&](const Event& event) {
        const auto* progress = std::get_if<Progress>(&event);
        const bool now = (when == 1 && progress && progress->phase == Phase::loading) || (when == 2 && std::holds_alternative<EditPrepared>(event)) ||
                         (when == 3 && std::holds_alternative<BlockFinished>(event)) || (when == 4 && progress && progress->phase == Phase::finishing);
        if (now && jobOf(event) == 1)
            raw->cancel(1);
        log.add(event);
    });
    raw = &engine;
    const QStringList before = filesInFolder();
    const JobId job = engine.submit(request("cancelled.mp4"));
    if (when == 0)
        engine.cancel(job);
    const auto failed = log.waitFor<JobFailed>(job);
    QCOMPARE(failed.error.code, ErrorCode::cancelled);
    QCOMPARE(filesInFolder(), before);
    // The next job runs.
    EditRequest next = request("after-cancel.mp4");
    const Event end = log.waitForEnd(engine.submit(next));
    QVERIFY(std::holds_alternative<JobFinished>(end));
    QVERIFY(QFile::remove(m_folder.filePath("after-cancel.mp4")));
}

void TestEngine::failedJobLeavesTheEngineUsable() {
    EventLog log;
    Engine engine([&](const Event& event) { log.add(event); });
    EditRequest missing = request("x.mp4");
    missing.input = path("no-such-clip.mp4");
    const JobId bad = engine.submit(missing);
    EditRequest unreadable = request("x.mp4");
    unreadable.engine.model = path("no-such-model");
    const JobId worse = engine.submit(unreadable);
    const JobId good = engine.submit(ProbeRequest{m_clip});
    QCOMPARE(log.waitFor<JobFailed>(bad).error.code, ErrorCode::inputMissing);
    QCOMPARE(log.waitFor<JobFailed>(worse).error.code, ErrorCode::modelMissing);
    const auto probed = std::get<ProbeReport>(log.waitFor<JobFinished>(good).report);
    QCOMPARE(probed.clip.width, 96);
    QCOMPARE(probed.clip.audioCodec, std::string("aac"));
}

void TestEngine::waitingJobCanBeCancelled() {
    EventLog log;
    Engine engine([&](const Event& event) { log.add(event); });
    const JobId running = engine.submit(request());
    const JobId waiting = engine.submit(request("never.mp4"));
    engine.cancel(waiting);
    QVERIFY(std::holds_alternative<JobFinished>(log.waitForEnd(running)));
    QCOMPARE(log.waitFor<JobFailed>(waiting).error.code, ErrorCode::cancelled);
    QVERIFY(!filesInFolder().contains("never.mp4"));
}

void TestEngine::planPredictsWithoutDenoising() {
    PlanRequest plan;
    plan.input = m_clip;
    plan.engine.device = "cpu";
    plan.settings = request().settings;
    plan.settings.maskOut = path("planned.npy");
    const auto report = runJob(plan);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    const auto& planned = std::get<PlanReport>(*report);
    QCOMPARE(planned.pruning.keptPerLatentFrame.size(), std::size_t(8));
    QVERIFY(planned.estimate.seconds > 0 && planned.estimate.fps > 0 && planned.estimate.speedup >= 1.0 && planned.estimate.fits);
    // What is planned is what the edit does.
    EditRequest edit = request();
    edit.engine.precision = Precision::automatic;
    const auto edited = runJob(edit);
    QVERIFY(edited);
    QCOMPARE(std::get<EditReport>(*edited).pruning.keptPerLatentFrame, planned.pruning.keptPerLatentFrame);
}

void TestEngine::dryRunWritesNothing() {
    EditRequest edit = request("dry.mp4");
    edit.dryRun = true;
    const auto report = runJob(edit);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    QVERIFY(std::get<EditReport>(*report).dryRun && std::get<EditReport>(*report).estimate.seconds > 0);
    QVERIFY(std::get<EditReport>(*report).outputBytes > 0 && std::get<EditReport>(*report).freeBytes > 0);
    QVERIFY(!filesInFolder().contains("dry.mp4"));
}

void TestEngine::unfitSettingsAreRefused_data() {
    QTest::addColumn<QString>("setting");
    QTest::addColumn<int>("code");
    const int argument = int(ErrorCode::invalidArgument);
    QTest::newRow("strength") << "strength" << argument;
    QTest::newRow("threshold") << "tau1" << argument;
    QTest::newRow("steps") << "steps" << argument;
    QTest::newRow("more steps than the model takes") << "too many steps" << argument;
    QTest::newRow("a shift that the model does not take") << "shift" << argument;
    QTest::newRow("size") << "size" << argument;
    QTest::newRow("range") << "range" << argument;
    QTest::newRow("keys") << "keys" << argument;
    QTest::newRow("device name") << "device" << argument;
    QTest::newRow("fp8") << "fp8" << int(ErrorCode::deviceUnavailable);
    QTest::newRow("codec") << "codec" << argument;
    QTest::newRow("output is input") << "same" << argument;
    QTest::newRow("no folder") << "folder" << int(ErrorCode::outputFailed);
    QTest::newRow("too large for memory") << "memory" << int(ErrorCode::outOfMemory);
}

void TestEngine::unfitSettingsAreRefused() {
    QFETCH(QString, setting);
    QFETCH(int, code);
    EditRequest edit = request("refused.mp4");
    if (setting == "strength")
        edit.settings.strength = 1.5;
    else if (setting == "tau1")
        edit.settings.tau1 = -1;
    else if (setting == "steps")
        edit.settings.steps = {100, 400};
    else if (setting == "too many steps")
        edit.settings.steps = {500, 400, 300, 200, 100};
    else if (setting == "shift")
        edit.settings.shift = 3;
    else if (setting == "size")
        edit.settings.width = 4;
    else if (setting == "range")
        edit.settings.startSeconds = 100;
    else if (setting == "keys")
        edit.settings.keys = KeySequence::perToken, edit.settings.recovery = Recovery::none;
    else if (setting == "device")
        edit.engine.device = "tpu";
    else if (setting == "fp8")
        edit.engine.precision = Precision::fp8;
    else if (setting == "codec")
        edit.output.codec = "mjpeg2000";
    else if (setting == "same")
        edit.output.path = m_clip;
    else if (setting == "folder")
        edit.output.path = path("nowhere/refused.mp4");
    else if (setting == "memory")
        edit.settings.width = edit.settings.height = 8192;
    const QStringList before = filesInFolder();
    const auto report = runJob(edit);
    QVERIFY(!report);
    qInfo("%s", report.error().sentence().c_str());
    QCOMPARE(int(report.error().code), code);
    QCOMPARE(filesInFolder(), before);
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
