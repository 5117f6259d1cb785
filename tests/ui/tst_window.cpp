#include <QDir>
#include <QPointer>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/main/studio_window.h"
#include "app/session/paths.h"
#include "tests/support/fake_engine.h"
#include "tests/support/ui_watchdog.h"
#include "tests/support/window_driver.h"

using namespace lipar;
using session::ViewState;
using testing::WindowDriver;

// The real window over an engine that is not there. Any warning of QML fails the test in which it is logged.
class TestWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void loads();
    void sampleInOnePress();
    void keyboardAlone();
    void keysOfTheEditor();
    void fieldsKeepTheirKeys();
    void everyControlHasAName();
    void errorsAppearWhereTheyHappened();
    void changesAreNotLostSilently();
    void exportFromTheWindow();
    void keysAreChangedInTheSettings();
    void themeFollowsTheSetting();
    void errorsFollowTheLanguage();
    void spacePlaysAfterAClick();
    void hintsAppearUnderThePointer();
    void languageChangesWhileRunning();
    void languageKeepsTheControls();
    void nothingIsCutOff_data();
    void nothingIsCutOff();

private:
    [[nodiscard]] QQuickItem* item(const char* name) const { return m_driver->item(name); }
    [[nodiscard]] QString textOf(const char* name) const { return m_driver->textOf(name); }
    // A clip on the timeline, selected.
    void openClip();
    void showPage(int page);
    void click(QQuickItem* target) { m_driver->click(target); }
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { m_driver->press(key, modifiers); }
    void type(const QString& text) { m_driver->type(text); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<settings::AppSettings> m_settings;
    std::unique_ptr<session::StudioSession> m_session;
    std::unique_ptr<StudioWindow> m_studio;
    std::unique_ptr<testing::WindowDriver> m_driver;
    QQuickWindow* m_window = nullptr;
};

void TestWindow::initTestCase() {
    qputenv("QT_QUICK_CONTROLS_HOVER_ENABLED", "1");  // the platform without a screen says it has no pointer
    testing::WarningLog::install();
}

void TestWindow::init() {
    m_studio.reset();  // in this order, also where the test before has failed early
    m_session.reset();
    (void)testing::WarningLog::take();
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<testing::FakeEngine>();
    m_engine->setAutomatic(true, 5);
    m_settings = std::make_unique<settings::AppSettings>(m_folder->filePath("settings.ini"));
    m_settings->setLanguage("en");
    m_settings->setCacheFolder(m_folder->filePath("blocks"));
    m_session = std::make_unique<session::StudioSession>(
        *m_engine, *m_settings,
        session::StudioSession::Options{.cacheFolder = session::toPath(m_folder->filePath("cache")),
                                        .stateFolder = session::toPath(m_folder->filePath("state")),
                                        .sound = nullptr,
                                        .previewDelayMs = 10});
    m_studio = std::make_unique<StudioWindow>(*m_session, *m_settings);
    m_window = m_studio->window();
    QVERIFY(m_window);
    m_driver = std::make_unique<testing::WindowDriver>(*m_window);
    m_window->requestActivate();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
    QTRY_COMPARE(m_session->clipEditor()->looks()->count(), 16);
}

void TestWindow::cleanup() {
    m_studio.reset();
    m_session.reset();
    m_settings.reset();
    m_engine.reset();
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestWindow::openClip() {
    QFile clip(m_folder->filePath("holiday.mp4"));
    QVERIFY(clip.open(QIODevice::WriteOnly));
    clip.write("a clip");
    clip.close();
    m_session->openFile(QUrl::fromLocalFile(clip.fileName()));
    QTRY_VERIFY(!m_session->timeline()->isEmpty());
    QTRY_VERIFY(m_session->clipEditor()->hasPicture());
}

void TestWindow::showPage(int page) {
    m_window->setProperty("page", page);
    QTest::qWait(20);
}

void TestWindow::loads() {
    QCOMPARE(m_window->title(), QString("LIPAR Studio"));
    QCOMPARE(m_window->minimumSize(), QSize(1280, 720));
    QVERIFY(item("welcomePage")->isVisible());
    openClip();
    QVERIFY(!item("welcomePage")->isVisible());
    for (const auto* name : {"mediaPanel", "viewer", "inspector", "timelinePanel"})
        QVERIFY2(item(name)->isVisible() && item(name)->width() > 0 && item(name)->height() > 0, name);
    QCOMPARE(m_window->title(), QString("*Untitled – LIPAR Studio"));
}

// Journey 1: one button, and the edited picture is there.
void TestWindow::sampleInOnePress() {
    testing::UiWatchdog watchdog;
    click(item("sampleButton"));
    QTRY_VERIFY(!m_session->timeline()->isEmpty());
    QTRY_VERIFY(m_session->player()->picture().hasEdited());
    QVERIFY(m_engine->lastEdit().settings.prompt == "pencil sketch");
    QTRY_COMPARE(m_session->preview()->state(), session::Preview::Done);
    qInfo("the event loop was away for %lld ms at most", static_cast<long long>(watchdog.longestGap().count()));
}

// Journey 2 without a mouse: import, add to the timeline, write a prompt, see it.
void TestWindow::keyboardAlone() {
    QVERIFY(QDir(m_folder->path()).mkdir("clips"));
    QFile clip(m_folder->filePath("clips/holiday.mp4"));
    QVERIFY(clip.open(QIODevice::WriteOnly));
    clip.write("a clip");
    clip.close();
    m_settings->setLastFolder(QUrl::fromLocalFile(m_folder->filePath("clips")));
    press(Qt::Key_I, Qt::ControlModifier);
    // Qt's own file dialog, which the platform of the tests falls back to.
    QTRY_VERIFY(m_window->activeFocusItem() && m_window->activeFocusItem()->objectName().startsWith("fileDialog"));
    if (m_window->activeFocusItem()->objectName() == "fileDialogListView")
        press(Qt::Key_Down);
    QTRY_VERIFY(m_window->activeFocusItem()->inherits("QQuickFileDialogDelegate"));
    press(Qt::Key_Return);
    QTRY_COMPARE(m_session->document()->project().sources.size(), std::size_t(1));

    auto* list = item("binList");
    for (int i = 0; i < 60 && !list->hasActiveFocus(); ++i)
        press(Qt::Key_Tab);
    QVERIFY(list->hasActiveFocus());
    press(Qt::Key_Return);
    QTRY_VERIFY(!m_session->timeline()->isEmpty());
    press(Qt::Key_A, Qt::ControlModifier);
    QTRY_VERIFY(m_session->clipEditor()->hasPicture());
    press(Qt::Key_L, Qt::ControlModifier);
    QTRY_COMPARE(m_window->activeFocusItem()->objectName(), QString("promptField"));
    type("oil painting");
    QTRY_COMPARE(m_engine->lastEdit().settings.prompt, std::string("oil painting"));
    QTRY_VERIFY(m_session->player()->picture().hasEdited());
}

void TestWindow::keysOfTheEditor() {
    openClip();
    auto* player = m_session->player();
    item("timelinePanel")->forceActiveFocus();
    press(Qt::Key_Home);
    QTRY_COMPARE(player->frame(), 0);
    m_session->actions()->find("play.stepForward")->trigger();
    QTRY_COMPARE(player->frame(), 1);
    press(Qt::Key_2);
    QCOMPARE(m_session->view()->mode(), ViewState::Edited);
    press(Qt::Key_1);
    QCOMPARE(m_session->view()->mode(), ViewState::Source);
    press(Qt::Key_H);
    QCOMPARE(m_session->view()->heatmap(), ViewState::KeptTokens);
    player->seek(12);
    press(Qt::Key_K, Qt::ControlModifier);
    const auto clips = [this] { return m_session->document()->project().tracks.front().clips.size(); };
    QCOMPARE(clips(), std::size_t(2));
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(clips(), std::size_t(1));
    press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(clips(), std::size_t(2));
    press(Qt::Key_F3);
    QTRY_VERIFY(item("exportQueue")->isVisible());
    press(Qt::Key_F2);
    QTRY_VERIFY(item("timelinePanel")->isVisible());
}

void TestWindow::fieldsKeepTheirKeys() {
    openClip();
    press(Qt::Key_L, Qt::ControlModifier);
    QTRY_COMPARE(m_window->activeFocusItem()->objectName(), QString("promptField"));
    type("h w 12");
    QCOMPARE(m_session->clipEditor()->prompt(), QString("h w 12"));
    QCOMPARE(m_session->view()->heatmap(), ViewState::NoHeatmap);
}

void TestWindow::everyControlHasAName() {
    const auto check = [this](const char* where) {
        int controls = 0;
        const auto nameless = m_driver->namelessControls(controls);
        QVERIFY2(nameless.isEmpty(), qPrintable(QString(where) + ": " + nameless.join('\n')));
        QVERIFY2(controls > 10, qPrintable(QString::number(controls)));
    };
    check("welcome");
    m_engine->failNext({ErrorCode::inputDamaged, "it broke", "try another"});
    m_session->takeFiles({QUrl::fromLocalFile(m_folder->filePath("broken.mp4"))});
    QTRY_COMPARE(m_session->messages()->count(), 1);
    openClip();
    m_session->clipEditor()->setPrompt("oil painting");
    check("edit");
    m_session->exportForm()->setFolder(m_folder->path());
    m_session->exportForm()->add();
    showPage(1);
    check("export");
    showPage(2);
    check("settings");
}

void TestWindow::errorsAppearWhereTheyHappened() {
    m_session->files()->open(QUrl::fromLocalFile(m_folder->filePath("none.lipar")));
    QTRY_VERIFY(item("openError")->isVisible());
    QFile newer(m_folder->filePath("newer.lipar"));
    QVERIFY(newer.open(QIODevice::WriteOnly));
    newer.write("{\"format\": \"lipar-project\", \"version\": 999}");
    newer.close();
    m_session->files()->open(QUrl::fromLocalFile(newer.fileName()));
    QTRY_COMPARE(m_session->messages()->count(), 2);
    QVERIFY(m_session->files()->error().isSet());
    m_session->files()->dismissError();
    QTRY_VERIFY(!item("openError")->isVisible());

    openClip();
    m_engine->failEditAfter(1, {ErrorCode::outOfMemory, "memory is full", "choose a smaller size"});
    m_session->clipEditor()->setPrompt("oil painting");
    QTRY_COMPARE(m_session->preview()->state(), session::Preview::Failed);
    QCOMPARE(textOf("statusText"), QString("The preview stopped"));
    QCOMPARE(m_session->messages()->count(), 3);
    QCOMPARE(m_session->messages()->latest(), QString("Memory is full."));
}

void TestWindow::changesAreNotLostSilently() {
    openClip();
    const auto* question = m_window->findChild<QObject*>("saveQuestion");
    m_session->actions()->find("file.new")->trigger();
    QTRY_VERIFY(question->property("visible").toBool());
    QVERIFY(!m_session->timeline()->isEmpty());
    m_session->files()->stay();
    QTRY_VERIFY(!question->property("visible").toBool());
    m_session->files()->saveAs(QUrl::fromLocalFile(m_folder->filePath("film")));
    QTRY_VERIFY(!m_session->document()->isModified());
    QVERIFY(QFile::exists(m_folder->filePath("film.lipar")));
    QTRY_COMPARE(m_window->title(), QString("film – LIPAR Studio"));
    m_session->actions()->find("file.new")->trigger();
    QVERIFY(m_session->timeline()->isEmpty());
    QCOMPARE(m_session->recent()->count(), 1);
    m_session->files()->open(QUrl::fromLocalFile(m_folder->filePath("film.lipar")));
    QTRY_VERIFY(!m_session->timeline()->isEmpty());

    m_session->clipEditor()->setClips({m_session->document()->project().tracks.front().clips.front().id});
    m_session->clipEditor()->setPrompt("oil painting");
    QVERIFY(!m_window->close());
    QTRY_VERIFY(question->property("visible").toBool());
    m_session->files()->discardAndGoOn();
    QTRY_VERIFY(!m_window->isVisible());
}

// Journey 5, from the form to the finished file.
void TestWindow::exportFromTheWindow() {
    openClip();
    showPage(1);
    m_session->exportForm()->setFolder(m_folder->path());
    m_session->exportForm()->setFileName("film");
    QTRY_COMPARE(m_session->exportForm()->estimateState(), session::ExportForm::Estimated);
    click(item("addExportButton"));
    QTRY_COMPARE(m_session->exports()->count(), 1);
    m_session->exportForm()->add();
    QCOMPARE(m_session->exports()->data(m_session->exports()->index(1), session::ExportList::NameRole).toString(),
             QString("film (2).mp4"));
    QTRY_COMPARE(m_session->exports()->waiting(), 0);
    QCOMPARE(m_session->exports()->data(m_session->exports()->index(0), session::ExportList::StateRole).toInt(),
             int(session::ExportList::Done));
    click(item("pauseQueueButton"));
    QVERIFY(m_session->exports()->isPaused());
    m_session->exportForm()->choosePreset(3);
    QCOMPARE(m_session->exportForm()->extension(), QString(".webm"));
    m_session->exportForm()->setCrf(20);
    QCOMPARE(m_session->exportForm()->currentPreset(), -1);
    m_session->exportForm()->savePreset("Mine");
    QCOMPARE(m_session->exportForm()->currentPreset(), 6);
}

void TestWindow::keysAreChangedInTheSettings() {
    showPage(2);
    auto* table = item("shortcutList");
    QTRY_VERIFY(table->isVisible());
    QQuickItem* field = nullptr;
    testing::WindowDriver::visitItems(table, [&field](QQuickItem* each) {
        if (!field && QString(each->metaObject()->className()).startsWith("KeyField"))
            field = each;
    });
    QVERIFY(field);
    auto* action = field->property("studioAction").value<session::StudioAction*>();
    click(field);
    QVERIFY(field->property("isRecording").toBool());
    press(Qt::Key_F9);
    QCOMPARE(action->keyNames(), QStringList{"F9"});
    click(field);
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(field->property("takenBy").toString() == "Undo");
    QCOMPARE(action->keyNames(), QStringList{"F9"});
    QCOMPARE(m_settings->shortcut(action->actionId()), QStringList{"F9"});
    // Asked whether to take it from there, the answer is yes.
    QTRY_VERIFY(m_driver->find("takeKeyButton") && m_driver->find("takeKeyButton")->width() > 0);
    QTest::qWait(50);
    click(item("takeKeyButton"));
    QCOMPARE(action->keyNames(), QStringList{"Ctrl+Z"});
    QVERIFY(!m_session->actions()->find("edit.undo")->keyNames().contains("Ctrl+Z"));
    QTRY_VERIFY(!m_driver->find("takeKeyButton"));
}

void TestWindow::themeFollowsTheSetting() {
    const auto dark = m_window->color();
    m_settings->setTheme(settings::AppSettings::Light);
    QTRY_VERIFY(m_window->color().lightness() > 180);
    QVERIFY(dark.lightness() < 60);
}

// What was said in one language is said again in the other.
void TestWindow::errorsFollowTheLanguage() {
    openClip();
    m_session->files()->saveAs(QUrl::fromLocalFile("/nowhere/film.lipar"));
    const auto shown = [&](const QString& start) { return !m_driver->namesWith(start).isEmpty(); };
    QTRY_VERIFY(shown("That could not be done. Cannot "));
    m_settings->setLanguage("fr");
    QTRY_VERIFY(shown("Cela n’a pas pu être fait. "));
    const auto names = m_driver->namesWith("Cela n’a pas pu être fait. ");
    QVERIFY2(!names.front().contains(". Cannot "), qPrintable(names.front()));
    m_settings->setLanguage("en");
    QTRY_VERIFY(shown("That could not be done. Cannot "));
}

// The key that plays still plays after a button was clicked; with the keyboard on a button it presses that.
void TestWindow::spacePlaysAfterAClick() {
    openClip();
    click(item("loopButton"));
    QVERIFY(m_session->player()->loop());
    press(Qt::Key_Space);
    QVERIFY(m_session->player()->isPlaying());
    QVERIFY(m_session->player()->loop());
    press(Qt::Key_Space);
    QVERIFY(!m_session->player()->isPlaying());
    item("loopButton")->forceActiveFocus(Qt::TabFocusReason);
    press(Qt::Key_Space);
    QVERIFY(!m_session->player()->loop());
    QVERIFY(!m_session->player()->isPlaying());
}

void TestWindow::hintsAppearUnderThePointer() {
    openClip();
    const auto isShown = [&](const QString& hint) {
        bool isFound = false;
        m_driver->visitItems([&](QQuickItem* popup) {
            if (popup->isVisible() && popup->inherits("QQuickPopupItem"))
                WindowDriver::visitItems(popup, [&](QQuickItem* part) {
                    isFound = isFound || part->property("text").toString() == hint;
                });
        });
        return isFound;
    };
    auto* button = item("loopButton");
    const QString label = button->property("label").toString();
    QVERIFY(!label.isEmpty() && !isShown(label));
    const auto middle = m_driver->middleOf(button).toPoint();
    QTest::mouseMove(m_window, middle - QPoint(3, 0));
    QTest::mouseMove(m_window, middle);
    QTRY_VERIFY(isShown(label));
    QTest::mouseMove(m_window, {2, m_window->height() / 2});
    QTRY_VERIFY(!isShown(label));
}

// Other words are no other controls: what would be made anew held the window up, and lost the focus.
void TestWindow::languageKeepsTheControls() {
    openClip();
    showPage(2);
    QTRY_VERIFY(m_driver->find("languageChoice") != nullptr);
    QList<QPointer<QQuickItem>> controls;
    m_driver->visitItems([&](QQuickItem* each) {
        if (each->inherits("QQuickAbstractButton"))
            controls << each;
    });
    QVERIFY(controls.size() > 100);
    m_settings->setLanguage("fr");
    QTRY_VERIFY(m_driver->findNamed("Langue: Français") != nullptr);
    QCOMPARE(controls.count(nullptr), 0);
}

void TestWindow::languageChangesWhileRunning() {
    openClip();
    QCOMPARE(textOf("statusText"), QString("Ready"));
    m_settings->setLanguage("fr");
    QTRY_COMPARE(textOf("statusText"), QString("Prêt"));
    QCOMPARE(m_session->actions()->find("clip.split")->keyNames(), (QStringList{"S", "Ctrl+K"}));
    // What the engine says in English is told by its kind; its own words stay to be copied.
    m_session->files()->importTimeline(QUrl::fromLocalFile(m_folder->filePath("none.otio")));
    m_session->files()->discardAndGoOn();
    QTRY_VERIFY(m_session->files()->error().isSet());
    const auto error = m_session->files()->error();
    QCOMPARE(error.message(), QString("Un fichier est introuvable ou ne peut pas être lu."));
    QVERIFY2(error.hint().startsWith("Vérifiez son emplacement") && error.hint().contains("none.otio"),
             qPrintable(error.hint()));
    QVERIFY2(error.details.startsWith("input-missing: cannot open "), qPrintable(error.details));
    m_settings->setLanguage("en");
    QTRY_COMPARE(textOf("statusText"), QString("Ready"));
}

void TestWindow::nothingIsCutOff_data() {
    QTest::addColumn<QString>("language");
    QTest::addRow("English") << "en";
    QTest::addRow("French") << "fr";
}

// At the smallest size of the window, on every page. Names of files and notes may be shortened: they say so.
void TestWindow::nothingIsCutOff() {
    QFETCH(const QString, language);
    m_settings->setLanguage(language);
    m_window->resize(1280, 720);
    const auto check = [this](const char* state) {
        QTest::qWait(30);
        const auto cut = m_driver->cutTexts();
        QVERIFY2(cut.isEmpty(), qPrintable(QString("%1: %2").arg(state, cut.join(" | "))));
    };
    check("welcome");
    openClip();
    check("edit");
    m_session->clipEditor()->setPrompt("oil painting");
    QTRY_COMPARE(m_session->preview()->state(), session::Preview::Done);
    m_session->view()->setHeatmap(ViewState::KeptTokens);
    check("edited");
    m_session->exportForm()->setFolder(m_folder->path());
    showPage(1);
    m_session->exportForm()->add();
    QTRY_COMPARE(m_session->exports()->waiting(), 0);
    check("export");
    showPage(2);
    check("settings");
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
