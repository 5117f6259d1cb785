// What each command does to a small timeline: picture and linked sound, neighbours, sources' ends, locked tracks.
#include <QtTest>

#include <ctime>

#include "app/commands/history.h"
#include "app/project/project_file.h"

using namespace lipar;
using namespace lipar::commands;
using project::Clip;
using project::Project;
using project::Source;
using project::Track;
using project::TrackKind;

namespace {

Source source(Rational rate, std::int64_t frames, bool hasPictures = true, bool hasSound = true) {
    Source source;
    source.path = "/media/clip.mp4";
    if (hasPictures) {
        source.width = 640;
        source.height = 360;
        source.rate = rate;
        source.frames = frames;
    }
    source.duration = Rational{frames, 1} / rate;
    source.hasSound = hasSound;
    return source;
}

Rational frames(std::int64_t count) {
    return Rational{count, 1} / Rational{25, 1};
}

// "0+50@0 50+50@25": start, duration and source start of a track's clips, in frames of 1/25 s.
QString shown(const Track& track) {
    QStringList parts;
    for (const Clip& clip : track.clips) {
        const auto count = [](const Rational& time) { return QString::number((time * Rational{25, 1}).value()); };
        parts += count(clip.start) + "+" + count(clip.duration) + "@" + count(clip.sourceStart);
    }
    return parts.join(' ');
}

}  // namespace

class TestCommands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void theFirstClipGivesTheFormat();
    void addingOverwritesOrInserts();
    void soundFindsAFreeTrack();
    void movingTakesSoundAlongAndOverwrites();
    void movingAcrossTracks();
    void trimmingStopsAtNeighboursAndSources();
    void trimmingWithRipple();
    void ripplingStopsWhereSomethingIsInTheWay();
    void splittingKeepsTheEdit();
    void deletingWithAndWithoutRipple();
    void rollingACut();
    void slipping();
    void speed();
    void crossFades();
    void editsHaveARange();
    void promptsStayWhereTheyAreInTheSource();
    void soundAndNames();
    void tracks();
    void lockedTracksRefuse();
    void markers();
    void aNewRateMovesEverythingToItsFrames();
    void sources();
    void mergingWhileDragging();
    void allOrNone();
    void theOldestStepsAreForgotten();
    void largeProjectsStayFast();

private:
    // Performs a command that must be possible.
    Touched must(const Command& command, const std::string& mergeKey = {});
    // Performs one that must not be, and changes nothing.
    QString refused(const Command& command);
    [[nodiscard]] const Track& track(std::size_t index) const { return m_history.project().tracks[index]; }
    [[nodiscard]] const Clip& clip(std::size_t track, std::size_t index) const { return this->track(track).clips[index]; }
    // Two clips of 50 frames, [25, 75) and [100, 150) of a source of 250, one behind the other, with linked sound.
    void twoClips();

    History m_history;
    std::string m_start;
    Id m_source = 0;
};

void TestCommands::init() {
    m_history = History();
    m_source = must(ImportSources{{source({25, 1}, 250)}}).added.front();
    m_start = project::toJson(m_history.project());
}

// Whatever a test did: undo of all gives the start, redo of all the end.
void TestCommands::cleanup() {
    const std::string end = project::toJson(m_history.project());
    int steps = 0;
    for (; m_history.canUndo(); ++steps)
        m_history.undo();
    for (; steps > 0; --steps) {
        m_history.redo();
        QVERIFY(project::checkInvariants(m_history.project()));
    }
    QCOMPARE(project::toJson(m_history.project()), end);
}

Touched TestCommands::must(const Command& command, const std::string& mergeKey) {
    const auto touched = m_history.perform(command, mergeKey);
    if (!touched)
        QTest::qFail(touched.error().message.c_str(), __FILE__, __LINE__);
    const auto sound = project::checkInvariants(m_history.project());
    if (!sound)
        QTest::qFail(sound.error().message.c_str(), __FILE__, __LINE__);
    return touched.value_or(Touched{});
}

QString TestCommands::refused(const Command& command) {
    const std::string before = project::toJson(m_history.project());
    const auto touched = m_history.perform(command);
    if (touched || touched.error().code != ErrorCode::invalidArgument || project::toJson(m_history.project()) != before)
        QTest::qFail("a command was done that cannot be", __FILE__, __LINE__);
    return touched ? QString() : QString::fromStdString(touched.error().sentence());
}

void TestCommands::twoClips() {
    must(AddClip{.source = m_source, .sourceStart = frames(25), .sourceEnd = frames(75)});
    must(AddClip{.source = m_source, .start = frames(50), .sourceStart = frames(100), .sourceEnd = frames(150)});
    QCOMPARE(shown(track(0)), QString("0+50@25 50+50@100"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    QVERIFY(clip(0, 0).link != 0 && clip(0, 0).link == clip(1, 0).link && clip(0, 1).link != clip(0, 0).link);
}

void TestCommands::theFirstClipGivesTheFormat() {
    Source wide = source({30000, 1001}, 90);
    wide.width = 721;
    wide.sampleAspect = 1.5;
    const Id id = must(ImportSources{{wide}}).added.front();
    const Touched touched = must(AddClip{.source = id});
    QVERIFY(touched.format);
    QCOMPARE(touched.added.size(), std::size_t(2));
    QCOMPARE(m_history.project().format.width, 1082);
    QCOMPARE(m_history.project().format.height, 360);
    QVERIFY(m_history.project().format.rate == (Rational{30000, 1001}));
    QVERIFY(clip(0, 0).duration == (Rational{90 * 1001, 30000}));
    must(AddClip{.source = m_source, .start = {10, 1}});
    QVERIFY(m_history.project().format.rate == (Rational{30000, 1001}));
}

void TestCommands::addingOverwritesOrInserts() {
    twoClips();
    must(AddClip{.source = m_source, .start = frames(40), .sourceStart = Rational{}, .sourceEnd = frames(20)});
    QCOMPARE(shown(track(0)), QString("0+40@25 40+20@0 60+40@110"));
    QCOMPARE(shown(track(1)), QString("0+50@25 50+50@100"));  // sound that is there stays
    QCOMPARE(shown(track(2)), QString("40+20@0"));
    must(AddClip{.source = m_source, .start = frames(20), .sourceStart = frames(200), .insert = true});
    QCOMPARE(shown(track(0)), QString("0+20@25 20+50@200 70+20@45 90+20@0 110+40@110"));
    QCOMPARE(shown(track(1)), QString("0+20@25 20+50@200 70+30@45 100+50@100"));
    QCOMPARE(shown(track(2)), QString("90+20@0"));
    QVERIFY(clip(0, 2).link != 0 && clip(0, 2).link == clip(1, 2).link && clip(0, 2).link != clip(0, 0).link);
    QVERIFY(refused(AddClip{.source = 999}).contains("source"));
    refused(AddClip{.source = m_source, .sourceStart = frames(10), .sourceEnd = frames(10)});
    refused(AddClip{.source = m_source, .start = frames(-3)});
}

void TestCommands::soundFindsAFreeTrack() {
    const Id sound = must(ImportSources{{source({25, 1}, 100, false, true)}}).added.front();
    const Id silent = must(ImportSources{{source({25, 1}, 100, true, false)}}).added.front();
    must(AddClip{.source = sound});
    QVERIFY(m_history.project().formatFollowsFirstClip);
    QCOMPARE(shown(track(1)), QString("0+100@0"));
    must(AddClip{.source = m_source});
    QCOMPARE(track(2).name, std::string("Audio 2"));
    QCOMPARE(shown(track(2)), QString("0+250@0"));
    QVERIFY(!m_history.project().formatFollowsFirstClip);
    must(AddClip{.source = silent, .start = frames(300)});
    QCOMPARE(clip(0, 1).link, Id(0));
    QVERIFY(refused(AddClip{.source = sound, .track = track(0).id}).contains("no pictures"));
    QVERIFY(refused(AddClip{.source = silent, .track = track(1).id}).contains("no sound"));
    must(AddClip{.source = m_source, .track = track(1).id, .start = frames(400)});  // on an audio track: sound alone
    QCOMPARE(track(0).clips.size(), std::size_t(2));
}

void TestCommands::movingTakesSoundAlongAndOverwrites() {
    twoClips();
    must(MoveClips{{clip(0, 0).id}, frames(70)});
    QCOMPARE(shown(track(0)), QString("50+20@100 70+50@25"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    must(MoveClips{{clip(0, 1).id}, frames(-1000)});  // stops at 0
    QCOMPARE(shown(track(0)), QString("0+50@25 50+20@100"));
    must(MoveClips{.clips = {clip(1, 0).id}, .by = {1, 30}, .alone = true});  // to the nearest frame
    QCOMPARE(shown(track(1)), QString("1+50@25 51+19@101"));
    QCOMPARE(shown(track(0)), QString("0+50@25 50+20@100"));
}

void TestCommands::movingAcrossTracks() {
    twoClips();
    QVERIFY(refused(MoveClips{{clip(0, 0).id}, {}, 1}).contains("no track"));
    must(AddTrack{});
    const Touched touched = must(MoveClips{{clip(0, 0).id}, {}, 1});
    QCOMPARE(touched.tracks.size(), std::size_t(2));
    QCOMPARE(shown(track(0)), QString("50+50@100"));
    QCOMPARE(shown(track(1)), QString("0+50@25"));
    QCOMPARE(shown(track(2)), QString("0+50@25 50+50@100"));
    must(AddTrack{TrackKind::audio});
    must(MoveClips{{clip(2, 1).id}, {}, -1});  // audio tracks: down
    QCOMPARE(shown(track(3)), QString("50+50@100"));
}

void TestCommands::trimmingStopsAtNeighboursAndSources() {
    twoClips();
    must(TrimClip{clip(0, 0).id, Edge::end, frames(30)});
    must(TrimClip{clip(0, 1).id, Edge::start, frames(20)});
    QCOMPARE(shown(track(0)), QString("0+30@25 30+70@80"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    must(TrimClip{clip(0, 1).id, Edge::end, frames(5000)});
    QCOMPARE(shown(track(0)), QString("0+30@25 30+170@80"));
    must(TrimClip{clip(0, 1).id, Edge::start, frames(5000)});
    QCOMPARE(shown(track(0)), QString("0+30@25 199+1@249"));
    must(TrimClip{.clip = clip(0, 0).id, .edge = Edge::start, .to = frames(10), .alone = true});
    QCOMPARE(shown(track(1)), QString("0+30@25 199+1@249"));
    must(TrimClip{clip(0, 0).id, Edge::start, frames(-10)});  // the sound's edge lies elsewhere by now
    QCOMPARE(shown(track(0)), QString("0+30@25 199+1@249"));
    QCOMPARE(shown(track(1)), QString("0+30@25 199+1@249"));
}

void TestCommands::trimmingWithRipple() {
    twoClips();
    must(TrimClip{clip(0, 0).id, Edge::end, frames(40), true});
    QCOMPARE(shown(track(0)), QString("0+40@25 40+50@100"));
    must(TrimClip{clip(0, 0).id, Edge::start, frames(10), true});
    QCOMPARE(shown(track(0)), QString("0+30@35 30+50@100"));
    must(TrimClip{clip(0, 0).id, Edge::start, frames(-1000), true});
    QCOMPARE(shown(track(0)), QString("0+65@0 65+50@100"));
    must(TrimClip{clip(0, 0).id, Edge::end, frames(70), true});
    QCOMPARE(shown(track(0)), QString("0+70@0 70+50@100"));
    QCOMPARE(shown(track(1)), shown(track(0)));
}

void TestCommands::ripplingStopsWhereSomethingIsInTheWay() {
    twoClips();
    must(AddTrack{});
    must(AddClip{.source = m_source, .track = track(1).id, .start = frames(20), .sourceEnd = frames(60)});
    must(AddClip{.source = m_source, .track = track(1).id, .start = frames(80), .sourceEnd = frames(10)});
    QVERIFY(refused(DeleteClips{{clip(0, 0).id}, true}).contains("Video 2"));
    must(SetTrack{.track = track(1).id, .locked = true});
    must(SetTrack{.track = track(3).id, .locked = true});
    must(DeleteClips{{clip(0, 0).id}, true});
    QCOMPARE(shown(track(0)), QString("0+50@100"));
    QCOMPARE(shown(track(1)), QString("20+60@0 80+10@0"));
}

void TestCommands::splittingKeepsTheEdit() {
    twoClips();
    project::ClipEdit edit;
    edit.enabled = true;
    edit.prompt = "ink";
    must(SetEdit{{clip(0, 0).id}, edit});
    const Touched touched = must(SplitClips{{}, frames(20)});
    QCOMPARE(touched.added.size(), std::size_t(2));
    QCOMPARE(shown(track(0)), QString("0+20@25 20+30@45 50+50@100"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    QVERIFY(clip(0, 0).edit == clip(0, 1).edit);
    QVERIFY(clip(0, 1).edit.rangeStart == frames(25) && clip(0, 1).edit.rangeEnd == frames(75));
    QVERIFY(clip(0, 1).link != 0 && clip(0, 1).link == clip(1, 1).link && clip(0, 1).link != clip(0, 0).link);
    refused(SplitClips{{}, frames(20)});
    refused(SplitClips{{clip(0, 0).id}, frames(30)});
}

void TestCommands::deletingWithAndWithoutRipple() {
    twoClips();
    must(DeleteClips{{clip(0, 0).id}});
    QCOMPARE(shown(track(0)), QString("50+50@100"));
    m_history.undo();
    must(DeleteClips{{clip(0, 0).id}, true});
    QCOMPARE(shown(track(0)), QString("0+50@100"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    must(DeleteClips{{clip(1, 0).id}, false, true});
    QCOMPARE(shown(track(0)), QString("0+50@100"));
    QCOMPARE(track(1).clips.size(), std::size_t(0));
    QCOMPARE(clip(0, 0).link, Id(0));
    refused(DeleteClips{{}});
    refused(DeleteClips{{999}});
}

void TestCommands::rollingACut() {
    twoClips();
    must(RollCut{clip(0, 1).id, frames(60)});
    QCOMPARE(shown(track(0)), QString("0+60@25 60+40@110"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    must(RollCut{clip(0, 1).id, frames(5000)});
    QCOMPARE(shown(track(0)), QString("0+99@25 99+1@149"));
    must(RollCut{clip(0, 1).id, frames(-5000)});
    QCOMPARE(shown(track(0)), QString("0+1@25 1+99@51"));
    QVERIFY(refused(RollCut{clip(0, 0).id, frames(5)}).contains("right before"));
}

void TestCommands::slipping() {
    twoClips();
    must(SlipClip{clip(0, 0).id, frames(10)});
    QCOMPARE(shown(track(0)), QString("0+50@35 50+50@100"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    must(SlipClip{clip(0, 0).id, frames(-1000)});
    QCOMPARE(shown(track(0)), QString("0+50@0 50+50@100"));
    must(SlipClip{clip(0, 0).id, {1'000'000, 1}});
    QCOMPARE(shown(track(0)), QString("0+50@200 50+50@100"));
}

void TestCommands::speed() {
    twoClips();
    must(SetSpeed{clip(0, 0).id, {2, 1}});
    QCOMPARE(shown(track(0)), QString("0+25@25 25+50@100"));
    QCOMPARE(shown(track(1)), shown(track(0)));
    QVERIFY(clip(0, 0).sourceEnd() == frames(75));
    must(SetSpeed{clip(0, 0).id, {1, 2}, false});  // no room: shows less
    QCOMPARE(shown(track(0)), QString("0+25@25 25+50@100"));
    QVERIFY(clip(1, 0).speed == (Rational{1, 2}));
    refused(SetSpeed{clip(0, 0).id, {0, 1}});
    refused(SetSpeed{clip(0, 0).id, {11, 1}});
    refused(SetSpeed{clip(0, 0).id, {100'001, 100'000}});
}

void TestCommands::crossFades() {
    twoClips();
    must(SetCrossFade{clip(0, 1).id, frames(20)});
    QVERIFY(clip(0, 1).crossFade == frames(20));
    must(TrimClip{clip(0, 1).id, Edge::end, frames(57)});  // 7 frames left: the half must fit
    QVERIFY(clip(0, 1).crossFade == frames(14));
    must(TrimClip{clip(0, 1).id, Edge::start, frames(52)});
    QVERIFY(clip(0, 1).crossFade == Rational{});
    QVERIFY(refused(SetCrossFade{clip(0, 1).id, frames(4)}).contains("right before"));
    m_history.undo();
    must(MoveClips{{clip(0, 0).id, clip(0, 1).id}, frames(25)});
    QVERIFY(clip(0, 1).crossFade == frames(14));  // both together keep it
    must(MoveClips{{clip(0, 1).id}, frames(25)});
    QVERIFY(clip(0, 1).crossFade == Rational{});
    QVERIFY(refused(SetCrossFade{clip(1, 1).id, frames(4)}).contains("sound"));
}

void TestCommands::editsHaveARange() {
    twoClips();
    project::ClipEdit edit;
    edit.enabled = true;
    edit.prompt = "ink";
    must(SetCrossFade{clip(0, 1).id, frames(20)});
    must(SetEdit{{clip(0, 0).id}, edit});
    const auto range = [&] { return std::pair(clip(0, 0).edit.rangeStart, clip(0, 0).edit.rangeEnd); };
    QVERIFY(range() == std::pair(frames(25), frames(85)));  // with its half of the cross-fade
    must(TrimClip{clip(0, 0).id, Edge::end, frames(30)});
    QVERIFY(range() == std::pair(frames(25), frames(85)));  // within: it keeps its pictures
    edit.enabled = false;
    must(SetEdit{{clip(0, 0).id}, edit});
    QVERIFY(range() == std::pair(frames(25), frames(85)));  // off is no other edit
    must(TrimClip{clip(0, 0).id, Edge::start, frames(10)});
    edit.enabled = true;
    edit.seed = 7;
    must(SetEdit{{clip(0, 0).id}, edit});
    QVERIFY(range() == std::pair(frames(35), frames(55)));
    must(TrimClip{clip(0, 0).id, Edge::start, frames(0)});
    QVERIFY(range() == std::pair(frames(25), frames(55)));  // beyond: it grows
    must(SlipClip{clip(0, 0).id, frames(150)});
    QVERIFY(range() == std::pair(frames(175), frames(205)));
    edit.strength = 2;
    refused(SetEdit{{clip(0, 0).id}, edit});
    edit.strength = 1;
    edit.shift = 0;
    refused(SetEdit{{clip(0, 0).id}, edit});
    edit.shift = 5;
    QVERIFY(refused(SetEdit{{clip(1, 0).id}, edit}).contains("pictures"));
}

void TestCommands::promptsStayWhereTheyAreInTheSource() {
    twoClips();
    project::ClipEdit edit;
    edit.enabled = true;
    edit.prompt = "ink";
    edit.promptKeyframes = {{frames(10), "oil"}, {frames(30), "comic"}};
    must(SetEdit{{clip(0, 0).id}, edit});
    must(SplitClips{{clip(0, 0).id}, frames(20)});
    QVERIFY(clip(0, 1).edit.promptKeyframes[0].time == frames(-10));
    QVERIFY(clip(0, 1).edit.promptKeyframes[1].time == frames(10));
    must(TrimClip{clip(0, 0).id, Edge::start, frames(5)});
    QVERIFY(clip(0, 0).edit.promptKeyframes[0].time == frames(5));
    // Another edit of the second piece begins with it: the prompt that holds there is its first.
    edit = clip(0, 1).edit;
    edit.seed = 3;
    must(SetEdit{{clip(0, 1).id}, edit});
    QCOMPARE(clip(0, 1).edit.prompt, std::string("oil"));
    QCOMPARE(clip(0, 1).edit.promptKeyframes.size(), std::size_t(1));
}

void TestCommands::soundAndNames() {
    twoClips();
    must(SetSound{{clip(0, 0).id}, {-3, false, frames(40), frames(40)}});  // by its picture
    QVERIFY(clip(1, 0).sound.fadeIn == frames(40) && clip(1, 0).sound.fadeOut == frames(10));
    must(TrimClip{clip(0, 0).id, Edge::end, frames(20)});
    QVERIFY(clip(1, 0).sound.fadeIn == frames(20) && clip(1, 0).sound.fadeOut == Rational{});
    refused(SetSound{{clip(1, 0).id}, {13, false, {}, {}}});
    must(RenameClip{clip(0, 0).id, "street"});
    QCOMPARE(clip(1, 0).name, std::string("street"));
    refused(RenameClip{clip(0, 0).id, ""});
    must(RenameProject{"film"});
    QCOMPARE(m_history.project().name, std::string("film"));
}

void TestCommands::tracks() {
    twoClips();
    must(AddTrack{});
    QCOMPARE(track(1).name, std::string("Video 2"));
    must(AddTrack{TrackKind::audio, "Music"});
    QCOMPARE(track(3).name, std::string("Music"));
    must(SetTrack{.track = track(3).id, .name = "Score", .muted = true, .solo = true});
    QCOMPARE(track(3).name, std::string("Score"));
    QVERIFY(track(3).muted && track(3).solo && !track(3).locked);
    must(RemoveTrack{track(2).id});
    QCOMPARE(track(2).name, std::string("Score"));
    QCOMPARE(clip(0, 0).link, Id(0));
    must(RemoveTrack{track(1).id});
    QVERIFY(refused(RemoveTrack{track(0).id}).contains("at least one"));
}

void TestCommands::lockedTracksRefuse() {
    twoClips();
    const Id picture = clip(0, 0).id;
    const Id later = clip(0, 1).id;
    must(SetTrack{.track = track(1).id, .locked = true});
    const std::vector<Command> commands = {MoveClips{{picture}, frames(5)}, TrimClip{picture, Edge::end, frames(10)},
                                           SplitClips{{picture}, frames(10)}, DeleteClips{{picture}}, RollCut{later, frames(40)},
                                           SlipClip{picture, frames(2)}, SetSpeed{picture, {2, 1}}, RenameClip{picture, "x"},
                                           SetSound{{picture}, {}}, RemoveTrack{track(1).id}, RemoveSource{m_source}};
    for (const Command& command : commands)
        QVERIFY2(refused(command).contains("Audio 1 is locked"), nameOf(command).c_str());
    must(SplitClips{{}, frames(10)});  // every unlocked clip
    QCOMPARE(track(1).clips.size(), std::size_t(2));
    must(SetTrack{.track = track(0).id, .locked = true});
    refused(AddClip{.source = m_source, .start = frames(300)});
    refused(SetEdit{{picture}, {}});
}

void TestCommands::markers() {
    const Id first = must(AddMarker{frames(30), "b"}).added.front();
    must(AddMarker{frames(10), "a"});
    QCOMPARE(m_history.project().markers[0].name, std::string("a"));
    QVERIFY(must(ChangeMarker{{first, frames(5), "c", "#000000"}}).markers);
    QCOMPARE(m_history.project().markers[0].name, std::string("c"));
    must(RemoveMarker{first});
    QCOMPARE(m_history.project().markers.size(), std::size_t(1));
    refused(RemoveMarker{first});
    refused(AddMarker{frames(1), "x", "red"});
}

void TestCommands::aNewRateMovesEverythingToItsFrames() {
    twoClips();
    must(AddMarker{frames(33), "m"});
    project::Format format = m_history.project().format;
    format.rate = {24000, 1001};
    must(SetFormat{format});
    QVERIFY(clip(0, 0).end() == clip(0, 1).start);
    QVERIFY(clip(0, 0).start == clip(1, 0).start && clip(0, 0).duration == clip(1, 0).duration);
    format.width = 17;
    refused(SetFormat{format});
    format.width = 640;
    format.rate = {1000, 1};
    refused(SetFormat{format});
}

void TestCommands::sources() {
    twoClips();
    Source shorter = source({25, 1}, 120);
    QVERIFY(refused(RelinkSource{m_source, shorter}).contains("clip.mp4"));
    Source moved = source({25, 1}, 300);
    moved.path = "/elsewhere/clip.mp4";
    must(RelinkSource{m_source, moved});
    QCOMPARE(project::findSource(m_history.project(), m_source)->path.string(), std::string("/elsewhere/clip.mp4"));
    const Touched touched = must(RemoveSource{m_source});
    QCOMPARE(touched.sources, std::vector<Id>{m_source});
    QCOMPARE(track(0).clips.size() + track(1).clips.size(), std::size_t(0));
    refused(ImportSources{{source({25, 1}, 0)}});
    refused(ImportSources{{source({25, 1}, 10, false, false)}});
}

void TestCommands::mergingWhileDragging() {
    twoClips();
    const std::string before = project::toJson(m_history.project());
    for (int i = 1; i < 30; ++i)
        must(TrimClip{clip(0, 0).id, Edge::end, frames(50 - i), true}, "trim");
    must(TrimClip{clip(0, 0).id, Edge::end, frames(10), true}, "trim");
    QCOMPARE(shown(track(0)), QString("0+10@25 10+50@100"));
    m_history.undo();
    QCOMPARE(project::toJson(m_history.project()), before);
    m_history.redo();
    must(TrimClip{clip(0, 0).id, Edge::end, frames(12), true}, "trim");  // a step of its own after undo and redo
    m_history.undo();
    QCOMPARE(shown(track(0)), QString("0+10@25 10+50@100"));
    m_history.undo();
    must(SlipClip{clip(0, 0).id, frames(1)}, "a");
    m_history.endMerge();
    must(SlipClip{clip(0, 0).id, frames(1)}, "a");
    m_history.undo();
    QVERIFY(clip(0, 0).sourceStart == frames(26));
    must(SlipClip{clip(0, 0).id, frames(3)}, "b");
    must(SlipClip{clip(0, 0).id, frames(-3)}, "b");  // back to where it was: no step is left
    m_history.undo();
    QCOMPARE(project::toJson(m_history.project()), before);
}

void TestCommands::allOrNone() {
    const std::uint64_t revision = m_history.revision();
    const Id next = m_history.project().nextId;
    const auto touched = m_history.performAll({ImportSources{{source({25, 1}, 50)}}, AddClip{.source = next}}, "Drop file");
    QVERIFY(touched);
    QCOMPARE(touched->added.front(), next);
    QCOMPARE(m_history.undoName(), std::string("Drop file"));
    QCOMPARE(m_history.revision(), revision + 1);
    const std::string before = project::toJson(m_history.project());
    QVERIFY(!m_history.performAll({AddMarker{frames(3)}, AddTrack{}, RemoveMarker{999}}, "Nothing"));
    QCOMPARE(project::toJson(m_history.project()), before);
    m_history.undo();
    QCOMPARE(project::toJson(m_history.project()), m_start);
    QCOMPARE(m_history.redoName(), std::string("Drop file"));
}

void TestCommands::theOldestStepsAreForgotten() {
    for (std::size_t i = 0; i < History::stepLimit + 10; ++i)
        must(RenameProject{std::to_string(i)});
    std::size_t steps = 0;
    for (; m_history.canUndo(); ++steps)
        m_history.undo();
    QCOMPARE(steps, History::stepLimit);
}

void TestCommands::largeProjectsStayFast() {
    Project project = m_history.project();
    project.format.rate = {25, 1};
    project.formatFollowsFirstClip = false;
    for (int i = 0; i < 5000; ++i) {
        Clip clip;
        clip.source = m_source;
        clip.name = "clip";
        clip.start = frames(10 * i);
        clip.duration = frames(10);
        clip.sourceStart = frames(100);
        clip.edit.rangeStart = frames(100);
        clip.edit.rangeEnd = frames(110);
        clip.link = project.nextId++;
        for (Track& track : project.tracks) {
            clip.id = project.nextId++;
            track.clips.push_back(clip);
        }
    }
    m_history = History(std::move(project));
    QVERIFY(project::checkInvariants(m_history.project()));
    const Id first = clip(0, 0).id;
    const Id middle = clip(0, 2500).id;
    project::ClipEdit edit;
    edit.enabled = true;
    const std::vector<Command> commands = {
        SlipClip{middle, frames(1)},
        SetEdit{{middle}, edit},
        TrimClip{first, Edge::end, frames(5), true},  // moves 9998 clips
        MoveClips{{middle}, frames(3)},
        AddClip{.source = m_source, .start = frames(50), .sourceEnd = frames(20), .insert = true},
        SplitClips{{}, frames(25'003)},
        DeleteClips{{first}, true},
    };
    // Of the processor: other programs' turns do not count.
    const auto milliseconds = [](const auto& work) {
        const std::clock_t before = std::clock();
        work();
        return 1000.0 * double(std::clock() - before) / CLOCKS_PER_SEC;
    };
    for (const Command& command : commands) {
        Result<Touched> touched;
        const double done = milliseconds([&] { touched = m_history.perform(command); });
        QVERIFY2(touched, touched ? "" : touched.error().message.c_str());
        QVERIFY(project::checkInvariants(m_history.project()));
        const double undone = milliseconds([&] { m_history.undo(); });
        const double redone = milliseconds([&] { m_history.redo(); });
        qInfo("10,000 clips: %-12s done in %.2f ms, undone in %.2f ms, done again in %.2f ms", nameOf(command).c_str(), done,
              undone, redone);
    }
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
