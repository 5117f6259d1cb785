// Edges, cuts and what a clip shows of its source.
#include <algorithm>
#include <optional>

#include "app/commands/apply.h"
#include "app/commands/clip_groups.h"
#include "app/commands/clip_shape.h"

namespace lipar::commands {

using project::Clip;
using project::Format;
using project::Project;
using project::Source;
using project::Track;

namespace {

constexpr const char* kTrim = "trim the clip";
constexpr const char* kRoll = "move the cut";
constexpr const char* kSlip = "slip the clip";
constexpr const char* kSpeed = "change the speed";

const Source& sourceOf(const Project& project, const Clip& clip) {
    return *project::findSource(project, clip.source);
}

// How far an edge may move. A ripple is not bounded by neighbours.
TimeRange startBounds(const Project& project, const FoundClip& found, bool ripple) {
    const Clip& clip = *found.clip;
    const Rational latest = clip.end() - frameDuration(project);
    if (ripple) {
        const std::int64_t head = (project::headOf(clip) * project.format.rate).floor();
        return {clip.start - project::timeOfFrame(project.format, head), latest};
    }
    const Rational free = found.before == nullptr ? Rational{} : found.before->end();
    return {std::max(free, earliestStart(project.format, clip)), latest};
}

TimeRange endBounds(const Project& project, const FoundClip& found, bool ripple) {
    const Clip& clip = *found.clip;
    const Rational last = latestEnd(project.format, clip, sourceOf(project, clip));
    const bool isBounded = !ripple && found.after != nullptr;
    return {clip.start + frameDuration(project), isBounded ? std::min(last, found.after->start) : last};
}

// Those of the group whose edge lies where the named clip's does: others were cut apart on purpose.
IdSet withSameEdge(const Project& project, const IdSet& group, Edge edge, const Rational& at) {
    IdSet same;
    for (const FoundClip& found : find(project, group)) {
        if ((edge == Edge::start ? found.clip->start : found.clip->end()) == at)
            same.insert(found.clip->id);
    }
    return same;
}

void narrow(std::optional<TimeRange>& bounds, const TimeRange& by) {
    if (!bounds)
        bounds = by;
    bounds->start = std::max(bounds->start, by.start);
    bounds->end = std::min(bounds->end, by.end);
}

void trim(Clip& clip, Edge edge, const Rational& to, bool ripple) {
    if (edge == Edge::end)
        return moveEnd(clip, to);
    const Rational start = clip.start;
    moveStart(clip, to);
    if (ripple)
        clip.start = start;
}

}  // namespace

Result<> applyTo(Draft& draft, const TrimClip& command) {
    const Project& project = draft.project();
    LIPAR_ASSIGN(const IdSet group, clipsFor(project, kTrim, {command.clip}, command.alone));
    LIPAR_ASSIGN(Rational to, frameTime(project, kTrim, command.to));
    const Clip named = *project::findClip(project, command.clip);
    const bool atStart = command.edge == Edge::start;
    const Rational from = atStart ? named.start : named.end();
    const IdSet clips = withSameEdge(project, group, command.edge, from);

    std::optional<TimeRange> bounds;
    std::map<Id, Rational> ownFrom;
    for (const FoundClip& found : find(project, clips)) {
        narrow(bounds, atStart ? startBounds(project, found, command.ripple) : endBounds(project, found, command.ripple));
        ownFrom[found.track->id] = found.clip->end();
    }
    to = std::max(bounds->start, std::min(bounds->end, to));
    if (to == from)
        return {};
    draft.modify(clips, [&](Clip& clip) { trim(clip, command.edge, to, command.ripple); });
    if (!command.ripple)
        return {};
    return ripple(draft, kTrim, named.end(), atStart ? from - to : to - from, ownFrom);
}

// On every track of the group, the clip that ends at the cut and the one that starts there move their edges together.
Result<> applyTo(Draft& draft, const RollCut& command) {
    const Project& project = draft.project();
    LIPAR_ASSIGN(const IdSet laterGroup, clipsFor(project, kRoll, {command.clip}, false));
    LIPAR_ASSIGN(Rational to, frameTime(project, kRoll, command.to));
    const FoundClip named = find(project, {command.clip}).front();
    const Rational cut = named.clip->start;
    if (named.before == nullptr || named.before->end() != cut)
        return cannot(kRoll, "no clip lies right before this one", "choose a cut between two clips");
    LIPAR_ASSIGN(const IdSet earlierGroup, clipsFor(project, kRoll, {named.before->id}, false));
    const IdSet laterNamed = withSameEdge(project, laterGroup, Edge::start, cut);
    const IdSet earlierNamed = withSameEdge(project, earlierGroup, Edge::end, cut);
    IdSet later = laterNamed;
    IdSet earlier = earlierNamed;
    for (const FoundClip& found : find(project, laterNamed)) {
        if (found.before != nullptr && found.before->end() == cut)
            earlier.insert(found.before->id);
    }
    for (const FoundClip& found : find(project, earlierNamed)) {
        if (found.after != nullptr && found.after->start == cut)
            later.insert(found.after->id);
    }

    std::optional<TimeRange> bounds;
    for (const FoundClip& found : find(project, later)) {
        const bool rolls = found.before != nullptr && earlier.contains(found.before->id);
        narrow(bounds, startBounds(project, found, rolls));
    }
    for (const FoundClip& found : find(project, earlier)) {
        const bool rolls = found.after != nullptr && later.contains(found.after->id);
        narrow(bounds, endBounds(project, found, rolls));
    }
    to = std::max({Rational{}, bounds->start, std::min(bounds->end, to)});
    draft.modify(earlier, [&](Clip& clip) { moveEnd(clip, to); });
    draft.modify(later, [&](Clip& clip) { moveStart(clip, to); });
    return {};
}

Result<> applyTo(Draft& draft, const SlipClip& command) {
    const Project& project = draft.project();
    LIPAR_ASSIGN(const IdSet clips, clipsFor(project, kSlip, {command.clip}, false));
    if (command.by.den <= 0 || command.by > Rational{project::maximumSeconds, 1} ||
        command.by < Rational{-project::maximumSeconds, 1})
        return cannot(kSlip, "the time lies beyond every source", "slip it by less");
    Rational by = project::toSourceTime(command.by);
    for (const FoundClip& found : find(project, clips)) {
        const Rational last = std::max(Rational{}, sourceOf(project, *found.clip).duration - found.clip->sourceEnd());
        by = std::max(-found.clip->sourceStart, std::min(by, last));
    }
    if (by == Rational{})
        return {};
    draft.modify(clips, [&](Clip& clip) { setSourceStart(clip, clip.sourceStart + by); });
    return {};
}

Result<> applyTo(Draft& draft, const SetSpeed& command) {
    const Project& project = draft.project();
    LIPAR_ASSIGN(const IdSet group, clipsFor(project, kSpeed, {command.clip}, false));
    if (command.speed.den <= 0 || command.speed < Rational{1, 10} || command.speed > Rational{10, 1})
        return cannot(kSpeed, "it must lie between a tenth and ten times", "choose another speed");
    const Rational speed = command.speed * Rational{1, 1};
    if (speed.num > project::maximumSpeedTerm || speed.den > project::maximumSpeedTerm)
        return cannot(kSpeed, "it is too fine a fraction", "round it to a hundredth of a per cent");
    const Clip named = *project::findClip(project, command.clip);
    const IdSet clips = withSameEdge(project, group, Edge::start, named.start);

    std::map<Id, Rational> ownFrom;
    std::map<Id, Rational> ends;  // by the clip
    for (const FoundClip& found : find(project, clips)) {
        Clip clip = *found.clip;
        ownFrom[found.track->id] = clip.end();
        const std::int64_t frames = (clip.duration * clip.speed / speed * project.format.rate).rounded();
        clip.speed = speed;
        clip.duration = frameDuration(project);
        const Rational last = latestEnd(project.format, clip, sourceOf(project, clip));
        Rational end = std::min(last, clip.start + project::timeOfFrame(project.format, std::max<std::int64_t>(1, frames)));
        if (!command.ripple && found.after != nullptr)
            end = std::min(end, found.after->start);
        ends[clip.id] = end;
    }
    draft.modify(clips, [&](Clip& clip) {
        clip.speed = speed;
        moveEnd(clip, ends[clip.id]);
    });
    if (!command.ripple)
        return {};
    return ripple(draft, kSpeed, named.end(), ends[named.id] - named.end(), ownFrom);
}

}  // namespace lipar::commands
