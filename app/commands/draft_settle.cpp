// The rules that hold between clips, restored after a command has done its part.
#include <algorithm>

#include "app/commands/clip_shape.h"
#include "app/commands/draft.h"

namespace lipar::commands {

using project::Clip;
using project::Source;
using project::Track;
using project::TrackKind;

namespace {

constexpr const char* kTooFine = "cannot do this: a time would be too fine to be kept exactly";
constexpr const char* kTooLate = "cannot do this: the timeline would become longer than 11 days";

}  // namespace

Result<> Draft::settle() {
    for (const Id id : m_changedTracks) {
        Track& changed = track(id);
        settleCrossFades(changed);
        settleRanges(changed);
    }
    settleLinks();
    for (const Id id : m_changedTracks)
        LIPAR_TRY(check(track(id)));
    return {};
}

void Draft::settleRanges() {
    for (const Id id : m_changedTracks)
        settleRanges(track(id));
}

bool Draft::isChanged(const Clip& clip) const {
    return m_clips.contains(clip.id);
}

// A cross-fade ends with the neighbour it fades from, and is no longer than both have pictures for.
void Draft::settleCrossFades(Track& track) {
    for (std::size_t i = 0; i < track.clips.size(); ++i) {
        Clip& clip = track.clips[i];
        if (clip.crossFade == Rational{})
            continue;
        Rational longest;
        if (i > 0 && track.clips[i - 1].end() == clip.start) {
            const Clip& before = track.clips[i - 1];
            const Source* const source = project::findSource(m_project, before.source);
            longest = project::longestCrossFade(m_project.format, before, *source, clip, {});
        }
        if (clip.crossFade > longest) {
            remember(track.id, clip);
            clip.crossFade = longest;
        }
    }
}

void Draft::settleRanges(Track& track) {
    if (track.kind != TrackKind::video)
        return;
    for (std::size_t i = 0; i < track.clips.size(); ++i) {
        Clip& clip = track.clips[i];
        const bool hasNext = i + 1 < track.clips.size();
        const Rational after = hasNext ? track.clips[i + 1].crossFade : Rational{};
        if (!isChanged(clip) && !(after != Rational{} && isChanged(track.clips[i + 1])))
            continue;
        Clip covered = clip;
        coverRange(covered, *project::findSource(m_project, clip.source), after);
        if (covered.edit != clip.edit) {
            remember(track.id, clip);
            clip.edit = std::move(covered.edit);
        }
    }
}

// A link with one clip left is none.
void Draft::settleLinks() {
    if (m_changedLinks.empty())
        return;
    std::map<Id, std::pair<int, Id>> members;  // how many, and one of them
    for (const Track& track : m_project.tracks) {
        for (const Clip& clip : track.clips) {
            if (clip.link != 0 && m_changedLinks.contains(clip.link)) {
                auto& [count, last] = members[clip.link];
                ++count;
                last = clip.id;
            }
        }
    }
    IdSet single;
    for (const auto& [link, group] : members) {
        if (group.first == 1)
            single.insert(group.second);
    }
    if (!single.empty())
        modify(single, [](Clip& clip) { clip.link = 0; });
}

Result<> Draft::check(const Track& track) const {
    if (!track.clips.empty() && track.clips.back().end() > Rational{project::maximumSeconds, 1})
        return fail(ErrorCode::invalidArgument, kTooLate, "move it to an earlier time");
    for (std::size_t i = 0; i < track.clips.size(); ++i) {
        const Clip& clip = track.clips[i];
        if (!isChanged(clip))
            continue;
        const bool isFine = clip.sourceStart.den <= project::finestSourceTime && clip.speed.den <= project::maximumSpeedTerm &&
                            clip.start.den <= project::maximumRateTerm && clip.duration.den <= project::maximumRateTerm;
        if (!isFine)
            return fail(ErrorCode::invalidArgument, kTooFine, "choose another time");
        const bool overlaps = (i > 0 && track.clips[i - 1].end() > clip.start) ||
                              (i + 1 < track.clips.size() && clip.end() > track.clips[i + 1].start);
        if (overlaps || clip.duration <= Rational{} || clip.start < Rational{})
            return fail(ErrorCode::internal, "cannot do this: clips on " + track.name + " would overlap", "please report this");
    }
    return {};
}

}  // namespace lipar::commands
