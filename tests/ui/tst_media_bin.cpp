#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/content_hash.h"
#include "app/session/media_bin.h"
#include "app/session/paths.h"
#include "tests/support/fake_engine.h"

using namespace lipar;
using session::MediaBin;

// From files to sources: probed, hashed, found again after they were moved; what cannot be used says why.
class TestMediaBin : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void importsSeveralAsOneStep();
    void aFileIsImportedOnce();
    void whatCannotBeUsedSaysWhy();
    void missingMediaIsFoundByContent();
    void relinkToAFile();
    void identityIsOfTheEnds();
    void badgeIsMeasuredWhileNothingElseRuns();

private:
    QUrl file(const char* name, const QByteArray& content = "a clip") const {
        QFile out(m_folder->filePath(name));
        if (out.open(QIODevice::WriteOnly))
            out.write(content);
        return QUrl::fromLocalFile(out.fileName());
    }
    [[nodiscard]] QVariant value(int row, int role) const { return m_bin->data(m_bin->index(row), role); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<settings::AppSettings> m_settings;
    std::unique_ptr<session::ProjectDocument> m_document;
    std::unique_ptr<MediaBin> m_bin;
};

void TestMediaBin::init() {
    m_bin.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<testing::FakeEngine>();
    m_settings = std::make_unique<settings::AppSettings>(m_folder->filePath("settings.ini"));
    m_document = std::make_unique<session::ProjectDocument>();
    m_bin = std::make_unique<MediaBin>(*m_document, *m_engine, *m_settings);
}

void TestMediaBin::importsSeveralAsOneStep() {
    QSignalSpy imported(m_bin.get(), &MediaBin::imported);
    m_bin->import({file("a.mp4", "first"), file("b.mp4", "second"), QUrl("https://example.org/c.mp4")});
    QCOMPARE(m_bin->count(), 2);
    QCOMPARE(value(0, MediaBin::StateRole).toInt(), int(MediaBin::Reading));
    QTRY_COMPARE(imported.count(), 2);
    QVERIFY(!m_bin->isReading());
    QCOMPARE(m_document->project().sources.size(), std::size_t(2));
    QCOMPARE(value(0, MediaBin::StateRole).toInt(), int(MediaBin::Ready));
    QCOMPARE(value(0, MediaBin::WidthRole).toInt(), m_engine->clip().info.width);
    QVERIFY(!m_document->project().sources.front().contentHash.empty());
    QTRY_VERIFY(!value(0, MediaBin::ThumbnailRole).value<QImage>().isNull());
    m_document->undo();
    QCOMPARE(m_bin->count(), 0);
}

void TestMediaBin::aFileIsImportedOnce() {
    QSignalSpy imported(m_bin.get(), &MediaBin::imported);
    const auto clip = file("a.mp4");
    m_bin->import({clip});
    QTRY_COMPARE(imported.count(), 1);
    m_bin->import({clip});
    QCOMPARE(imported.count(), 2);
    QCOMPARE(imported.at(0).at(0), imported.at(1).at(0));
    QCOMPARE(m_bin->count(), 1);
}

void TestMediaBin::whatCannotBeUsedSaysWhy() {
    QSignalSpy failed(m_bin.get(), &MediaBin::importFailed);
    m_engine->failNext({ErrorCode::inputUnsupported, "notes.txt could not be opened: it is no video", "choose a video"});
    m_bin->import({file("notes.txt")});
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(m_bin->count(), 1);
    QCOMPARE(value(0, MediaBin::StateRole).toInt(), int(MediaBin::Failed));
    const auto error = value(0, MediaBin::ErrorRole).value<session::ErrorReport>();
    QCOMPARE(error.message(), QString("Notes.txt could not be opened: it is no video."));
    QVERIFY(m_document->isEmpty());
    m_bin->remove(0);
    QCOMPARE(m_bin->count(), 0);
}

void TestMediaBin::missingMediaIsFoundByContent() {
    QSignalSpy imported(m_bin.get(), &MediaBin::imported);
    const auto clip = file("a.mp4", "the very same bytes");
    m_bin->import({clip});
    QTRY_COMPARE(imported.count(), 1);
    QVERIFY(QDir(m_folder->path()).mkpath("elsewhere/deeper"));
    QVERIFY(QFile::rename(clip.toLocalFile(), m_folder->filePath("elsewhere/deeper/moved.mp4")));
    file("elsewhere/other.mp4", "of the same length!");
    m_bin->refresh();
    QTRY_COMPARE(m_bin->missingCount(), 1);
    QCOMPARE(value(0, MediaBin::StateRole).toInt(), int(MediaBin::Missing));

    QSignalSpy searched(m_bin.get(), &MediaBin::searchFinished);
    m_bin->search(QUrl::fromLocalFile(m_folder->path()));
    QTRY_COMPARE(searched.count(), 1);
    QCOMPARE(searched.at(0).at(0).toInt(), 1);
    QCOMPARE(m_bin->missingCount(), 0);
    QCOMPARE(m_document->project().sources.front().path,
             session::toPath(m_folder->filePath("elsewhere/deeper/moved.mp4")));
}

void TestMediaBin::relinkToAFile() {
    QSignalSpy imported(m_bin.get(), &MediaBin::imported);
    const auto clip = file("a.mp4");
    m_bin->import({clip});
    QTRY_COMPARE(imported.count(), 1);
    QVERIFY(QFile::remove(clip.toLocalFile()));
    m_bin->refresh();
    QTRY_COMPARE(m_bin->missingCount(), 1);
    m_bin->relink(0, file("new place.mp4", "recoded"));
    QTRY_COMPARE(m_bin->missingCount(), 0);
    QTRY_COMPARE(m_bin->count(), 1);
    QCOMPARE(value(0, MediaBin::NameRole).toString(), QString("new place.mp4"));
}

void TestMediaBin::identityIsOfTheEnds() {
    QByteArray content(5 << 20, 'a');
    const auto first = session::identityOf(session::toPath(file("a.bin", content).toLocalFile()));
    QVERIFY(first);
    QCOMPARE(first->bytes, std::uint64_t(5 << 20));
    content[3 << 20] = 'b';  // in the middle: not looked at
    QVERIFY(*session::identityOf(session::toPath(file("b.bin", content).toLocalFile())) == *first);
    content.back() = 'c';
    QVERIFY(!(*session::identityOf(session::toPath(file("c.bin", content).toLocalFile())) == *first));
    QCOMPARE(session::identityOf(session::toPath(m_folder->filePath("none"))).error().code, ErrorCode::inputMissing);
}

void TestMediaBin::badgeIsMeasuredWhileNothingElseRuns() {
    QSignalSpy imported(m_bin.get(), &MediaBin::imported);
    m_bin->setEngineBusy(true);
    m_bin->import({file("a.mp4")});
    QTRY_COMPARE(imported.count(), 1);
    QTest::qWait(50);
    QCOMPARE(m_engine->count<service::PlanRequest>(), 0);
    m_bin->setEngineBusy(false);
    QTRY_COMPARE(m_engine->count<service::PlanRequest>(), 1);
    service::PlanReport plan;
    plan.pruning.keptRatio = 0.38;
    plan.estimate.speedup = 1.9;
    m_engine->send(service::JobFinished{m_engine->lastJob(), plan});
    QTRY_COMPARE(value(0, MediaBin::BadgeRole).toInt(), int(MediaBin::Still));
    QCOMPARE(value(0, MediaBin::StaticPercentRole).toInt(), 62);
    QCOMPARE(value(0, MediaBin::SpeedupRole).toDouble(), 1.9);
    // Remembered by content.
    MediaBin other(*m_document, *m_engine, *m_settings);
    QCOMPARE(other.data(other.index(0), MediaBin::BadgeRole).toInt(), int(MediaBin::Still));
}

QTEST_MAIN(TestMediaBin)
#include "tst_media_bin.moc"
