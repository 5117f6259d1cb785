#include "app/session/playback_timeline.h"

#include <algorithm>
#include <map>
#include <ranges>

#include "app/jobs/timeline_request.h"

namespace lipar::session {

namespace {

using session::isSame;  // these and those below are one overload set

bool isSame(const TimelinePictures& a, const TimelinePictures& b) {
    return a.input == b.input && a.start == b.start && a.duration == b.duration && a.sourceStart == b.sourceStart &&
           a.speed == b.speed && a.fadeIn == b.fadeIn && a.fadeOut == b.fadeOut && a.edit == b.edit;
}

bool isSame(const TimelineSound& a, const TimelineSound& b) {
    return a.input == b.input && a.start == b.start && a.duration == b.duration && a.sourceStart == b.sourceStart &&
           a.speed == b.speed && a.gain == b.gain && a.fadeIn == b.fadeIn && a.fadeOut == b.fadeOut;
}

bool isSame(const service::EngineChoice& a, const service::EngineChoice& b) {
    return a.model == b.model && a.device == b.device && a.precision == b.precision && a.textEncoder == b.textEncoder &&
           a.vae == b.vae;
}

bool isSame(const service::EditSettings& a, const service::EditSettings& b) {
    return a.prompt == b.prompt && a.promptChanges == b.promptChanges && a.width == b.width && a.height == b.height &&
           a.startSeconds == b.startSeconds && a.endSeconds == b.endSeconds && a.seed == b.seed &&
           a.strength == b.strength && a.steps == b.steps && a.shift == b.shift && a.pruning == b.pruning && a.tau1 == b.tau1 &&
           a.tau2 == b.tau2 && a.minKept == b.minKept && a.targetFps == b.targetFps && a.recovery == b.recovery &&
           a.keys == b.keys && a.protectMask == b.protectMask && a.alwaysEditMask == b.alwaysEditMask &&
           a.maskIn == b.maskIn && a.maskOut == b.maskOut;
}

template <class Items>
bool areSame(const Items& a, const Items& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return isSame(x, y); });
}

// Muted tracks are out; while any of a kind is solo, so are those of that kind that are not.
bool isActive(const project::Project& project, const project::Track& track) {
    const bool anySolo = std::ranges::any_of(
        project.tracks, [&](const project::Track& other) { return other.kind == track.kind && other.solo; });
    return !track.muted && (track.solo || !anySolo);
}

template <class Take>
void visitCuts(const project::Project& project, const Take& take) {
    for (const auto& track : project.tracks) {
        if (!isActive(project, track))
            continue;
        for (const auto& clip : track.clips) {
            take(project::frameAt(project.format, clip.start));
            take(project::frameAt(project.format, clip.end()));
        }
    }
}

}  // namespace

PlaybackTimeline playbackTimelineOf(const project::Project& project) {
    auto flat = jobs::timelineOf(project);
    return {std::move(flat.timeline), std::move(flat.edits)};
}

bool isSame(const service::TimelineEdit& a, const service::TimelineEdit& b) {
    return isSame(a.engine, b.engine) && isSame(a.settings, b.settings);
}

bool isSame(const PlaybackTimeline& a, const PlaybackTimeline& b) {
    const auto& s = a.timeline;
    const auto& t = b.timeline;
    return s.width == t.width && s.height == t.height && s.rate == t.rate && s.frames == t.frames &&
           s.sampleRate == t.sampleRate && areSame(s.pictures, t.pictures) && areSame(s.sounds, t.sounds) &&
           areSame(a.edits, b.edits);
}

PlaybackTimeline sectionOf(const PlaybackTimeline& whole, std::int64_t firstFrame, std::int64_t endFrame) {
    const auto& timeline = whole.timeline;
    const auto from = Rational{firstFrame, 1} / timeline.rate;
    const auto to = Rational{endFrame, 1} / timeline.rate;
    const auto lies = [&](const auto& stretch) { return stretch.start < to && stretch.start + stretch.duration > from; };
    PlaybackTimeline section;
    section.timeline.width = timeline.width;
    section.timeline.height = timeline.height;
    section.timeline.rate = timeline.rate;
    section.timeline.frames = endFrame;
    section.timeline.sampleRate = timeline.sampleRate;
    std::ranges::copy_if(timeline.sounds, std::back_inserter(section.timeline.sounds), lies);
    std::map<int, int> editIndex;
    for (auto pictures : timeline.pictures | std::views::filter(lies)) {
        if (pictures.edit >= 0) {
            const auto [known, isNew] = editIndex.try_emplace(pictures.edit, int(section.edits.size()));
            if (isNew)
                section.edits.push_back(whole.edits[std::size_t(pictures.edit)]);
            pictures.edit = known->second;
        }
        section.timeline.pictures.push_back(std::move(pictures));
    }
    return section;
}

std::optional<std::int64_t> nextCut(const project::Project& project, std::int64_t frame) {
    std::optional<std::int64_t> nearest;
    visitCuts(project, [&](std::int64_t cut) {
        if (cut > frame && (!nearest || cut < *nearest))
            nearest = cut;
    });
    return nearest;
}

std::optional<std::int64_t> previousCut(const project::Project& project, std::int64_t frame) {
    std::optional<std::int64_t> nearest;
    visitCuts(project, [&](std::int64_t cut) {
        if (cut < frame && (!nearest || cut > *nearest))
            nearest = cut;
    });
    return nearest;
}

std::optional<EditAtTime> editOfClip(const project::Project& project, project::Id id) {
    const auto* clip = project::findClip(project, id);
    const auto* source = clip ? project::findSource(project, clip->source) : nullptr;
    auto edit = source ? jobs::editOf(*clip) : std::nullopt;
    if (!edit)
        return std::nullopt;
    return EditAtTime{id, source->path, std::move(*edit), clip->sourceStart.value()};
}

std::optional<EditAtTime> editAt(const project::Project& project, const Rational& time) {
    for (const auto& track : std::views::reverse(project.tracks)) {
        if (track.kind != project::TrackKind::video || !isActive(project, track))
            continue;
        const auto* clip = project::clipAt(track, time);
        if (!clip)
            continue;
        auto found = editOfClip(project, clip->id);
        if (found)
            found->sourceSeconds = (clip->sourceStart + (time - clip->start) * clip->speed).value();
        return found;
    }
    return std::nullopt;
}

}  // namespace lipar::session
