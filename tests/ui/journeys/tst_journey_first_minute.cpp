// Journey 1 of the editor: a bare machine, one press of a button, the edited picture appears block by block.
#include <set>

#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using session::Preview;
using session::ShownFrame;
using session::ViewState;
using testing::JourneyWindow;
using testing::WindowDriver;

class TestJourneyFirstMinute : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { testing::WarningLog::install(); }
    void cleanup();
    void sampleAppearsLive();
};

void TestJourneyFirstMinute::cleanup() {
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestJourneyFirstMinute::sampleAppearsLive() {
    const QTemporaryDir folder;
    JourneyWindow studio(folder.path());
    auto& session = studio.session();
    auto& driver = studio.driver();
    qInfo("the window showed its first picture after %lld ms", static_cast<long long>(studio.startTime().count()));
    QVERIFY(driver.item("welcomePage")->isVisible());

    // What the viewer shows while the preview runs: how many frames were made when each edited picture appeared.
    auto* view = driver.item("pictureView");
    std::set<std::int64_t> shownEdited;
    std::set<int> madeWhenShown;
    const auto look = [&] {
        const auto frame = view->property("frame").value<ShownFrame>();
        if (!frame.hasEdited())
            return;
        shownEdited.insert(frame.index);
        if (session.preview()->isRunning())
            madeWhenShown.insert(session.preview()->framesDone());
    };
    connect(session.player(), &session::Player::pictureChanged, this, look);

    driver.click(driver.item("sampleButton"));
    QVERIFY(WindowDriver::waitFor([&] { return !session.timeline()->isEmpty(); }));
    studio.report("the sample clip is made and lies on the timeline");
    QVERIFY(!driver.item("welcomePage")->isVisible());
    QCOMPARE(session.clipEditor()->prompt(), QString("pencil sketch"));
    QVERIFY(WindowDriver::waitFor([&] { return !shownEdited.empty(); }));
    studio.report("the first edited picture is shown");
    QVERIFY2(session.preview()->isRunning(), "the first edited picture came only when all of them were made");
    QVERIFY(session.preview()->framesDone() < session.preview()->framesTotal());

    // The figures below the picture, as a screen reader would read them.
    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->hasReadings() && session.preview()->fps() > 0; }));
    const auto editing = driver.namesWith("Editing: ").filter(" FPS");  // the status line begins alike
    QCOMPARE(editing.size(), 1);
    QVERIFY2(!editing.front().contains(u'–'), qPrintable(editing.front()));
    qInfo("%s", qPrintable(editing.front()));
    QVERIFY(!driver.namesWith("Kept: ").front().contains(u'–'));

    // Playing waits for the blocks and goes on with each of them.
    QVERIFY(WindowDriver::waitFor([&] { return madeWhenShown.size() >= 3 || !session.preview()->isRunning(); }));
    QVERIFY2(madeWhenShown.size() >= 3, "the edited pictures did not come block by block");
    studio.report("it comes block by block");

    // The heatmap, over a picture that stands still.
    driver.press(Qt::Key_K);
    QVERIFY(!session.player()->isPlaying());
    driver.press(Qt::Key_Home);
    QVERIFY(WindowDriver::waitFor(
        [&] { return session.player()->frame() == 0 && session.player()->picture().hasTokens(); }));
    driver.press(Qt::Key_2);
    const auto without = driver.window().grabWindow();
    driver.press(Qt::Key_H);
    QCOMPARE(session.view()->heatmap(), ViewState::KeptTokens);
    QVERIFY(driver.findNamed("Heatmap colours: computed anew, and reused"));
    const auto with = driver.window().grabWindow();
    const auto middle = view->mapRectToScene(view->property("pictureRect").toRectF());
    const auto ratio = with.width() / double(driver.window().width());
    const QPoint at = (middle.center() * ratio).toPoint();
    QVERIFY2(with.pixelColor(at) != without.pixelColor(at), "the heatmap colours nothing");
    driver.click(driver.named("Heatmap: Off"));
    QCOMPARE(session.view()->heatmap(), ViewState::NoHeatmap);
    studio.skip();  // the pictures were taken on this thread

    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->state() == Preview::Done; }));
    studio.report("the whole sample is edited");

    // Played again from the cache, at its own pace.
    shownEdited.clear();
    driver.press(Qt::Key_Space);  // plays, although a button was clicked last
    QVERIFY(session.player()->isPlaying());
    QVERIFY(WindowDriver::waitFor([&] { return session.player()->shownFps() > 0; }));
    QVERIFY(driver.namesWith("Shown: ").front().endsWith(" FPS"));
    QVERIFY(WindowDriver::waitFor([&] { return !session.player()->isPlaying(); }));
    QVERIFY2(shownEdited.size() > 24, "hardly any edited picture was shown while playing");
    studio.report("the edited sample is played from the cache");
    QVERIFY(session.messages()->count() == 0);
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

QTEST_MAIN(TestJourneyFirstMinute)
#include "tst_journey_first_minute.moc"
