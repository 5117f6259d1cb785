#include <QAccessible>
#include <QDir>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTest>

#include "app/main/studio_window.h"
#include "app/session/paths.h"
#include "tests/support/fake_engine.h"

using namespace lipar;
using session::EditRun;
using session::ResultSaver;
using session::ViewState;

// The real window over an engine that is not there. Any warning of QML fails the test in which it is logged.
class TestWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void loads();
    void startPageLeadsOn();
    void keyboardAlone();
    void editTwiceWithTheKeyboard();
    void keysOfTheViewer();
    void fieldsKeepTheirKeys();
    void everyControlHasAName();
    void tabGoesAroundEverything();
    void errorsAppearWhereTheyHappened();
    void unknownWordsAreShownInline();
    void themeFollowsTheSetting();
    void languageChangesWhileRunning();
    void nothingIsCutOff_data();
    void nothingIsCutOff();

private:
    [[nodiscard]] QQuickItem* item(const char* name) const;
    [[nodiscard]] QString textOf(const char* name) const { return item(name)->property("text").toString(); }
    void openClip();
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    void type(const QString& text);
    void tabTo(const char* nameOrText);
    template <class Visit>
    static void visitItems(QQuickItem* from, const Visit& visit);
    static QString accessibleName(QObject* object);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<settings::AppSettings> m_settings;
    std::unique_ptr<session::StudioSession> m_session;
    std::unique_ptr<StudioWindow> m_studio;
    QQuickWindow* m_window = nullptr;
    static QStringList s_warnings;
};

QStringList TestWindow::s_warnings;

void TestWindow::initTestCase() {
    static QtMessageHandler previous = nullptr;
    previous = qInstallMessageHandler([](QtMsgType type, const QMessageLogContext& context, const QString& message) {
        // Said once by Qt of every machine without a configured locale; not ours.
        if (type != QtDebugMsg && type != QtInfoMsg && !message.contains("Detected locale"))
            s_warnings << message;
        previous(type, context, message);
    });
    QAccessible::setActive(true);
}

void TestWindow::init() {
    m_studio.reset();  // in this order, also where the test before has failed early
    m_session.reset();
    s_warnings.clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<testing::FakeEngine>();
    m_engine->setAutomatic(true, 5);
    m_settings = std::make_unique<settings::AppSettings>(m_folder->filePath("settings.ini"));
    m_settings->setLanguage("en");
    m_session = std::make_unique<session::StudioSession>(
        *m_engine, session::StudioSession::Options{.cacheFolder = session::toPath(m_folder->filePath("cache"))});
    m_studio = std::make_unique<StudioWindow>(*m_session, *m_settings);
    m_window = m_studio->window();
    QVERIFY(m_window);
    QVERIFY(QTest::qWaitForWindowActive(m_window));
    QTRY_COMPARE(m_session->parameters()->looks()->count(), 16);
}

void TestWindow::cleanup() {
    m_studio.reset();
    m_session.reset();
    m_settings.reset();
    m_engine.reset();
    QVERIFY2(s_warnings.isEmpty(), qPrintable(s_warnings.join('\n')));
}

QQuickItem* TestWindow::item(const char* name) const {
    auto* found = m_window->findChild<QQuickItem*>(name);
    if (!found)
        qFatal("no item named %s", name);
    return found;
}

void TestWindow::openClip() {
    m_session->open(QUrl::fromLocalFile(m_folder->filePath("holiday.mp4")));
    QTRY_VERIFY(m_session->clip()->isOpen());
    QTRY_VERIFY(!m_session->isReadingFrames());
}

void TestWindow::press(int key, Qt::KeyboardModifiers modifiers) {
    QTest::keyClick(m_window, Qt::Key(key), modifiers);
}

void TestWindow::type(const QString& text) {
    for (const auto character : text)
        QTest::keyClick(m_window, character.toLatin1());
}

// Presses Tab until the keyboard is in an item of this name or with this text.
void TestWindow::tabTo(const char* nameOrText) {
    for (int i = 0; i < 40; ++i) {
        const auto* now = m_window->activeFocusItem();
        if (now && (now->objectName() == nameOrText || now->property("text").toString() == nameOrText))
            return;
        press(Qt::Key_Tab);
        QTest::qWait(20);
    }
    QFAIL(qPrintable(QString("the keyboard does not reach %1").arg(nameOrText)));
}

template <class Visit>
void TestWindow::visitItems(QQuickItem* from, const Visit& visit) {
    visit(from);
    const auto children = from->childItems();
    for (auto* child : children)
        visitItems(child, visit);
}

QString TestWindow::accessibleName(QObject* object) {
    auto* interface = QAccessible::queryAccessibleInterface(object);
    return interface ? interface->text(QAccessible::Name) : QString();
}

void TestWindow::loads() {
    QCOMPARE(m_window->title(), QString("LIPAR Studio"));
    QCOMPARE(m_window->minimumSize(), QSize(1280, 720));
    QVERIFY(item("startPage")->isVisible());
    openClip();
    QVERIFY(!item("startPage")->isVisible());
    QVERIFY(item("viewer")->isVisible());
    QCOMPARE(m_window->title(), QString("holiday.mp4 – LIPAR Studio"));
}

void TestWindow::startPageLeadsOn() {
    auto* button = item("sampleButton");
    const auto centre = button->mapToScene({button->width() / 2, button->height() / 2}).toPoint();
    QTest::mouseClick(m_window, Qt::LeftButton, {}, centre);
    QTRY_COMPARE(m_session->run()->state(), EditRun::Done);
    QVERIFY(item("saveButton")->isVisible());
}

void TestWindow::keyboardAlone() {
    // Qt's own file dialog, which the platform of the tests falls back to.
    QVERIFY(QDir(m_folder->path()).mkdir("clips"));
    QFile clip(m_folder->filePath("clips/holiday.mp4"));
    QVERIFY(clip.open(QIODevice::WriteOnly));
    clip.close();
    m_settings->setLastFolder(QUrl::fromLocalFile(m_folder->filePath("clips")));
    press(Qt::Key_O, Qt::ControlModifier);
    const auto* dialog = m_window->findChild<QObject*>("openDialog");
    QTRY_VERIFY(dialog->property("visible").toBool());
    QTRY_VERIFY(m_window->activeFocusItem() && m_window->activeFocusItem()->objectName() == "fileDialogListView");
    press(Qt::Key_Down);
    QTRY_VERIFY(m_window->activeFocusItem()->inherits("QQuickFileDialogDelegate"));
    press(Qt::Key_Return);
    QTRY_VERIFY(m_session->clip()->isOpen());
    QCOMPARE(m_session->clip()->name(), QString("holiday.mp4"));

    press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(item("promptField")->hasActiveFocus());
    type("oil painting");
    QCOMPARE(m_session->parameters()->prompt(), QString("oil painting"));
    press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_session->run()->isRunning());
    QTRY_COMPARE(m_session->run()->state(), EditRun::Done);

    press(Qt::Key_S, Qt::ControlModifier);
    const auto* saveDialog = m_window->findChild<QObject*>("saveDialog");
    QTRY_VERIFY(saveDialog->property("visible").toBool());
    tabTo("fileNameTextField");
    QCOMPARE(m_window->activeFocusItem()->property("text").toString(), QString("holiday (oil painting).mp4"));
    tabTo("Save");
    press(Qt::Key_Space);
    QTRY_COMPARE(m_session->saver()->state(), ResultSaver::Saved);
    QVERIFY(QFile::exists(m_folder->filePath("clips/holiday (oil painting).mp4")));
    QVERIFY(item("savedLine")->isVisible());
}

void TestWindow::editTwiceWithTheKeyboard() {
    openClip();
    m_engine->setAutomatic(false);
    press(Qt::Key_L, Qt::ControlModifier);
    type("oil");
    press(Qt::Key_Return);
    QVERIFY(m_session->run()->isRunning());
    QVERIFY(item("cancelButton")->isVisible());
    QCOMPARE(textOf("editButton"), QString("Restart"));
    QVERIFY(!item("editButton")->isEnabled());
    type(" painting");
    QVERIFY(item("editButton")->isEnabled());
    press(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(m_engine->lastEdit().settings.prompt, std::string("oil painting"));
    press(Qt::Key_Escape);
    QTRY_COMPARE(m_session->run()->state(), EditRun::Cancelled);
    QVERIFY(!item("cancelButton")->isVisible());
    QCOMPARE(textOf("statusText"), QString("Cancelled"));
}

void TestWindow::keysOfTheViewer() {
    openClip();
    m_session->parameters()->setPrompt("oil painting");
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(m_session->run()->state(), EditRun::Done);
    auto* transport = m_session->transport();
    auto* view = m_session->view();
    if (transport->isPlaying())
        press(Qt::Key_Space);
    QVERIFY(!transport->isPlaying());
    press(Qt::Key_Home);
    press(Qt::Key_Right);
    press(Qt::Key_Right);
    QCOMPARE(transport->frameNumber(), 2);
    press(Qt::Key_Left);
    QCOMPARE(transport->frameNumber(), 1);
    press(Qt::Key_End);
    QCOMPARE(transport->frameNumber(), 35);
    press(Qt::Key_Space);
    QVERIFY(transport->isPlaying());
    press(Qt::Key_1);
    QCOMPARE(view->mode(), ViewState::Source);
    press(Qt::Key_2);
    QCOMPARE(view->mode(), ViewState::Edited);
    press(Qt::Key_S);
    QCOMPARE(view->mode(), ViewState::Split);
    press(Qt::Key_W);
    QCOMPARE(view->mode(), ViewState::Wipe);
    press(Qt::Key_H);
    QCOMPARE(view->heatmap(), ViewState::KeptTokens);
    press(Qt::Key_H, Qt::ShiftModifier);
    QCOMPARE(view->heatmap(), ViewState::TokenAge);
    press(Qt::Key_H);
    QCOMPARE(view->heatmap(), ViewState::NoHeatmap);
}

void TestWindow::fieldsKeepTheirKeys() {
    openClip();
    press(Qt::Key_L, Qt::ControlModifier);
    type("h w 12");
    QCOMPARE(m_session->parameters()->prompt(), QString("h w 12"));
    QCOMPARE(m_session->view()->heatmap(), ViewState::NoHeatmap);
}

void TestWindow::everyControlHasAName() {
    m_engine->failNext({ErrorCode::inputDamaged, "it broke", "try another"});
    m_session->open(QUrl::fromLocalFile(m_folder->filePath("broken.mp4")));
    QTRY_VERIFY(m_session->clip()->error().isSet());
    const auto check = [this] {
        int controls = 0;
        QStringList nameless;
        visitItems(m_window->contentItem(), [&](QQuickItem* item) {
            const bool isControl = item->activeFocusOnTab() || item->inherits("QQuickAbstractButton") ||
                                   item->inherits("QQuickTextInput") || item->inherits("QQuickSlider");
            if (!isControl)
                return;
            ++controls;
            if (accessibleName(item).isEmpty())
                nameless << QString("%1 in %2")
                                .arg(item->metaObject()->className(), item->parentItem()->metaObject()->className());
        });
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join('\n')));
        QVERIFY2(controls > 50, qPrintable(QString::number(controls)));
    };
    check();
    openClip();
    press(Qt::Key_Comma, Qt::ControlModifier);
    check();
}

void TestWindow::tabGoesAroundEverything() {
    openClip();
    press(Qt::Key_L, Qt::ControlModifier);
    auto* first = m_window->activeFocusItem();
    QVERIFY(first);
    QSet<QQuickItem*> visited;
    for (int i = 0; i < 200; ++i) {
        auto* now = m_window->activeFocusItem();
        QVERIFY(now);
        QVERIFY2(now->isVisible() && now->isEnabled(), now->metaObject()->className());
        QVERIFY2(!accessibleName(now).isEmpty(), now->metaObject()->className());
        visited << now;
        press(Qt::Key_Tab);
        if (m_window->activeFocusItem() == first)
            break;
    }
    QCOMPARE(m_window->activeFocusItem(), first);
    // Prompt, 16 looks, strength, pruning, seed, view modes, heatmap, open, preferences.
    QVERIFY2(visited.size() >= 30, qPrintable(QString::number(visited.size())));
}

void TestWindow::errorsAppearWhereTheyHappened() {
    m_engine->failNext({ErrorCode::inputDamaged, "holiday.mp4 could not be opened: it is damaged", "try another copy"});
    m_session->open(QUrl::fromLocalFile(m_folder->filePath("holiday.mp4")));
    QTRY_VERIFY(item("clipError")->isVisible());
    m_session->clip()->dismissError();
    QTRY_VERIFY(!item("clipError")->isVisible());
    openClip();
    m_engine->failEditAfter(1, {ErrorCode::diskFull, "the disk is full", "free some space"});
    m_session->parameters()->setPrompt("oil painting");
    m_session->edit();
    QTRY_VERIFY(item("editError")->isVisible());
    QCOMPARE(textOf("statusText"), QString("The edit stopped"));
    QVERIFY(item("editButton")->isEnabled());
}

void TestWindow::unknownWordsAreShownInline() {
    openClip();
    press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(!item("unknownWords")->isVisible());
    type("oil dragon");
    QTRY_VERIFY(item("unknownWords")->isVisible());
    QCOMPARE(textOf("unknownWords"), QString("The model does not know: dragon"));
}

void TestWindow::themeFollowsTheSetting() {
    const auto dark = m_window->color();
    m_settings->setTheme(settings::AppSettings::Light);
    QTRY_VERIFY(m_window->color().lightness() > 180);
    QVERIFY(dark.lightness() < 60);
}

void TestWindow::languageChangesWhileRunning() {
    openClip();
    m_session->parameters()->setPrompt("oil painting");
    m_engine->setAutomatic(false);
    m_session->edit();
    QTest::qWait(1);
    m_engine->advance();
    m_engine->advance();
    QCOMPARE(textOf("statusText"), QString("Editing"));
    m_settings->setLanguage("fr");
    QTRY_COMPARE(textOf("statusText"), QString("Transformation"));
    QCOMPARE(textOf("cancelButton"), QString("Annuler"));
    QVERIFY(m_session->run()->isRunning());
    m_settings->setLanguage("en");
    QTRY_COMPARE(textOf("cancelButton"), QString("Cancel"));
}

void TestWindow::nothingIsCutOff_data() {
    QTest::addColumn<QString>("language");
    QTest::addRow("English") << "en";
    QTest::addRow("French") << "fr";
}

// At the smallest size of the window, in every state.
void TestWindow::nothingIsCutOff() {
    QFETCH(const QString, language);
    m_settings->setLanguage(language);
    m_window->resize(1280, 720);
    const auto check = [this](const char* state) {
        QTest::qWait(30);
        QStringList cut;
        visitItems(m_window->contentItem(), [&](QQuickItem* item) {
            if (item->isVisible() && item->inherits("QQuickText") && item->property("truncated").toBool())
                cut << item->property("text").toString();
        });
        QVERIFY2(cut.isEmpty(), qPrintable(QString("%1: %2").arg(state, cut.join(" | "))));
    };
    check("start");
    openClip();
    check("open");
    m_session->parameters()->setPrompt("oil painting");
    m_session->view()->setHeatmap(ViewState::KeptTokens);
    m_engine->setAutomatic(false);
    m_session->edit();
    QTest::qWait(1);
    m_engine->advance();
    check("loading");
    m_engine->advance();
    check("editing");
    m_engine->finishEdit();
    check("done");
    m_session->view()->setHeatmap(ViewState::TokenAge);
    press(Qt::Key_Comma, Qt::ControlModifier);
    check("preferences");
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
