// A drag in the timeline: what was grabbed, and what letting go here would do. Thread: UI thread.
//
// Clips that are moved show as outlines and move when they are let go, since they overwrite what lies in their way;
// everything else follows the pointer at once, as one step of undo. What a drag does depends only on where it began and
// where the pointer is now, never on the way between.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QPointF>
#include <QtGlobal>

#include "app/commands/command.h"
#include "app/session/timeline_layout.h"

namespace lipar::session {

// Frames that a drag snaps to.
class SnapTargets {
public:
    // Cuts of all clips but `moving`, and these frames.
    SnapTargets() = default;
    SnapTargets(const TimelineLayout& layout, const std::vector<project::Id>& moving, std::vector<qint64> others);

    // The target within `reach` frames of `frame` that is nearest to it.
    [[nodiscard]] std::optional<qint64> nearest(qint64 frame, double reach) const;

private:
    std::vector<qint64> m_frames;  // ascending
};

// A clip as it would lie if it were let go now.
struct GhostClip {
    const project::Clip* clip = nullptr;  // null: of the media bin
    project::Id track = 0;
    qint64 start = 0;
    qint64 end = 0;
};

struct TimelineDrag {
    enum class Kind {
        none,
        press,  // of a clip, not moved yet
        move,
        trimStart,
        trimEnd,
        roll,
        slip,
        crossFade,
        gain,
        fadeIn,
        fadeOut,
        marker,
        inMark,
        outMark,
        rubberBand,
        scrub,
    };

    Kind kind = Kind::none;
    QPointF origin;          // of the pointer, content pixels
    QPointF pointer;         // now
    double originFrame = 0;
    double grabbedFrame = 0;  // where what was grabbed lies: an edge, a cut, a marker, the pointer itself
    project::Clip clip;      // as it was when it was grabbed
    project::Marker marker;
    qint64 in = -1;  // the marks of the range as they were
    qint64 out = -1;
    project::Id track = 0;
    std::vector<project::Id> clips;  // that move, with those linked to them
    bool ripple = false;
    bool alone = false;
    std::string key;  // of its step of undo
    SnapTargets targets;
    // What letting go would do: of a move.
    qint64 by = 0;
    int tracks = 0;
    // Where it snapped; negative = nowhere.
    qint64 snapped = -1;

    [[nodiscard]] bool isActive() const { return kind != Kind::none; }
    // Follows the pointer at once.
    [[nodiscard]] bool isLive() const;
};

struct DragSpace {  // what a drag is measured in
    const project::Format& format;
    const TimelineLayout& layout;
    TimelineScale scale;
    double snapReach = 0;  // frames; 0 = no snapping
};

// Where a drag of an edge, a cut, a marker or the playhead has got to, snapped; sets `snapped`.
[[nodiscard]] qint64 draggedFrame(TimelineDrag& drag, const DragSpace& space);
// Sets by, tracks and snapped of a move.
void followMove(TimelineDrag& drag, const DragSpace& space);
// The clips of a move where they would lie.
[[nodiscard]] std::vector<GhostClip> ghostsOf(const TimelineDrag& drag, const DragSpace& space);
// The command of a live drag with the pointer where it is; nothing while it changes nothing.
[[nodiscard]] std::optional<commands::Command> commandOf(TimelineDrag& drag, const DragSpace& space);
// These clips and all that are linked to one of them.
[[nodiscard]] std::vector<project::Id> withLinked(const project::Project& project, const std::vector<project::Id>& clips);

}  // namespace lipar::session
