// Journey 6 of the editor: the program is killed in the middle of an edit; its next start offers the project as it was.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using testing::JourneyWindow;
using testing::WindowDriver;

namespace {

constexpr std::int64_t mostLost = 3000;  // ms

std::int64_t nowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Markers and when they were there.
using Log = std::vector<std::pair<int, std::int64_t>>;

Log readLog(QProcess& child) {
    Log log;
    const auto lines = QString::fromUtf8(child.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
    for (const auto& line : lines)
        if (const auto parts = line.split(' '); parts.size() == 2 && parts[0] != "failed:")
            log.emplace_back(parts[0].toInt(), parts[1].toLongLong());
    return log;
}

}  // namespace

class TestJourneyCrash : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void killedAndBroughtBack();

private:
    QTemporaryDir m_folder;
    QString m_clip;
};

void TestJourneyCrash::initTestCase() {
    testing::WarningLog::install();
    QVERIFY(m_folder.isValid());
    m_clip = testing::makeWanderingClip(m_folder.filePath("harbour.mp4"), "256x144", 24, 144);
}

void TestJourneyCrash::cleanup() {
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestJourneyCrash::killedAndBroughtBack() {
    // Twice in a row: the second child works on what it has brought back itself.
    std::int64_t killedAt = 0;
    Log log;
    // What was done longer ago than that is there again.
    const auto check = [&](int back) {
        int certain = 0;
        std::int64_t lost = 0;
        for (const auto& [markers, time] : log) {
            if (time <= killedAt - mostLost)
                certain = markers;
            if (markers <= back)
                lost = killedAt - time;
        }
        qInfo("%d of %d markers came back: the project as it was %lld ms before the end", back, log.back().first,
              static_cast<long long>(lost));
        QVERIFY2(back >= certain, qPrintable(QString("%1 of %2").arg(back).arg(certain)));
        QVERIFY2(back > 0 && lost <= mostLost, qPrintable(QString::number(lost)));
    };
    for (const int edits : {60, 80}) {
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        child.start(LIPAR_JOURNEY_CHILD, {m_folder.path(), m_clip});
        Log now;
        QVERIFY(WindowDriver::waitFor([&] {
            std::ranges::copy(readLog(child), std::back_inserter(now));
            return int(now.size()) >= edits || child.state() == QProcess::NotRunning;
        }));
        QCOMPARE(child.state(), QProcess::Running);
        if (!log.empty())
            check(now.front().first - 1);
        killedAt = nowMs();
        child.kill();  // SIGKILL
        QVERIFY(child.waitForFinished(60000));
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        std::ranges::copy(readLog(child), std::back_inserter(now));
        log = now;
    }
    if (QTest::currentTestFailed())
        return;

    JourneyWindow studio(m_folder.path());
    auto& session = studio.session();
    auto& driver = studio.driver();
    QVERIFY(WindowDriver::waitFor([&] { return session.recovery()->isThere(); }));
    QVERIFY(WindowDriver::waitFor([&] { return driver.item("recoveryBox")->isVisible(); }));
    studio.settle();
    driver.click(driver.item("recoverButton"));
    QVERIFY(WindowDriver::waitFor([&] { return !session.timeline()->isEmpty(); }));
    studio.report("brought back");
    check(int(studio.project().markers.size()));
    QVERIFY(project::checkInvariants(studio.project()));
    const auto& clips = studio.trackOf(0).clips;
    QCOMPARE(clips.size(), std::size_t(1));
    QCOMPARE(clips.front().edit.prompt, std::string("oil painting"));
    QVERIFY(session.document()->isModified());
    // It can be worked on: the preview comes, and nothing else is offered.
    QVERIFY(WindowDriver::waitFor([&] { return session.player()->picture().hasEdited(); }));
    QVERIFY(!session.recovery()->isThere());
    studio.report("edited again");
    QCOMPARE(session.messages()->count(), 0);
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

QTEST_MAIN(TestJourneyCrash)
#include "tst_journey_crash.moc"
