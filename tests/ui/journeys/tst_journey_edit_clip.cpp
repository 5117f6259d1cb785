// Journey 2 of the editor: a clip dropped on the window becomes another one, by mouse, and once more by keyboard alone.
#include <map>

#include <QCryptographicHash>
#include <QDir>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using session::Preview;
using session::ShownFrame;
using session::ViewState;
using testing::JourneyWindow;
using testing::WindowDriver;

namespace {

constexpr int clipFrames = 72;
constexpr int rate = 24;

QByteArray hashOf(const PicturePtr& picture) {
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(QByteArrayView(reinterpret_cast<const char*>(picture->rgb.data()), qsizetype(picture->rgb.size())));
    return hash.result();
}

}  // namespace

class TestJourneyEditClip : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void byMouse();
    void byKeyboard();

private:
    QTemporaryDir m_clips;
    QString m_clip;
};

void TestJourneyEditClip::initTestCase() {
    testing::WarningLog::install();
    QVERIFY(m_clips.isValid());
    m_clip = testing::makeWanderingClip(m_clips.filePath("harbour.mp4"), "256x144", rate, clipFrames);
}

void TestJourneyEditClip::cleanup() {
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestJourneyEditClip::byMouse() {
    const QTemporaryDir folder;
    JourneyWindow studio(folder.path());
    auto& session = studio.session();
    auto& driver = studio.driver();
    auto* preview = session.preview();
    auto* player = session.player();

    // Dropped on the window: probed, drawn, measured.
    driver.drop({QUrl::fromLocalFile(m_clip)}, WindowDriver::middleOf(driver.item("welcomePage")));
    QVERIFY(WindowDriver::waitFor([&] { return session.bin()->sourceAt(0) != 0; }));
    QVERIFY(session.timeline()->isEmpty());
    studio.report("imported");
    const auto bin = [&](session::MediaBin::Role role) { return session.bin()->data(session.bin()->index(0), role); };
    QVERIFY(WindowDriver::waitFor([&] { return !bin(session::MediaBin::ThumbnailRole).value<QImage>().isNull(); }));
    studio.report("drawn");
    QVERIFY(
        WindowDriver::waitFor([&] { return bin(session::MediaBin::BadgeRole).toInt() == session::MediaBin::Still; }));
    const auto badge = driver.textOf("badge");
    QVERIFY2(badge.contains("% still, about "), qPrintable(badge));
    QVERIFY(bin(session::MediaBin::StaticPercentRole).toInt() > 30);
    QVERIFY(bin(session::MediaBin::SpeedupRole).toDouble() > 1);
    studio.report("measured");

    studio.settle();
    // Let go over the timeline, with what the bin gives to a drag.
    QVERIFY(!driver.namesWith("harbour.mp4, 256 × 144 · 24 FPS, ").isEmpty());
    QMimeData dragged;
    dragged.setData("application/x-lipar-source", QByteArray::number(qulonglong(session.bin()->sourceAt(0))));
    driver.drop(dragged, studio.atLane(0, 0, 30));
    QVERIFY(WindowDriver::waitFor([&] { return !session.timeline()->isEmpty(); }));
    QCOMPARE(studio.startOf(studio.trackOf(0).clips.front()), 0);
    QVERIFY(WindowDriver::waitFor([&] { return session.clipEditor()->hasPicture(); }));
    studio.report("dragged to the timeline");

    // A prompt is typed, and the preview starts by itself.
    studio.settle();
    QCOMPARE(preview->state(), Preview::Idle);
    driver.click(driver.item("promptField"));
    QVERIFY(driver.item("promptField")->hasActiveFocus());
    driver.type("oil painting");
    QVERIFY(WindowDriver::waitFor([&] { return preview->isRunning(); }));
    QCOMPARE(preview->prompt(), QString("oil painting"));
    QVERIFY(WindowDriver::waitFor([&] { return player->picture().hasEdited(); }));
    studio.report("the prompt's first picture is shown");
    // Its pictures: none of them may come back once the edit is another one.
    auto* view = driver.item("pictureView");
    std::map<std::int64_t, QByteArray> older;
    std::map<std::int64_t, QByteArray> newer;
    bool isChanged = false;
    QStringList stale;
    const auto look = [&] {
        const auto frame = view->property("frame").value<ShownFrame>();
        if (!frame.hasEdited())
            return;
        const auto hash = hashOf(frame.edited);
        if (!isChanged)
            older[frame.index] = hash;
        else if (older.contains(frame.index) && older[frame.index] == hash)
            stale << QString::number(frame.index);
        else
            newer[frame.index] = hash;
    };
    connect(player, &session::Player::pictureChanged, this, look);
    QVERIFY(WindowDriver::waitFor([&] { return preview->state() == Preview::Done; }));
    studio.leaveFields();
    driver.press(Qt::Key_Home);
    driver.press(Qt::Key_Space);
    QVERIFY(WindowDriver::waitFor([&] { return !player->isPlaying(); }));
    QVERIFY(older.size() > clipFrames / 2);
    studio.report("the edit is made and played");

    // Strength while it plays from the middle: the preview begins where the playhead is, with nothing of the one
    // before.
    driver.clickAt(studio.atRuler(30));
    driver.press(Qt::Key_Space);
    QVERIFY(player->isPlaying());
    QVERIFY(WindowDriver::waitFor([&] { return player->frame() > 30; }));
    const auto revision = session.document()->revision();
    isChanged = true;
    driver.click(driver.named("Strength: Strong"));
    QCOMPARE(session.document()->revision(), revision + 1);
    const auto playhead = player->frame();
    QVERIFY2(!player->picture().hasEdited(), "the picture of the edit before is still shown");
    QVERIFY(WindowDriver::waitFor([&] { return preview->isRunning(); }));
    const auto started = preview->request().settings;
    QCOMPARE(started.prompt, std::string("strong oil painting"));
    const double from = started.startSeconds.value_or(0) * rate;
    QVERIFY2(from >= double(playhead) - 0.01 && from < double(playhead) + rate, qPrintable(QString::number(from)));
    // More than once in a row: only the last counts.
    driver.click(driver.named("Strength: Subtle"));
    driver.click(driver.named("Strength: Strong"));
    QVERIFY(WindowDriver::waitFor([&] { return player->picture().hasEdited(); }));
    studio.report("restarted from the playhead");

    // Wiped while it plays on: the edge follows the mouse and pictures keep coming.
    QCOMPARE(session.view()->mode(), ViewState::Wipe);
    const auto picture = view->mapRectToScene(view->property("pictureRect").toRectF());
    const auto at = [&](double share) { return QPointF(picture.x() + picture.width() * share, picture.center().y()); };
    if (!player->isPlaying())
        driver.press(Qt::Key_Space);
    const auto before = newer.size();
    for (int i = 0; i < 4; ++i) {
        driver.drag(at(0.2), at(0.8));
        QVERIFY2(qAbs(session.view()->wipe() - 0.8) < 0.03, qPrintable(QString::number(session.view()->wipe())));
        driver.drag(at(0.8), at(0.3));
        QVERIFY(qAbs(session.view()->wipe() - 0.3) < 0.03);
    }
    QVERIFY(WindowDriver::waitFor([&] { return newer.size() > before || preview->state() == Preview::Done; }));
    QVERIFY(WindowDriver::waitFor([&] { return preview->state() == Preview::Done; }));
    QVERIFY(WindowDriver::waitFor([&] { return !player->isPlaying(); }));
    QVERIFY2(stale.isEmpty(), qPrintable("pictures of the edit before: frames " + stale.join(' ')));
    QVERIFY(newer.size() > 10);
    studio.report("wiped while it plays");

    // Undone, the pictures of the first prompt come from the cache: no preview runs.
    disconnect(player, &session::Player::pictureChanged, this, nullptr);
    const auto known = older.lower_bound(6);  // while playing late ones were left out
    driver.clickAt(studio.atRuler(double(known->first)));
    while (session.clipEditor()->prompt() != "oil painting" && session.document()->canUndo())
        driver.press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(WindowDriver::waitFor(
        [&] { return player->picture().index == known->first && player->picture().hasEdited(); }));
    QVERIFY(!preview->isRunning());
    QCOMPARE(hashOf(player->picture().edited), known->second);
    studio.report("undone");
    QCOMPARE(session.messages()->count(), 0);
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

// Import, add to the timeline, write a prompt, change the strength, play, wipe: with no mouse at all.
void TestJourneyEditClip::byKeyboard() {
    const QTemporaryDir folder;
    settings::AppSettings(folder.filePath("settings.ini")).setLastFolder(QUrl::fromLocalFile(m_clips.path()));
    JourneyWindow studio(folder.path());
    auto& session = studio.session();
    auto& driver = studio.driver();
    auto& window = driver.window();
    const auto focused = [&] { return window.activeFocusItem() ? window.activeFocusItem()->objectName() : QString(); };
    const auto tabTo = [&](const auto& isThere) {
        for (int i = 0; i < 250 && !isThere(); ++i)
            driver.press(Qt::Key_Tab);
        return isThere();
    };

    driver.press(Qt::Key_I, Qt::ControlModifier);
    QVERIFY(WindowDriver::waitFor([&] { return focused().startsWith("fileDialog"); }));
    if (focused() == "fileDialogListView")
        driver.press(Qt::Key_Down);
    QVERIFY(WindowDriver::waitFor(
        [&] { return window.activeFocusItem() && window.activeFocusItem()->inherits("QQuickFileDialogDelegate"); }));
    driver.press(Qt::Key_Return);
    QVERIFY(WindowDriver::waitFor([&] { return session.bin()->sourceAt(0) != 0; }));

    QVERIFY(tabTo([&] { return driver.item("binList")->hasActiveFocus(); }));
    driver.press(Qt::Key_Return);
    QVERIFY(WindowDriver::waitFor([&] { return !session.timeline()->isEmpty(); }));
    driver.press(Qt::Key_A, Qt::ControlModifier);
    QVERIFY(WindowDriver::waitFor([&] { return session.clipEditor()->hasPicture(); }));
    studio.writePrompt("pencil sketch");
    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->isRunning(); }));
    QVERIFY(WindowDriver::waitFor([&] { return session.player()->picture().hasEdited(); }));
    studio.report("by keyboard: the first edited picture is shown");

    QVERIFY(tabTo([&] { return WindowDriver::accessibleName(window.activeFocusItem()) == "Strength: Strong"; }));
    driver.press(Qt::Key_Return);
    QCOMPARE(session.clipEditor()->prompt(), QString("strong pencil sketch"));
    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->isRunning(); }));

    QVERIFY(tabTo([&] { return focused() == "lanes"; }));
    driver.press(Qt::Key_Home);
    driver.press(Qt::Key_Space);
    QVERIFY(session.player()->isPlaying());
    driver.press(Qt::Key_3);
    QCOMPARE(session.view()->mode(), ViewState::Wipe);
    QVERIFY(WindowDriver::waitFor([&] { return driver.findNamed("Edge between source and edited") != nullptr; }));
    QVERIFY(tabTo(
        [&] { return WindowDriver::accessibleName(window.activeFocusItem()) == "Edge between source and edited"; }));
    const double wipe = session.view()->wipe();
    driver.press(Qt::Key_Right);
    driver.press(Qt::Key_Right);
    QVERIFY(session.view()->wipe() > wipe + 0.03);
    QVERIFY(WindowDriver::waitFor([&] { return session.preview()->state() == Preview::Done; }));
    studio.report("by keyboard: edited, played and wiped");
    QCOMPARE(session.messages()->count(), 0);
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

QTEST_MAIN(TestJourneyEditClip)
#include "tst_journey_edit_clip.moc"
