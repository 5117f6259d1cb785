// The mouse in the timeline: what a press grabs, what a drag does, what letting go leaves.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/session/timeline_editor.h"

namespace lipar::session {

namespace {

using Kind = TimelineDrag::Kind;
using Part = TimelineHit::Part;
using project::Id;

constexpr double dragDistance = 4;  // pixels before a press is a drag
constexpr double markerReach = 6;

}  // namespace

void TimelineEditor::hover(QPointF at, Qt::KeyboardModifiers) {
    if (isDragging())
        return;
    const double x = m_scale.xOf(double(std::llround(m_scale.frameOf(at.x()))));
    const auto hit = m_layout.hitTest(project().format, m_scale, toContent(at));
    const bool looksAlike = hit == m_hovered && (m_tool != BladeTool || x == m_hoverX);
    m_hoverX = x;
    m_hovered = hit;
    if (!looksAlike)
        Q_EMIT overlayChanged();
}

void TimelineEditor::leave() {
    m_hovered = {};
    m_hoverX = -1;
    Q_EMIT overlayChanged();
}

Qt::CursorShape TimelineEditor::cursor() const {
    switch (m_drag.kind) {
        case Kind::move: return Qt::ClosedHandCursor;
        case Kind::slip: return Qt::SizeHorCursor;
        case Kind::gain: return Qt::SizeVerCursor;
        case Kind::roll: return Qt::SplitHCursor;
        case Kind::none: break;
        default: return Qt::SizeHorCursor;
    }
    if (m_tool == BladeTool)
        return m_hovered.clip != 0 ? Qt::IBeamCursor : Qt::ArrowCursor;
    switch (m_hovered.part) {
        case Part::startEdge:
        case Part::endEdge:
        case Part::crossFade:
        case Part::fadeIn:
        case Part::fadeOut: return Qt::SizeHorCursor;
        case Part::cut: return Qt::SplitHCursor;
        case Part::gain: return Qt::SizeVerCursor;
        case Part::kept: return Qt::PointingHandCursor;
        default: return Qt::ArrowCursor;
    }
}

void TimelineEditor::press(QPointF at, Qt::KeyboardModifiers modifiers) {
    cancelDrag();
    const auto point = toContent(at);
    const auto hit = m_layout.hitTest(project().format, m_scale, point);
    m_drag.origin = m_drag.pointer = point;
    m_drag.originFrame = m_scale.frameOf(point.x());
    m_drag.track = hit.track;
    const auto frame = std::max<qint64>(0, std::llround(m_drag.originFrame));
    if (hit.part == Part::kept) {
        seek(qint64(std::floor(m_drag.originFrame)));
        return;
    }
    if (m_tool == BladeTool) {
        if (hit.clip != 0)
            m_document.perform(commands::SplitClips{{hit.clip}, project::timeOfFrame(project().format, frame)});
        return;
    }
    if (hit.clip != 0) {
        pressClip(hit, modifiers);
    } else {
        m_drag.kind = Kind::rubberBand;
    }
    Q_EMIT overlayChanged();
}

void TimelineEditor::pressClip(const TimelineHit& hit, Qt::KeyboardModifiers modifiers) {
    const auto* clip = project::findClip(project(), hit.clip);
    if (!clip)
        return;
    if (hit.part == Part::body) {
        if (modifiers & Qt::ControlModifier) {
            m_selection.toggle(hit.clip);
            return;
        }
        if (modifiers & Qt::ShiftModifier) {
            selectRange(hit.clip);
            return;
        }
    }
    // A press on one of several selected clips takes hold of all of them; a click selects only it (release).
    if (m_selection.contains(hit.clip))
        m_selection.select(m_selection.clips(), hit.clip);
    else
        m_selection.select({hit.clip});
    switch (hit.part) {
        case Part::startEdge: beginDrag(Kind::trimStart, *clip, modifiers); break;
        case Part::endEdge: beginDrag(Kind::trimEnd, *clip, modifiers); break;
        case Part::cut: beginDrag(Kind::roll, *clip, modifiers); break;
        case Part::crossFade: beginDrag(Kind::crossFade, *clip, modifiers); break;
        case Part::gain: beginDrag(Kind::gain, *clip, modifiers); break;
        case Part::fadeIn: beginDrag(Kind::fadeIn, *clip, modifiers); break;
        case Part::fadeOut: beginDrag(Kind::fadeOut, *clip, modifiers); break;
        default:
            beginDrag(modifiers & Qt::AltModifier ? Kind::slip : Kind::press, *clip, modifiers);
            break;
    }
}

void TimelineEditor::beginDrag(Kind kind, const project::Clip& clip, Qt::KeyboardModifiers modifiers) {
    m_drag.kind = kind;
    m_drag.clip = clip;
    m_drag.grabbedFrame = ((kind == Kind::trimEnd ? clip.end() : clip.start) * project().format.rate).value();
    m_drag.ripple = modifiers & Qt::ControlModifier;
    m_drag.alone = modifiers & Qt::AltModifier && kind != Kind::slip;
    m_drag.key = newKey("drag");
    m_drag.targets = snapTargets(withLinked(project(), {clip.id}));
}

void TimelineEditor::beginMove() {
    m_drag.kind = Kind::move;
    m_drag.clips = withLinked(project(), m_selection.clips());
    m_drag.targets = snapTargets(m_drag.clips);
}

void TimelineEditor::move(QPointF at, Qt::KeyboardModifiers modifiers) {
    if (!isDragging())
        return;
    // At the edges of the view the timeline comes along.
    if (m_drag.kind != Kind::press && m_drag.kind != Kind::gain && m_viewSize.width() > 0) {
        if (at.x() < 0)
            scrollBy(std::max(at.x(), -30.0), 0);
        else if (at.x() > m_viewSize.width())
            scrollBy(std::min(at.x() - m_viewSize.width(), 30.0), 0);
    }
    m_drag.pointer = toContent(at);
    if (m_drag.kind == Kind::press) {
        if (std::hypot(m_drag.pointer.x() - m_drag.origin.x(), m_drag.pointer.y() - m_drag.origin.y()) < dragDistance)
            return;
        beginMove();
    }
    follow(modifiers);
    Q_EMIT overlayChanged();
}

void TimelineEditor::follow(Qt::KeyboardModifiers modifiers) {
    auto space = dragSpace(modifiers);
    if (m_drag.kind == Kind::scrub) {
        seek(draggedFrame(m_drag, space));
    } else if (m_drag.kind == Kind::inMark || m_drag.kind == Kind::outMark) {
        dragMark(draggedFrame(m_drag, space));
    } else if (m_drag.kind == Kind::move) {
        followMove(m_drag, space);
    } else if (m_drag.isLive()) {
        if (const auto command = commandOf(m_drag, space))
            m_document.amend(*command, m_drag.key);
        else
            m_document.retract(m_drag.key);
    }
}

void TimelineEditor::release(QPointF at, Qt::KeyboardModifiers modifiers) {
    if (!isDragging())
        return;
    move(at, modifiers);
    finishDrag();
    if (m_drag.kind == Kind::rubberBand)
        selectInBand(modifiers & (Qt::ControlModifier | Qt::ShiftModifier));
    else if (m_drag.kind == Kind::press)
        m_selection.select({m_drag.clip.id});
    m_drag = {};
    hover(at, modifiers);
    Q_EMIT overlayChanged();
}

void TimelineEditor::finishDrag() {
    if (m_drag.kind == Kind::move && (m_drag.by != 0 || m_drag.tracks != 0)) {
        // The clip that was grabbed comes first: `tracks` counts among tracks of its kind.
        auto clips = m_selection.clips();
        std::ranges::stable_partition(clips, [this](Id id) { return id == m_drag.clip.id; });
        m_document.perform(
            commands::MoveClips{clips, project::timeOfFrame(project().format, m_drag.by), m_drag.tracks, m_drag.alone});
    }
    m_document.endMerge();
}

void TimelineEditor::cancelDrag() {
    if (!isDragging())
        return;
    if (m_drag.isLive())
        m_document.retract(m_drag.key);
    else if (m_drag.kind == Kind::inMark || m_drag.kind == Kind::outMark)
        Q_EMIT rangeRequested(m_drag.in, m_drag.out);
    m_drag = {};
    Q_EMIT overlayChanged();
}

// Selecting with the mouse.

void TimelineEditor::pickForMenu(QPointF at) {
    cancelDrag();
    const auto hit = m_layout.hitTest(project().format, m_scale, toContent(at));
    if (hit.clip == 0)
        m_selection.clear();
    else if (!m_selection.contains(hit.clip))
        m_selection.select({hit.clip});
}

QRectF TimelineEditor::bandRect() const {
    return QRectF(m_drag.origin, m_drag.pointer).normalized();
}

void TimelineEditor::selectInBand(bool adds) {
    const auto band = bandRect();
    if (band.width() < dragDistance && band.height() < dragDistance) {
        // A click beside all clips: the playhead goes there, and a gap is selected for closing it.
        const auto frame = std::max<qint64>(0, std::llround(m_drag.originFrame));
        m_selection.clear();
        seek(frame);
        if (const Lane* lane = m_layout.laneOf(m_drag.track)) {
            qint64 start = 0;
            for (const auto& box : lane->clips) {
                if (box.start > frame) {
                    const auto& format = project().format;
                    m_selection.selectGap({m_drag.track, project::timeOfFrame(format, start),
                                           project::timeOfFrame(format, box.start)});
                    break;
                }
                start = box.end;
            }
        }
        return;
    }
    std::vector<Id> clips;
    if (adds)
        clips = m_selection.clips();
    for (const auto& lane : m_layout.lanes())
        if (lane.y < band.bottom() && lane.y + lane.clipHeight > band.top())
            for (const auto& box : lane.between(m_scale.frameOf(band.left()), m_scale.frameOf(band.right())))
                clips.push_back(box.clip->id);
    m_selection.select(clips);
}

void TimelineEditor::selectRange(Id clip) {
    const auto* from = currentClip();
    const auto* to = project::findClip(project(), clip);
    if (!from || !to) {
        m_selection.select({clip});
        return;
    }
    // Everything between the two, on their tracks and those between them.
    auto first = m_layout.laneOfClip(from->id);
    auto last = m_layout.laneOfClip(to->id);
    if (first > last)
        std::swap(first, last);
    const auto start = std::min(from->start, to->start);
    const auto end = std::max(from->end(), to->end());
    std::vector<Id> clips;
    for (auto lane = first; lane && lane <= last; ++lane)
        for (const auto& box : lane->clips)
            if (box.clip->start < end && start < box.clip->end())
                clips.push_back(box.clip->id);
    m_selection.select(clips, clip);
}

// The ruler.

const project::Marker* TimelineEditor::markerAt(double x) const {
    for (const auto& marker : project().markers)
        if (std::abs(m_scale.xOf((marker.time * project().format.rate).value()) - x) <= markerReach)
            return &marker;
    return nullptr;
}

Kind TimelineEditor::markAt(double x) const {
    const auto distance = [&](qint64 frame) {
        return frame < 0 ? 2 * markerReach : std::abs(m_scale.xOf(double(frame)) - x);
    };
    const double in = distance(m_in);
    const double out = distance(m_out);
    if (std::min(in, out) > markerReach)
        return Kind::none;
    return in < out ? Kind::inMark : Kind::outMark;
}

// Neither mark passes the other: at least one frame lies between them.
void TimelineEditor::dragMark(qint64 frame) {
    const auto frames = std::max<qint64>(1, m_layout.frames());
    if (m_drag.kind == Kind::inMark)
        Q_EMIT rangeRequested(std::clamp<qint64>(frame, 0, (m_out < 0 ? frames : m_out) - 1), m_out);
    else
        Q_EMIT rangeRequested(m_in, std::clamp<qint64>(frame, std::max<qint64>(m_in, 0) + 1, frames));
}

Qt::CursorShape TimelineEditor::rulerCursor(double x) const {
    if (isDragging())
        return m_drag.kind == Kind::scrub ? Qt::ArrowCursor : Qt::SizeHorCursor;
    return markerAt(x) || markAt(x) != Kind::none ? Qt::SizeHorCursor : Qt::ArrowCursor;
}

void TimelineEditor::pressRuler(QPointF at, Qt::KeyboardModifiers modifiers) {
    cancelDrag();
    m_drag.origin = m_drag.pointer = toContent(at);
    m_drag.originFrame = m_scale.frameOf(at.x());
    if (const auto* marker = markerAt(at.x())) {
        m_drag.kind = Kind::marker;
        m_drag.marker = *marker;
        m_drag.grabbedFrame = (marker->time * project().format.rate).value();
        m_drag.key = newKey("marker");
        m_selection.selectMarker(marker->id);
        m_drag.targets = snapTargets({});
    } else if (const auto mark = markAt(at.x()); mark != Kind::none) {
        m_drag.kind = mark;
        m_drag.in = m_in;
        m_drag.out = m_out;
        m_drag.grabbedFrame = double(mark == Kind::inMark ? m_in : m_out);
        m_drag.targets = snapTargets({});
    } else {
        m_drag.kind = Kind::scrub;
        m_drag.grabbedFrame = m_drag.originFrame;
        m_drag.targets = snapTargets({}, false);
        follow(modifiers);
    }
    Q_EMIT overlayChanged();
}

// Dragged here from the bin or from another program.

std::optional<GhostClip> TimelineEditor::ghostOfSource(Id source, QPointF at) const {
    const auto* media = project::findSource(project(), source);
    if (!media)
        return {};
    const auto point = toContent(at);
    const auto& lanes = m_layout.lanes();
    const auto kind = media->width > 0 ? project::TrackKind::video : project::TrackKind::audio;
    const Lane* lane = m_layout.laneAt(point.y());
    if (!lane || lane->track->kind != kind) {
        const auto fits = [kind](const Lane& one) { return one.track->kind == kind; };
        const auto nearest = kind == project::TrackKind::video
                                 ? std::find_if(lanes.rbegin(), lanes.rend(), fits).base()
                                 : std::find_if(lanes.begin(), lanes.end(), fits) + 1;
        if (nearest <= lanes.begin() || nearest > lanes.end())
            return {};
        lane = &*std::prev(nearest);
    }
    const auto frames = std::max<qint64>(1, (media->duration * project().format.rate).floor());
    const auto start = std::max<qint64>(0, std::llround(m_scale.frameOf(point.x())));
    return GhostClip{nullptr, lane->track->id, start, start + frames};
}

bool TimelineEditor::dragSource(qulonglong source, QPointF at) {
    m_sourceGhost = ghostOfSource(source, at);
    m_sourceSnapped = -1;
    if (m_sourceGhost && m_snapping) {
        const auto targets = snapTargets({});
        const double reach = dragSpace().snapReach;
        auto& ghost = *m_sourceGhost;
        const auto atStart = targets.nearest(ghost.start, reach);
        const auto atEnd = atStart ? std::nullopt : targets.nearest(ghost.end, reach);
        const auto by = atStart ? *atStart - ghost.start : atEnd ? *atEnd - ghost.end : 0;
        if (ghost.start + by >= 0) {
            ghost.start += by;
            ghost.end += by;
            m_sourceSnapped = atStart ? *atStart : atEnd.value_or(-1);
        }
    }
    Q_EMIT overlayChanged();
    return m_sourceGhost.has_value();
}

void TimelineEditor::leaveSource() {
    m_sourceGhost.reset();
    m_sourceSnapped = -1;
    Q_EMIT overlayChanged();
}

void TimelineEditor::dropSource(qulonglong source, QPointF at, bool insert) {
    if (!dragSource(source, at))
        return;
    const auto ghost = *m_sourceGhost;
    leaveSource();
    commands::AddClip add;
    add.source = source;
    add.track = ghost.track;
    add.start = project::timeOfFrame(project().format, ghost.start);
    add.insert = insert;
    if (const auto added = m_document.perform(add))
        m_selection.select(added->added);
}

void TimelineEditor::dropFiles(const QList<QUrl>& files, QPointF at) {
    const auto point = toContent(at);
    const Lane* lane = m_layout.laneAt(point.y());
    const auto frame = std::max<qint64>(0, std::llround(m_scale.frameOf(point.x())));
    leaveSource();
    Q_EMIT filesDropped(files, lane ? lane->track->id : 0, frame);
}

void TimelineEditor::addSource(qulonglong source) {
    commands::AddClip add;
    add.source = source;
    add.start = project::timeOfFrame(project().format, m_playhead);
    if (const auto added = m_document.perform(add))
        m_selection.select(added->added);
}

}  // namespace lipar::session
