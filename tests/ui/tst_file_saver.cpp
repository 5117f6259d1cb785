#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/jobs/file_saver.h"

using namespace lipar;

class TestFileSaver : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void copiesWhole();
    void replacesAnOlderFile();
    void missingSourceIsAnError();
    void missingFolderIsAnErrorAndLeavesNothing();

private:
    [[nodiscard]] std::filesystem::path in(const char* name) const {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_content;
};

void TestFileSaver::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_content = QByteArray(3'000'000, 'x') + "end";
    QFile file(in("edit.mp4"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(m_content);
}

void TestFileSaver::copiesWhole() {
    jobs::FileSaver saver;
    QSignalSpy finished(&saver, &jobs::FileSaver::finished);
    saver.start(in("edit.mp4"), in("saved.mp4"));
    QTRY_COMPARE(finished.count(), 1);
    QFile saved(in("saved.mp4"));
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QCOMPARE(saved.readAll(), m_content);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 2);
}

void TestFileSaver::replacesAnOlderFile() {
    QFile older(in("saved.mp4"));
    QVERIFY(older.open(QIODevice::WriteOnly));
    older.write("older");
    older.close();
    const auto result = jobs::copyWhole(in("edit.mp4"), in("saved.mp4"));
    QVERIFY(result.has_value());
    QVERIFY(*result == in("saved.mp4"));
    QCOMPARE(QFileInfo(in("saved.mp4")).size(), qint64(m_content.size()));
}

void TestFileSaver::missingSourceIsAnError() {
    const auto result = jobs::copyWhole(in("gone.mp4"), in("saved.mp4"));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().code, ErrorCode::inputMissing);
    QVERIFY(!std::filesystem::exists(in("saved.mp4")));
}

void TestFileSaver::missingFolderIsAnErrorAndLeavesNothing() {
    jobs::FileSaver saver;
    QSignalSpy finished(&saver, &jobs::FileSaver::finished);
    QSignalSpy failed(&saver, &jobs::FileSaver::failed);
    saver.start(in("edit.mp4"), in("no such folder") / "saved.mp4");
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(finished.count(), 0);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
}

QTEST_GUILESS_MAIN(TestFileSaver)
#include "tst_file_saver.moc"
