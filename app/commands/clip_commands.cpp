// Clips that come, go and move.
#include <algorithm>

#include "app/commands/apply.h"
#include "app/commands/clip_groups.h"
#include "app/commands/clip_shape.h"
#include "app/commands/format_choice.h"

namespace lipar::commands {

using project::Clip;
using project::Project;
using project::Source;
using project::Track;
using project::TrackKind;

namespace {

constexpr const char* kAdd = "add the clip";
constexpr const char* kMove = "move the clips";
constexpr const char* kDelete = "delete the clips";

// Where the picture and the sound of a new clip go; 0: there is none.
struct Places {
    Id video = 0;
    Id audio = 0;
    bool findAudio = false;  // on the first track that is free
};

Result<Places> placesFor(Draft& draft, const AddClip& command, const Source& source) {
    const Project& project = draft.project();
    const bool hasPictures = source.width > 0;
    if (command.track == 0) {
        if (!hasPictures)
            return Places{.findAudio = true};
        const bool hasTrack = !project.tracks.empty() && project.tracks.front().kind == TrackKind::video;
        const Id video = hasTrack ? project.tracks.front().id : addTrack(draft, TrackKind::video, {});
        return Places{.video = video, .findAudio = source.hasSound};
    }
    const Track* const track = project::findTrack(project, command.track);
    if (track == nullptr)
        return cannot(kAdd, "the track does not exist any more", "choose another track");
    if (track->kind == TrackKind::video && !hasPictures)
        return cannot(kAdd, source.path.filename().string() + " has no pictures", "put it on an audio track");
    if (track->kind == TrackKind::audio && !source.hasSound)
        return cannot(kAdd, source.path.filename().string() + " has no sound", "put it on a video track");
    return track->kind == TrackKind::video ? Places{.video = track->id, .findAudio = source.hasSound}
                                           : Places{.audio = track->id};
}

bool isFree(const Track& track, const TimeRange& range) {
    const auto after = std::ranges::lower_bound(track.clips, range.end, {}, &Clip::start);
    return after == track.clips.begin() || (after - 1)->end() <= range.start;
}

Id freeAudioTrack(Draft& draft, const TimeRange& range) {
    for (const Track& track : draft.project().tracks) {
        if (track.kind == TrackKind::audio && !track.locked && isFree(track, range))
            return track.id;
    }
    return addTrack(draft, TrackKind::audio, {});
}

// Room for `range`: everything from its start on moves right by its length.
Result<> makeRoom(Draft& draft, const TimeRange& range) {
    IdSet across;
    for (const Track& track : draft.project().tracks) {
        const Clip* const clip = track.locked ? nullptr : project::clipAt(track, range.start);
        if (clip != nullptr && clip->start < range.start)
            across.insert(clip->id);
    }
    if (!across.empty())
        split(draft, across, range.start);
    return ripple(draft, kAdd, range.start, range.end - range.start);
}

// What of the source is wanted.
Result<TimeRange> wantedRange(const AddClip& command, const Source& source) {
    const Rational start = project::toSourceTime(command.sourceStart.value_or(Rational{}));
    const Rational end = std::min(source.duration, project::toSourceTime(command.sourceEnd.value_or(source.duration)));
    if (start < Rational{} || start >= end)
        return cannot(kAdd, "its in point does not lie before its out point within the source", "set other in and out points");
    return TimeRange{start, end};
}

Clip clipOf(const Source& source, const TimeRange& wanted, const Rational& start, const Rational& duration) {
    Clip clip;
    clip.source = source.id;
    clip.name = source.path.filename().string();
    clip.start = start;
    clip.duration = duration;
    clip.sourceStart = wanted.start;
    return clip;
}

// The track `steps` above (below where negative) one of the same kind.
const Track* trackAbove(const Project& project, const Track& track, int steps) {
    const auto index = std::ptrdiff_t(&track - project.tracks.data());
    // Video tracks are kept from the bottom up, audio tracks from the top down.
    const std::ptrdiff_t target = index + (track.kind == TrackKind::video ? steps : -std::ptrdiff_t(steps));
    if (target < 0 || target >= std::ptrdiff_t(project.tracks.size()))
        return nullptr;
    const Track& found = project.tracks[std::size_t(target)];
    return found.kind == track.kind ? &found : nullptr;
}

// Sorted, those that touch as one.
std::vector<TimeRange> merged(std::vector<TimeRange> ranges) {
    std::ranges::sort(ranges, {}, &TimeRange::start);
    std::vector<TimeRange> result;
    for (const TimeRange& range : ranges) {
        if (!result.empty() && range.start <= result.back().end)
            result.back().end = std::max(result.back().end, range.end);
        else
            result.push_back(range);
    }
    return result;
}

}  // namespace

Result<> applyTo(Draft& draft, const AddClip& command) {
    const Project& project = draft.project();
    const Source* const found = project::findSource(project, command.source);
    if (found == nullptr)
        return cannot(kAdd, "its source does not exist any more", "import the file again");
    const Source source = *found;
    LIPAR_TRY(project::checkEdit(command.edit));
    LIPAR_ASSIGN(const TimeRange wanted, wantedRange(command, source));
    LIPAR_ASSIGN(Places places, placesFor(draft, command, source));
    for (const Id id : {places.video, places.audio}) {
        if (id != 0)
            LIPAR_TRY(checkUnlocked(kAdd, *project::findTrack(project, id)));
    }
    if (places.video != 0 && project.formatFollowsFirstClip)
        LIPAR_TRY(followSource(draft, source));

    LIPAR_ASSIGN(const Rational start, frameTime(project, kAdd, command.start));
    if (start < Rational{})
        return cannot(kAdd, "it would begin before the timeline does", "drop it at a later time");
    const std::int64_t frames = ((wanted.end - wanted.start) * project.format.rate).rounded();
    const Rational duration = project::timeOfFrame(project.format, std::max<std::int64_t>(1, frames));
    const TimeRange range{start, start + duration};
    if (command.insert)
        LIPAR_TRY(makeRoom(draft, range));
    if (places.findAudio)
        places.audio = freeAudioTrack(draft, range);

    Clip clip = clipOf(source, wanted, start, duration);
    clip.link = places.video != 0 && places.audio != 0 ? draft.newId() : 0;
    for (const Id track : {places.video, places.audio}) {
        if (track == 0)
            continue;
        Clip part = clip;
        part.id = draft.newId();
        if (track == places.video) {
            part.edit = command.edit;
            setOwnRange(part, source, {});
        }
        draft.noteAdded(part.id);
        draft.clear(track, {range});
        draft.place(track, {std::move(part)});
    }
    return {};
}

Result<> applyTo(Draft& draft, const MoveClips& command) {
    const Project& project = draft.project();
    LIPAR_ASSIGN(const IdSet clips, clipsFor(project, kMove, command.clips, command.alone));
    LIPAR_ASSIGN(Rational by, frameTime(project, kMove, command.by));
    const TrackKind kind = project::trackOfClip(project, command.clips.front())->kind;

    std::map<Id, Id> targets;  // by the clip
    for (const FoundClip& found : find(project, clips)) {
        const int steps = found.track->kind == kind ? command.tracks : 0;
        const Track* const target = trackAbove(project, *found.track, steps);
        if (target == nullptr)
            return cannot(kMove, "there is no track there", "add a track first");
        LIPAR_TRY(checkUnlocked(kMove, *target));
        targets[found.clip->id] = target->id;
        by = std::max(by, -found.clip->start);
    }
    if (by == Rational{} && command.tracks == 0)
        return {};

    std::map<Id, std::vector<Clip>> arriving;
    std::map<Id, std::vector<TimeRange>> covered;
    for (PlacedClip& placed : draft.take(clips)) {
        placed.clip.start += by;
        const Id target = targets[placed.clip.id];
        covered[target].push_back({placed.clip.start, placed.clip.end()});
        arriving[target].push_back(std::move(placed.clip));
    }
    for (auto& [track, list] : arriving) {
        draft.clear(track, merged(std::move(covered[track])));
        draft.place(track, std::move(list));
    }
    return {};
}

Result<> applyTo(Draft& draft, const DeleteClips& command) {
    LIPAR_ASSIGN(const IdSet clips, clipsFor(draft.project(), kDelete, command.clips, command.alone));
    std::vector<TimeRange> gaps;
    for (const PlacedClip& placed : draft.take(clips))
        gaps.push_back({placed.clip.start, placed.clip.end()});
    if (!command.ripple)
        return {};
    gaps = merged(std::move(gaps));
    for (auto gap = gaps.rbegin(); gap != gaps.rend(); ++gap)
        LIPAR_TRY(ripple(draft, kDelete, gap->end, gap->start - gap->end));
    return {};
}

Result<> applyTo(Draft& draft, const SplitClips& command) {
    constexpr const char* kSplit = "split";
    const Project& project = draft.project();
    LIPAR_ASSIGN(const Rational at, frameTime(project, kSplit, command.at));
    IdSet candidates;
    if (!command.clips.empty()) {
        LIPAR_ASSIGN(candidates, clipsFor(project, kSplit, command.clips, false));
    }
    IdSet clips;
    for (const Track& track : project.tracks) {
        const Clip* const clip = project::clipAt(track, at);
        if (clip == nullptr || track.locked || clip->start == at)
            continue;
        if (command.clips.empty() || candidates.contains(clip->id))
            clips.insert(clip->id);
    }
    if (clips.empty())
        return cannot(kSplit, "no clip lies across this time", "move the playhead into a clip");
    split(draft, clips, at);
    return {};
}

}  // namespace lipar::commands
