// Locks of files: readers share, who changes is alone, and a process that ends lets go.
#include <QtTest>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/core/file_lock.h"

using namespace lipar;

class TestFileLock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readersShare();
    void whoChangesIsAlone();
    void goesWithTheObject();
    void goesWithTheProcess();
    void outlivesTheRemovalOfItsFile();
    void wrongFiles();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_file;
};

void TestFileLock::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath("file").toStdString();
    QFile file(m_folder->filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
}

void TestFileLock::readersShare() {
    const FileLock first = FileLock::share(m_file), second = FileLock::share(m_file);
    QVERIFY(first.holds() && second.holds());
    QVERIFY(FileLock::isHeld(m_file));
    const auto owner = FileLock::own(m_file);
    QVERIFY(!owner);
    QCOMPARE(owner.error().code, ErrorCode::inUse);
}

void TestFileLock::whoChangesIsAlone() {
    const auto owner = FileLock::claim(m_file);
    QVERIFY(owner);
    QCOMPARE(FileLock::claim(m_file).error().code, ErrorCode::inUse);
    QVERIFY(!FileLock::share(m_file).holds());  // reads all the same, as it is
    QVERIFY(FileLock::isHeld(m_file));
}

void TestFileLock::goesWithTheObject() {
    {
        const auto owner = FileLock::claim(m_file);
        QVERIFY(owner);
    }
    QVERIFY(!FileLock::isHeld(m_file));
    FileLock moved;
    {
        auto owner = FileLock::claim(m_file);
        moved = std::move(*owner);
    }
    QVERIFY(FileLock::isHeld(m_file));
}

void TestFileLock::goesWithTheProcess() {
    int said[2];
    QCOMPARE(::pipe(said), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto owner = FileLock::claim(m_file);
        (void)!::write(said[1], "x", 1);
        ::pause();
    }
    char ready = 0;
    QCOMPARE(::read(said[0], &ready, 1), ssize_t(1));
    QVERIFY(FileLock::isHeld(m_file));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    QVERIFY(FileLock::claim(m_file));
    ::close(said[0]);
    ::close(said[1]);
}

// Whoever comes later locks the file that has the name now.
void TestFileLock::outlivesTheRemovalOfItsFile() {
    const auto first = FileLock::claim(m_file);
    QVERIFY(first);
    std::filesystem::remove(m_file);
    const auto second = FileLock::claim(m_file);
    QVERIFY(second);
    QCOMPARE(FileLock::claim(m_file).error().code, ErrorCode::inUse);
}

void TestFileLock::wrongFiles() {
    const std::filesystem::path missing = m_folder->filePath("missing").toStdString();
    QVERIFY(!FileLock::share(missing).holds());
    QVERIFY(!FileLock::isHeld(missing));
    QCOMPARE(FileLock::own(missing).error().code, ErrorCode::modelMissing);
    QVERIFY(!std::filesystem::exists(missing));
    QCOMPARE(FileLock::claim(missing / "below").error().code, ErrorCode::outputFailed);
    QVERIFY(FileLock::claim(missing));  // made
    QVERIFY(std::filesystem::exists(missing));
}

QTEST_GUILESS_MAIN(TestFileLock)
#include "tst_file_lock.moc"
