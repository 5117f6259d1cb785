#include <chrono>
#include <fstream>
#include <random>

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/paths.h"
#include "app/session/project_journal.h"
#include "tests/support/sample_project.h"

using namespace lipar;
using session::ProjectDocument;
using session::ProjectJournal;
using session::toPath;
namespace fs = std::filesystem;

namespace {

qint64 nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// As if the program had died: what the journal has written, with nobody holding it.
fs::path abandonedCopy(const fs::path& from, const fs::path& to) {
    fs::copy(from, to, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(to))
        if (entry.path().filename() == "lock")
            fs::remove(entry.path());
    return to;
}

}  // namespace

class TestProjectJournal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesChangesSoon();
    void leavesNothingAfterSavingOrClosing();
    void restoresAsModified();
    void fallsBackToTheOneBefore();
    void passesOverRubbish();
    void tellsOnceWhereItCannotWrite();
    void writesLargeProjectsBesideTheUserInterface();
    void survivesKills();
};

void TestProjectJournal::writesChangesSoon() {
    const QTemporaryDir folder;
    ProjectDocument document;
    ProjectJournal journal(document, toPath(folder.filePath("recovery")));
    testing::fillTimeline(document, 2);
    QVERIFY(!journal.isWritten());
    QTRY_VERIFY(journal.isWritten());
    // Held by this program: not offered.
    QVERIFY(ProjectJournal::recoverable(toPath(folder.filePath("recovery"))).empty());
    const auto copy = abandonedCopy(toPath(folder.filePath("recovery")), toPath(folder.filePath("copy")));
    const auto left = ProjectJournal::recoverable(copy);
    QCOMPARE(left.size(), std::size_t(1));
    QVERIFY(left.front().file.empty());
    QVERIFY(qAbs(left.front().written.secsTo(QDateTime::currentDateTimeUtc())) < 60);
}

void TestProjectJournal::leavesNothingAfterSavingOrClosing() {
    const QTemporaryDir folder;
    const auto recovery = toPath(folder.filePath("recovery"));
    {
        ProjectDocument document;
        ProjectJournal journal(document, recovery);
        testing::fillTimeline(document, 1);
        QTRY_VERIFY(journal.isWritten());
        document.save(toPath(folder.filePath("Saved.lipar")));
        QTRY_VERIFY(!document.isModified());
        journal.flush();
        QTRY_VERIFY(ProjectJournal::recoverable(abandonedCopy(recovery, toPath(folder.filePath("saved")))).empty());
        QVERIFY(document.perform(commands::AddMarker{{1, 1}, "one", "#ff0000"}));
        QTRY_VERIFY(journal.isWritten());
        const auto left = ProjectJournal::recoverable(abandonedCopy(recovery, toPath(folder.filePath("again"))));
        QCOMPARE(left.size(), std::size_t(1));
        QCOMPARE(left.front().name(), QString("Saved"));
    }
    QVERIFY(fs::is_empty(recovery));
}

void TestProjectJournal::restoresAsModified() {
    const QTemporaryDir folder;
    ProjectDocument document;
    ProjectJournal journal(document, toPath(folder.filePath("recovery")));
    testing::fillTimeline(document, 3);
    journal.flush();
    const auto copy = abandonedCopy(toPath(folder.filePath("recovery")), toPath(folder.filePath("copy")));

    ProjectDocument other;
    ProjectJournal otherJournal(other, copy);
    const auto left = ProjectJournal::recoverable(copy);
    QCOMPARE(left.size(), std::size_t(1));
    QVERIFY(otherJournal.restore(left.front(), ProjectJournal::read(left.front()).value()));
    QVERIFY(other.project() == document.project());
    QVERIFY(other.isModified());
    otherJournal.flush();
    // Its own journal has taken the place of what was left.
    QVERIFY(!fs::exists(left.front().folder));
    QCOMPARE(ProjectJournal::recoverable(abandonedCopy(copy, toPath(folder.filePath("third")))).size(), std::size_t(1));
}

void TestProjectJournal::fallsBackToTheOneBefore() {
    const QTemporaryDir folder;
    ProjectDocument document;
    ProjectJournal journal(document, toPath(folder.filePath("recovery")));
    testing::fillTimeline(document, 1);
    journal.flush();
    const auto before = document.project();
    QVERIFY(document.perform(commands::AddMarker{{1, 1}, "one", "#ff0000"}));
    journal.flush();
    const auto copy = abandonedCopy(toPath(folder.filePath("recovery")), toPath(folder.filePath("copy")));
    for (const auto& entry : fs::recursive_directory_iterator(copy))
        if (entry.path().filename() == "project.journal")
            fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
    ProjectDocument other;
    ProjectJournal otherJournal(other, copy);
    const auto left = ProjectJournal::recoverable(copy);
    QCOMPARE(left.size(), std::size_t(1));
    QVERIFY(otherJournal.restore(left.front(), ProjectJournal::read(left.front()).value()));
    QVERIFY(other.project() == before);
}

void TestProjectJournal::passesOverRubbish() {
    const QTemporaryDir folder;
    const auto recovery = toPath(folder.filePath("recovery"));
    fs::create_directories(recovery / "one");
    fs::create_directories(recovery / "two");
    fs::create_directories(recovery / "three" / "project.journal");
    std::ofstream(recovery / "one" / "project.journal") << "{\"journal\":1}\nnot a project";
    std::ofstream(recovery / "two" / "project.journal") << std::string(5000, '\0');
    std::ofstream(recovery / "file") << "neither";
    QVERIFY(ProjectJournal::recoverable(recovery).empty());
    QVERIFY(ProjectJournal::recoverable(recovery / "missing").empty());
}

void TestProjectJournal::tellsOnceWhereItCannotWrite() {
    const QTemporaryDir folder;
    std::ofstream(toPath(folder.filePath("blocked"))) << "a file where the folder should be";
    ProjectDocument document;
    ProjectJournal journal(document, toPath(folder.filePath("blocked")));
    journal.setDelay(1);
    QSignalSpy failures(&journal, &ProjectJournal::failed);
    testing::fillTimeline(document, 1);
    QTRY_COMPARE(failures.count(), 1);
    const auto report = failures.front().front().value<session::ErrorReport>();
    QVERIFY(report.isSet());
    QVERIFY(!report.hint().isEmpty());
    for (int i = 0; i < 5; ++i) {
        QVERIFY(document.perform(commands::AddMarker{{i, 1}, "more", "#ff0000"}));
        QTest::qWait(20);
    }
    QCOMPARE(failures.count(), 1);
}

void TestProjectJournal::writesLargeProjectsBesideTheUserInterface() {
    const QTemporaryDir folder;
    ProjectDocument document;
    ProjectJournal journal(document, toPath(folder.filePath("recovery")));
    journal.setDelay(1);
    document.replace(testing::largeProject(10000, 20, 2, true), {}, false);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(document.perform(commands::AddMarker{{1, 1}, "one", "#ff0000"}));
    qint64 longest = 0;
    while (!journal.isWritten() && clock.elapsed() < 30000) {
        QElapsedTimer turn;
        turn.start();
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        longest = std::max(longest, turn.elapsed());
    }
    QVERIFY(journal.isWritten());
    qInfo("10,000 clips: written after %lld ms, the thread of the window was held for %lld ms", clock.elapsed(), longest);
}

void TestProjectJournal::survivesKills() {
    // Lanes run side by side; in each a program recovers, edits, and is killed at a random moment, again and again.
    constexpr int lanes = 10;
    constexpr int rounds = 5;
    struct Child {
        QTemporaryDir folder;
        QProcess process;
        qint64 killAt = 0;
        std::size_t known = 0;  // markers that the last look found
    };
    std::mt19937 random(20240611);
    std::vector<std::unique_ptr<Child>> children;
    for (int i = 0; i < lanes; ++i)
        children.push_back(std::make_unique<Child>());
    qint64 worst = 0;
    int kills = 0;
    for (int round = 0; round < rounds; ++round) {
        for (auto& child : children) {
            child->process.start(LIPAR_JOURNAL_CHILD, {child->folder.path()});
            QVERIFY(child->process.waitForStarted());
            child->killAt = 0;
        }
        // The clock of each begins when it has opened.
        std::size_t alive = children.size();
        while (alive > 0) {
            QTest::qWait(5);
            for (auto& child : children) {
                if (child->process.state() == QProcess::NotRunning)
                    continue;
                if (child->killAt == 0 && child->process.bytesAvailable() > 0)
                    child->killAt = nowMs() + std::uniform_int_distribution<int>(0, 4500)(random);
                if (child->killAt == 0 || nowMs() < child->killAt)
                    continue;
                child->process.kill();
                const auto killed = nowMs();
                QVERIFY(child->process.waitForFinished());
                ++kills;
                --alive;
                const auto lines = QString::fromUtf8(child->process.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
                QVERIFY(!lines.isEmpty());
                // What the restart opened is what the look after the kill had found.
                QCOMPARE(lines.front(), QString("opened %1").arg(child->known));
                const auto left = ProjectJournal::recoverable(toPath(child->folder.path()));
                QVERIFY(left.size() <= 1);
                std::size_t found = 0;
                if (!left.empty()) {
                    const auto project = ProjectJournal::read(left.front());
                    QVERIFY(project);
                    QVERIFY(project::checkInvariants(*project));
                    found = project->markers.size();
                }
                QVERIFY(found >= child->known);
                for (const auto& line : lines.mid(1)) {
                    const auto words = line.split(' ');
                    if (words.size() != 2 || words[0].toULongLong() < found)
                        continue;
                    // The first edit that is lost.
                    const auto lost = killed - words[1].toLongLong();
                    worst = std::max(worst, lost);
                    QVERIFY2(lost <= 3000, qPrintable(QString("%1 ms of edits were lost").arg(lost)));
                    break;
                }
                child->known = found;
            }
        }
    }
    qInfo("%d kills, at most %lld ms of edits lost", kills, worst);
    QCOMPARE(kills, lanes * rounds);
}

QTEST_GUILESS_MAIN(TestProjectJournal)
#include "tst_project_journal.moc"
