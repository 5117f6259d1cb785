#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/jobs/export_queue.h"
#include "app/jobs/export_queue_file.h"
#include "tests/support/fake_engine.h"
#include "tests/support/small_project.h"

using namespace lipar;
using jobs::ExportQueue;
using jobs::ExportState;

// One export after the other, kept over restarts, each of the project as it was when it was added.
class TestExportQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void runsOneAfterTheOther();
    void cancelStopsOneAndTheNextRuns();
    void pausedOneGoesOnLater();
    void failureKeepsItsErrorAndTheQueueGoesOn();
    void orderOfThoseThatWait();
    void aRestartKeepsTheQueue();
    void aDamagedFileIsSetAside();
    void wholeClipKeepsItsFrames();
    void sizeRateAndRangeOfTheRequest();

private:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    [[nodiscard]] jobs::ExportSettings named(const char* name) const {
        jobs::ExportSettings settings;
        settings.file = folder() / name;
        return settings;
    }
    static std::vector<ExportState> states(const ExportQueue& queue) {
        std::vector<ExportState> all;
        for (const auto& item : queue.items())
            all.push_back(item.state);
        return all;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<testing::FakeEngine> m_engine;
};

void TestExportQueue::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<testing::FakeEngine>();
}

void TestExportQueue::runsOneAfterTheOther() {
    ExportQueue queue(*m_engine, folder() / "queue");
    const auto project = testing::smallProject(1, 36, "oil painting").project;
    queue.add(project, named("a.mp4"));
    queue.add(project, named("b.mp4"));
    QCOMPARE(states(queue), (std::vector{ExportState::running, ExportState::queued}));
    QCOMPARE(m_engine->count<service::RenderRequest>(), 1);
    m_engine->setAutomatic(true, 1);
    QTRY_COMPARE(states(queue), (std::vector{ExportState::done, ExportState::done}));
    QCOMPARE(m_engine->count<service::RenderRequest>(), 2);
    QVERIFY(!queue.isRunning());
}

void TestExportQueue::cancelStopsOneAndTheNextRuns() {
    ExportQueue queue(*m_engine, folder() / "queue");
    const auto project = testing::smallProject().project;
    const auto first = queue.add(project, named("a.mp4"));
    const auto second = queue.add(project, named("b.mp4"));
    queue.add(project, named("c.mp4"));
    queue.cancel(second);
    queue.cancel(first);
    QTRY_COMPARE(states(queue), (std::vector{ExportState::cancelled, ExportState::cancelled, ExportState::running}));
    queue.retry(first);
    QCOMPARE(queue.items().back().id, first);
    QCOMPARE(queue.items().back().state, ExportState::queued);
}

void TestExportQueue::pausedOneGoesOnLater() {
    ExportQueue queue(*m_engine, folder() / "queue");
    const auto project = testing::smallProject().project;
    queue.add(project, named("a.mp4"));
    queue.add(project, named("b.mp4"));
    queue.setPaused(true);
    QTRY_COMPARE(states(queue), (std::vector{ExportState::paused, ExportState::queued}));
    QVERIFY(!queue.isRunning());
    m_engine->setAutomatic(true, 1);
    QTest::qWait(20);
    QCOMPARE(states(queue).front(), ExportState::paused);
    queue.setPaused(false);
    QTRY_COMPARE(states(queue), (std::vector{ExportState::done, ExportState::done}));
}

void TestExportQueue::failureKeepsItsErrorAndTheQueueGoesOn() {
    ExportQueue queue(*m_engine, folder() / "queue");
    QSignalSpy failed(&queue, &ExportQueue::failed);
    m_engine->failNext({ErrorCode::diskFull, "the disk is full", "free some space"});
    const auto project = testing::smallProject().project;
    queue.add(project, named("a.mp4"));
    queue.add(project, named("b.mp4"));
    m_engine->setAutomatic(true, 1);
    QTRY_COMPARE(states(queue), (std::vector{ExportState::failed, ExportState::done}));
    QCOMPARE(queue.items().front().error.message, std::string("the disk is full"));
    QCOMPARE(failed.count(), 1);
}

void TestExportQueue::orderOfThoseThatWait() {
    ExportQueue queue(*m_engine, folder() / "queue");
    const auto project = testing::smallProject().project;
    const auto a = queue.add(project, named("a.mp4"));
    const auto b = queue.add(project, named("b.mp4"));
    const auto c = queue.add(project, named("c.mp4"));
    const auto ids = [&queue] {
        std::vector<std::uint64_t> all;
        for (const auto& item : queue.items())
            all.push_back(item.id);
        return all;
    };
    queue.move(c, -1);
    QCOMPARE(ids(), (std::vector{a, c, b}));
    queue.move(c, -1);  // not past the one that runs
    QCOMPARE(ids(), (std::vector{a, c, b}));
    queue.move(c, 1);
    QCOMPARE(ids(), (std::vector{a, b, c}));
    queue.remove(a);  // not while it runs
    QCOMPARE(queue.items().size(), std::size_t(3));
    queue.remove(b);
    QCOMPARE(ids(), (std::vector{a, c}));
}

void TestExportQueue::aRestartKeepsTheQueue() {
    auto project = testing::smallProject(1, 36, "oil painting").project;
    {
        ExportQueue queue(*m_engine, folder() / "queue");
        auto settings = named("b.mp4");
        settings.codec = "hevc";
        settings.crf = 24;
        settings.rate = {30000, 1001};
        queue.add(project, named("a.mp4"));
        queue.add(project, settings);
        m_engine->advance();
        QTest::qWait(1);
    }
    project.tracks.front().clips.clear();  // editing goes on; the queue has its own copy
    testing::FakeEngine other;
    ExportQueue queue(other, folder() / "queue");
    QCOMPARE(queue.items().size(), std::size_t(2));
    QCOMPARE(queue.items()[1].settings.codec, std::string("hevc"));
    QCOMPARE(queue.items()[1].settings.crf, std::optional(24));
    QVERIFY(queue.items()[1].settings.rate == (Rational{30000, 1001}));
    QTRY_COMPARE(other.count<service::RenderRequest>(), 1);
    other.setAutomatic(true, 1);
    QTRY_COMPARE(states(queue), (std::vector{ExportState::done, ExportState::done}));
    const auto& render = std::get<service::RenderRequest>(other.requests().back());
    QCOMPARE(render.timeline.pictures.size(), std::size_t(1));
    QCOMPARE(render.edits.front().settings.prompt, std::string("oil painting"));
}

void TestExportQueue::aDamagedFileIsSetAside() {
    QVERIFY(QDir(m_folder->path()).mkdir("queue"));
    QFile file(m_folder->filePath("queue/queue.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"version\": 1, \"items\": [");
    file.close();
    ExportQueue queue(*m_engine, folder() / "queue");
    QSignalSpy failed(&queue, &ExportQueue::failed);
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(queue.items().empty());
    QVERIFY(QFile::exists(m_folder->filePath("queue/queue.damaged.json")));
    QVERIFY(!jobs::queueFromJson("{\"version\": 99, \"items\": []}"));
}

void TestExportQueue::wholeClipKeepsItsFrames() {
    auto made = testing::smallProject(1, 36, "oil painting");
    QVERIFY(jobs::wholeClip(made.project));
    auto settings = named("a.mp4");
    settings.keepSource = true;
    const auto request = jobs::exportRequest(made.project, settings, {}, {});
    QVERIFY(request);
    const auto* edit = std::get_if<service::EditRequest>(&*request);
    QVERIFY(edit);
    QCOMPARE(edit->settings.prompt, std::string("oil painting"));
    QCOMPARE(edit->output.audio, service::Audio::copy);

    auto quieter = made.project;
    quieter.tracks.back().clips.front().sound.gainDb = -3;
    QVERIFY(!jobs::wholeClip(quieter));
    auto trimmed = made.project;
    for (auto& track : trimmed.tracks)
        track.clips.front().duration = Rational{1, 2};
    QVERIFY(!jobs::wholeClip(trimmed));
    QVERIFY(!jobs::wholeClip(testing::smallProject(2, 36, "oil painting").project));
    QVERIFY(!jobs::wholeClip(testing::smallProject().project));  // not edited
    QCOMPARE(jobs::exportRequest(trimmed, settings, {}, {}).error().code, ErrorCode::invalidArgument);
}

void TestExportQueue::sizeRateAndRangeOfTheRequest() {
    auto settings = named("a.mp4");
    settings.width = 320;
    settings.height = 192;
    settings.rate = {48, 1};
    settings.firstFrame = 12;
    settings.endFrame = 24;
    settings.bitRate = 5'000'000;
    const auto request = jobs::exportRequest(testing::smallProject(2).project, settings, {}, {}, true);
    QVERIFY(request);
    const auto& render = std::get<service::RenderRequest>(*request);
    QCOMPARE(render.timeline.width, 320);
    QVERIFY(render.timeline.rate == (Rational{48, 1}));
    QCOMPARE(render.timeline.frames, std::int64_t(144));
    QCOMPARE(render.firstFrame, std::int64_t(24));
    QCOMPARE(render.endFrame, std::int64_t(48));
    QCOMPARE(render.bitRate, std::optional<std::int64_t>(5'000'000));
    QVERIFY(render.dryRun);
    QCOMPARE(jobs::exportRequest(project::newProject(), settings, {}, {}).error().code, ErrorCode::invalidArgument);
}

QTEST_GUILESS_MAIN(TestExportQueue)
#include "tst_export_queue.moc"
