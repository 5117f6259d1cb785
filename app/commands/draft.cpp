#include "app/commands/draft.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/commands/clip_shape.h"

namespace lipar::commands {

using project::Clip;
using project::Project;
using project::Source;
using project::Track;

namespace {

Track withoutClips(const Track& track) {
    Track copy;
    copy.id = track.id;
    copy.kind = track.kind;
    copy.name = track.name;
    copy.muted = track.muted;
    copy.solo = track.solo;
    copy.locked = track.locked;
    return copy;
}

std::vector<Id> orderOf(const Project& project) {
    std::vector<Id> order;
    for (const Track& track : project.tracks)
        order.push_back(track.id);
    return order;
}

template <class Thing>
std::vector<Change<Thing>> changesOf(const std::map<Id, std::optional<Thing>>& before, const auto& find) {
    std::vector<Change<Thing>> changes;
    for (const auto& [id, thing] : before) {
        Change<Thing> change{thing, find(id)};
        if (change.before != change.after)
            changes.push_back(std::move(change));
    }
    return changes;
}

}  // namespace

Draft::Draft(Project& project) : m_project(project), m_firstId(project.nextId) {}

Id Draft::newId() {
    return m_project.nextId++;
}

Track& Draft::track(Id id) {
    return *std::ranges::find(m_project.tracks, id, &Track::id);
}

void Draft::remember(Id track, const Clip& clip) {
    m_changedTracks.insert(track);
    if (clip.link != 0)
        m_changedLinks.insert(clip.link);
    const auto [record, isNew] = m_clips.try_emplace(clip.id);
    if (!isNew)
        return;
    record->second = PlacedClip{track, clip};
    if (const auto shift = m_shifts.find(clip.id); shift != m_shifts.end()) {
        record->second->clip.start -= shift->second;
        m_shifts.erase(shift);
    }
}

void Draft::rememberAbsent(Id clip) {
    m_clips.try_emplace(clip);
}

void Draft::rememberTrackOrder() {
    if (!m_trackOrder)
        m_trackOrder = orderOf(m_project);
}

void Draft::modify(const IdSet& clips, const std::function<void(Clip&)>& edit) {
    std::size_t left = clips.size();
    for (Track& track : m_project.tracks) {
        for (Clip& clip : track.clips) {
            if (left == 0)
                return;
            if (!clips.contains(clip.id))
                continue;
            remember(track.id, clip);
            edit(clip);
            --left;
        }
    }
}

void Draft::modify(Id clip, const std::function<void(Clip&)>& edit) {
    modify(IdSet{clip}, edit);
}

void Draft::place(Id id, std::vector<Clip> clips) {
    Track& target = track(id);
    m_changedTracks.insert(id);
    for (const Clip& clip : clips) {
        rememberAbsent(clip.id);
        if (clip.link != 0)
            m_changedLinks.insert(clip.link);
    }
    placeSorted(target.clips, std::move(clips));
}

std::vector<PlacedClip> Draft::take(const IdSet& clips) {
    std::vector<PlacedClip> taken;
    for (Track& track : m_project.tracks) {
        std::vector<Clip>& list = track.clips;
        if (std::ranges::none_of(list, [&clips](const Clip& clip) { return clips.contains(clip.id); }))
            continue;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const bool goes = clips.contains(list[i].id);
            const bool fadesApart = i > 0 && goes != clips.contains(list[i - 1].id) && list[i].crossFade != Rational{};
            if (goes || fadesApart)
                remember(track.id, list[i]);
            if (fadesApart)
                list[i].crossFade = {};
            if (goes)
                taken.push_back({track.id, list[i]});
        }
        std::erase_if(list, [&clips](const Clip& clip) { return clips.contains(clip.id); });
    }
    return taken;
}

void Draft::clear(Id id, const std::vector<TimeRange>& ranges) {
    Track& target = track(id);
    const auto touches = [&ranges](const Clip& clip) {
        const auto after = std::ranges::upper_bound(ranges, clip.start, {}, &TimeRange::end);
        return after != ranges.end() && after->start < clip.end();
    };
    if (ranges.empty() || std::ranges::none_of(target.clips, touches))
        return;
    std::vector<Clip> kept;
    kept.reserve(target.clips.size() + ranges.size());
    bool wasCut = false;  // the clip before has lost its end
    for (Clip& clip : target.clips) {
        if (!touches(clip)) {
            if (wasCut && clip.crossFade != Rational{}) {
                remember(id, clip);
                clip.crossFade = {};
            }
            kept.push_back(std::move(clip));
            wasCut = false;
            continue;
        }
        remember(id, clip);
        Clip rest = std::move(clip);
        if (wasCut)
            rest.crossFade = {};
        bool isFirst = true;
        wasCut = false;
        const auto keep = [&](Clip piece) {
            if (!std::exchange(isFirst, false)) {
                piece.id = newId();
                rememberAbsent(piece.id);
            }
            kept.push_back(std::move(piece));
        };
        for (const TimeRange& range : ranges) {
            if (range.end <= rest.start || wasCut)
                continue;
            if (range.start >= rest.end())
                break;
            wasCut = range.end >= rest.end();
            if (range.start > rest.start) {
                Clip piece = rest;
                moveEnd(piece, range.start);
                keep(std::move(piece));
            }
            if (!wasCut) {
                moveStart(rest, range.end);
                rest.crossFade = {};
            }
        }
        if (!wasCut)
            keep(std::move(rest));
    }
    target.clips = std::move(kept);
}

void Draft::shift(Id id, const Rational& from, const Rational& by) {
    Track& target = track(id);
    const auto first = std::ranges::lower_bound(target.clips, from, {}, &Clip::start);
    if (first == target.clips.end() || by == Rational{})
        return;
    m_changedTracks.insert(id);
    m_shifts.reserve(m_shifts.size() + std::size_t(target.clips.end() - first));
    for (auto clip = first; clip != target.clips.end(); ++clip) {
        if (!m_clips.contains(clip->id)) {
            const auto [shift, isNew] = m_shifts.try_emplace(clip->id, by);
            if (!isNew)
                shift->second += by;
        }
        clip->start = moved(clip->start, by);
    }
}

void Draft::addSource(Source source) {
    m_sources.try_emplace(source.id);
    m_project.sources.push_back(std::move(source));
}

void Draft::changeSource(Id id, const std::function<void(Source&)>& edit) {
    const auto found = std::ranges::find(m_project.sources, id, &Source::id);
    m_sources.try_emplace(id, *found);
    edit(*found);
}

void Draft::removeSource(Id id) {
    const auto found = std::ranges::find(m_project.sources, id, &Source::id);
    m_sources.try_emplace(id, *found);
    m_project.sources.erase(found);
}

void Draft::insertTrack(std::size_t index, Track track) {
    rememberTrackOrder();
    m_tracks.try_emplace(track.id);
    m_project.tracks.insert(m_project.tracks.begin() + std::ptrdiff_t(index), std::move(track));
}

void Draft::changeTrack(Id id, const std::function<void(Track&)>& edit) {
    Track& changed = track(id);
    m_tracks.try_emplace(id, withoutClips(changed));
    edit(changed);
}

void Draft::removeTrack(Id id) {
    rememberTrackOrder();
    const auto found = std::ranges::find(m_project.tracks, id, &Track::id);
    m_tracks.try_emplace(id, withoutClips(*found));
    m_changedTracks.erase(id);
    m_project.tracks.erase(found);
}

void Draft::addMarker(project::Marker marker) {
    m_markers.try_emplace(marker.id);
    const auto before = [](const project::Marker& a, const project::Marker& b) {
        return std::pair(a.time, a.id) < std::pair(b.time, b.id);
    };
    std::vector<project::Marker>& markers = m_project.markers;
    markers.insert(std::upper_bound(markers.begin(), markers.end(), marker, before), marker);
}

void Draft::removeMarker(Id id) {
    const auto found = std::ranges::find(m_project.markers, id, &project::Marker::id);
    m_markers.try_emplace(id, *found);
    m_project.markers.erase(found);
}

void Draft::setHeading(const Heading& heading) {
    if (!m_heading)
        m_heading = headingOf(m_project);
    commands::setHeading(m_project, heading);
}

Patch Draft::clipPatch() const {
    std::map<Id, Change<PlacedClip>> changes;
    std::map<Rational, std::vector<Id>> shifts;
    for (const auto& [id, before] : m_clips)
        changes[id].before = before;
    for (const auto& [id, by] : m_shifts) {
        if (by != Rational{})
            shifts[by].push_back(id);
    }
    std::size_t left = changes.size();
    for (const Track& track : m_project.tracks) {
        for (std::size_t i = 0; i < track.clips.size() && left > 0; ++i) {
            if (const auto change = changes.find(track.clips[i].id); change != changes.end()) {
                change->second.after = PlacedClip{track.id, track.clips[i]};
                --left;
            }
        }
    }
    Patch patch;
    for (auto& [id, change] : changes) {
        if (change.before != change.after)
            patch.clips.push_back(std::move(change));
    }
    for (auto& [by, clips] : shifts) {
        std::ranges::sort(clips);
        patch.shifts.push_back({by, std::move(clips)});
    }
    return patch;
}

Patch Draft::patch() const {
    Patch patch = clipPatch();
    const auto copied = [](const auto* thing) { return thing == nullptr ? std::nullopt : std::optional(*thing); };
    patch.sources =
        changesOf<Source>(m_sources, [&](Id id) { return copied(project::findSource(m_project, id)); });
    patch.tracks = changesOf<Track>(m_tracks, [&](Id id) {
        const Track* const track = project::findTrack(m_project, id);
        return track == nullptr ? std::nullopt : std::optional(withoutClips(*track));
    });
    patch.markers = changesOf<project::Marker>(m_markers, [&](Id id) {
        const auto found = std::ranges::find(m_project.markers, id, &project::Marker::id);
        return copied(found == m_project.markers.end() ? nullptr : &*found);
    });
    if (m_trackOrder && *m_trackOrder != orderOf(m_project))
        patch.trackOrder = {m_trackOrder, orderOf(m_project)};
    if (m_heading && *m_heading != headingOf(m_project))
        patch.heading = {m_heading, headingOf(m_project)};
    patch.nextIdBefore = m_firstId;
    patch.nextIdAfter = m_project.nextId;
    return patch;
}

}  // namespace lipar::commands
