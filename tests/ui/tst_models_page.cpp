#include <QFile>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTest>

#include "app/main/studio_window.h"
#include "app/session/paths.h"
#include "tests/support/fake_engine.h"
#include "tests/support/fake_models.h"
#include "tests/support/window_driver.h"

using namespace lipar;
using testing::bigModel;
using testing::builtInModel;

// The page of models in the real window, in every state. Any warning of QML fails the test in which it is logged.
class TestModelsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void everyStateIsSaidInWords_data();
    void everyStateIsSaidInWords();
    void downloadFromTheWindow();
    void removalIsAskedFirst();
    void tokenIsHidden();
    void modelIsChosenForTheClip();
    void modelIsChosenForNewEdits();
    void openedFromTheMediaPanel();
    void reachedByKeyboardAlone();
    void nothingIsCutOff_data();
    void nothingIsCutOff();

private:
    [[nodiscard]] QQuickItem* item(const char* name) const { return m_driver->item(name); }
    // Of the big model's card.
    [[nodiscard]] QQuickItem* inCard(const char* name) const {
        auto* found = item("model-wan2.1-1.3b")->findChild<QQuickItem*>(name);
        return found;
    }
    void show(std::vector<ModelEntry> entries);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<settings::AppSettings> m_settings;
    std::unique_ptr<session::StudioSession> m_session;
    std::unique_ptr<StudioWindow> m_studio;
    std::unique_ptr<testing::WindowDriver> m_driver;
};

void TestModelsPage::initTestCase() {
    testing::WarningLog::install();
}

void TestModelsPage::init() {
    m_studio.reset();
    m_session.reset();
    (void)testing::WarningLog::take();
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<testing::FakeEngine>();
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
    QVERIFY(m_studio->window());
    m_driver = std::make_unique<testing::WindowDriver>(*m_studio->window());
    m_studio->window()->requestActivate();
    QVERIFY(QTest::qWaitForWindowActive(m_studio->window()));
}

void TestModelsPage::cleanup() {
    m_studio.reset();
    m_session.reset();
    m_settings.reset();
    m_engine.reset();
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestModelsPage::show(std::vector<ModelEntry> entries) {
    m_engine->setModelEntries(std::move(entries));
    m_studio->window()->setProperty("page", 3);
    m_session->modelManager()->refresh();
    QTRY_VERIFY(m_session->modelManager()->count() > 0 && !m_session->modelManager()->isListing());
    QTest::qWait(20);
}

void TestModelsPage::everyStateIsSaidInWords_data() {
    QTest::addColumn<ModelEntry>("entry");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("button");
    QTest::addRow("not installed") << bigModel() << "Not installed"
                                   << "installModel";
    QTest::addRow("partly") << testing::partial(bigModel(), 3'000'000'000) << "Partly installed"
                            << "installModel";
    QTest::addRow("installed") << testing::installed(bigModel()) << "Installed"
                               << "verifyModel";
    QTest::addRow("damaged") << testing::damaged(bigModel()) << "Damaged"
                             << "repairModel";
    auto used = testing::installed(bigModel());
    used.inUse = true;
    QTest::addRow("in use") << used << "Installed, in use"
                            << "verifyModel";
}

void TestModelsPage::everyStateIsSaidInWords() {
    QFETCH(const ModelEntry, entry);
    QFETCH(const QString, words);
    QFETCH(const QString, button);
    show({builtInModel(), entry});
    QCOMPARE(inCard("modelState")->property("text").toString(), words);
    QVERIFY(inCard(qPrintable(button))->isVisible());
    QVERIFY(inCard("modelFit")->property("text").toString().startsWith("Fits this computer"));
    QVERIFY(!inCard("modelError")->isVisible());
    QCOMPARE(inCard("removeModel")->isEnabled(), !entry.inUse);
    QCOMPARE(inCard("modelProblem")->isVisible(), entry.state == ModelState::damaged);
    QVERIFY(!item("model-lipar-mini")->findChild<QQuickItem*>("removeModel")->isVisible());
}

void TestModelsPage::downloadFromTheWindow() {
    show({builtInModel(), bigModel()});
    m_driver->click(inCard("installModel"));
    QTRY_COMPARE(inCard("modelState")->property("text").toString(), QString("Downloading"));
    m_engine->send(
        service::TransferProgress{m_engine->lastJob(), testing::received(3'200'000'000, 17'126'500'000, 42e6, 331)});
    QCOMPARE(inCard("modelProgressText")->property("text").toString(),
             QString("3.2 GB of 17.1 GB · 42 MB a second · about 6 minutes left"));
    m_engine->setModelEntries({builtInModel(), testing::partial(bigModel(), 3'200'000'000)});
    QTest::qWait(30);  // the card has grown
    m_driver->click(inCard("pauseModel"));
    QTRY_COMPARE(inCard("modelState")->property("text").toString(), QString("Paused"));
    QTRY_VERIFY(inCard("modelPaused")->property("text").toString().startsWith("3.2 GB of 17.1 GB"));
    m_engine->failNext(
        {ErrorCode::diskFull, "the disk is full: 13.9 GB are needed, 2.0 GB are free", "free some space"});
    m_driver->click(inCard("installModel"));
    QTRY_VERIFY(inCard("modelError")->isVisible());
    QCOMPARE(m_session->messages()->count(), 1);
}

void TestModelsPage::removalIsAskedFirst() {
    show({builtInModel(), testing::installed(bigModel())});
    m_driver->click(inCard("removeModel"));
    QVERIFY(inCard("removeQuestion")->isVisible());
    QCOMPARE(m_engine->count<service::ModelRemoveRequest>(), 0);
    m_driver->click(inCard("keepModel"));
    QVERIFY(!inCard("removeQuestion")->isVisible());
    m_driver->click(inCard("removeModel"));
    m_driver->click(inCard("confirmRemoval"));
    QCOMPARE(m_engine->count<service::ModelRemoveRequest>(), 1);
}

void TestModelsPage::tokenIsHidden() {
    show({builtInModel(), bigModel()});
    QVERIFY(!inCard("tokenForm")->isVisible());
    m_engine->failNext({ErrorCode::accessDenied, "the server refused: it wants an account", "accept the licence"});
    m_driver->click(inCard("installModel"));
    QTRY_VERIFY(inCard("tokenForm")->isVisible());
    m_driver->click(inCard("tokenField"));
    m_driver->type("hf_secret");
    QVERIFY(!inCard("tokenField")->property("displayText").toString().contains("hf"));
    m_driver->press(Qt::Key_Return);
    QTRY_COMPARE(m_engine->count<service::ModelInstallRequest>(), 2);
    QCOMPARE(std::get<service::ModelInstallRequest>(m_engine->requests().back()).download.token,
             std::string("hf_secret"));
    QVERIFY(inCard("tokenField")->property("text").toString().isEmpty());
}

void TestModelsPage::modelIsChosenForTheClip() {
    QFile clip(m_folder->filePath("holiday.mp4"));
    QVERIFY(clip.open(QIODevice::WriteOnly));
    clip.write("a clip");
    clip.close();
    m_session->openFile(QUrl::fromLocalFile(clip.fileName()));
    QTRY_VERIFY(m_session->clipEditor()->hasPicture());
    show({builtInModel(), testing::installed(bigModel())});
    m_session->clipEditor()->refreshModels();
    QTest::qWait(30);
    auto& editor = *m_session->clipEditor();
    QCOMPARE(editor.modelName(), QString("lipar-mini"));
    m_driver->click(inCard("useModel"));
    QCOMPARE(editor.modelName(), QString("wan2.1-1.3b"));
    QCOMPARE(editor.defaultSteps(), QString("400, 350, 250"));
    QVERIFY(!inCard("useModel")->isEnabled());
    m_session->document()->undo();
    QCOMPARE(editor.modelName(), QString("lipar-mini"));
}

void TestModelsPage::modelIsChosenForNewEdits() {
    auto& editor = *m_session->clipEditor();
    show({builtInModel(), bigModel()});
    auto* builtIn = item("model-lipar-mini")->findChild<QQuickItem*>("useForNewEdits");
    QVERIFY(!inCard("useForNewEdits")->isVisible());  // it cannot edit
    QTRY_VERIFY(builtIn->isVisible() && !builtIn->isEnabled());
    show({builtInModel(), testing::installed(bigModel())});
    editor.refreshModels();
    QTRY_VERIFY(inCard("useForNewEdits")->isVisible());
    QTest::qWait(30);  // the card has grown
    m_driver->click(inCard("useForNewEdits"));
    QCOMPARE(m_settings->newEditModel(), QString("wan2.1-1.3b"));
    QCOMPARE(editor.newEditModel(), QString("wan2.1-1.3b"));
    QVERIFY(!inCard("useForNewEdits")->isEnabled());
    QCOMPARE(inCard("useForNewEdits")->property("text").toString(), QString("Used for new edits"));
    QVERIFY(builtIn->isEnabled());
    m_driver->click(builtIn);
    QCOMPARE(m_settings->newEditModel(), QString());
    QCOMPARE(editor.newEditModel(), QString("lipar-mini"));
}

void TestModelsPage::openedFromTheMediaPanel() {
    m_engine->setModelEntries({builtInModel(), bigModel()});
    m_driver->click(item("newProjectButton"));
    m_driver->settle();
    m_driver->click(m_driver->named("Panel: Models"));
    m_driver->settle();
    m_driver->click(item("openModelsPage"));
    QCOMPARE(m_studio->window()->property("page").toInt(), 3);
    QTRY_VERIFY(m_driver->find("model-wan2.1-1.3b"));
}

void TestModelsPage::reachedByKeyboardAlone() {
    m_engine->setModelEntries({builtInModel(), bigModel()});
    m_driver->press(Qt::Key_F6);
    QTRY_COMPARE(m_session->modelManager()->count(), 2);
    QTRY_VERIFY(m_driver->find("model-wan2.1-1.3b"));
    for (int presses = 0; presses < 60 && !inCard("installModel")->hasActiveFocus(); ++presses)
        m_driver->press(Qt::Key_Tab);
    QVERIFY(inCard("installModel")->hasActiveFocus());
    m_driver->press(Qt::Key_Space);
    QTRY_COMPARE(m_engine->count<service::ModelInstallRequest>(), 1);
}

void TestModelsPage::nothingIsCutOff_data() {
    QTest::addColumn<QString>("language");
    QTest::addRow("English") << "en";
    QTest::addRow("French") << "fr";
}

void TestModelsPage::nothingIsCutOff() {
    QFETCH(const QString, language);
    m_settings->setLanguage(language);
    m_studio->window()->resize(1280, 720);
    const auto check = [this](const char* state) {
        QTest::qWait(30);
        const auto cut = m_driver->cutTexts();
        QVERIFY2(cut.isEmpty(), qPrintable(QString("%1: %2").arg(state, cut.join(" | "))));
        int controls = 0;
        const auto nameless = m_driver->namelessControls(controls);
        QVERIFY2(nameless.isEmpty(), qPrintable(QString(state) + ": " + nameless.join('\n')));
    };
    for (const auto verdict : {FitVerdict::fits, FitVerdict::tooLittleDisk, FitVerdict::tooLittleDeviceMemory,
                               FitVerdict::tooLittleHostMemory}) {
        auto entry = bigModel();
        entry.fit.verdict = verdict;
        show({builtInModel(), entry});
        check("fit");
    }
    m_driver->click(inCard("showModelFiles"));
    check("files");
    show({builtInModel(), testing::damaged(bigModel())});
    check("damaged");
    show({builtInModel(), testing::installed(bigModel())});
    m_driver->click(inCard("removeModel"));
    check("question");
    show({builtInModel(), bigModel()});
    m_engine->failNext({ErrorCode::accessDenied, "the server refused: it wants an account", "accept the licence"});
    m_driver->click(inCard("installModel"));
    QTRY_VERIFY(inCard("tokenForm")->isVisible());
    check("gated");
    m_driver->click(inCard("installModel"));
    QTRY_VERIFY(inCard("modelProgress")->isVisible());
    m_engine->send(
        service::TransferProgress{m_engine->lastJob(), testing::received(3'200'000'000, 17'126'500'000, 42e6, 9000)});
    check("downloading");
}

QTEST_MAIN(TestModelsPage)
#include "tst_models_page.moc"
