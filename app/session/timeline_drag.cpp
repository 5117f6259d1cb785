#include "app/session/timeline_drag.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>
#include <utility>

namespace lipar::session {

namespace {

using Kind = TimelineDrag::Kind;
using project::Id;

// Seconds between the pointer and where the drag began, on the frame grid.
Rational draggedBy(const TimelineDrag& drag, const DragSpace& space) {
    const double frames = space.scale.frameOf(drag.pointer.x()) - drag.originFrame;
    return project::timeOfFrame(space.format, std::llround(frames));
}

Rational clamped(const Rational& value, const Rational& low, const Rational& high) {
    return std::max(low, std::min(value, high));
}

std::optional<commands::Command> soundCommand(TimelineDrag& drag, const DragSpace& space) {
    auto sound = drag.clip.sound;
    if (drag.kind == Kind::gain) {
        const Lane* lane = space.layout.laneOf(drag.track);
        if (!lane)
            return {};
        const double moved = (drag.origin.y() - drag.pointer.y()) / lane->clipHeight;
        // Tenths of a decibel, and a little magnet at 0.
        const double gain = gainOfHeight(heightOfGain(sound.gainDb) + moved);
        sound.gainDb = std::abs(gain) < 0.8 ? 0 : std::round(gain * 10) / 10;
    } else if (drag.kind == Kind::fadeIn) {
        sound.fadeIn = clamped(sound.fadeIn + draggedBy(drag, space), {}, drag.clip.duration - sound.fadeOut);
    } else {
        sound.fadeOut = clamped(sound.fadeOut - draggedBy(drag, space), {}, drag.clip.duration - sound.fadeIn);
    }
    if (sound == drag.clip.sound)
        return {};
    return commands::SetSound{{drag.clip.id}, sound};
}

}  // namespace

SnapTargets::SnapTargets(const TimelineLayout& layout, const std::vector<Id>& moving, std::vector<qint64> others)
    : m_frames(std::move(others)) {
    const std::unordered_set<Id> left(moving.begin(), moving.end());
    for (const auto& lane : layout.lanes())
        for (const auto& box : lane.clips)
            if (!left.contains(box.clip->id)) {
                m_frames.push_back(box.start);
                m_frames.push_back(box.end);
            }
    std::ranges::sort(m_frames);
}

std::optional<qint64> SnapTargets::nearest(qint64 frame, double reach) const {
    std::optional<qint64> best;
    const auto consider = [&](qint64 target) {
        const auto distance = std::llabs(target - frame);
        if (double(distance) <= reach && (!best || distance < std::llabs(*best - frame)))
            best = target;
    };
    const auto after = std::ranges::lower_bound(m_frames, frame);
    if (after != m_frames.end())
        consider(*after);
    if (after != m_frames.begin())
        consider(*std::prev(after));
    return best;
}

bool TimelineDrag::isLive() const {
    switch (kind) {
        case Kind::trimStart:
        case Kind::trimEnd:
        case Kind::roll:
        case Kind::slip:
        case Kind::crossFade:
        case Kind::gain:
        case Kind::fadeIn:
        case Kind::fadeOut:
        case Kind::marker: return true;
        default: return false;
    }
}

qint64 draggedFrame(TimelineDrag& drag, const DragSpace& space) {
    const double moved = space.scale.frameOf(drag.pointer.x()) - drag.originFrame;
    const auto frame = std::max<qint64>(0, std::llround(drag.grabbedFrame + moved));
    const auto target = space.snapReach > 0 ? drag.targets.nearest(frame, space.snapReach) : std::nullopt;
    drag.snapped = target.value_or(-1);
    return target.value_or(frame);
}

void followMove(TimelineDrag& drag, const DragSpace& space) {
    qint64 first = std::numeric_limits<qint64>::max();
    std::vector<qint64> edges;
    for (const auto& lane : space.layout.lanes())
        for (const auto& box : lane.clips)
            if (std::ranges::find(drag.clips, box.clip->id) != drag.clips.end()) {
                first = std::min(first, box.start);
                edges.push_back(box.start);
                edges.push_back(box.end);
            }
    qint64 by = std::llround(space.scale.frameOf(drag.pointer.x()) - drag.originFrame);
    drag.snapped = -1;
    if (space.snapReach > 0) {
        std::optional<qint64> best;
        for (const auto edge : edges) {
            const auto target = drag.targets.nearest(edge + by, space.snapReach);
            if (target && (!best || std::llabs(*target - edge - by) < std::llabs(*best))) {
                best = *target - edge - by;
                drag.snapped = *target;
            }
        }
        by += best.value_or(0);
    }
    if (!edges.empty() && first + by < 0) {
        by = -first;
        drag.snapped = -1;
    }
    drag.by = by;

    drag.tracks = 0;
    const auto& lanes = space.layout.lanes();
    const auto* from = space.layout.laneOf(drag.track);
    const auto* to = space.layout.laneAt(drag.pointer.y());
    if (!to && !lanes.empty())
        to = drag.pointer.y() < 0 ? &lanes.front() : &lanes.back();
    if (from && to && from->track->kind == to->track->kind) {
        // Up in the panel is up among video tracks and down in the list of audio tracks: both count as +.
        drag.tracks = int(from - to);
        // No clip leaves the tracks of its kind.
        const auto laneCount = std::ptrdiff_t(lanes.size());
        for (std::ptrdiff_t index = 0; index < laneCount; ++index) {
            const auto& lane = lanes[std::size_t(index)];
            const bool moves = lane.track->kind == from->track->kind &&
                               std::ranges::any_of(lane.clips, [&](const ClipBox& box) {
                                   return std::ranges::find(drag.clips, box.clip->id) != drag.clips.end();
                               });
            const auto fits = [&] {
                const auto target = index - drag.tracks;
                return target >= 0 && target < laneCount && lanes[std::size_t(target)].track->kind == lane.track->kind;
            };
            while (moves && drag.tracks != 0 && !fits())
                drag.tracks -= drag.tracks > 0 ? 1 : -1;
        }
    }
}

std::vector<GhostClip> ghostsOf(const TimelineDrag& drag, const DragSpace& space) {
    std::vector<GhostClip> ghosts;
    if (drag.kind != Kind::move)
        return ghosts;
    const auto* grabbed = space.layout.laneOf(drag.track);
    const auto& lanes = space.layout.lanes();
    for (const auto& lane : lanes)
        for (const auto& box : lane.clips) {
            if (std::ranges::find(drag.clips, box.clip->id) == drag.clips.end())
                continue;
            auto track = lane.track->id;
            if (grabbed && grabbed->track->kind == lane.track->kind) {
                const auto index = (&lane - lanes.data()) - drag.tracks;
                if (index >= 0 && index < std::ptrdiff_t(lanes.size()) &&
                    lanes[std::size_t(index)].track->kind == lane.track->kind)
                    track = lanes[std::size_t(index)].track->id;
            }
            ghosts.push_back({box.clip, track, box.start + drag.by, box.end + drag.by});
        }
    return ghosts;
}

std::optional<commands::Command> commandOf(TimelineDrag& drag, const DragSpace& space) {
    const auto& clip = drag.clip;
    switch (drag.kind) {
        case Kind::trimStart:
        case Kind::trimEnd: {
            const auto to = project::timeOfFrame(space.format, draggedFrame(drag, space));
            const bool isStart = drag.kind == Kind::trimStart;
            if (to == (isStart ? clip.start : clip.end()))
                return {};
            return commands::TrimClip{clip.id, isStart ? commands::Edge::start : commands::Edge::end, to, drag.ripple,
                                      drag.alone};
        }
        case Kind::roll: {
            const auto to = project::timeOfFrame(space.format, draggedFrame(drag, space));
            if (to == clip.start)
                return {};
            return commands::RollCut{clip.id, to};
        }
        case Kind::slip: {
            // The pictures follow the pointer: dragged to the right, earlier ones show.
            const auto by = -(draggedBy(drag, space) * clip.speed);
            if (by == Rational{})
                return {};
            return commands::SlipClip{clip.id, by};
        }
        case Kind::crossFade: {
            // The handle lies half a cross-fade beside the cut, on the side where it was grabbed.
            const double cut = (clip.start * space.format.rate).value();
            const double before = std::copysign(crossFadeHalf(space.format, clip), drag.originFrame - cut);
            const double half = std::abs(before + space.scale.frameOf(drag.pointer.x()) - drag.originFrame);
            const auto duration = project::timeOfFrame(space.format, std::llround(2 * half));
            if (duration == clip.crossFade)
                return {};
            return commands::SetCrossFade{clip.id, duration};
        }
        case Kind::gain:
        case Kind::fadeIn:
        case Kind::fadeOut: return soundCommand(drag, space);
        case Kind::marker: {
            auto marker = drag.marker;
            marker.time = project::timeOfFrame(space.format, draggedFrame(drag, space));
            if (marker == drag.marker)
                return {};
            return commands::ChangeMarker{marker};
        }
        default: return {};
    }
}

std::vector<Id> withLinked(const project::Project& project, const std::vector<Id>& clips) {
    const std::unordered_set<Id> chosen(clips.begin(), clips.end());
    std::unordered_set<Id> links;
    for (const auto& track : project.tracks)
        for (const auto& clip : track.clips)
            if (clip.link != 0 && chosen.contains(clip.id))
                links.insert(clip.link);
    std::vector<Id> all;
    for (const auto& track : project.tracks)
        for (const auto& clip : track.clips)
            if (chosen.contains(clip.id) || (clip.link != 0 && links.contains(clip.link)))
                all.push_back(clip.id);
    return all;
}

}  // namespace lipar::session
