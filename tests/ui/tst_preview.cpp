#include <QSignalSpy>
#include <QTest>

#include "app/session/preview.h"
#include "tests/support/fake_engine.h"
#include "tests/support/small_project.h"

using namespace lipar;
using session::Player;
using session::Preview;

class TestPreview : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void startsAtThePlayheadByItself();
    void startsAtTheRangesStartWithinItsFirstBlock();
    void changesStartItAnew();
    void draggingStartsItOnce();
    void staysCancelledUntilSomethingChanges();
    void waitsForExports();
    void notWhatIsCachedAlready();
    void undoBringsBlocksBack();
    void onlyByHandWhereNotAutomatic();
    void jumpingFarAheadStartsItThere();
    void picturesComeToTheViewer();
    void failuresAreToldOnce();
    void tellsUnknownWords();
    void tellsThePromptsLengthAndTheSize();

private:
    [[nodiscard]] int edits() const { return m_engine->count<service::EditRequest>(); }
    [[nodiscard]] service::JobId lastEditJob() const;
    void open(const testing::SmallProject& project);
    void setPrompt(const std::string& prompt, const std::string& mergeKey = {});
    void waitForStart(int number);

    testing::SmallProject m_small;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<session::ProjectDocument> m_document;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<Preview> m_preview;
};

void TestPreview::init() {
    m_engine = std::make_unique<testing::FakeEngine>(testing::FakeClip::drawn(240, 96, 64));
    m_document = std::make_unique<session::ProjectDocument>();
    m_player = std::make_unique<Player>(*m_document, *m_engine, Player::Options{.cache = {.folder = "cache"}, .sound = {}, .now = {}});
    m_preview = std::make_unique<Preview>(*m_document, *m_engine, *m_player,
                                          Preview::Options{.cache = {.folder = "cache"}, .delayMs = 20});
    open(testing::smallProject(1, 240));
}

void TestPreview::cleanup() {
    m_preview.reset();
    m_player.reset();
    m_document.reset();
    m_engine.reset();
}

void TestPreview::open(const testing::SmallProject& project) {
    m_small = project;
    m_document->replace(project.project, {}, false);
}

void TestPreview::setPrompt(const std::string& prompt, const std::string& mergeKey) {
    auto edit = project::findClip(m_document->project(), m_small.pictures.front())->edit;
    edit.enabled = true;
    edit.prompt = prompt;
    QVERIFY(m_document->perform(commands::SetEdit{{m_small.pictures.front()}, edit}, mergeKey).has_value());
}

void TestPreview::waitForStart(int number) {
    QTRY_COMPARE(edits(), number);
    QVERIFY(m_preview->isRunning());
    QTest::qWait(2);  // the engine takes it
}

// Jobs are numbered in the order in which they are asked for.
service::JobId TestPreview::lastEditJob() const {
    const auto& requests = m_engine->requests();
    for (auto job = requests.size(); job > 0; --job)
        if (std::holds_alternative<service::EditRequest>(requests[job - 1]))
            return job;
    return 0;
}

void TestPreview::startsAtThePlayheadByItself() {
    QVERIFY(!m_preview->canStart());
    m_player->seek(100);
    setPrompt("oil painting");
    QVERIFY(m_preview->canStart());
    waitForStart(1);
    const auto& request = m_engine->lastEdit();
    QCOMPARE(request.settings.prompt, std::string("oil painting"));
    QCOMPARE(*request.settings.startSeconds, 100 / 24.0);
    QCOMPARE(*request.settings.endSeconds, 10.0);
    QVERIFY(!request.cache.folder.empty());
    QCOMPARE(m_preview->clip(), m_small.pictures.front());
    m_engine->advance();
    QVERIFY(m_preview->deviceName().contains("CPU"));
    m_engine->advance();
    QCOMPARE(m_preview->state(), Preview::Editing);
    QVERIFY(m_preview->hasReadings());
    QCOMPARE(m_preview->fps(), 17.8);
    QVERIFY(m_preview->msPerBlock() > 0);
    QVERIFY(m_preview->progress() > 0);
    m_engine->finishEdit();
    QCOMPARE(m_preview->state(), Preview::Done);
    QTest::qWait(60);
    QCOMPARE(edits(), 1);
}

void TestPreview::startsAtTheRangesStartWithinItsFirstBlock() {
    m_player->seek(11);
    setPrompt("oil painting");
    waitForStart(1);
    QCOMPARE(*m_engine->lastEdit().settings.startSeconds, 0.0);
    m_engine->advance();
    m_engine->advance();
    const auto& blocks = m_preview->blocksOf(m_small.pictures.front());
    QCOMPARE(blocks.size(), std::size_t(1));
    QVERIFY(blocks.front().exact);
    QVERIFY(!blocks.front().keptPerLatentFrame.empty());
}

void TestPreview::changesStartItAnew() {
    setPrompt("oil painting");
    waitForStart(1);
    const auto oldJob = lastEditJob();
    m_engine->advance();
    m_engine->advance();
    QCOMPARE(m_preview->blocksOf(m_small.pictures.front()).size(), std::size_t(1));
    setPrompt("pencil sketch");
    QVERIFY(!m_preview->isRunning());  // at once, not when the next one starts
    QVERIFY(std::ranges::find(m_engine->cancelled(), oldJob) != m_engine->cancelled().end());
    QVERIFY(m_preview->blocksOf(m_small.pictures.front()).empty());
    QCOMPARE(m_preview->staleBlocksOf(m_small.pictures.front()).size(), std::size_t(1));
    m_engine->send(m_engine->block(oldJob, 1));  // too late
    QVERIFY(m_preview->blocksOf(m_small.pictures.front()).empty());
    waitForStart(2);
    QCOMPARE(m_engine->lastEdit().settings.prompt, std::string("pencil sketch"));
    QVERIFY(!m_preview->hasReadings());
}

void TestPreview::draggingStartsItOnce() {
    const std::string word = "oil painting";
    for (std::size_t letters = 1; letters <= word.size(); ++letters) {
        setPrompt(word.substr(0, letters), "prompt");
        QTest::qWait(3);
    }
    waitForStart(1);
    QCOMPARE(m_engine->lastEdit().settings.prompt, word);
    QTest::qWait(60);
    QCOMPARE(edits(), 1);
}

void TestPreview::staysCancelledUntilSomethingChanges() {
    setPrompt("oil painting");
    waitForStart(1);
    m_preview->cancel();
    QCOMPARE(m_preview->state(), Preview::Cancelled);
    m_player->seek(50);
    QTest::qWait(60);
    QCOMPARE(edits(), 1);
    setPrompt("pencil sketch");
    waitForStart(2);
    m_preview->cancel();
    m_preview->start();
    waitForStart(3);
}

void TestPreview::waitsForExports() {
    setPrompt("oil painting");
    waitForStart(1);
    m_preview->setPaused(true);
    QVERIFY(!m_preview->isRunning());
    setPrompt("pencil sketch");
    m_preview->start();
    QTest::qWait(60);
    QCOMPARE(edits(), 1);
    m_preview->setPaused(false);
    waitForStart(2);
}

void TestPreview::notWhatIsCachedAlready() {
    setPrompt("oil painting");
    waitForStart(1);
    m_engine->finishEdit();
    QCOMPARE(m_preview->state(), Preview::Done);
    // A window opened later finds it all in the cache.
    Player player(*m_document, *m_engine, {.cache = {.folder = "cache"}, .sound = {}, .now = {}});
    Preview later(*m_document, *m_engine, player, {.cache = {.folder = "cache"}, .delayMs = 5});
    QSignalSpy found(&later, &Preview::cacheChanged);
    later.blocksOf(m_small.pictures.front());
    QTRY_VERIFY(found.count() > 0);
    QCOMPARE(later.blocksOf(m_small.pictures.front()).size(), std::size_t(20));
    for (const int frame : {0, 100, 239, 12}) {
        player.seek(frame);
        QTest::qWait(20);
    }
    QCOMPARE(edits(), 1);
    QTRY_VERIFY(player.picture().hasEdited());
}

void TestPreview::undoBringsBlocksBack() {
    setPrompt("oil painting");
    waitForStart(1);
    m_engine->finishEdit();
    setPrompt("pencil sketch");
    waitForStart(2);
    m_document->undo();
    QVERIFY(!m_preview->isRunning());
    QTRY_COMPARE(m_preview->blocksOf(m_small.pictures.front()).size(), std::size_t(20));
    QTest::qWait(60);
    QCOMPARE(edits(), 2);
    QTRY_VERIFY(m_player->picture().hasEdited());
}

void TestPreview::onlyByHandWhereNotAutomatic() {
    m_preview->setAutomatic(false);
    setPrompt("oil painting");
    QTest::qWait(60);
    QCOMPARE(edits(), 0);
    QVERIFY(m_preview->canStart());
    m_preview->start();
    waitForStart(1);
}

void TestPreview::jumpingFarAheadStartsItThere() {
    setPrompt("oil painting");
    waitForStart(1);
    m_engine->advance();
    m_engine->advance();
    m_player->seek(30);  // it will be there in a moment
    QTest::qWait(60);
    QCOMPARE(edits(), 1);
    m_player->seek(200);
    waitForStart(2);
    QCOMPARE(*m_engine->lastEdit().settings.startSeconds, 200 / 24.0);
    // The first frames are in the cache: going back there starts nothing.
    m_engine->finishEdit();
    m_player->seek(3);
    QTest::qWait(60);
    QCOMPARE(edits(), 2);
}

void TestPreview::picturesComeToTheViewer() {
    m_player->seek(5);
    setPrompt("oil painting");
    QTRY_VERIFY(m_player->isEditPending());
    waitForStart(1);
    m_engine->advance();
    m_engine->advance();
    QTRY_VERIFY(m_player->picture().hasEdited());
    QVERIFY(m_player->picture().hasTokens());
    QCOMPARE(m_player->frame(), 5);
    QCOMPARE(m_player->picture().edited, m_engine->clip().edited[5]);
    setPrompt("pencil sketch");
    QVERIFY(!m_player->picture().hasEdited());
}

void TestPreview::failuresAreToldOnce() {
    m_engine->failEditAfter(2, {ErrorCode::outOfMemory, "the card is full", "close another program"});
    setPrompt("oil painting");
    waitForStart(1);
    m_engine->finishEdit();
    QCOMPARE(m_preview->state(), Preview::Failed);
    QVERIFY(m_preview->error().isSet());
    QVERIFY(m_preview->error().details.contains("oil painting"));
    m_player->seek(80);
    QTest::qWait(60);
    QCOMPARE(edits(), 1);  // not again and again
    setPrompt("pencil sketch");
    waitForStart(2);
    QVERIFY(!m_preview->error().isSet());
}

void TestPreview::tellsUnknownWords() {
    m_engine->setUnknownWords({"dragon"});
    QSignalSpy words(m_preview.get(), &Preview::unknownWordsFound);
    setPrompt("oil dragon");
    waitForStart(1);
    m_engine->advance();
    QCOMPARE(words.count(), 1);
    QCOMPARE(words.front()[0].value<quint64>(), m_small.pictures.front());
    QCOMPARE(words.front()[1].toStringList(), QStringList{"dragon"});
}

void TestPreview::tellsThePromptsLengthAndTheSize() {
    m_engine->setPromptTokens({600, 512, true});
    QSignalSpy measured(m_preview.get(), &Preview::promptMeasured);
    QSignalSpy sized(m_preview.get(), &Preview::sizeChosen);
    setPrompt("oil painting");
    waitForStart(1);
    m_engine->advance();
    QCOMPARE(measured.count(), 1);
    QCOMPARE(measured.front(), (QVariantList{QVariant::fromValue(quint64(m_small.pictures.front())), 600, 512}));
    QCOMPARE(sized.count(), 1);
    QCOMPARE(sized.front()[1].toInt(), m_engine->clip().info.width);
    // A size of one's own is no news.
    auto edit = project::findClip(m_document->project(), m_small.pictures.front())->edit;
    edit.width = 64;
    edit.height = 48;
    QVERIFY(m_document->perform(commands::SetEdit{{m_small.pictures.front()}, edit}));
    waitForStart(2);
    m_engine->advance();
    QCOMPARE(measured.count(), 2);
    QCOMPARE(sized.count(), 1);
}

QTEST_GUILESS_MAIN(TestPreview)
#include "tst_preview.moc"
