// A project while a command changes it. Every change goes through here and is remembered, so that it can be taken back.
//
// The rules that commands need not think of are restored by settle(): cross-fades whose conditions no longer hold, ranges of
// edits that no longer cover what is shown, links of a single clip.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/commands/patch.h"

namespace lipar::commands {

using IdSet = std::unordered_set<Id>;

// [start, end) on the timeline.
struct TimeRange {
    Rational start;
    Rational end;
};

class Draft {
public:
    explicit Draft(project::Project& project);
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    [[nodiscard]] const project::Project& project() const noexcept { return m_project; }
    [[nodiscard]] Id newId();

    // Clips. `edit` keeps a clip's id, its track and its place among its neighbours.
    void modify(const IdSet& clips, const std::function<void(project::Clip&)>& edit);
    void modify(Id clip, const std::function<void(project::Clip&)>& edit);
    void place(Id track, std::vector<project::Clip> clips);  // where nothing lies
    // Removes clips and returns them in track and time order. Cross-fades between a clip that goes and one that stays end.
    std::vector<PlacedClip> take(const IdSet& clips);
    // Cuts these ranges, ascending and apart, out of a track's clips.
    void clear(Id track, const std::vector<TimeRange>& ranges);
    // Moves the clips of a track that start at or after `from`.
    void shift(Id track, const Rational& from, const Rational& by);

    void addSource(project::Source source);
    void changeSource(Id source, const std::function<void(project::Source&)>& edit);
    void removeSource(Id source);
    void insertTrack(std::size_t index, project::Track track);
    void changeTrack(Id track, const std::function<void(project::Track&)>& edit);  // all but its clips
    void removeTrack(Id track);                                                    // without clips
    void addMarker(project::Marker marker);
    void removeMarker(Id marker);
    void setHeading(const Heading& heading);

    // Error: invalidArgument, where times have become too fine or too large.
    [[nodiscard]] Result<> settle();
    // The part of it that concerns the ranges of edits.
    void settleRanges();
    // What has been changed since the draft was made.
    [[nodiscard]] Patch patch() const;
    [[nodiscard]] const std::vector<Id>& added() const noexcept { return m_added; }
    void noteAdded(Id id) { m_added.push_back(id); }

private:
    [[nodiscard]] project::Track& track(Id id);
    void remember(Id track, const project::Clip& clip);
    void rememberAbsent(Id clip);
    void rememberTrackOrder();
    [[nodiscard]] bool isChanged(const project::Clip& clip) const;
    void settleCrossFades(project::Track& track);
    void settleRanges(project::Track& track);
    void settleLinks();
    [[nodiscard]] Result<> check(const project::Track& track) const;
    [[nodiscard]] Patch clipPatch() const;

    project::Project& m_project;
    const Id m_firstId;
    std::unordered_map<Id, std::optional<PlacedClip>> m_clips;  // as they were
    std::unordered_map<Id, Rational> m_shifts;                  // those that only moved
    std::map<Id, std::optional<project::Source>> m_sources;
    std::map<Id, std::optional<project::Track>> m_tracks;
    std::map<Id, std::optional<project::Marker>> m_markers;
    std::optional<std::vector<Id>> m_trackOrder;
    std::optional<Heading> m_heading;
    std::set<Id> m_changedTracks;
    std::set<Id> m_changedLinks;
    std::vector<Id> m_added;
};

}  // namespace lipar::commands
