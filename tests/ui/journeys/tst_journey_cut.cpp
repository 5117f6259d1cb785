// Journey 4 of the editor: one cut from the first clip to the last fade, and all the way back and forth again, while
// the engine edits what is at the playhead.
#include <QTemporaryDir>
#include <QTest>

#include "app/project/project_file.h"
#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using testing::JourneyWindow;
using testing::WindowDriver;

class TestJourneyCut : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void cutAndTakeAllOfItBack();

private:
    QTemporaryDir m_clips;
    QString m_harbour;  // 72 frames
    QString m_market;   // 48 frames
};

void TestJourneyCut::initTestCase() {
    testing::WarningLog::install();
    QVERIFY(m_clips.isValid());
    m_harbour = testing::makeWanderingClip(m_clips.filePath("harbour.mp4"), "256x144", 24, 72);
    m_market = testing::makeWanderingClip(m_clips.filePath("market.mp4"), "320x192", 24, 48);
}

void TestJourneyCut::cleanup() {
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestJourneyCut::cutAndTakeAllOfItBack() {
    const QTemporaryDir folder;
    JourneyWindow studio(folder.path());
    auto& session = studio.session();
    auto& driver = studio.driver();
    auto* document = session.document();
    const auto clipsOf = [&](int lane) -> const std::vector<project::Clip>& { return studio.trackOf(lane).clips; };
    const auto ppf = [&] { return session.timeline()->scale().pixelsPerFrame; };
    const auto isWhole = [&] { return project::checkInvariants(studio.project()).has_value(); };

    studio.startNewProject();
    const auto start = project::toJson(studio.project());
    QVERIFY(!document->isModified());
    // Room for three lanes: the bar above the timeline is dragged up.
    auto* panel = driver.item("timelinePanel");
    const auto bar = panel->mapToScene({panel->width() / 2, -2});
    driver.drag(bar, bar - QPointF(0, 170));
    QVERIFY(WindowDriver::waitFor([&] { return panel->height() > 380; }));

    // Two clips from another program, the second with a gap before it.
    driver.drop({QUrl::fromLocalFile(m_harbour)}, studio.atLane(0, 0, 20));
    QVERIFY(WindowDriver::waitFor([&] { return clipsOf(0).size() == 1; }));
    studio.leaveFields();
    driver.press(Qt::Key_Minus);
    driver.press(Qt::Key_Minus);
    driver.drop({QUrl::fromLocalFile(m_market)}, studio.atLane(0, 82, 20));
    QVERIFY(WindowDriver::waitFor([&] { return clipsOf(0).size() == 2; }));
    QCOMPARE(studio.startOf(clipsOf(0)[1]), 82);
    QCOMPARE(clipsOf(1).size(), std::size_t(2));
    studio.report("two clips on the timeline");

    // Let go near the first one's end it snaps to it; its sound comes along.
    driver.drag(studio.atLane(0, 106, 30), studio.atLane(0, 96, 30) + QPointF(4, 0));
    QCOMPARE(studio.startOf(clipsOf(0)[1]), 72);
    QCOMPARE(studio.startOf(clipsOf(1)[1]), 72);

    // Split at the playhead, trim the last clip's end, delete the first piece and close the gap.
    driver.clickAt(studio.atRuler(24));
    QCOMPARE(session.player()->frame(), 24);
    driver.press(Qt::Key_S);
    QCOMPARE(clipsOf(0).size(), std::size_t(3));
    QCOMPARE(clipsOf(1).size(), std::size_t(3));
    QCOMPARE(studio.lengthOf(clipsOf(0)[0]), 24);
    driver.drag(studio.atLane(0, 120, 30) - QPointF(3, 0), studio.atLane(0, 108, 30) - QPointF(3, 0));
    QCOMPARE(studio.lengthOf(clipsOf(0)[2]), 36);
    QCOMPARE(studio.lengthOf(clipsOf(1)[2]), 36);
    driver.clickAt(studio.atLane(0, 12, 30));
    QCOMPARE(session.selection()->count(), 1);
    driver.press(Qt::Key_Delete, Qt::ShiftModifier);
    QCOMPARE(clipsOf(0).size(), std::size_t(2));
    QCOMPARE(studio.startOf(clipsOf(0)[0]), 0);
    QCOMPARE(studio.lengthOf(clipsOf(0)[0]), 48);
    QCOMPARE(studio.startOf(clipsOf(0)[1]), 48);
    QCOMPARE(studio.startOf(clipsOf(1)[1]), 48);
    QVERIFY(isWhole());
    studio.report("split, trimmed, deleted");

    // Another video track above, and the last clip moved onto it.
    driver.click(driver.named("Add a video track"));
    QCOMPARE(session.timeline()->layout().lanes().size(), std::size_t(3));
    QVERIFY(clipsOf(0).empty());
    driver.drag(studio.atLane(1, 66, 30), studio.atLane(0, 66, 30));
    QCOMPARE(clipsOf(0).size(), std::size_t(1));
    QCOMPARE(clipsOf(1).size(), std::size_t(1));
    QCOMPARE(studio.startOf(clipsOf(0)[0]), 48);
    QVERIFY(isWhole());

    // The level's line pulled down, the handles of both fades pulled in.
    const auto lane = [&] { return session.timeline()->layout().lanes()[2]; };
    const double line = (1 - session::heightOfGain(0)) * lane().clipHeight;
    driver.drag(studio.atLane(2, 24, line), studio.atLane(2, 24, line + 12));
    QVERIFY2(clipsOf(2)[0].sound.gainDb < -3, qPrintable(QString::number(clipsOf(2)[0].sound.gainDb)));
    driver.drag(studio.atLane(2, 0, 6) + QPointF(6, 0), studio.atLane(2, 6, 6) + QPointF(6, 0));
    QCOMPARE((clipsOf(2)[0].sound.fadeIn * Rational{24, 1}).rounded(), 6);
    driver.drag(studio.atLane(2, 48, 6) - QPointF(6, 0), studio.atLane(2, 36, 6) - QPointF(6, 0));
    QCOMPARE((clipsOf(2)[0].sound.fadeOut * Rational{24, 1}).rounded(), 12);
    QVERIFY(ppf() > 3);  // a frame is wide enough for all of the above
    studio.report("moved across tracks, level and fades");

    // In and out, set with keys and dragged on the ruler.
    auto* player = session.player();
    driver.press(Qt::Key_I);
    driver.clickAt(studio.atRuler(60));
    driver.press(Qt::Key_O);
    QCOMPARE(player->inFrame(), 24);
    QCOMPARE(player->outFrame(), 60);
    driver.drag(studio.atRuler(24), studio.atRuler(12));
    driver.drag(studio.atRuler(61), studio.atRuler(72));
    QCOMPARE(player->inFrame(), 12);
    QCOMPARE(player->outFrame(), 71);
    QCOMPARE(player->frame(), 60);
    driver.press(Qt::Key_X, Qt::AltModifier);
    QCOMPARE(player->inFrame(), -1);
    driver.clickAt(studio.atRuler(24));

    // A prompt for each, and another one from the middle of the first.
    driver.clickAt(studio.atLane(1, 12, 30));
    studio.writePrompt("oil painting");
    QCOMPARE(clipsOf(1)[0].edit.prompt, std::string("oil painting"));
    driver.clickAt(studio.atLane(0, 60, 30));
    studio.writePrompt("neon night");
    QCOMPARE(clipsOf(0)[0].edit.prompt, std::string("neon night"));
    QCOMPARE(clipsOf(1)[0].edit.prompt, std::string("oil painting"));
    driver.clickAt(studio.atLane(1, 12, 30));
    driver.clickAt(studio.atRuler(24));
    driver.click(driver.item("addKeyframe"));
    QCOMPARE(session.clipEditor()->keyframes()->count(), 1);
    driver.click(driver.named("Prompt from 00:00:01:00 on"));
    studio.write("pencil sketch");
    QCOMPARE(clipsOf(1)[0].edit.promptKeyframes.size(), std::size_t(1));
    QCOMPARE(clipsOf(1)[0].edit.promptKeyframes[0].prompt, std::string("pencil sketch"));
    QCOMPARE((clipsOf(1)[0].edit.promptKeyframes[0].time * Rational{24, 1}).rounded(), 24);
    studio.leaveFields();
    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->isRunning(); }));
    studio.report("prompts and a prompt keyframe");
    QVERIFY(isWhole());

    // All of it taken back while the preview runs, and done again.
    const auto end = project::toJson(studio.project());
    int steps = 0;
    while (document->canUndo() && ++steps < 200) {
        driver.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(isWhole());
    }
    QVERIFY2(steps >= 12, qPrintable(QString::number(steps)));
    QCOMPARE(project::toJson(studio.project()), start);
    QVERIFY2(!document->isModified(), "a project that is as it was counts as changed");
    studio.report("all undone");
    while (document->canRedo())
        driver.press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(project::toJson(studio.project()), end);
    studio.report("all redone");

    // What the redone prompts show comes in the end.
    driver.press(Qt::Key_Home);
    QVERIFY(WindowDriver::waitFor(
        [&] { return session.player()->frame() == 0 && session.player()->picture().hasEdited(); }));
    studio.report("edited once more");
    QCOMPARE(session.messages()->count(), 0);
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

QTEST_MAIN(TestJourneyCut)
#include "tst_journey_cut.moc"
