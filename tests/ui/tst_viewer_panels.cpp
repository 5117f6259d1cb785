#include <QDir>
#include <QQmlApplicationEngine>
#include <QQmlComponent>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTest>

#include "app/session/clip_editor.h"
#include "app/session/preview.h"
#include "app/session/view_state.h"
#include "tests/support/fake_engine.h"
#include "tests/support/fake_models.h"
#include "tests/support/small_project.h"
#include "tests/support/window_driver.h"

using namespace lipar;
using session::ClipEditor;
using session::Player;
using session::Preview;
using session::ViewState;

namespace {

// Viewer and inspector as they lie in the window, at the size they have in the smallest one.
constexpr const char* harness = R"(
import QtQuick
import QtQuick.Templates as T
import Lipar.Inspector
import Lipar.Session
import Lipar.Viewer

T.ApplicationWindow {
    id: window

    required property Player player
    required property Preview preview
    required property ViewState view
    required property ClipEditor editor

    width: 948
    height: 340
    visible: true
    color: palette.window
    palette { window: "#131416"; windowText: "#e9eaed"; base: "#17181b"; alternateBase: "#212327"; text: "#e9eaed";
              button: "#34373d"; buttonText: "#e9eaed"; midlight: "#41454c"; mid: "#3a3d44"; light: "#5d626c";
              dark: "#0d0e10"; placeholderText: "#a0a6b0"; highlight: "#f2a33c"; highlightedText: "#1f1405";
              link: "#f7b968"; brightText: "#ff8d7a"; toolTipBase: "#33363c"; toolTipText: "#f2f3f5" }

    ViewerPanel {
        objectName: "viewer"
        width: window.width - 321
        height: window.height
        player: window.player
        preview: window.preview
        view: window.view
    }
    InspectorPanel {
        objectName: "inspector"
        x: window.width - 320
        width: 320
        height: window.height
        editor: window.editor
    }
}
)";

}  // namespace

// With LIPAR_SCREENSHOTS=FOLDER set, it also writes what the panels look like.
class TestViewerPanels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void transport();
    void typedTimecode();
    void liveEdit();
    void missingEditIsOffered();
    void errorsAreShownWhereTheyHappened();
    void inspectorEdits();
    void processingSaysWhatTheModelAllows();
    void nothingIsCutOffOrNameless();

private:
    [[nodiscard]] QQuickItem* item(const char* name) const { return m_driver->item(name); }
    void click(const char* name) { m_driver->clickAt(testing::WindowDriver::middleOf(item(name))); }
    void photograph(const char* name);
    void takeDown();
    void checkTexts(const char* state);

    std::int64_t m_now = 1;
    testing::SmallProject m_small;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<session::ProjectDocument> m_document;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<Preview> m_preview;
    std::unique_ptr<ClipEditor> m_editor;
    std::unique_ptr<ViewState> m_view;
    std::unique_ptr<QQmlApplicationEngine> m_qml;
    std::unique_ptr<testing::WindowDriver> m_driver;
    QQuickWindow* m_window = nullptr;
};

void TestViewerPanels::initTestCase() {
    testing::WarningLog::install();
}

void TestViewerPanels::init() {
    takeDown();  // where the test before has failed early
    (void)testing::WarningLog::take();
    m_engine = std::make_unique<testing::FakeEngine>(testing::FakeClip::drawn(72, 416, 240));
    m_document = std::make_unique<session::ProjectDocument>();
    m_small = testing::smallProject(2, 72);
    m_small.project.format.width = 416;
    m_small.project.format.height = 240;
    m_document->replace(m_small.project, {}, false);
    m_player = std::make_unique<Player>(*m_document, *m_engine,
                                        Player::Options{.cache = {.folder = "cache"}, .sound = {}, .now = [this] { return m_now; }});
    m_preview = std::make_unique<Preview>(*m_document, *m_engine, *m_player,
                                          Preview::Options{.cache = {.folder = "cache"}, .delayMs = 1});
    m_editor = std::make_unique<ClipEditor>(*m_document, *m_engine, *m_player);
    m_view = std::make_unique<ViewState>();
    m_qml = std::make_unique<QQmlApplicationEngine>();
    m_qml->addImportPath("qrc:/qt/qml");
    m_qml->setInitialProperties({{"player", QVariant::fromValue(m_player.get())},
                                 {"preview", QVariant::fromValue(m_preview.get())},
                                 {"view", QVariant::fromValue(m_view.get())},
                                 {"editor", QVariant::fromValue(m_editor.get())}});
    m_qml->loadData(harness);
    QVERIFY(!m_qml->rootObjects().isEmpty());
    m_window = qobject_cast<QQuickWindow*>(m_qml->rootObjects().first());
    m_driver = std::make_unique<testing::WindowDriver>(*m_window);
    m_window->requestActivate();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
    QTRY_COMPARE(m_editor->looks()->count(), 16);
    QTRY_VERIFY(m_player->hasPicture());
}

void TestViewerPanels::cleanup() {
    takeDown();
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestViewerPanels::takeDown() {
    m_qml.reset();
    m_view.reset();
    m_editor.reset();
    m_preview.reset();
    m_player.reset();
    m_document.reset();
    m_engine.reset();
}

void TestViewerPanels::photograph(const char* name) {
    const auto folder = qEnvironmentVariable("LIPAR_SCREENSHOTS");
    if (folder.isEmpty())
        return;
    QTest::qWait(200);
    QVERIFY(m_window->grabWindow().save(QDir(folder).filePath(QString("panels-%1.png").arg(name))));
}

void TestViewerPanels::checkTexts(const char* state) {
    QTest::qWait(30);
    const auto cut = m_driver->cutTexts();
    QVERIFY2(cut.isEmpty(), qPrintable(QString("%1: %2").arg(state, cut.join(" | "))));
}

void TestViewerPanels::transport() {
    click("playButton");
    QVERIFY(m_player->isPlaying());
    QTRY_VERIFY(!m_player->isWaiting());
    m_now += 500'000'000;
    QTRY_COMPARE(m_player->frame(), 12);
    click("playButton");
    QVERIFY(!m_player->isPlaying());
    click("loopButton");
    QVERIFY(m_player->loop());
    QVERIFY(!item("muteButton")->isEnabled());  // there is no device here
}

void TestViewerPanels::typedTimecode() {
    click("timecodeField");
    QVERIFY(item("timecodeField")->hasActiveFocus());
    for (const auto character : QString("1:10"))
        QTest::keyClick(m_window, character.toLatin1());
    QTest::keyClick(m_window, Qt::Key_Return);
    QCOMPARE(m_player->frame(), 34);
    QCOMPARE(item("timecodeField")->property("text").toString(), QString("00:00:01:10"));
    for (const auto character : QString("x"))
        QTest::keyClick(m_window, character.toLatin1());
    QTest::keyClick(m_window, Qt::Key_Return);
    QVERIFY(item("timecodeField")->property("hasProblem").toBool());
    QTest::keyClick(m_window, Qt::Key_Escape);
    QCOMPARE(item("timecodeField")->property("text").toString(), QString("00:00:01:10"));
    QCOMPARE(m_player->frame(), 34);
}

void TestViewerPanels::liveEdit() {
    m_player->seek(6);
    m_editor->setClip(m_small.pictures.front());
    m_editor->chooseLook(2);
    QTRY_VERIFY(m_preview->isRunning());
    QTest::qWait(5);
    QVERIFY(item("pictureNote")->isVisible());
    photograph("loading");
    m_engine->advance();
    m_engine->advance();
    QTRY_VERIFY(m_player->picture().hasEdited());
    QVERIFY(!item("pictureNote")->isVisible());
    m_view->setHeatmap(ViewState::KeptTokens);
    photograph("wipe-heatmap");
    checkTexts("wipe");
    m_view->setMode(ViewState::Split);
    m_view->setHeatmap(ViewState::TokenAge);
    photograph("split-age");
    m_view->setMode(ViewState::Edited);
    m_view->setHeatmap(ViewState::NoHeatmap);
    m_engine->finishEdit();
    photograph("done");
    checkTexts("done");
}

void TestViewerPanels::missingEditIsOffered() {
    m_preview->setAutomatic(false);
    m_editor->setClip(m_small.pictures.front());
    m_editor->setPrompt("oil painting");
    QTRY_VERIFY(m_player->isEditPending());
    QTRY_VERIFY(item("previewHere")->isVisible());
    photograph("not-edited");
    click("previewHere");
    QTRY_VERIFY(m_preview->isRunning());
}

void TestViewerPanels::errorsAreShownWhereTheyHappened() {
    m_engine->failEditAfter(1, {ErrorCode::outOfMemory, "the card is full: 900 MiB are needed and 200 are free",
                                "close another program or choose a smaller size"});
    m_editor->setClip(m_small.pictures.front());
    m_editor->setPrompt("oil painting");
    QTRY_VERIFY(m_preview->isRunning());
    QTest::qWait(5);
    m_engine->finishEdit();
    QTRY_VERIFY(item("previewError")->isVisible());
    photograph("error");
    m_preview->dismissError();
    QTRY_VERIFY(!item("previewError")->isVisible());
}

void TestViewerPanels::inspectorEdits() {
    QVERIFY(item("nothingSelected")->isVisible());
    photograph("nothing-selected");
    m_editor->setClip(m_small.pictures.front());
    QVERIFY(!item("nothingSelected")->isVisible());
    QCOMPARE(item("inspectorTitle")->property("text").toString(), QString("holiday.mp4"));
    QVERIFY(QMetaObject::invokeMethod(item("inspector"), "focusPrompt"));
    QVERIFY(item("promptField")->hasActiveFocus());
    for (const auto character : QString("oil dragon"))
        QTest::keyClick(m_window, character.toLatin1());
    QCOMPARE(m_editor->prompt(), QString("oil dragon"));
    QVERIFY(m_editor->isEdited());
    QTRY_VERIFY(item("unknownWords")->isVisible());
    photograph("unknown-word");
    QVERIFY(!item("promptTokens")->isVisible());
    m_editor->setPromptTokens(m_small.pictures.front(), 37, 512);
    QTRY_VERIFY(item("promptTokens")->isVisible());
    QCOMPARE(item("promptTokens")->property("text").toString(), QString("Words the model reads: 36 of at most 511"));
    m_editor->setPromptTokens(m_small.pictures.front(), 600, 512);
    QCOMPARE(item("promptTokens")->property("text").toString(),
             QString("Too long: of 599 words the model reads the first 511"));
    photograph("long-prompt");
    QTest::keyClick(m_window, Qt::Key_Return);
    m_document->undo();
    QCOMPARE(m_editor->prompt(), QString());
    QTRY_COMPARE(item("promptField")->property("text").toString(), QString());
    m_player->seek(30);
    QTRY_VERIFY(item("addKeyframe")->isEnabled());
    m_editor->addKeyframe();
    m_window->resize(948, 1500);  // all of the inspector in sight
    photograph("inspector");
}

void TestViewerPanels::processingSaysWhatTheModelAllows() {
    m_window->resize(948, 1600);
    m_editor->setClip(m_small.pictures.front());
    m_editor->setPrompt("oil painting");
    m_engine->setModelEntries({testing::installed(testing::bigModel())});
    m_editor->refreshModels();
    QTRY_COMPARE(m_editor->usableModels().size(), 2);
    m_driver->click(m_driver->named("Unfold Processing"));
    // The built-in model was trained with one shift: the field is there, greyed out, and says why.
    QVERIFY(item("shiftField")->isVisible() && !item("shiftField")->isEnabled());
    QCOMPARE(m_driver->textOf("shiftNote"), QString("lipar-mini was trained with this shift alone."));
    QCOMPARE(item("shiftField")->property("example").toString(), QString("5 (default)"));
    QVERIFY(item("stepsField")->isEnabled());
    QVERIFY(m_driver->textOf("stepsNote").contains("4 at most"));
    photograph("processing-built-in");

    m_driver->click(item("stepsField"));
    m_driver->type("300, 400");
    m_driver->press(Qt::Key_Return);
    QVERIFY(item("stepsField")->property("hasProblem").toBool());
    QVERIFY(m_editor->steps().isEmpty());
    photograph("processing-problem");
    m_driver->press(Qt::Key_A, Qt::ControlModifier);
    m_driver->type("400 300");
    m_driver->press(Qt::Key_Return);
    QVERIFY(!item("stepsField")->property("hasProblem").toBool());
    QCOMPARE(m_editor->steps(), QString("400, 300"));

    QVERIFY(!item("widthField")->isVisible());
    m_editor->chooseSize(1);
    QVERIFY(item("widthField")->isVisible());
    QCOMPARE(item("widthField")->property("value").toInt(), m_editor->width());
    QTest::qWait(30);  // the section has grown
    m_driver->click(item("heightField"));
    m_driver->press(Qt::Key_Up);
    m_driver->press(Qt::Key_Up);
    QCOMPARE(m_editor->height(), 272);
    m_driver->click(item("stepsField"));
    m_document->undo();  // both presses
    QCOMPARE(m_editor->height(), 240);
    m_driver->click(item("resetProcessing"));
    QVERIFY(!m_editor->hasOwnProcessing());
    QVERIFY(!item("resetProcessing")->isVisible());
    QCOMPARE(item("stepsField")->property("text").toString(), QString());

    // A model that takes any shift, and strength as a number.
    m_editor->chooseModel("wan2.1-1.3b");
    QVERIFY(item("shiftField")->isEnabled());
    QVERIFY2(m_driver->textOf("shiftNote").startsWith("0.01 to 100."), qPrintable(m_driver->textOf("shiftNote")));
    m_driver->click(item("shiftField"));
    m_driver->type("3.5");
    m_driver->press(Qt::Key_Tab);
    QCOMPARE(m_editor->shift(), 3.5);
    QCOMPARE(m_driver->textOf("strengthText"), QString("40 % (default)"));
    m_editor->setStrengthValue(0.65);
    QCOMPARE(m_driver->textOf("strengthText"), QString("65 %"));
    QCOMPARE(item("modelChoice")->property("displayText").toString(), QString("wan2.1-1.3b"));
    photograph("processing-any-model");
    checkTexts("processing");
    int controls = 0;
    const auto nameless = m_driver->namelessControls(controls);
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(' ')));
}

void TestViewerPanels::nothingIsCutOffOrNameless() {
    m_editor->setClip(m_small.pictures.front());
    m_editor->setPrompt("strong oil painting");
    checkTexts("selected");
    int controls = 0;
    const auto nameless = m_driver->namelessControls(controls);
    QVERIFY(controls > 10);
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(' ')));
}

QTEST_MAIN(TestViewerPanels)
#include "tst_viewer_panels.moc"
