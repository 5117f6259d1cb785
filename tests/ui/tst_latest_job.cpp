#include <QSignalSpy>
#include <QTest>

#include "app/jobs/latest_job.h"
#include "tests/support/fake_engine.h"

using namespace lipar;

class TestLatestJob : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void forwardsItsOwnEvents();
    void dropsOlderGenerations();
    void dropsEverythingAfterAbandon();
    void onlyTheEndFollowsACancel();
};

namespace {
const service::EditRequest someEdit;
}

void TestLatestJob::forwardsItsOwnEvents() {
    testing::FakeEngine engine;
    jobs::LatestJob job(engine);
    QSignalSpy progressed(&job, &jobs::LatestJob::progressed);
    QSignalSpy finished(&job, &jobs::LatestJob::finished);
    job.start(someEdit);
    QCOMPARE(job.generation(), 1);
    engine.send(service::Progress{.job = engine.lastJob()});
    QCOMPARE(progressed.count(), 1);
    bool runningAtEnd = true;
    connect(&job, &jobs::LatestJob::finished, this, [&] { runningAtEnd = job.isRunning(); });
    engine.send(service::JobFinished{engine.lastJob(), service::EditReport{}});
    QCOMPARE(finished.count(), 1);
    QVERIFY(!runningAtEnd);
}

void TestLatestJob::dropsOlderGenerations() {
    testing::FakeEngine engine;
    jobs::LatestJob job(engine);
    QSignalSpy blocks(&job, &jobs::LatestJob::blockFinished);
    QSignalSpy failed(&job, &jobs::LatestJob::failed);
    job.start(someEdit);
    const auto old = engine.lastJob();
    job.start(someEdit);
    QCOMPARE(job.generation(), 2);
    QCOMPARE(engine.cancelled(), std::vector{old});
    engine.send(engine.block(old, 0));
    engine.send(service::JobFailed{old, {ErrorCode::cancelled, "cancelled", {}}});
    QCOMPARE(blocks.count(), 0);
    QCOMPARE(failed.count(), 0);
    QVERIFY(job.isRunning());
    engine.send(engine.block(engine.lastJob(), 0));
    QCOMPARE(blocks.count(), 1);
}

void TestLatestJob::dropsEverythingAfterAbandon() {
    testing::FakeEngine engine;
    jobs::LatestJob job(engine);
    QSignalSpy failed(&job, &jobs::LatestJob::failed);
    job.start(someEdit);
    job.abandon();
    QVERIFY(!job.isRunning());
    engine.send(service::JobFailed{engine.lastJob(), {ErrorCode::cancelled, "cancelled", {}}});
    QCOMPARE(failed.count(), 0);
}

void TestLatestJob::onlyTheEndFollowsACancel() {
    testing::FakeEngine engine;
    jobs::LatestJob job(engine);
    QSignalSpy blocks(&job, &jobs::LatestJob::blockFinished);
    QSignalSpy failed(&job, &jobs::LatestJob::failed);
    job.start(someEdit);
    job.cancel();
    job.cancel();
    QCOMPARE(engine.cancelled().size(), std::size_t(1));
    QVERIFY(job.isRunning());
    engine.send(engine.block(engine.lastJob(), 0));
    QCOMPARE(blocks.count(), 0);
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(!job.isRunning());
    QVERIFY(!job.isCancelling());
}

QTEST_GUILESS_MAIN(TestLatestJob)
#include "tst_latest_job.moc"
