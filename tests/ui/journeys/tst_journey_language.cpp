// Journey 8 of the editor: French while the program runs and the engine works; nothing is cut off, the keys stay.
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using session::Preview;
using session::ViewState;
using testing::JourneyWindow;
using testing::WindowDriver;

class TestJourneyLanguage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void frenchWhileRunning();

private:
    QTemporaryDir m_clips;
    QString m_clip;
};

void TestJourneyLanguage::initTestCase() {
    testing::WarningLog::install();
    QVERIFY(m_clips.isValid());
    m_clip = testing::makeWanderingClip(m_clips.filePath("port.mp4"), "256x144", 24, 72);
}

void TestJourneyLanguage::cleanup() {
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestJourneyLanguage::frenchWhileRunning() {
    const QTemporaryDir folder;
    JourneyWindow studio(folder.path());
    auto& session = studio.session();
    auto& driver = studio.driver();
    driver.window().resize(1280, 720);  // the smallest that there is
    studio.startNewProject();
    driver.drop({QUrl::fromLocalFile(m_clip)}, studio.atLane(0, 0, 20));
    QVERIFY(WindowDriver::waitFor([&] { return session.clipEditor()->hasPicture(); }));
    const auto keysOf = [&] {
        QStringList all;
        for (int row = 0; row < session.actions()->rowCount(); ++row) {
            const auto* action = session.actions()
                                     ->data(session.actions()->index(row), session::ActionModel::ActionRole)
                                     .value<session::StudioAction*>();
            all << action->actionId() + '=' + action->keyNames().join(' ');
        }
        return all;
    };
    const auto keys = keysOf();
    QVERIFY(keys.size() > 40);
    const auto checkTexts = [&](const char* where) {
        studio.settle();
        QTest::qWait(50);
        const auto cut = driver.cutTexts();
        QVERIFY2(cut.isEmpty(), qPrintable(QString("%1: %2").arg(where, cut.join(" | "))));
    };

    // The engine works while the language changes.
    studio.writePrompt("oil painting");
    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->isRunning(); }));
    studio.report("in English");
    driver.press(Qt::Key_F4);
    QVERIFY(WindowDriver::waitFor([&] { return driver.find("languageChoice") != nullptr; }));
    studio.settle();
    studio.report("the page of settings is made");
    driver.click(driver.named("Language: Français"));
    QVERIFY(WindowDriver::waitFor([&] { return driver.findNamed("Langue: Français") != nullptr; }));
    studio.report("changed to French");
    QVERIFY(session.preview()->isRunning() || session.preview()->state() == Preview::Done);
    checkTexts("settings");
    QCOMPARE(keysOf(), keys);

    // Every page and state, by the same keys as before.
    driver.press(Qt::Key_F2);
    QVERIFY(WindowDriver::waitFor([&] { return session.player()->picture().hasEdited(); }));
    checkTexts("edit");
    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->state() == Preview::Done; }));
    QCOMPARE(driver.textOf("statusText"), QString("Prêt"));
    studio.settle();
    studio.leaveFields();
    driver.press(Qt::Key_H);
    QCOMPARE(session.view()->heatmap(), ViewState::KeptTokens);
    driver.press(Qt::Key_4);
    QCOMPARE(session.view()->mode(), ViewState::Split);
    checkTexts("heatmap, side by side");
    driver.clickAt(studio.atRuler(20));
    driver.press(Qt::Key_S);
    QCOMPARE(studio.trackOf(0).clips.size(), std::size_t(2));
    driver.press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(studio.trackOf(0).clips.size(), std::size_t(1));
    driver.press(Qt::Key_Space);
    QVERIFY(session.player()->isPlaying());
    checkTexts("playing");
    driver.press(Qt::Key_K);
    QVERIFY(!session.player()->isPlaying());
    driver.press(Qt::Key_F3);
    QVERIFY(WindowDriver::waitFor([&] { return driver.find("exportName") != nullptr; }));
    studio.settle();
    driver.click(driver.named("Dossier"));
    studio.write(folder.path());
    QVERIFY(
        WindowDriver::waitFor([&] { return session.exportForm()->estimateState() == session::ExportForm::Estimated; }));
    checkTexts("export");
    // Each menu, opened by its name.
    for (const auto* title : {"Fichier", "Édition", "Clip", "Lecture", "Affichage", "Aide"}) {
        driver.click(driver.named(title));
        checkTexts(title);
        driver.press(Qt::Key_Escape);
        QTest::qWait(20);
    }
    driver.press(Qt::Key_M, Qt::ControlModifier);
    QVERIFY(WindowDriver::waitFor([&] { return driver.findNamed("Copier le rapport") != nullptr; }));
    checkTexts("messages");
    driver.press(Qt::Key_Escape);
    studio.report("every page in French");

    // And back.
    driver.press(Qt::Key_F4);
    QVERIFY(WindowDriver::waitFor([&] { return driver.findNamed("Langue: English") != nullptr; }));
    studio.settle();
    driver.click(driver.named("Langue: English"));
    QVERIFY(WindowDriver::waitFor([&] { return driver.findNamed("Language: English") != nullptr; }));
    QCOMPARE(driver.textOf("statusText"), QString("Ready"));
    QCOMPARE(keysOf(), keys);
    studio.report("back in English");
    QCOMPARE(session.messages()->count(), 0);
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

QTEST_MAIN(TestJourneyLanguage)
#include "tst_journey_language.moc"
