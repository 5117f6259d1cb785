#include "app/commands/clip_shape.h"

#include <algorithm>

namespace lipar::commands {

using project::Clip;
using project::Format;
using project::Source;

void setSourceStart(Clip& clip, const Rational& sourceStart) {
    const Rational to = project::toSourceTime(std::max(Rational{}, sourceStart));
    const Rational by = to - clip.sourceStart;
    clip.sourceStart = to;
    for (project::PromptKeyframe& keyframe : clip.edit.promptKeyframes)
        keyframe.time = project::toSourceTime(keyframe.time - by);
}

void moveStart(Clip& clip, const Rational& to) {
    const Rational by = to - clip.start;
    clip.start = to;
    clip.duration -= by;
    setSourceStart(clip, clip.sourceStart + by * clip.speed);
    fitFades(clip);
}

void moveEnd(Clip& clip, const Rational& to) {
    clip.duration = to - clip.start;
    fitFades(clip);
}

Clip splitOff(Clip& clip, const Rational& at) {
    Clip rest = clip;
    moveStart(rest, at);
    rest.crossFade = {};
    rest.sound.fadeIn = {};
    moveEnd(clip, at);
    clip.sound.fadeOut = {};
    return rest;
}

void fitFades(Clip& clip) {
    clip.sound.fadeIn = std::clamp(clip.sound.fadeIn, Rational{}, clip.duration);
    clip.sound.fadeOut = std::clamp(clip.sound.fadeOut, Rational{}, clip.duration - clip.sound.fadeIn);
}

Rational earliestStart(const Format& format, const Clip& clip) {
    const Rational frames = (clip.start - project::headOf(clip)) * format.rate;
    return project::timeOfFrame(format, std::max<std::int64_t>(0, frames.ceil()));
}

Rational latestEnd(const Format& format, const Clip& clip, const Source& source) {
    const Rational left = (source.duration - clip.sourceStart) / clip.speed;
    const std::int64_t frames = std::max<std::int64_t>(1, (left * format.rate).rounded());
    return std::max(clip.end(), clip.start + project::timeOfFrame(format, frames));
}

bool isSameEdit(project::ClipEdit a, const project::ClipEdit& b) {
    a.enabled = b.enabled;
    a.rangeStart = b.rangeStart;
    a.rangeEnd = b.rangeEnd;
    return a == b;
}

void setOwnRange(Clip& clip, const Source& source, const Rational& crossFadeAfter) {
    const project::SourceRange shown = project::shownRange(clip, source, crossFadeAfter);
    clip.edit.rangeStart = shown.start;
    clip.edit.rangeEnd = shown.end;
}

void coverRange(Clip& clip, const Source& source, const Rational& crossFadeAfter) {
    const project::SourceRange shown = project::shownRange(clip, source, crossFadeAfter);
    project::ClipEdit& edit = clip.edit;
    const bool isNone = !edit.enabled && isSameEdit(edit, {});
    if (isNone || edit.rangeEnd == Rational{} || shown.start > edit.rangeEnd || shown.end < edit.rangeStart)
        return setOwnRange(clip, source, crossFadeAfter);
    edit.rangeStart = std::min(edit.rangeStart, shown.start);
    edit.rangeEnd = std::max(edit.rangeEnd, shown.end);
}

}  // namespace lipar::commands
