#include "app/commands/patch.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace lipar::commands {

using project::Clip;
using project::Marker;
using project::Project;
using project::Source;
using project::Track;

namespace {

Id idOf(const PlacedClip& placed) {
    return placed.clip.id;
}
template <class Thing>
Id idOf(const Thing& thing) {
    return thing.id;
}
template <class Thing>
Id idOf(const Change<Thing>& change) {
    return idOf(change.before ? *change.before : *change.after);
}

Track* trackWith(Project& project, Id id) {
    const auto found = std::ranges::find(project.tracks, id, &Track::id);
    return found == project.tracks.end() ? nullptr : &*found;
}

// A clip that stays where it is is changed in place.
bool staysInPlace(const Change<PlacedClip>& change) {
    return change.before && change.after && change.before->track == change.after->track &&
           change.before->clip.start == change.after->clip.start;
}

void takeClips(const Patch& patch, Project& project) {
    std::map<Id, std::vector<std::size_t>> leaving;  // places by track
    for (const auto& change : patch.clips) {
        Track* const track = change.before ? trackWith(project, change.before->track) : nullptr;
        if (track == nullptr)
            continue;
        const auto found = std::ranges::lower_bound(track->clips, change.before->clip.start, {}, &Clip::start);
        if (staysInPlace(change))
            *found = change.after->clip;
        else
            leaving[track->id].push_back(std::size_t(found - track->clips.begin()));
    }
    for (auto& [id, places] : leaving) {
        std::vector<Clip>& clips = trackWith(project, id)->clips;
        std::ranges::sort(places);
        std::size_t next = 0;
        std::size_t kept = places.front();
        for (std::size_t i = kept; i < clips.size(); ++i) {
            if (next < places.size() && places[next] == i)
                ++next;
            else
                clips[kept++] = std::move(clips[i]);
        }
        clips.resize(kept);
    }
}

void shiftClips(const Patch& patch, Project& project) {
    std::unordered_map<Id, Rational> shifts;
    for (const Shift& shift : patch.shifts) {
        for (const Id clip : shift.clips)
            shifts.emplace(clip, shift.by);
    }
    if (shifts.empty())
        return;
    for (Track& track : project.tracks) {
        for (Clip& clip : track.clips) {
            if (const auto shift = shifts.find(clip.id); shift != shifts.end())
                clip.start = moved(clip.start, shift->second);
        }
    }
}

void placeClips(const Patch& patch, Project& project) {
    std::map<Id, std::vector<Clip>> arriving;
    for (const auto& change : patch.clips) {
        if (change.after && !staysInPlace(change))
            arriving[change.after->track].push_back(change.after->clip);
    }
    for (auto& [id, clips] : arriving) {
        if (Track* const track = trackWith(project, id))
            placeSorted(track->clips, std::move(clips));
    }
}

// Things that lie in a list of their own, in the order that `before` tells.
template <class Thing, class Order>
void changeThings(const std::vector<Change<Thing>>& changes, std::vector<Thing>& things, Order before) {
    for (const Change<Thing>& change : changes) {
        if (change.before)
            std::erase_if(things, [&change](const Thing& thing) { return thing.id == change.before->id; });
        if (change.after)
            things.insert(std::upper_bound(things.begin(), things.end(), *change.after, before), *change.after);
    }
}

void changeTracks(const Patch& patch, Project& project) {
    for (const auto& change : patch.tracks) {
        const auto found = std::ranges::find(project.tracks, idOf(change), &Track::id);
        if (!change.after) {
            project.tracks.erase(found);
        } else if (found == project.tracks.end()) {
            project.tracks.push_back(*change.after);
        } else {
            std::vector<Clip> clips = std::move(found->clips);
            *found = *change.after;
            found->clips = std::move(clips);
        }
    }
    if (!patch.trackOrder.after)
        return;
    const std::vector<Id>& order = *patch.trackOrder.after;
    std::ranges::sort(project.tracks, {}, [&order](const Track& track) { return std::ranges::find(order, track.id); });
}

// Both changes of one thing as one; nothing if they cancel out.
template <class Thing>
std::vector<Change<Thing>> composedChanges(std::vector<Change<Thing>> first, std::vector<Change<Thing>> second) {
    std::map<Id, Change<Thing>> all;
    for (Change<Thing>& change : first)
        all.emplace(idOf(change), std::move(change));
    for (Change<Thing>& change : second) {
        const auto [found, isNew] = all.try_emplace(idOf(change));
        if (isNew)
            found->second = std::move(change);
        else
            found->second.after = std::move(change.after);
    }
    std::vector<Change<Thing>> result;
    for (auto& [id, change] : all) {
        if (change.before != change.after)
            result.push_back(std::move(change));
    }
    return result;
}

template <class Thing>
Change<Thing> composedChange(Change<Thing> first, Change<Thing> second) {
    if (!first.before)
        return second;
    if (second.after)
        first.after = std::move(second.after);
    return first.before == first.after ? Change<Thing>{} : first;
}

std::map<Id, Rational> shiftsOf(const Patch& patch) {
    std::map<Id, Rational> shifts;
    for (const Shift& shift : patch.shifts) {
        for (const Id clip : shift.clips)
            shifts[clip] = shift.by;
    }
    return shifts;
}

std::vector<Shift> grouped(const std::map<Id, Rational>& shifts) {
    std::map<Rational, std::vector<Id>> groups;
    for (const auto& [clip, by] : shifts) {
        if (by != Rational{})
            groups[by].push_back(clip);
    }
    std::vector<Shift> result;
    for (auto& [by, clips] : groups)
        result.push_back({by, std::move(clips)});
    return result;
}

// A clip that one patch shifts and the other changes is a changed one; one that both shift is shifted by the sum.
void composeShifts(Patch& first, Patch& second, Patch& result) {
    std::map<Id, Rational> before = shiftsOf(first);
    std::map<Id, Rational> after = shiftsOf(second);
    for (auto& change : first.clips) {
        if (const auto shift = after.find(idOf(change)); shift != after.end()) {
            if (change.after)
                change.after->clip.start += shift->second;
            after.erase(shift);
        }
    }
    for (auto& change : second.clips) {
        if (const auto shift = before.find(idOf(change)); shift != before.end()) {
            if (change.before)
                change.before->clip.start -= shift->second;
            before.erase(shift);
        }
    }
    for (const auto& [clip, by] : after)
        before[clip] += by;
    result.shifts = grouped(before);
}

template <class Thing>
void swapAll(std::vector<Change<Thing>>& changes) {
    for (Change<Thing>& change : changes)
        std::swap(change.before, change.after);
}

}  // namespace

void placeSorted(std::vector<Clip>& clips, std::vector<Clip> arriving) {
    std::ranges::sort(arriving, {}, &Clip::start);
    const auto middle = std::ptrdiff_t(clips.size());
    const bool isLast = clips.empty() || arriving.empty() || clips.back().start <= arriving.front().start;
    if (arriving.size() == 1 && !isLast) {
        clips.insert(std::ranges::upper_bound(clips, arriving.front().start, {}, &Clip::start), std::move(arriving.front()));
        return;
    }
    clips.insert(clips.end(), std::move_iterator(arriving.begin()), std::move_iterator(arriving.end()));
    if (!isLast)
        std::ranges::inplace_merge(clips, clips.begin() + middle, {}, &Clip::start);
}

Rational moved(const Rational& time, const Rational& by) {
    constexpr std::int64_t everyday = std::int64_t(1) << 31;
    const auto isEveryday = [](const Rational& value) {
        return value.num < everyday && value.num > -everyday && value.den < everyday;
    };
    if (!isEveryday(time) || !isEveryday(by))
        return time + by;
    const bool isAlike = time.den == by.den;
    const std::int64_t num = isAlike ? time.num + by.num : time.num * by.den + by.num * time.den;
    const std::int64_t den = isAlike ? time.den : time.den * by.den;
    const std::int64_t divisor = std::gcd(num, den);
    return {num / divisor, den / divisor};
}

bool Patch::isEmpty() const {
    return clips.empty() && shifts.empty() && sources.empty() && tracks.empty() && !trackOrder.before &&
           markers.empty() && !heading.before && nextIdBefore == nextIdAfter;
}

void apply(const Patch& patch, Project& project) {
    takeClips(patch, project);
    changeTracks(patch, project);
    shiftClips(patch, project);
    placeClips(patch, project);
    changeThings(patch.sources, project.sources, [](const Source& a, const Source& b) { return a.id < b.id; });
    changeThings(patch.markers, project.markers, [](const Marker& a, const Marker& b) {
        return std::pair(a.time, a.id) < std::pair(b.time, b.id);
    });
    if (patch.heading.after)
        setHeading(project, *patch.heading.after);
    project.nextId = patch.nextIdAfter;
}

void reverse(Patch& patch) {
    swapAll(patch.clips);
    swapAll(patch.sources);
    swapAll(patch.tracks);
    swapAll(patch.markers);
    std::swap(patch.trackOrder.before, patch.trackOrder.after);
    std::swap(patch.heading.before, patch.heading.after);
    std::swap(patch.nextIdBefore, patch.nextIdAfter);
    for (Shift& shift : patch.shifts)
        shift.by = -shift.by;
}

Patch composed(Patch first, Patch second) {
    Patch result;
    composeShifts(first, second, result);
    result.clips = composedChanges(std::move(first.clips), std::move(second.clips));
    result.sources = composedChanges(std::move(first.sources), std::move(second.sources));
    result.tracks = composedChanges(std::move(first.tracks), std::move(second.tracks));
    result.markers = composedChanges(std::move(first.markers), std::move(second.markers));
    result.trackOrder = composedChange(std::move(first.trackOrder), std::move(second.trackOrder));
    result.heading = composedChange(std::move(first.heading), std::move(second.heading));
    result.nextIdBefore = first.nextIdBefore;
    result.nextIdAfter = second.nextIdAfter;
    return result;
}

Touched touchedBy(const Patch& patch) {
    Touched touched;
    const auto noteAdded = [&touched](const auto& change) {
        if (!change.before)
            touched.added.push_back(idOf(change));
    };
    std::unordered_set<Id> tracks;
    for (const auto& change : patch.sources) {
        touched.sources.push_back(idOf(change));
        noteAdded(change);
    }
    for (const auto& change : patch.tracks) {
        tracks.insert(idOf(change));
        noteAdded(change);
    }
    for (const Id track : patch.trackOrder.after.value_or(std::vector<Id>{}))
        tracks.insert(track);
    for (const auto& change : patch.clips) {
        touched.clips.push_back(idOf(change));
        noteAdded(change);
        const Id before = change.before ? change.before->track : 0;
        const Id after = change.after ? change.after->track : 0;
        if (before != after) {
            tracks.insert(before);
            tracks.insert(after);
        }
    }
    for (const Shift& shift : patch.shifts)
        touched.clips.insert(touched.clips.end(), shift.clips.begin(), shift.clips.end());
    for (const auto& change : patch.markers)
        noteAdded(change);
    tracks.erase(0);
    touched.tracks.assign(tracks.begin(), tracks.end());
    std::ranges::sort(touched.tracks);
    std::ranges::sort(touched.added);
    touched.markers = !patch.markers.empty();
    touched.format = patch.heading.after.has_value();
    return touched;
}

Heading headingOf(const Project& project) {
    return {project.name, project.format, project.formatFollowsFirstClip};
}

void setHeading(Project& project, const Heading& heading) {
    project.name = heading.name;
    project.format = heading.format;
    project.formatFollowsFirstClip = heading.formatFollowsFirstClip;
}

}  // namespace lipar::commands
