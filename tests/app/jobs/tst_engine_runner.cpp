// The lanes of the engine: jobs that have nothing to do with each other do not wait for each other.
#include "app/jobs/engine_runner.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

#include "engine/service/engine.h"
#include "tests/support/test_clip.h"

using namespace lipar;
using namespace lipar::jobs;

class TestEngineRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyKindHasItsLane();
    void idsAreUnique();
    void lanesDoNotWaitForEachOther();
    void cancelReachesTheRightLane();
    void destructionEndsEverything();

private:
    [[nodiscard]] service::EditRequest longEdit() const {
        service::EditRequest request;
        request.input = m_clip;
        request.engine.device = "cpu";
        request.settings.prompt = "oil painting";
        request.settings.width = 160;
        request.settings.height = 96;
        return request;
    }

    QTemporaryDir m_folder;
    std::filesystem::path m_clip;
};

void TestEngineRunner::initTestCase() { m_clip = test::makeClip(m_folder.filePath("clip.mp4"), 160, 96, 240); }

void TestEngineRunner::everyKindHasItsLane() {
    QCOMPARE(laneOf(service::EditRequest{}), Lane::models);
    QCOMPARE(laneOf(service::RenderRequest{}), Lane::models);
    QCOMPARE(laneOf(service::PlanRequest{}), Lane::models);
    QCOMPARE(laneOf(service::BenchRequest{}), Lane::models);
    QCOMPARE(laneOf(service::ModelVerifyRequest{}), Lane::store);  // reads gigabytes: no preview waits for it
    QCOMPARE(laneOf(service::ProbeRequest{}), Lane::media);
    QCOMPARE(laneOf(service::ThumbnailsRequest{}), Lane::media);
    QCOMPARE(laneOf(service::WaveformRequest{}), Lane::media);
    QCOMPARE(laneOf(service::CacheLookupRequest{}), Lane::media);
    QCOMPARE(laneOf(service::MakeSampleRequest{}), Lane::media);
    QCOMPARE(laneOf(service::ModelListRequest{}), Lane::media);
    QCOMPARE(laneOf(service::PlaybackRequest{}), Lane::playback);
    QCOMPARE(laneOf(service::ProxyRequest{}), Lane::proxies);  // minutes long: no thumbnail waits for it
    QCOMPARE(laneOf(service::ModelInstallRequest{}), Lane::store);
    QCOMPARE(laneOf(service::ModelRemoveRequest{}), Lane::store);
}

void TestEngineRunner::idsAreUnique() {
    EngineRunner runner({});
    std::set<service::JobId> ids;
    for (int i = 0; i < 5; ++i) {
        ids.insert(runner.submit(service::ProbeRequest{m_clip}));
        ids.insert(runner.submit(service::PlaybackRequest{}));
        ids.insert(runner.submit(service::CompareRequest{}));
    }
    QCOMPARE(ids.size(), std::size_t(15));
    QVERIFY(!ids.contains(0));
    // Each job ends under its own id.
    std::map<service::JobId, int> ends;
    connect(&runner, &JobRunner::eventArrived, this, [&](const EventPtr& event) {
        if (std::holds_alternative<service::JobFinished>(*event) || std::holds_alternative<service::JobFailed>(*event))
            ++ends[service::jobOf(*event)];
    });
    QTRY_COMPARE_WITH_TIMEOUT(ends.size(), std::size_t(15), 60000);
    for (const service::JobId id : ids)
        QCOMPARE(ends[id], 1);
}

void TestEngineRunner::lanesDoNotWaitForEachOther() {
    EngineRunner runner({});
    std::vector<service::JobId> order;
    bool editRuns = false;
    const auto edit = runner.submit(longEdit());
    connect(&runner, &JobRunner::eventArrived, this, [&](const EventPtr& event) {
        editRuns = editRuns || (std::holds_alternative<service::EditPrepared>(*event) && service::jobOf(*event) == edit);
        if (std::holds_alternative<service::JobFinished>(*event) || std::holds_alternative<service::JobFailed>(*event))
            order.push_back(service::jobOf(*event));
    });
    QTRY_VERIFY_WITH_TIMEOUT(editRuns, 60000);
    service::PlaybackRequest playback;
    playback.timeline.width = 160;
    playback.timeline.height = 96;
    playback.timeline.rate = {24, 1};
    playback.timeline.frames = 24;
    TimelinePictures pictures;
    pictures.input = m_clip;
    pictures.duration = {1, 1};
    playback.timeline.pictures.push_back(pictures);
    playback.endFrame = 2;
    const auto played = runner.submit(playback);
    const auto thumbnails = runner.submit(service::ThumbnailsRequest{m_clip, {0.0, 5.0}, 32});
    QTRY_VERIFY_WITH_TIMEOUT(order.size() >= 2, 60000);
    QVERIFY(std::ranges::find(order, edit) == order.end());
    QVERIFY(std::ranges::find(order, played) != order.end() && std::ranges::find(order, thumbnails) != order.end());
    runner.cancel(edit);
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), std::size_t(3), 60000);
}

void TestEngineRunner::cancelReachesTheRightLane() {
    EngineRunner runner({});
    std::map<service::JobId, bool> failed;
    connect(&runner, &JobRunner::eventArrived, this, [&](const EventPtr& event) {
        if (const auto* failure = std::get_if<service::JobFailed>(event.get()))
            failed[failure->job] = failure->error.code == ErrorCode::cancelled;
        if (const auto* finished = std::get_if<service::JobFinished>(event.get()))
            failed[finished->job] = false;
    });
    const auto edit = runner.submit(longEdit());
    const auto probe = runner.submit(service::ProbeRequest{m_clip});
    runner.cancel(edit);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), std::size_t(2), 60000);
    QVERIFY(failed[edit]);
    QVERIFY(!failed[probe]);
}

void TestEngineRunner::destructionEndsEverything() {
    EngineRunner runner({});
    runner.submit(longEdit());
    runner.submit(longEdit());
    runner.submit(service::WaveformRequest{m_clip, 50});
    QTest::qWait(50);
}

QTEST_GUILESS_MAIN(TestEngineRunner)
#include "tst_engine_runner.moc"
