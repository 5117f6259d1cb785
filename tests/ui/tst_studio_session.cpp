#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/paths.h"
#include "app/session/studio_session.h"
#include "tests/support/fake_engine.h"

using namespace lipar;
using session::EditRun;
using session::ResultSaver;

class TestStudioSession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void opensAClipAndShowsIt();
    void clipThatCannotBeOpened();
    void sampleIsEditedAtOnce();
    void editBlockByBlock();
    void restartShowsNothingStale();
    void cancelKeepsWhatThereIs();
    void engineErrorIsShownAndTheNextEditRuns();
    void unknownWordsOfTheEngine();
    void savesACopy();
    void neverSavesOverTheSource();
    void openingAnotherClipStopsTheEdit();
    void editsAreRemovedWithTheirClip();
    void editsAreRemovedOnExit();
    void noModelIsAnError();

private:
    void openClip();
    void startEdit(const QString& prompt);
    [[nodiscard]] QUrl file(const QString& name) const { return QUrl::fromLocalFile(m_folder->filePath(name)); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<session::StudioSession> m_session;
};

void TestStudioSession::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<testing::FakeEngine>();
    m_session = std::make_unique<session::StudioSession>(
        *m_engine, session::StudioSession::Options{.cacheFolder = session::toPath(m_folder->filePath("cache"))});
    QTRY_COMPARE(m_session->parameters()->looks()->count(), 16);
}

void TestStudioSession::cleanup() {
    m_session.reset();
    m_engine.reset();
}

void TestStudioSession::openClip() {
    m_session->open(file("holiday.mov"));
    QTRY_VERIFY(m_session->clip()->isOpen());
    QTRY_VERIFY(m_session->isReadingFrames());
    QTest::qWait(1);
    m_engine->finishEdit();
    QTRY_VERIFY(!m_session->isReadingFrames());
}

void TestStudioSession::startEdit(const QString& prompt) {
    m_session->parameters()->setPrompt(prompt);
    QVERIFY(m_session->canEdit());
    m_session->edit();
    QCOMPARE(m_session->run()->state(), EditRun::Loading);
    QTest::qWait(1);
    QVERIFY(m_engine->advance());  // prepared
}

void TestStudioSession::opensAClipAndShowsIt() {
    QVERIFY(!m_session->canEdit());
    openClip();
    QCOMPARE(m_session->clip()->name(), QString("holiday.mov"));
    QCOMPARE(m_session->clip()->frames(), 36);
    QCOMPARE(m_session->clip()->durationText(), QString("00:01.50"));
    const auto& shown = m_session->transport()->frame();
    QCOMPARE(shown.source, m_engine->clip().source.front());
    QVERIFY(!shown.hasEdited());
    QCOMPARE(m_engine->lastEdit().settings.prompt, std::string("original"));
    QVERIFY(m_engine->lastEdit().output.path.empty());
    QCOMPARE(m_session->run()->state(), EditRun::Idle);
}

void TestStudioSession::clipThatCannotBeOpened() {
    openClip();
    m_engine->failNext(
        {ErrorCode::inputDamaged, "holiday.mp3 could not be opened: it has no picture", "Choose a video"});
    m_session->open(file("holiday.mp3"));
    QTRY_VERIFY(m_session->clip()->error().isSet());
    const auto error = m_session->clip()->error();
    QCOMPARE(error.message, QString("Holiday.mp3 could not be opened: it has no picture."));
    QCOMPARE(error.hint, QString("Choose a video."));
    QVERIFY(error.details.contains("input-damaged"));
    QVERIFY(error.details.contains("holiday.mp3"));
    m_session->copyToClipboard(error.details);
    QCOMPARE(QGuiApplication::clipboard()->text(), error.details);
    QCOMPARE(m_session->clip()->name(), QString("holiday.mov"));
    m_session->clip()->dismissError();
    QVERIFY(!m_session->clip()->error().isSet());
}

void TestStudioSession::sampleIsEditedAtOnce() {
    m_session->trySample();
    QTRY_VERIFY(m_session->run()->isRunning());
    QVERIFY(m_session->clip()->isOpen());
    QCOMPARE(m_engine->lastEdit().settings.prompt, std::string("pencil sketch"));
    QVERIFY(m_engine->lastEdit().sendPictures);
}

void TestStudioSession::editBlockByBlock() {
    openClip();
    startEdit("oil painting");
    QCOMPARE(m_session->run()->precision(), QString("bf16"));
    QVERIFY(m_engine->advance());
    QCOMPARE(m_session->run()->state(), EditRun::Editing);
    QCOMPARE(m_session->run()->framesDone(), 12);
    QCOMPARE(m_session->run()->framesTotal(), 36);
    QCOMPARE(m_session->run()->progress(), 1.0 / 3);
    QCOMPARE(m_session->run()->blockMs(), 86.0 + 4 + 231 + 219 + 111);
    QVERIFY(m_session->run()->secondsLeft() >= 1);
    QVERIFY(m_session->transport()->isPlaying());
    QVERIFY(m_session->transport()->frame().hasEdited());
    QVERIFY(m_session->transport()->frame().hasTokens());
    QVERIFY(!m_session->canSave());
    m_engine->finishEdit();
    QCOMPARE(m_session->run()->state(), EditRun::Done);
    QCOMPARE(m_session->frames().size(), 36);
    QVERIFY(m_session->canSave());
    QVERIFY(!m_session->differsFromRun());
}

void TestStudioSession::restartShowsNothingStale() {
    openClip();
    startEdit("oil painting");
    m_engine->advance();
    const auto oldJob = m_engine->lastJob();
    const auto oldOutput = m_engine->lastEdit().output.path;
    m_session->parameters()->setPrompt("pencil sketch");
    QVERIFY(m_session->differsFromRun());
    m_session->edit();
    QVERIFY(!m_session->differsFromRun());
    QCOMPARE(m_engine->cancelled().back(), oldJob);
    QVERIFY(m_session->frames().isEmpty());
    QVERIFY(!m_session->transport()->frame().hasEdited());
    QVERIFY(m_session->transport()->frame().hasSource());
    m_engine->send(m_engine->block(oldJob, 1));  // was already on its way
    QVERIFY(m_session->frames().isEmpty());
    QTest::qWait(1);
    m_engine->finishEdit();
    QCOMPARE(m_session->run()->state(), EditRun::Done);
    QCOMPARE(m_session->run()->prompt(), QString("pencil sketch"));
    QVERIFY(m_engine->lastEdit().output.path != oldOutput);
}

void TestStudioSession::cancelKeepsWhatThereIs() {
    openClip();
    startEdit("oil painting");
    m_engine->advance();
    m_session->cancel();
    QCOMPARE(m_session->run()->state(), EditRun::Cancelling);
    QTRY_COMPARE(m_session->run()->state(), EditRun::Cancelled);
    QVERIFY(!m_session->run()->error().isSet());
    QCOMPARE(m_session->frames().size(), 12);
    QVERIFY(m_session->canEdit());
    QVERIFY(!m_session->canSave());
}

void TestStudioSession::engineErrorIsShownAndTheNextEditRuns() {
    openClip();
    m_engine->failEditAfter(
        1, {ErrorCode::outOfMemory, "not enough memory: 5 GB asked for, 2 GB free", "use a smaller size"});
    startEdit("oil painting");
    m_engine->finishEdit();
    QCOMPARE(m_session->run()->state(), EditRun::Failed);
    QCOMPARE(m_session->run()->error().message, QString("Not enough memory: 5 GB asked for, 2 GB free."));
    QVERIFY(m_session->run()->error().details.contains("out-of-memory"));
    QVERIFY(m_session->run()->error().details.contains("oil painting"));
    startEdit("oil painting");
    QVERIFY(!m_session->run()->error().isSet());
    m_engine->finishEdit();
    QCOMPARE(m_session->run()->state(), EditRun::Done);
}

void TestStudioSession::unknownWordsOfTheEngine() {
    openClip();
    m_engine->setUnknownWords({"dragon"});
    startEdit("dragon oil painting");
    QCOMPARE(m_session->parameters()->unknownWords(), QStringList{"dragon"});
}

void TestStudioSession::savesACopy() {
    openClip();
    startEdit("oil painting");
    m_engine->finishEdit();
    QCOMPARE(m_session->suggestedFile(), file("holiday (oil painting).mov"));
    m_session->saveAs(file("saved.mov"));
    QTRY_COMPARE(m_session->saver()->state(), ResultSaver::Saved);
    QCOMPARE(m_session->saver()->savedName(), QString("saved.mov"));
    QCOMPARE(m_session->saver()->savedFolder(), QDir::toNativeSeparators(m_folder->path()));
    QFile saved(m_folder->filePath("saved.mov"));
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QCOMPARE(saved.readAll(), QByteArray("edited clip"));
    m_session->saveAs(file("no such folder/saved.mov"));
    QTRY_COMPARE(m_session->saver()->state(), ResultSaver::Failed);
    QVERIFY(m_session->saver()->error().isSet());
    m_session->edit();
    QCOMPARE(m_session->saver()->state(), ResultSaver::Unsaved);
}

void TestStudioSession::neverSavesOverTheSource() {
    QFile source(m_folder->filePath("holiday.mov"));
    QVERIFY(source.open(QIODevice::WriteOnly));
    source.write("mine");
    source.close();
    openClip();
    startEdit("oil painting");
    m_engine->finishEdit();
    m_session->saveAs(file("holiday.mov"));
    QCOMPARE(m_session->saver()->state(), ResultSaver::Failed);
    QVERIFY(source.open(QIODevice::ReadOnly));
    QCOMPARE(source.readAll(), QByteArray("mine"));
}

void TestStudioSession::openingAnotherClipStopsTheEdit() {
    openClip();
    startEdit("oil painting");
    m_engine->advance();
    const auto job = m_engine->lastJob();
    m_session->open(file("other.mp4"));
    QTRY_COMPARE(m_session->clip()->name(), QString("other.mp4"));
    const auto& cancelled = m_engine->cancelled();
    QVERIFY(std::find(cancelled.begin(), cancelled.end(), job) != cancelled.end());
    QCOMPARE(m_session->run()->state(), EditRun::Idle);
    QVERIFY(m_session->frames().isEmpty());
    QVERIFY(!m_session->transport()->frame().hasSource());
}

void TestStudioSession::editsAreRemovedWithTheirClip() {
    openClip();
    startEdit("oil painting");
    m_engine->finishEdit();
    const auto output = m_engine->lastEdit().output.path;
    QVERIFY(std::filesystem::exists(output));
    m_session->open(file("other.mp4"));
    QTRY_COMPARE(m_session->clip()->name(), QString("other.mp4"));
    QVERIFY(!std::filesystem::exists(output));
}

void TestStudioSession::editsAreRemovedOnExit() {
    openClip();
    startEdit("oil painting");
    m_engine->finishEdit();
    const auto output = m_engine->lastEdit().output.path;
    QVERIFY(std::filesystem::exists(output));
    m_session.reset();
    QVERIFY(!std::filesystem::exists(output));
}

void TestStudioSession::noModelIsAnError() {
    class NoModels : public testing::FakeEngine {
    public:
        service::JobId submit(service::Request request) override {
            const auto job = ++m_job;
            if (std::holds_alternative<service::ModelListRequest>(request))
                QTimer::singleShot(0, this, [this, job] {
                    send(service::JobFinished{job, service::ModelListReport{}});
                });
            return job;
        }

    private:
        service::JobId m_job = 0;
    } engine;
    session::StudioSession session(engine, {.cacheFolder = session::toPath(m_folder->filePath("cache"))});
    QTRY_VERIFY(session.modelError().isSet());
    QVERIFY(session.modelError().details.contains("model-missing"));
}

QTEST_MAIN(TestStudioSession)
#include "tst_studio_session.moc"
