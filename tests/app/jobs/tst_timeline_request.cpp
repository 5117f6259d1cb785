// Projects flattened for the engine: what is seen and heard, where, and how it is edited.
#include <QTest>

#include <cmath>

#include "app/jobs/timeline_request.h"

using namespace lipar;
using project::Clip;
using project::Project;
using project::Track;
using project::TrackKind;

namespace {

Project makeProject() {
    Project project = project::newProject();
    project.format.width = 640;
    project.format.height = 360;
    project.format.rate = {25, 1};
    project::Source source;
    source.id = 100;
    source.path = "/media/street.mp4";
    source.width = 640;
    source.height = 360;
    source.rate = {25, 1};
    source.duration = {20, 1};
    source.frames = 500;
    source.hasSound = true;
    project.sources = {source};
    project.nextId = 1000;
    return project;
}

Clip& addClip(Track& track, project::Id id, Rational start, Rational duration, Rational sourceStart) {
    Clip clip;
    clip.id = id;
    clip.source = 100;
    clip.start = start;
    clip.duration = duration;
    clip.sourceStart = sourceStart;
    track.clips.push_back(clip);
    return track.clips.back();
}

void paint(Clip& clip, Rational begin, Rational end) {
    clip.edit.enabled = true;
    clip.edit.prompt = "oil painting";
    clip.edit.rangeStart = begin;
    clip.edit.rangeEnd = end;
}

}  // namespace

class TestTimelineRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void formatAndLength();
    void laterTracksLieAbove();
    void muteAndSolo();
    void crossFadesAreCentredOnTheCut();
    void linkedSoundFadesAlike();
    void soundLevels();
    void piecesOfOneEditShareIt();
    void promptKeyframesBecomeSourceTimes();
    void unknownSourcesAreLeftOut();
};

void TestTimelineRequest::formatAndLength() {
    Project project = makeProject();
    QCOMPARE(jobs::timelineOf(project).timeline.frames, std::int64_t(0));
    addClip(project.tracks[0], 1, {1, 1}, {2, 1}, {3, 1}).speed = {2, 1};
    const auto flat = jobs::timelineOf(project);
    QCOMPARE(flat.timeline.width, 640);
    QCOMPARE(flat.timeline.frames, std::int64_t(75));
    QCOMPARE(flat.timeline.sampleRate, 48000);
    QCOMPARE(flat.timeline.pictures.size(), std::size_t(1));
    const TimelinePictures& pictures = flat.timeline.pictures[0];
    QVERIFY(pictures.start == (Rational{1, 1}) && pictures.duration == (Rational{2, 1}) && pictures.sourceStart == (Rational{3, 1}));
    QVERIFY(pictures.speed == (Rational{2, 1}) && pictures.fadeIn == (Rational{0, 1}) && pictures.edit == -1);
    QVERIFY(flat.edits.empty());
}

void TestTimelineRequest::laterTracksLieAbove() {
    Project project = makeProject();
    Track above;
    above.id = 50;
    project.tracks.insert(project.tracks.begin() + 1, above);
    addClip(project.tracks[1], 2, {0, 1}, {1, 1}, {7, 1});
    addClip(project.tracks[0], 1, {0, 1}, {4, 1}, {0, 1});
    const auto flat = jobs::timelineOf(project);
    QCOMPARE(flat.timeline.pictures.size(), std::size_t(2));
    QVERIFY(flat.timeline.pictures[1].sourceStart == (Rational{7, 1}));
}

void TestTimelineRequest::muteAndSolo() {
    Project project = makeProject();
    Track above;
    above.id = 50;
    project.tracks.insert(project.tracks.begin() + 1, above);
    addClip(project.tracks[0], 1, {0, 1}, {4, 1}, {0, 1});
    addClip(project.tracks[1], 2, {0, 1}, {1, 1}, {7, 1});
    addClip(project.tracks[2], 3, {0, 1}, {4, 1}, {0, 1});
    project.tracks[1].muted = true;
    QCOMPARE(jobs::timelineOf(project).timeline.pictures.size(), std::size_t(1));
    project.tracks[1].muted = false;
    project.tracks[1].solo = true;
    const auto solo = jobs::timelineOf(project);
    QCOMPARE(solo.timeline.pictures.size(), std::size_t(1));
    QVERIFY(solo.timeline.pictures[0].sourceStart == (Rational{7, 1}));
    QCOMPARE(solo.timeline.sounds.size(), std::size_t(1));  // solo counts within a kind
    QCOMPARE(solo.timeline.frames, std::int64_t(100));      // as long as the project all the same
}

void TestTimelineRequest::crossFadesAreCentredOnTheCut() {
    Project project = makeProject();
    addClip(project.tracks[0], 1, {0, 1}, {4, 1}, {2, 1});
    Clip& later = addClip(project.tracks[0], 2, {4, 1}, {4, 1}, {10, 1});
    later.crossFade = {1, 1};
    later.speed = {2, 1};
    const auto flat = jobs::timelineOf(project);
    const TimelinePictures &first = flat.timeline.pictures[0], &second = flat.timeline.pictures[1];
    QVERIFY(first.start == (Rational{0, 1}) && first.duration == (Rational{9, 2}));
    QVERIFY(first.fadeIn == (Rational{0, 1}) && first.fadeOut == (Rational{0, 1}));
    QVERIFY(second.start == (Rational{7, 2}) && second.duration == (Rational{9, 2}));
    QVERIFY(second.sourceStart == (Rational{9, 1}));  // half a second earlier, at double speed
    QVERIFY(second.fadeIn == (Rational{1, 1}));
}

void TestTimelineRequest::linkedSoundFadesAlike() {
    Project project = makeProject();
    for (const int track : {0, 1}) {
        addClip(project.tracks[std::size_t(track)], project::Id(1 + track), {0, 1}, {4, 1}, {2, 1}).link = 7;
        Clip& later = addClip(project.tracks[std::size_t(track)], project::Id(11 + track), {4, 1}, {4, 1}, {10, 1});
        later.link = 8;
        if (track == 0)
            later.crossFade = {1, 1};
    }
    const auto flat = jobs::timelineOf(project);
    const TimelineSound &first = flat.timeline.sounds[0], &second = flat.timeline.sounds[1];
    QVERIFY(first.duration == (Rational{9, 2}) && first.fadeOut == (Rational{1, 1}));
    QVERIFY(second.start == (Rational{7, 2}) && second.sourceStart == (Rational{19, 2}) && second.fadeIn == (Rational{1, 1}));
}

void TestTimelineRequest::soundLevels() {
    Project project = makeProject();
    Clip& clip = addClip(project.tracks[1], 1, {0, 1}, {4, 1}, {2, 1});
    clip.sound.gainDb = -6;
    clip.sound.fadeIn = {1, 2};
    clip.sound.fadeOut = {1, 4};
    auto flat = jobs::timelineOf(project);
    QVERIFY(std::abs(flat.timeline.sounds[0].gain - 0.501187) < 1e-5);
    QVERIFY(flat.timeline.sounds[0].fadeIn == (Rational{1, 2}) && flat.timeline.sounds[0].fadeOut == (Rational{1, 4}));
    clip.sound.muted = true;
    QVERIFY(jobs::timelineOf(project).timeline.sounds.empty());
}

void TestTimelineRequest::piecesOfOneEditShareIt() {
    Project project = makeProject();
    paint(addClip(project.tracks[0], 1, {0, 1}, {2, 1}, {2, 1}), {2, 1}, {6, 1});
    paint(addClip(project.tracks[0], 2, {2, 1}, {2, 1}, {4, 1}), {2, 1}, {6, 1});
    Clip& other = addClip(project.tracks[0], 3, {4, 1}, {2, 1}, {2, 1});
    paint(other, {2, 1}, {6, 1});
    other.edit.seed = 5;
    Clip& shifted = addClip(project.tracks[0], 4, {6, 1}, {2, 1}, {2, 1});
    paint(shifted, {2, 1}, {6, 1});
    shifted.edit.shift = 3;
    const auto flat = jobs::timelineOf(project);
    QCOMPARE(flat.edits.size(), std::size_t(3));
    QCOMPARE(flat.edits[2].settings.shift, std::optional(3.0));
    QVERIFY(!flat.edits[0].settings.shift);
    QCOMPARE(flat.timeline.pictures[0].edit, 0);
    QCOMPARE(flat.timeline.pictures[1].edit, 0);
    QCOMPARE(flat.timeline.pictures[2].edit, 1);
    QCOMPARE(flat.edits[0].settings.prompt, std::string("oil painting"));
    QCOMPARE(flat.edits[0].settings.startSeconds, std::optional(2.0));
    QCOMPARE(flat.edits[0].settings.endSeconds, std::optional(6.0));
    QCOMPARE(flat.edits[1].settings.seed, std::uint64_t(5));
}

void TestTimelineRequest::promptKeyframesBecomeSourceTimes() {
    Project project = makeProject();
    Clip& clip = addClip(project.tracks[0], 1, {0, 1}, {4, 1}, {2, 1});
    paint(clip, {2, 1}, {6, 1});
    clip.edit.promptKeyframes = {{{3, 2}, "ink drawing"}};
    const auto edit = jobs::editOf(clip);
    QVERIFY(edit);
    QCOMPARE(edit->settings.promptChanges.size(), std::size_t(1));
    QCOMPARE(edit->settings.promptChanges[0].first, 3.5);
    QCOMPARE(edit->settings.promptChanges[0].second, std::string("ink drawing"));
    clip.edit.enabled = false;
    QVERIFY(!jobs::editOf(clip));
    QCOMPARE(jobs::timelineOf(project).timeline.pictures[0].edit, -1);
}

void TestTimelineRequest::unknownSourcesAreLeftOut() {
    Project project = makeProject();
    addClip(project.tracks[0], 1, {0, 1}, {4, 1}, {2, 1}).source = 77;
    QVERIFY(jobs::timelineOf(project).timeline.pictures.empty());
    QCOMPARE(jobs::timelineOf(project).timeline.frames, std::int64_t(100));
}

QTEST_GUILESS_MAIN(TestTimelineRequest)
#include "tst_timeline_request.moc"
