// How a single clip is cut: plain functions on a value.
#pragma once

#include "app/project/project.h"

namespace lipar::commands {

// Another first picture in the same place; prompts keep their places in the source.
void setSourceStart(project::Clip& clip, const Rational& sourceStart);
// Moves one edge; what the other pictures show stays where it is. At least a frame must remain.
void moveStart(project::Clip& clip, const Rational& to);
void moveEnd(project::Clip& clip, const Rational& to);
// Cuts `clip` at a time within it; returns what follows, still with the clip's id and link.
[[nodiscard]] project::Clip splitOff(project::Clip& clip, const Rational& at);
// Fades no longer than the clip.
void fitFades(project::Clip& clip);

// How far its source allows the edges: whole frames.
[[nodiscard]] Rational earliestStart(const project::Format& format, const project::Clip& clip);
[[nodiscard]] Rational latestEnd(const project::Format& format, const project::Clip& clip, const project::Source& source);
// Whether two edits make the same pictures where both are on; their ranges are not looked at.
[[nodiscard]] bool isSameEdit(project::ClipEdit a, const project::ClipEdit& b);
// The range of a clip's edit: what it shows, or at least that.
void setOwnRange(project::Clip& clip, const project::Source& source, const Rational& crossFadeAfter);
void coverRange(project::Clip& clip, const project::Source& source, const Rational& crossFadeAfter);

}  // namespace lipar::commands
