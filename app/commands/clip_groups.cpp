#include "app/commands/clip_groups.h"

#include <algorithm>

#include "app/commands/clip_shape.h"

namespace lipar::commands {

using project::Clip;
using project::Project;
using project::Track;
using project::TrackKind;

std::unexpected<Error> cannot(const std::string& what, const std::string& why, const std::string& hint) {
    return fail(ErrorCode::invalidArgument, "cannot " + what + ": " + why, hint);
}

Result<Rational> frameTime(const Project& project, const std::string& what, const Rational& time) {
    const bool isTime = time.den > 0 && time <= Rational{project::maximumSeconds, 1} &&
                        time >= Rational{-project::maximumSeconds, 1};
    if (!isTime)
        return cannot(what, "the time lies beyond every timeline", "choose an earlier time");
    return project::toGrid(project.format, project::toSourceTime(time));
}

Rational frameDuration(const Project& project) {
    return Rational{1, 1} / project.format.rate;
}

Result<> checkUnlocked(const std::string& what, const Track& track) {
    if (track.locked)
        return cannot(what, "the track " + track.name + " is locked", "unlock it first");
    return {};
}

Result<IdSet> clipsFor(const Project& project, const std::string& what, const std::vector<Id>& named, bool alone) {
    IdSet clips(named.begin(), named.end());
    IdSet links;
    std::size_t count = 0;
    for (const Track& track : project.tracks) {
        for (const Clip& clip : track.clips) {
            if (!clips.contains(clip.id))
                continue;
            ++count;
            if (clip.link != 0)
                links.insert(clip.link);
        }
    }
    if (clips.empty())
        return cannot(what, "no clip was named", "select a clip");
    if (count != clips.size())
        return cannot(what, "the clip does not exist any more", "select a clip");
    for (const Track& track : project.tracks) {
        for (const Clip& clip : track.clips) {
            const bool follows = !alone && clip.link != 0 && links.contains(clip.link);
            if (!follows && !clips.contains(clip.id))
                continue;
            LIPAR_TRY(checkUnlocked(what, track));
            clips.insert(clip.id);
        }
    }
    return clips;
}

std::vector<FoundClip> find(const Project& project, const IdSet& clips) {
    std::vector<FoundClip> found;
    for (const Track& track : project.tracks) {
        for (std::size_t i = 0; i < track.clips.size(); ++i) {
            if (clips.contains(track.clips[i].id)) {
                found.push_back({&track, &track.clips[i], i > 0 ? &track.clips[i - 1] : nullptr,
                                 i + 1 < track.clips.size() ? &track.clips[i + 1] : nullptr});
            }
        }
    }
    return found;
}

void split(Draft& draft, const IdSet& clips, const Rational& at) {
    std::map<Id, std::vector<Clip>> later;  // by track
    std::map<Id, int> members;              // later parts of each link
    for (const FoundClip& found : find(draft.project(), clips)) {
        later[found.track->id];
        ++members[found.clip->link];
    }
    std::map<Id, Id> links;
    for (const auto& [link, count] : members)
        links[link] = link == 0 || count < 2 ? 0 : draft.newId();
    for (auto& [track, parts] : later) {
        IdSet here;
        for (const Clip& clip : project::findTrack(draft.project(), track)->clips) {
            if (clips.contains(clip.id))
                here.insert(clip.id);
        }
        draft.modify(here, [&](Clip& clip) {
            Clip rest = splitOff(clip, at);
            rest.id = draft.newId();
            rest.link = links[clip.link];
            draft.noteAdded(rest.id);
            parts.push_back(std::move(rest));
        });
        draft.place(track, std::move(parts));
    }
}

Result<> ripple(Draft& draft, const std::string& what, const Rational& from, const Rational& by,
                const std::map<Id, Rational>& ownFrom) {
    if (by == Rational{})
        return {};
    struct Part {
        Id track;
        Rational from;
    };
    std::vector<Part> parts;
    for (const Track& track : draft.project().tracks) {
        if (track.locked)
            continue;
        const auto own = ownFrom.find(track.id);
        const Rational point = own == ownFrom.end() ? from : own->second;
        const auto first = std::ranges::lower_bound(track.clips, point, {}, &Clip::start);
        if (first == track.clips.end())
            continue;
        const Rational free = first == track.clips.begin() ? Rational{} : (first - 1)->end();
        if (first->start + by < free) {
            return cannot(what, "on the track " + track.name + " a clip is in the way of those that would move",
                          "lock that track, cut the clip there, or leave a gap");
        }
        parts.push_back({track.id, point});
    }
    for (const Part& part : parts)
        draft.shift(part.track, part.from, by);
    return {};
}

Id addTrack(Draft& draft, TrackKind kind, std::string name) {
    const std::vector<Track>& tracks = draft.project().tracks;
    const auto firstAudio = std::ranges::find(tracks, TrackKind::audio, &Track::kind);
    const auto count = std::ranges::count(tracks, kind, &Track::kind);
    if (name.empty()) {
        const std::string stem = kind == TrackKind::video ? "Video " : "Audio ";
        for (auto number = count + 1; name.empty() || std::ranges::find(tracks, name, &Track::name) != tracks.end(); ++number)
            name = stem + std::to_string(number);
    }
    const std::size_t index = kind == TrackKind::video ? std::size_t(firstAudio - tracks.begin()) : tracks.size();
    Track track;
    track.id = draft.newId();
    track.kind = kind;
    track.name = std::move(name);
    const Id id = track.id;
    draft.insertTrack(index, std::move(track));
    draft.noteAdded(id);
    return id;
}

}  // namespace lipar::commands
