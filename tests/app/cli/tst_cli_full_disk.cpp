// A disk that fills up in the middle of the work: exit code 1, one line that says so, no part of a file left, and what had
// been edited by then is used by the next run.
#include <QtTest>

#include <sys/mount.h>

#include <csignal>

#include "app/project/project_file.h"
#include "cli_program.h"
#include "film_project.h"

using namespace lipar;
using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;

#define VERIFY_CODE(outcome, expected) QVERIFY2((outcome).code == (expected), (outcome).report().constData())

namespace {

constexpr int kFirstShot = 12;  // edited frames
constexpr int kSecondShot = 36;

// Frames that the last line of progress counts.
int framesDone(const QByteArray& said) {
    constexpr QByteArrayView field = "\"frames_done\":";
    const auto at = said.lastIndexOf(field);
    const auto end = said.indexOf(',', at);
    return at < 0 || end < 0 ? 0 : said.mid(at + field.size(), end - at - field.size()).toInt();
}

QStringList filesIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

// A file system of few bytes in a folder; taken away with the object.
class SmallDisk {
public:
    SmallDisk(const QString& folder, const char* size) : m_folder(folder) {
        QDir().mkpath(folder);
        m_isMounted = ::mount("tmpfs", folder.toLocal8Bit().constData(), "tmpfs", 0, size) == 0;
    }
    ~SmallDisk() {
        if (m_isMounted)
            ::umount(m_folder.toLocal8Bit().constData());
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool isMounted() const { return m_isMounted; }
    // Until there is no room left, while a process stands still.
    void fill(pid_t process) const {
        ::kill(process, SIGSTOP);
        QFile ballast(ballastFile());
        if (ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            while (ballast.write(QByteArray(4096, 'x')) > 0)
                continue;
        ::kill(process, SIGCONT);
    }
    void makeRoom() const { QFile::remove(ballastFile()); }

private:
    [[nodiscard]] QString ballastFile() const { return m_folder + "/ballast"; }

    QString m_folder;
    bool m_isMounted = false;
};

#define NEED_DISK(disk)      \
    if (!(disk).isMounted()) \
    QSKIP("a small file system cannot be mounted here")

// Empty where a run ended as one must whose disk is full.
QByteArray complaintAbout(const Outcome& outcome, const char* why) {
    const bool isWell = outcome.code == 1 && outcome.errorLines() == 1 && outcome.messages.contains(why);
    return isWell ? QByteArray() : outcome.report();
}

#define VERIFY_FULL(outcome, why)                                    \
    do {                                                             \
        const QByteArray complaint = complaintAbout((outcome), why); \
        QVERIFY2(complaint.isEmpty(), complaint.constData());        \
    } while (false)

}  // namespace

class TestCliFullDisk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theDiskOfTheBlocksFillsUp();
    void theDiskOfTheRenderIsTooSmall();
    void theDiskOfTheEditFillsUp();
    void blocksOverALimit();
    void aRenderOverALimit();

private:
    [[nodiscard]] static QStringList render(const QString& output, const QString& cache, const QStringList& more = {}) {
        return QStringList{"render", "film.lipar", "-o", output, "--cache", cache, "--device", "cpu"} + more;
    }
    // Renders with a cache and compares with the film that was rendered undisturbed. The frames that were edited, or -1.
    [[nodiscard]] int editedAgain(const QString& cache);

    CliProgram m_lipar;
};

// Two shots, each with an edit of its own, rendered once without trouble.
void TestCliFullDisk::initTestCase() {
    QVERIFY(m_lipar.isValid());
    if (!m_lipar.makeClip("clip.mp4", 96, 64, 60))
        QSKIP("the ffmpeg program, which makes the test clips, is not installed");
    const auto project =
        cli::test::filmOf(m_lipar.path("clip.mp4").toStdString(), 5, {{1, "oil painting"}, {3, "pencil sketch"}});
    const auto saved = project::saveProject(project, m_lipar.path("film.lipar").toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().sentence().c_str());
    const Outcome whole = m_lipar.run(render("whole.mkv", "whole", {"--codec", "ffv1", "--json"}));
    VERIFY_CODE(whole, 0);
    QCOMPARE(whole.json()["edited_frames"].toInt(), kFirstShot + kSecondShot);
}

int TestCliFullDisk::editedAgain(const QString& cache) {
    const Outcome again = m_lipar.run(render("again.mkv", cache, {"--codec", "ffv1", "--json"}));
    const Outcome compare = m_lipar.run({"compare", "whole.mkv", "again.mkv", "--json"});
    const bool isSame = compare.code == 0 && compare.json()["frames"].toInt() == kFirstShot + kSecondShot &&
                        compare.json()["psnr"].isNull();
    return again.code == 0 && isSame ? again.json()["edited_frames"].toInt() : -1;
}

void TestCliFullDisk::theDiskOfTheBlocksFillsUp() {
    const SmallDisk disk(m_lipar.path("disk"), "size=4m");
    NEED_DISK(disk);
    // The first shot is edited and the second begun.
    const Outcome outcome = m_lipar.runUntil(
        render("film.mkv", "disk/blocks", {"--codec", "ffv1"}),
        [](const QByteArray& said) { return framesDone(said) > kFirstShot; },
        [&](pid_t process) { disk.fill(process); });
    VERIFY_FULL(outcome, "No space left on device");
    QVERIFY(m_lipar.entries().filter("film.mkv").isEmpty());
    disk.makeRoom();
    QCOMPARE(editedAgain("disk/blocks"), kSecondShot);
}

// Encoded at its worst the film is larger than the bit rate that was asked for, and than the disk.
void TestCliFullDisk::theDiskOfTheRenderIsTooSmall() {
    const SmallDisk disk(m_lipar.path("disk"), "size=16k");
    NEED_DISK(disk);
    const Outcome outcome = m_lipar.run(render("disk/film.mp4", "kept", {"--bit-rate", "10k", "--progress", "none"}));
    VERIFY_FULL(outcome, "No space left on device");
    QCOMPARE(filesIn(m_lipar.path("disk")), QStringList());
    QCOMPARE(editedAgain("kept"), 0);
}

void TestCliFullDisk::theDiskOfTheEditFillsUp() {
    const SmallDisk disk(m_lipar.path("disk"), "size=4m");
    NEED_DISK(disk);
    const Outcome outcome = m_lipar.runUntil(
        {"edit", "clip.mp4", "-o", "disk/out.mkv", "--prompt", "ink", "--codec", "ffv1", "--device", "cpu"},
        [](const QByteArray& said) { return framesDone(said) >= 12; }, [&](pid_t process) { disk.fill(process); });
    VERIFY_FULL(outcome, "No space left on device");
    disk.makeRoom();
    QCOMPARE(filesIn(m_lipar.path("disk")), QStringList());
}

void TestCliFullDisk::blocksOverALimit() {
    const QStringList line = render("film.mkv", "limited", {"--progress", "none"});
    VERIFY_FULL(m_lipar.runShell("ulimit -f 16; \"$LIPAR\" " + line.join(' ')), "File too large");
    QVERIFY(m_lipar.entries().filter("film.mkv").isEmpty());
    QCOMPARE(editedAgain("limited"), kFirstShot + kSecondShot);
}

void TestCliFullDisk::aRenderOverALimit() {
    const QStringList line = render("film.mkv", "whole", {"--codec", "ffv1", "--progress", "none"});
    VERIFY_FULL(m_lipar.runShell("ulimit -f 64; \"$LIPAR\" " + line.join(' ')), "File too large");
    QVERIFY(m_lipar.entries().filter("film.mkv").isEmpty());
    QCOMPARE(editedAgain("whole"), 0);
}

QTEST_GUILESS_MAIN(TestCliFullDisk)
#include "tst_cli_full_disk.moc"
