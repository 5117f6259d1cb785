// Where things lie in the timeline panel: lanes, clips on the frame grid, frames to pixels, what is under the pointer.
//
// Pixels are those of the lanes' area: x = 0 at its left edge, y = 0 at the top of the first lane before scrolling.
// Plain data, computed from a project and valid until it changes. Thread: none of its own.
#pragma once

#include <span>
#include <vector>

#include <QPointF>
#include <QString>

#include "app/project/project.h"

namespace lipar::session {

struct TimelineScale {
    double pixelsPerFrame = 4;
    double firstFrame = 0;  // at x = 0

    [[nodiscard]] double xOf(double frame) const { return (frame - firstFrame) * pixelsPerFrame; }
    [[nodiscard]] double frameOf(double x) const { return firstFrame + x / pixelsPerFrame; }
};

struct ClipBox {
    const project::Clip* clip = nullptr;
    qint64 start = 0;  // frames of the timeline
    qint64 end = 0;    // one past the last
};

// A track as it is drawn: clips, and below them the kept tokens of edited ones.
struct Lane {
    const project::Track* track = nullptr;
    double y = 0;
    double clipHeight = 0;
    double keptHeight = 0;  // 0: not shown
    std::vector<ClipBox> clips;

    [[nodiscard]] double height() const { return clipHeight + keptHeight; }
    // The clips that show between two frames.
    [[nodiscard]] std::span<const ClipBox> between(double firstFrame, double endFrame) const;
    // Position in `clips`; -1 = not there.
    [[nodiscard]] int indexOf(project::Id clip) const;
};

// What a point of the lanes' area belongs to.
struct TimelineHit {
    enum class Part {
        nothing,    // an empty place of a track, or below all of them (track 0)
        body,
        startEdge,  // trims
        endEdge,
        cut,        // between `clip` and the one before it: rolls
        crossFade,  // a handle of the cross-fade at the start of `clip`
        gain,       // the level of a sound
        fadeIn,
        fadeOut,
        kept,       // the graph of kept tokens
    };
    Part part = Part::nothing;
    project::Id track = 0;
    project::Id clip = 0;
    friend bool operator==(const TimelineHit&, const TimelineHit&) = default;
};

class TimelineLayout {
public:
    // Lanes grow up to nearly twice their least height where `height` pixels leave room.
    void rebuild(const project::Project& project, double height, bool showsKept);

    [[nodiscard]] const std::vector<Lane>& lanes() const { return m_lanes; }  // from the top
    [[nodiscard]] double contentHeight() const { return m_contentHeight; }
    [[nodiscard]] qint64 frames() const { return m_frames; }  // to the end of the last clip
    [[nodiscard]] const Lane* laneAt(double y) const;         // null = none there
    [[nodiscard]] const Lane* laneOf(project::Id track) const;
    [[nodiscard]] const Lane* laneOfClip(project::Id clip) const;
    [[nodiscard]] TimelineHit hitTest(const project::Format& format, const TimelineScale& scale, QPointF at) const;

private:
    std::vector<Lane> m_lanes;
    double m_contentHeight = 0;
    qint64 m_frames = 0;
};

// Half of the cross-fade at the start of a clip, in frames.
[[nodiscard]] double crossFadeHalf(const project::Format& format, const project::Clip& clip);
// The clip before `box` when it ends where `box` starts; null otherwise.
[[nodiscard]] const ClipBox* clipBefore(const Lane& lane, const ClipBox& box);

// The level's line in a sound clip: 0 = bottom, 1 = top.
[[nodiscard]] double heightOfGain(double gainDb);
[[nodiscard]] double gainOfHeight(double height);  // -60..+12 dB

// "01:02:03:04": hours, minutes, seconds and frames at a whole number of frames a second, as timecode counts them.
[[nodiscard]] QString frameTimecode(qint64 frame, const Rational& rate);

}  // namespace lipar::session
