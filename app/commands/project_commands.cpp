// Sources, tracks, markers and the format.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/commands/apply.h"
#include "app/commands/clip_groups.h"
#include "app/commands/clip_shape.h"
#include "app/commands/format_choice.h"

namespace lipar::commands {

using project::Clip;
using project::Marker;
using project::Project;
using project::Source;
using project::Track;
using project::TrackKind;

namespace {

constexpr const char* kImport = "import";
constexpr const char* kRemoveSource = "remove the media";
constexpr const char* kRelink = "relink the media";
constexpr const char* kRemoveTrack = "remove the track";
constexpr const char* kChangeTrack = "change the track";
constexpr const char* kMarker = "set the marker";

Result<Source> acceptable(Source source) {
    const std::string what = kImport + (" " + source.path.filename().string());
    if (source.path.empty())
        return cannot(what, "it has no path", "choose a file");
    if ((source.width <= 0 || source.height <= 0) && !source.hasSound)
        return cannot(what, "it has neither pictures nor sound", "choose a video or sound file");
    if (source.duration.den <= 0 || source.duration > Rational{project::maximumSeconds, 1})
        return cannot(what, "its duration makes no sense", "choose another file");
    source.duration = project::toSourceTime(source.duration);
    if (source.duration <= Rational{})
        return cannot(what, "it has no duration", "choose another file");
    const bool hasPictures = source.width > 0 && source.height > 0;
    if (!hasPictures)
        source.width = source.height = 0;
    if (source.rate.den <= 0 || source.rate.num < 0)
        source.rate = {};
    if (hasPictures && !source.rate.isValid())
        source.rate = {25, 1};
    if (!std::isfinite(source.sampleAspect) || source.sampleAspect <= 0)
        source.sampleAspect = 1;
    source.frames = std::max<std::int64_t>(0, source.frames);
    return source;
}

IdSet clipsOf(const Project& project, Id source) {
    IdSet clips;
    for (const Track& track : project.tracks) {
        for (const Clip& clip : track.clips) {
            if (clip.source == source)
                clips.insert(clip.id);
        }
    }
    return clips;
}

Result<> checkAllUnlocked(const Project& project, const char* what, const IdSet& clips) {
    for (const FoundClip& found : find(project, clips))
        LIPAR_TRY(checkUnlocked(what, *found.track));
    return {};
}

Result<const Track*> existingTrack(const Project& project, const char* what, Id id) {
    const Track* const track = project::findTrack(project, id);
    if (track == nullptr)
        return cannot(what, "it does not exist any more", "choose another track");
    return track;
}

// Whether `found` has what this clip shows.
bool covers(const Source& found, const FoundClip& clip, const Rational& frame) {
    const bool hasKind = clip.track->kind == TrackKind::video ? found.width > 0 && found.height > 0 : found.hasSound;
    const Rational lastFrame = clip.clip->sourceStart + (clip.clip->duration - frame) * clip.clip->speed;
    return hasKind && lastFrame < found.duration && clip.clip->edit.rangeStart < found.duration;
}

Result<Marker> acceptable(const Project& project, Marker marker) {
    LIPAR_ASSIGN(marker.time, frameTime(project, kMarker, marker.time));
    marker.time = std::max(Rational{}, marker.time);
    const bool isColor = marker.color.size() == 7 && marker.color.front() == '#' &&
                         marker.color.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!isColor)
        return cannot(kMarker, "its colour is not one", "choose a colour such as #f2a33c");
    return marker;
}

Result<Marker> existingMarker(const Project& project, Id id) {
    const auto found = std::ranges::find(project.markers, id, &Marker::id);
    if (found == project.markers.end())
        return cannot(kMarker, "it does not exist any more", "choose another marker");
    return *found;
}

// A clip on the frames of another rate, after `free`; as long as its source allows.
void moveToFrames(Clip& clip, const project::Format& format, const Source& source, const Rational& free) {
    const Rational frame = project::timeOfFrame(format, 1);
    const Rational end = project::toGrid(format, clip.end());
    clip.start = std::max(free, project::toGrid(format, clip.start));
    clip.duration = frame;
    const Rational last = latestEnd(format, clip, source);
    // Half a frame more than the source has is the last frame held: the next clip stays right behind.
    const Rational held = end - last <= frame ? end : last;
    const bool showsSource = clip.sourceStart + (held - frame - clip.start) * clip.speed < source.duration;
    moveEnd(clip, std::max(clip.start + frame, std::min(end, showsSource ? held : last)));
    clip.crossFade = project::toGrid(format, clip.crossFade);
    clip.sound.fadeIn = project::toGrid(format, clip.sound.fadeIn);
    clip.sound.fadeOut = project::toGrid(format, clip.sound.fadeOut);
    fitFades(clip);
}

}  // namespace

Result<> applyTo(Draft& draft, const ImportSources& command) {
    for (const Source& each : command.sources) {
        LIPAR_ASSIGN(Source source, acceptable(each));
        source.id = draft.newId();
        draft.noteAdded(source.id);
        draft.addSource(std::move(source));
    }
    return {};
}

Result<> applyTo(Draft& draft, const RemoveSource& command) {
    const Project& project = draft.project();
    if (project::findSource(project, command.source) == nullptr)
        return cannot(kRemoveSource, "it does not exist any more", "choose another");
    const IdSet clips = clipsOf(project, command.source);
    LIPAR_TRY(checkAllUnlocked(project, kRemoveSource, clips));
    draft.take(clips);
    draft.removeSource(command.source);
    return {};
}

Result<> applyTo(Draft& draft, const RelinkSource& command) {
    const Project& project = draft.project();
    if (project::findSource(project, command.source) == nullptr)
        return cannot(kRelink, "it does not exist any more", "choose another");
    LIPAR_ASSIGN(Source source, acceptable(command.found));
    source.id = command.source;
    const IdSet clips = clipsOf(project, command.source);
    for (const FoundClip& found : find(project, clips)) {
        if (!covers(source, found, frameDuration(project))) {
            return cannot(kRelink, source.path.filename().string() + " does not have all that the clip " + found.clip->name + " shows",
                          "choose the file that was used before");
        }
    }
    draft.changeSource(command.source, [&](Source& changed) { changed = source; });
    draft.modify(clips, [&](Clip& clip) { clip.edit.rangeEnd = std::min(clip.edit.rangeEnd, source.duration); });
    return {};
}

Result<> applyTo(Draft& draft, const AddTrack& command) {
    addTrack(draft, command.kind, command.name);
    return {};
}

Result<> applyTo(Draft& draft, const RemoveTrack& command) {
    const Project& project = draft.project();
    LIPAR_ASSIGN(const Track* const track, existingTrack(project, kRemoveTrack, command.track));
    LIPAR_TRY(checkUnlocked(kRemoveTrack, *track));
    if (track->kind == TrackKind::video && std::ranges::count(project.tracks, TrackKind::video, &Track::kind) == 1)
        return cannot(kRemoveTrack, "a project has at least one video track", "delete its clips instead");
    IdSet clips;
    for (const Clip& clip : track->clips)
        clips.insert(clip.id);
    draft.take(clips);
    draft.removeTrack(command.track);
    return {};
}

Result<> applyTo(Draft& draft, const SetTrack& command) {
    LIPAR_TRY(existingTrack(draft.project(), kChangeTrack, command.track));
    if (command.name && command.name->empty())
        return cannot(kChangeTrack, "the name is empty", "type a name");
    draft.changeTrack(command.track, [&](Track& track) {
        track.name = command.name.value_or(track.name);
        track.muted = command.muted.value_or(track.muted);
        track.solo = command.solo.value_or(track.solo);
        track.locked = command.locked.value_or(track.locked);
    });
    return {};
}

Result<> applyTo(Draft& draft, const AddMarker& command) {
    LIPAR_ASSIGN(Marker marker, acceptable(draft.project(), {0, command.time, command.name, command.color}));
    marker.id = draft.newId();
    draft.noteAdded(marker.id);
    draft.addMarker(std::move(marker));
    return {};
}

Result<> applyTo(Draft& draft, const ChangeMarker& command) {
    LIPAR_TRY(existingMarker(draft.project(), command.marker.id));
    LIPAR_ASSIGN(Marker marker, acceptable(draft.project(), command.marker));
    draft.removeMarker(marker.id);
    draft.addMarker(std::move(marker));
    return {};
}

Result<> applyTo(Draft& draft, const RemoveMarker& command) {
    LIPAR_TRY(existingMarker(draft.project(), command.marker));
    draft.removeMarker(command.marker);
    return {};
}

Result<> applyTo(Draft& draft, const SetFormat& command) {
    return changeFormat(draft, command.format);
}

Result<> applyTo(Draft& draft, const RenameProject& command) {
    Heading heading = headingOf(draft.project());
    heading.name = command.name;
    draft.setHeading(heading);
    return {};
}

Result<> changeFormat(Draft& draft, const project::Format& wanted) {
    constexpr const char* kFormat = "change the format";
    const auto isSize = [](int size) { return size >= 16 && size <= 16384 && size % 2 == 0; };
    if (!isSize(wanted.width) || !isSize(wanted.height))
        return cannot(kFormat, "width and height must be even and between 16 and 16384", "choose another size");
    if (wanted.rate.den <= 0 || wanted.rate < Rational{1, 1} || wanted.rate > Rational{240, 1})
        return cannot(kFormat, "the frame rate must lie between 1 and 240", "choose another rate");
    if (wanted.sampleRate < 8000 || wanted.sampleRate > 192000)
        return cannot(kFormat, "the sample rate must lie between 8000 and 192000", "choose another sample rate");
    project::Format format = wanted;
    format.rate = wanted.rate * Rational{1, 1};
    if (format.rate.num > project::maximumRateTerm || format.rate.den > project::maximumRateTerm)
        return cannot(kFormat, "the frame rate is too fine a fraction", "choose a usual rate");

    const Project& project = draft.project();
    const bool isNewRate = format.rate != project.format.rate;
    Heading heading = headingOf(project);
    heading.format = format;
    heading.formatFollowsFirstClip = false;
    draft.setHeading(heading);
    if (!isNewRate)
        return {};
    for (std::size_t i = 0; i < project.tracks.size(); ++i) {
        IdSet clips;
        for (const Clip& clip : project.tracks[i].clips)
            clips.insert(clip.id);
        Rational free;
        draft.modify(clips, [&](Clip& clip) {
            moveToFrames(clip, format, *project::findSource(project, clip.source), free);
            free = clip.end();
        });
    }
    const std::vector<Marker> markers = project.markers;
    for (Marker marker : markers) {
        draft.removeMarker(marker.id);
        marker.time = project::toGrid(format, marker.time);
        draft.addMarker(std::move(marker));
    }
    return {};
}

}  // namespace lipar::commands
