#include "app/session/selection.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "app/session/project_document.h"

namespace lipar::session {

namespace {

using project::Id;

std::unordered_set<Id> clipsOf(const project::Project& project) {
    std::unordered_set<Id> ids;
    for (const auto& track : project.tracks)
        for (const auto& clip : track.clips)
            ids.insert(clip.id);
    return ids;
}

bool isFree(const project::Project& project, const Gap& gap) {
    const auto* track = project::findTrack(project, gap.track);
    return track && std::ranges::none_of(track->clips, [&](const project::Clip& clip) {
               return clip.start < gap.end && gap.start < clip.end();
           });
}

}  // namespace

Selection::Selection(ProjectDocument& document, QObject* parent) : QObject(parent), m_document(document) {
    connect(&document, &ProjectDocument::changed, this, &Selection::prune);
    connect(&document, &ProjectDocument::replaced, this, &Selection::clear);
}

bool Selection::contains(Id clip) const {
    return std::ranges::find(m_clips, clip) != m_clips.end();
}

void Selection::select(const std::vector<Id>& clips, Id current) {
    const auto known = clipsOf(m_document.project());
    std::vector<Id> kept;
    std::unordered_set<Id> seen;
    for (const Id id : clips)
        if (known.contains(id) && seen.insert(id).second)
            kept.push_back(id);
    const bool isKept = std::ranges::find(kept, current) != kept.end();
    set(kept, isKept ? current : kept.empty() ? 0 : kept.back(), 0, {});
}

void Selection::toggle(Id clip) {
    auto clips = m_clips;
    if (std::erase(clips, clip) == 0)
        clips.push_back(clip);
    select(clips, contains(clip) ? 0 : clip);
}

void Selection::selectMarker(Id marker) {
    set({}, 0, marker, {});
}

void Selection::selectGap(const Gap& gap) {
    set({}, 0, 0, gap);
}

void Selection::clear() {
    set({}, 0, 0, {});
}

void Selection::set(std::vector<Id> clips, Id current, Id marker, std::optional<Gap> gap) {
    if (clips == m_clips && current == m_current && marker == m_marker && gap == m_gap)
        return;
    m_clips = std::move(clips);
    m_current = current;
    m_marker = marker;
    m_gap = std::move(gap);
    Q_EMIT changed();
}

void Selection::prune() {
    if (isEmpty())
        return;
    const auto& project = m_document.project();
    if (m_marker != 0) {
        const bool isThere = std::ranges::any_of(
            project.markers, [this](const project::Marker& marker) { return marker.id == m_marker; });
        if (!isThere)
            clear();
    } else if (m_gap) {
        if (!isFree(project, *m_gap))
            clear();
    } else {
        select(m_clips, m_current);
    }
}

}  // namespace lipar::session
