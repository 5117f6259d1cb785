#include <QSignalSpy>
#include <QTest>

#include "app/session/player.h"
#include "tests/support/fake_engine.h"
#include "tests/support/small_project.h"

using namespace lipar;
using session::Player;

namespace {

constexpr std::int64_t frameNanoseconds = 1'000'000'000 / 24 + 1;

// A device that plays when it is told to.
class FakeSound : public session::AudioOutput {
public:
    void start(std::int64_t firstSample, int) override {
        first = firstSample;
        written = 0;
        heard.reset();
    }
    void write(std::int64_t, std::span<const float> stereo) override { written += std::int64_t(stereo.size() / 2); }
    void run() override {
        if (isThere)
            heard = double(first);
    }
    void stop() override { heard.reset(); }
    void setVolume(double value) override { volume = value; }
    [[nodiscard]] std::optional<double> position() const override { return isThere ? heard : std::nullopt; }
    [[nodiscard]] bool isAvailable() const override { return isThere; }

    std::int64_t first = 0;
    std::int64_t written = 0;
    std::optional<double> heard;
    double volume = -1;
    bool isThere = true;
};

}  // namespace

class TestPlayer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void showsThePictureAtThePlayhead();
    void scrubbingAsksForOneAtATime();
    void aProxyComesFirst();
    void playsByTheClock();
    void latePicturesAreDropped();
    void runsNoFurtherAheadThanThePace();
    void soundIsTheClock();
    void clockTakesOverFromALostDevice();
    void withoutADevice();
    void changesTakeOldPicturesAway();
    void changesElsewhereLeaveThePicture();
    void waitsForTheEdit();
    void loops();
    void shuttles();
    void timecode();
    void cuts();
    void failuresAreTold();
    void emptyTimeline();

private:
    void makePlayer(bool withSound = false);
    void pass(std::int64_t frames) { m_now += frames * frameNanoseconds; }
    void startPlaying();

    std::int64_t m_now = 1;
    FakeSound* m_sound = nullptr;
    testing::SmallProject m_small;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<session::ProjectDocument> m_document;
    std::unique_ptr<Player> m_player;
};

void TestPlayer::init() {
    m_engine = std::make_unique<testing::FakeEngine>();
    m_document = std::make_unique<session::ProjectDocument>();
    m_small = testing::smallProject(2);
    m_document->replace(m_small.project, {}, false);
    makePlayer();
}

void TestPlayer::cleanup() {
    m_player.reset();
    m_document.reset();
    m_engine.reset();
}

void TestPlayer::makePlayer(bool withSound) {
    auto sound = withSound ? std::make_unique<FakeSound>() : nullptr;
    m_sound = sound.get();
    m_player = std::make_unique<Player>(*m_document, *m_engine,
                                        Player::Options{.cache = {.folder = "cache"},
                                                        .sound = std::move(sound),
                                                        .now = [this] { return m_now; }});
}

void TestPlayer::startPlaying() {
    m_player->play();
    QVERIFY(m_player->isWaiting());
    QTRY_VERIFY(!m_player->isWaiting());
}

void TestPlayer::showsThePictureAtThePlayhead() {
    QCOMPARE(m_player->frames(), 72);
    QTRY_VERIFY(m_player->hasPicture());
    QCOMPARE(m_player->picture().source, m_engine->clip().source[0]);
    m_player->seek(41);
    QCOMPARE(m_player->frame(), 41);
    QTRY_COMPARE(m_player->picture().index, 41);
    QCOMPARE(m_player->picture().source, m_engine->clip().source[5]);  // of the second clip
    m_player->seek(1000);
    QCOMPARE(m_player->frame(), 72);
    QTRY_VERIFY(!m_player->hasPicture());  // past the end
}

void TestPlayer::scrubbingAsksForOneAtATime() {
    QTRY_VERIFY(m_player->hasPicture());
    const int before = m_engine->count<service::PlaybackRequest>();
    for (int frame = 1; frame <= 30; ++frame)
        m_player->seek(frame);
    QTRY_COMPARE(m_player->picture().index, 30);
    QCOMPARE(m_engine->count<service::PlaybackRequest>() - before, 2);  // the first and the newest
    QCOMPARE(m_engine->lastPlayback().endFrame - m_engine->lastPlayback().firstFrame, 1);
    QVERIFY(!m_engine->lastPlayback().sound);
}

void TestPlayer::aProxyComesFirst() {
    QTRY_VERIFY(m_player->hasPicture());
    m_player->setProxies({{"/no such folder/holiday.mp4", "/proxies/holiday.mp4"}});
    const auto stills = [this](bool withProxies) {
        return std::ranges::count_if(m_engine->requests(), [&](const service::Request& request) {
            const auto* playback = std::get_if<service::PlaybackRequest>(&request);
            return playback && playback->proxies.empty() != withProxies;
        });
    };
    const auto before = stills(false);
    // As long as the hand moves, proxies are shown.
    for (int frame = 10; frame <= 20; ++frame) {
        m_player->seek(frame);
        QTRY_COMPARE(m_player->picture().index, frame);
    }
    QCOMPARE(stills(true), 11);
    QCOMPARE(stills(false), before);
    // When it rests, the frame itself.
    QTRY_COMPARE(stills(false), before + 1);
    QVERIFY(m_engine->lastPlayback().proxies.empty());
    QCOMPARE(m_engine->lastPlayback().firstFrame, 20);
    QTest::qWait(300);
    QCOMPARE(stills(false), before + 1);  // once

    // A move while the frame itself is on its way takes it back.
    m_engine->holdPlayback(true);
    m_player->seek(30);
    m_engine->holdPlayback(false);
    QTRY_COMPARE(m_player->picture().index, 30);
    m_engine->holdPlayback(true);
    QTRY_COMPARE(stills(false), before + 2);
    const auto own = m_engine->lastJob();
    m_player->seek(31);
    QVERIFY(std::ranges::find(m_engine->cancelled(), own) != m_engine->cancelled().end());
    m_engine->holdPlayback(false);
    QTRY_COMPARE(m_player->picture().index, 31);
    QTRY_COMPARE(stills(false), before + 3);

    // Playing never waits for that.
    m_player->seek(32);
    QTRY_COMPARE(m_player->picture().index, 32);
    m_player->play();
    QTest::qWait(300);
    QVERIFY(m_engine->lastPlayback().pace);
    QVERIFY(m_engine->lastPlayback().proxies.empty());
    m_player->pause();
}

void TestPlayer::playsByTheClock() {
    startPlaying();
    QTRY_COMPARE(m_player->picture().index, 0);
    for (int frame = 1; frame <= 12; ++frame) {
        pass(1);
        QTRY_COMPARE(m_player->picture().index, frame);
        QCOMPARE(m_player->frame(), frame);
    }
    QCOMPARE(m_player->droppedFrames(), 0);
    m_player->pause();
    QCOMPARE(m_player->frame(), 12);
    QCOMPARE(m_player->speed(), 0);
}

void TestPlayer::latePicturesAreDropped() {
    startPlaying();
    QTRY_COMPARE(m_player->picture().index, 0);
    QSignalSpy pictures(m_player.get(), &Player::pictureChanged);
    pass(5);
    QTRY_COMPARE(m_player->picture().index, 5);
    QCOMPARE(pictures.count(), 1);  // 1 to 4 were due in the past
    QCOMPARE(m_player->droppedFrames(), 4);
    // Nothing comes for a while: time goes on, and so does the playhead.
    m_engine->holdPlayback(true);
    pass(40);
    QTRY_COMPARE(m_player->frame(), 45);
    m_engine->holdPlayback(false);
    QTRY_COMPARE(m_player->picture().index, 45);
    pass(100);
    QTRY_VERIFY(!m_player->isPlaying());
    QCOMPARE(m_player->frame(), 71);
    QTRY_COMPARE(m_player->picture().index, 71);
}

void TestPlayer::runsNoFurtherAheadThanThePace() {
    int pictures = 0;
    connect(m_engine.get(), &jobs::JobRunner::eventArrived, this, [&](const jobs::EventPtr& event) {
        pictures += std::holds_alternative<service::PlaybackPicture>(*event) ? 1 : 0;
    });
    startPlaying();
    QTest::qWait(50);
    QVERIFY2(pictures >= 3 && pictures <= 26, qPrintable(QString::number(pictures)));
}

void TestPlayer::soundIsTheClock() {
    makePlayer(true);
    m_player->seek(24);
    m_player->setVolume(0.5);
    startPlaying();
    QVERIFY(m_engine->lastPlayback().sound);
    QCOMPARE(m_sound->first, 48000);
    QCOMPARE(m_sound->volume, 0.5);
    QVERIFY(m_sound->written > 0);
    pass(20);  // what the clock says does not count
    QTRY_COMPARE(m_player->picture().index, 24);
    *m_sound->heard = 48000 + 2000 * 7 + 10;
    QTRY_COMPARE(m_player->frame(), 31);
    QCOMPARE(m_player->picture().index, 31);
    m_player->setMuted(true);
    QCOMPARE(m_sound->volume, 0.0);
    QVERIFY(m_player->isPlaying());
    // At another speed there is no sound.
    m_player->shuttle(1);
    QCOMPARE(m_player->speed(), 2);
    QTRY_VERIFY(!m_player->isWaiting());
    QVERIFY(!m_engine->lastPlayback().sound);
}

void TestPlayer::clockTakesOverFromALostDevice() {
    makePlayer(true);
    startPlaying();
    *m_sound->heard = 2000 * 10 + 10;
    QTRY_COMPARE(m_player->frame(), 10);
    m_sound->isThere = false;
    Q_EMIT m_sound->availableChanged();
    QVERIFY(!m_player->audioNote().isEmpty());
    pass(5);
    QTRY_COMPARE(m_player->frame(), 15);
    QVERIFY(m_player->isPlaying());
}

void TestPlayer::withoutADevice() {
    QVERIFY(!m_player->hasSoundDevice());
    QVERIFY(!m_player->audioNote().isEmpty());
    startPlaying();
    QVERIFY(!m_engine->lastPlayback().sound);
    pass(3);
    QTRY_COMPARE(m_player->frame(), 3);
    QVERIFY(!m_player->error().isSet());
}

void TestPlayer::changesTakeOldPicturesAway() {
    m_small = testing::smallProject(1, 36, "oil painting");
    m_document->replace(m_small.project, {}, false);
    QTRY_VERIFY(m_player->isEditPending());
    // The edit is made, as a preview would.
    service::EditRequest edit;
    edit.input = m_document->project().sources.front().path;
    edit.settings = m_player->timeline().edits.front().settings;
    edit.cache.folder = "cache";
    m_engine->submit(edit);
    QTest::qWait(5);
    m_engine->finishEdit();
    m_player->refresh();
    QTRY_VERIFY(m_player->picture().hasEdited());
    QVERIFY(m_player->picture().hasTokens());
    QVERIFY(!m_player->isEditPending());

    startPlaying();
    const auto oldJob = m_engine->lastJob();
    auto changed = m_document->project().tracks.front().clips.front().edit;
    changed.prompt = "pencil sketch";
    QVERIFY(m_document->perform(commands::SetEdit{{m_small.pictures.front()}, changed}).has_value());
    QVERIFY(!m_player->picture().hasEdited());  // at once
    QVERIFY(!m_player->picture().hasTokens());
    bool sawEdited = false;
    connect(m_player.get(), &Player::pictureChanged, this,
            [&] { sawEdited = sawEdited || m_player->picture().hasEdited(); });
    // What the old job had on its way comes too late.
    service::PlaybackPicture late;
    late.job = oldJob;
    late.source = m_engine->clip().source[1];
    late.edited = m_engine->clip().edited[1];
    late.frame = 1;
    m_engine->send(late);
    QTRY_VERIFY(!m_player->isWaiting());
    pass(8);
    QTRY_COMPARE(m_player->picture().index, 8);
    QVERIFY(m_player->isEditPending());
    m_player->pause();
    QTest::qWait(20);
    QVERIFY(!sawEdited);
    // Undo brings the pictures back, with nothing to be edited.
    m_document->undo();
    QTRY_VERIFY(m_player->picture().hasEdited());
}

void TestPlayer::changesElsewhereLeaveThePicture() {
    QTRY_VERIFY(m_player->hasPicture());
    QSignalSpy pictures(m_player.get(), &Player::pictureChanged);
    const int before = m_engine->count<service::PlaybackRequest>();
    auto edit = m_document->project().tracks.front().clips.back().edit;
    edit.enabled = true;
    edit.prompt = "oil painting";
    QVERIFY(m_document->perform(commands::SetEdit{{m_small.pictures.back()}, edit}).has_value());
    QVERIFY(m_document->perform(commands::RenameClip{m_small.pictures.front(), "boat"}).has_value());
    QTest::qWait(20);
    QCOMPARE(pictures.count(), 0);
    QCOMPARE(m_engine->count<service::PlaybackRequest>(), before);
}

void TestPlayer::waitsForTheEdit() {
    m_small = testing::smallProject(1, 36, "oil painting");
    m_document->replace(m_small.project, {}, false);
    QTRY_VERIFY(m_player->isEditPending());
    service::EditRequest edit;
    edit.input = m_document->project().sources.front().path;
    edit.settings = m_player->timeline().edits.front().settings;
    edit.cache.folder = "cache";
    m_engine->submit(edit);
    QTest::qWait(5);
    m_player->setEditUnderWay(true);
    m_player->play();
    QTest::qWait(30);
    QVERIFY(m_player->isWaiting());
    QCOMPARE(m_player->frame(), 0);
    m_engine->advance();
    m_engine->advance();  // the first block
    m_player->refresh();
    QTRY_VERIFY(!m_player->isWaiting());
    QTRY_VERIFY(m_player->picture().hasEdited());
    for (int i = 0; i < 20; ++i) {
        pass(1);
        QTest::qWait(8);
    }
    QTRY_VERIFY(m_player->isWaiting());
    QCOMPARE(m_player->frame(), 12);  // the first of the second block
    QVERIFY(m_player->isPlaying());
    QVERIFY(m_player->picture().hasEdited());  // the last edited picture stays in sight
    // Not to be waited for any more: it plays on with the source.
    m_player->setWaitsForEdit(false);
    QTRY_VERIFY(!m_player->isWaiting());
    pass(4);
    QTRY_COMPARE(m_player->picture().index, 16);
    QVERIFY(m_player->isEditPending());
}

void TestPlayer::loops() {
    m_player->seek(10);
    m_player->setIn();
    m_player->seek(14);
    m_player->setOut();
    m_player->setLoop(true);
    QCOMPARE(m_player->inFrame(), 10);
    QCOMPARE(m_player->outFrame(), 14);
    m_player->seek(12);
    startPlaying();
    QCOMPARE(m_engine->lastPlayback().endFrame, 15);
    pass(3);
    QTRY_COMPARE(m_engine->lastPlayback().firstFrame, 10);
    QTRY_VERIFY(!m_player->isWaiting());
    QVERIFY(m_player->isPlaying());
    QVERIFY(m_player->frame() >= 10 && m_player->frame() <= 14);
    m_player->pause();
    m_player->seek(20);
    m_player->setIn();
    QCOMPARE(m_player->outFrame(), -1);
}

void TestPlayer::shuttles() {
    m_player->seek(60);
    m_player->shuttle(-1);
    QCOMPARE(m_player->speed(), -1);
    m_player->shuttle(-1);
    QCOMPARE(m_player->speed(), -2);
    pass(10);
    QTRY_COMPARE(m_player->frame(), 40);
    QTRY_COMPARE(m_player->picture().index, 40);
    m_player->shuttle(1);
    QCOMPARE(m_player->speed(), 1);
    for (const int speed : {2, 4, 8, 8}) {
        m_player->shuttle(1);
        QCOMPARE(m_player->speed(), speed);
    }
    m_player->shuttle(0);
    QVERIFY(!m_player->isPlaying());
    m_player->shuttle(-1);
    pass(100);
    QTRY_VERIFY(!m_player->isPlaying());
    QCOMPARE(m_player->frame(), 0);
}

void TestPlayer::timecode() {
    m_player->seek(24 + 5);
    QCOMPARE(m_player->timecode(), QString("00:00:01:05"));
    QCOMPARE(m_player->endTimecode(), QString("00:00:03:00"));
    QVERIFY(m_player->goToTimecode("2:10"));
    QCOMPARE(m_player->frame(), 58);
    QVERIFY(m_player->goToTimecode("-12"));
    QCOMPARE(m_player->frame(), 46);
    QVERIFY(m_player->goToTimecode("00:00:00:07"));
    QCOMPARE(m_player->frame(), 7);
    QVERIFY(!m_player->goToTimecode("soon"));
    QVERIFY(!m_player->goToTimecode(""));
    QCOMPARE(m_player->frame(), 7);
}

void TestPlayer::cuts() {
    m_player->goToNextCut();
    QCOMPARE(m_player->frame(), 36);
    m_player->goToNextCut();
    QCOMPARE(m_player->frame(), 72);
    m_player->goToPreviousCut();
    QCOMPARE(m_player->frame(), 36);
    m_player->step(-3);
    m_player->goToPreviousCut();
    QCOMPARE(m_player->frame(), 0);
}

void TestPlayer::failuresAreTold() {
    QTRY_VERIFY(m_player->hasPicture());
    m_engine->failNext({ErrorCode::inputMissing, "\"holiday.mp4\" cannot be read: it is gone", "find it"});
    m_player->seek(5);
    QTRY_VERIFY(m_player->error().isSet());
    QVERIFY(m_player->error().details.contains("input-missing"));
    m_player->seek(6);
    QTRY_COMPARE(m_player->picture().index, 6);
    QVERIFY(!m_player->error().isSet());
    m_engine->failNext({ErrorCode::decodeFailed, "it broke", {}});
    m_player->play();
    QTRY_VERIFY(m_player->error().isSet());
    QVERIFY(!m_player->isPlaying());
}

void TestPlayer::emptyTimeline() {
    m_document->startNew();
    QCOMPARE(m_player->frames(), 0);
    QVERIFY(!m_player->hasPicture());
    m_player->play();
    m_player->shuttle(-1);
    m_player->goToNextCut();
    QVERIFY(!m_player->isPlaying());
    QCOMPARE(m_player->frame(), 0);
}

QTEST_GUILESS_MAIN(TestPlayer)
#include "tst_player.moc"
