// What keys, menus and track headers do in the timeline.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/session/timeline_editor.h"

namespace lipar::session {

namespace {

using project::Id;

}  // namespace

bool TimelineEditor::pressKey(int key, int modifiers) {
    const bool shift = modifiers & Qt::ShiftModifier;
    if (modifiers & Qt::ControlModifier)
        return false;
    if (modifiers & Qt::AltModifier) {
        if (key != Qt::Key_Left && key != Qt::Key_Right)
            return false;
        trimBy(shift, key == Qt::Key_Left ? -1 : 1);
        return true;
    }
    switch (key) {
        case Qt::Key_Comma: nudge(-1); return true;
        case Qt::Key_Period: nudge(1); return true;
        case Qt::Key_Less: nudge(-10); return true;
        case Qt::Key_Greater: nudge(10); return true;
        case Qt::Key_B: setTool(m_tool == BladeTool ? SelectTool : BladeTool); return true;
        case Qt::Key_V: setTool(SelectTool); return true;
        case Qt::Key_Escape:
            if (isDragging())
                cancelDrag();
            else if (m_tool == BladeTool)
                setTool(SelectTool);
            else if (!m_selection.isEmpty())
                m_selection.clear();
            else
                return false;
            return true;
        default: return false;
    }
}

bool TimelineEditor::pressLaneKey(int key, int modifiers) {
    if (modifiers & (Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier))
        return false;
    switch (key) {
        case Qt::Key_Left: selectNext(-1); return true;
        case Qt::Key_Right: selectNext(1); return true;
        case Qt::Key_Up: selectAcross(-1); return true;
        case Qt::Key_Down: selectAcross(1); return true;
        default: return false;
    }
}

void TimelineEditor::split() {
    commands::SplitClips command;
    command.at = project::timeOfFrame(project().format, m_playhead);
    // Of the selected clips where one lies under the playhead, else of all.
    for (const Id id : m_selection.clips()) {
        const auto* clip = project::findClip(project(), id);
        if (clip && clip->start < command.at && command.at < clip->end())
            command.clips.push_back(id);
    }
    m_document.perform(command);
}

void TimelineEditor::deleteSelected() {
    removeSelected(false);
}

void TimelineEditor::rippleDeleteSelected() {
    removeSelected(true);
}

void TimelineEditor::removeSelected(bool ripple) {
    cancelDrag();
    if (m_selection.marker() != 0)
        m_document.perform(commands::RemoveMarker{m_selection.marker()});
    else if (m_selection.gap())
        closeGap(*m_selection.gap());
    else if (m_selection.count() > 0)
        m_document.perform(commands::DeleteClips{m_selection.clips(), ripple});
}

void TimelineEditor::closeGap(const Gap& gap) {
    const auto* track = project::findTrack(project(), gap.track);
    if (!track)
        return;
    commands::MoveClips move;
    for (const auto& clip : track->clips)
        if (clip.start >= gap.end)
            move.clips.push_back(clip.id);
    move.by = gap.start - gap.end;
    m_document.perform(move);
}

void TimelineEditor::selectAll() {
    std::vector<Id> clips;
    for (const auto& track : project().tracks)
        if (!track.locked)
            for (const auto& clip : track.clips)
                clips.push_back(clip.id);
    m_selection.select(clips);
}

void TimelineEditor::copy() {
    if (m_selection.count() == 0)
        return;
    m_clipboard.copy(project(), m_selection.clips());
    Q_EMIT clipboardChanged();
}

void TimelineEditor::cut() {
    copy();
    if (m_selection.count() > 0)
        removeSelected(false);
}

void TimelineEditor::paste() {
    if (m_clipboard.isEmpty())
        return;
    const auto at = project::timeOfFrame(project().format, m_playhead);
    if (const auto pasted = m_clipboard.paste(m_document, at, newKey("paste")))
        m_selection.select(*pasted);
}

void TimelineEditor::duplicate() {
    // Behind the last of the selected clips.
    Rational end;
    for (const Id id : m_selection.clips())
        if (const auto* clip = project::findClip(project(), id))
            end = std::max(end, clip->end());
    if (m_selection.count() == 0)
        return;
    TimelineClipboard copied;
    copied.copy(project(), m_selection.clips());
    if (const auto pasted = copied.paste(m_document, end, newKey("duplicate")))
        m_selection.select(*pasted);
}

void TimelineEditor::nudge(int frames) {
    if (m_selection.count() > 0)
        m_document.perform(commands::MoveClips{m_selection.clips(), project::timeOfFrame(project().format, frames)});
}

void TimelineEditor::trimBy(bool atStart, int frames) {
    const auto* clip = currentClip();
    if (!clip)
        return;
    const auto edge = atStart ? commands::Edge::start : commands::Edge::end;
    const auto to = (atStart ? clip->start : clip->end()) + project::timeOfFrame(project().format, frames);
    m_document.perform(commands::TrimClip{clip->id, edge, to});
}

void TimelineEditor::trimToPlayhead(bool atStart) {
    const auto* clip = currentClip();
    const auto to = project::timeOfFrame(project().format, m_playhead);
    if (clip && to > clip->start && to < clip->end())
        m_document.perform(
            commands::TrimClip{clip->id, atStart ? commands::Edge::start : commands::Edge::end, to});
}

void TimelineEditor::crossFade() {
    const auto* clip = currentClip();
    if (!clip)
        return;
    const auto half = project::toGrid(project().format, Rational{1, 2});
    m_document.perform(commands::SetCrossFade{clip->id, clip->crossFade > Rational{} ? Rational{} : half});
}

void TimelineEditor::addMarker() {
    commands::AddMarker add;
    add.time = project::timeOfFrame(project().format, m_playhead);
    const auto added = m_document.perform(add);
    if (added && !added->added.empty())
        m_selection.selectMarker(added->added.front());
}

void TimelineEditor::renameMarker(qulonglong marker, const QString& name) {
    for (auto changed : project().markers)
        if (changed.id == marker && changed.name != name.toStdString()) {
            changed.name = name.toStdString();
            m_document.perform(commands::ChangeMarker{changed});
            return;
        }
}

QString TimelineEditor::markerName(qulonglong id) const {
    for (const auto& marker : project().markers)
        if (marker.id == id)
            return QString::fromStdString(marker.name);
    return {};
}

void TimelineEditor::selectNext(int clips) {
    const auto* current = currentClip();
    const Lane* lane = current ? m_layout.laneOfClip(current->id) : nullptr;
    int index = -1;
    if (lane) {
        index = std::clamp(lane->indexOf(current->id) + clips, 0, int(lane->clips.size()) - 1);
    } else {
        // None yet: the one at or after the playhead, on the topmost track that has clips.
        const auto& lanes = m_layout.lanes();
        const auto found = std::ranges::find_if(lanes, [](const Lane& one) { return !one.clips.empty(); });
        if (found == lanes.end())
            return;
        lane = &*found;
        const auto after = std::ranges::find_if(lane->clips, [this](const ClipBox& box) { return box.end > m_playhead; });
        index = after == lane->clips.end() ? int(lane->clips.size()) - 1 : int(after - lane->clips.begin());
    }
    const auto box = lane->clips[std::size_t(index)];
    m_selection.select({box.clip->id});
    showFrame(box.start);
}

void TimelineEditor::selectAcross(int lanes) {
    const auto* current = currentClip();
    const Lane* lane = current ? m_layout.laneOfClip(current->id) : nullptr;
    if (!lane) {
        selectNext(0);
        return;
    }
    const auto middle = (current->start + current->end()) * Rational{1, 2};
    const auto& all = m_layout.lanes();
    for (auto index = lane - all.data() + lanes; index >= 0 && index < std::ptrdiff_t(all.size()); index += lanes) {
        const project::Clip* nearest = nullptr;
        double distance = std::numeric_limits<double>::max();
        for (const auto& box : all[std::size_t(index)].clips) {
            const double away = std::abs((box.clip->start + box.clip->duration * Rational{1, 2} - middle).value());
            if (away < distance) {
                distance = away;
                nearest = box.clip;
            }
        }
        if (nearest) {
            m_selection.select({nearest->id});
            showFrame((nearest->start * project().format.rate).rounded());
            return;
        }
    }
}

// Tracks.

void TimelineEditor::addTrack(bool isVideo) {
    m_document.perform(commands::AddTrack{isVideo ? project::TrackKind::video : project::TrackKind::audio, {}});
}

void TimelineEditor::removeTrack(qulonglong track) {
    m_document.perform(commands::RemoveTrack{track});
}

template <class Change>
void TimelineEditor::changeTrack(Id track, const Change& change) {
    commands::SetTrack command;
    command.track = track;
    change(command);
    m_document.perform(command);
}

void TimelineEditor::renameTrack(qulonglong track, const QString& name) {
    const auto* found = project::findTrack(project(), track);
    const auto trimmed = name.trimmed().toStdString();
    if (found && !trimmed.empty() && found->name != trimmed)
        changeTrack(track, [&](commands::SetTrack& change) { change.name = trimmed; });
}

void TimelineEditor::setTrackMuted(qulonglong track, bool muted) {
    changeTrack(track, [muted](commands::SetTrack& change) { change.muted = muted; });
}

void TimelineEditor::setTrackSolo(qulonglong track, bool solo) {
    changeTrack(track, [solo](commands::SetTrack& change) { change.solo = solo; });
}

void TimelineEditor::setTrackLocked(qulonglong track, bool locked) {
    changeTrack(track, [locked](commands::SetTrack& change) { change.locked = locked; });
}

}  // namespace lipar::session
