#include "app/project/project.h"

#include <algorithm>

namespace lipar::project {
namespace {

template <class Things>
auto* findById(Things& things, Id id) {
    const auto found = std::ranges::find(things, id, [](const auto& thing) { return thing.id; });
    return found == things.end() ? nullptr : &*found;
}

void addTrack(Project& project, TrackKind kind, const char* name) {
    Track& track = project.tracks.emplace_back();
    track.id = project.nextId++;
    track.kind = kind;
    track.name = name;
}

}  // namespace

Project newProject() {
    Project project;
    addTrack(project, TrackKind::video, "Video 1");
    addTrack(project, TrackKind::audio, "Audio 1");
    return project;
}

const Source* findSource(const Project& project, Id id) {
    const auto found = std::ranges::lower_bound(project.sources, id, {}, &Source::id);
    return found == project.sources.end() || found->id != id ? nullptr : &*found;
}

const Track* findTrack(const Project& project, Id id) {
    return findById(project.tracks, id);
}

const Clip* findClip(const Project& project, Id id) {
    for (const Track& track : project.tracks) {
        if (const Clip* const clip = findById(track.clips, id))
            return clip;
    }
    return nullptr;
}

const Track* trackOfClip(const Project& project, Id clip) {
    const auto found =
        std::ranges::find_if(project.tracks, [clip](const Track& track) { return findById(track.clips, clip) != nullptr; });
    return found == project.tracks.end() ? nullptr : &*found;
}

const Clip* clipAt(const Track& track, const Rational& time) {
    const auto after = std::ranges::upper_bound(track.clips, time, {}, &Clip::start);
    if (after == track.clips.begin() || (after - 1)->end() <= time)
        return nullptr;
    return &*(after - 1);
}

Rational durationOf(const Project& project) {
    Rational end;
    for (const Track& track : project.tracks) {
        if (!track.clips.empty())
            end = std::max(end, track.clips.back().end());
    }
    return end;
}

Rational toGrid(const Format& format, const Rational& time) {
    return timeOfFrame(format, (time * format.rate).rounded());
}

Rational toSourceTime(const Rational& time) {
    if (time.den <= finestSourceTime)
        return time * Rational{1, 1};
    const __int128 scaled = __int128(time.num) * finestSourceTime;
    const __int128 quotient = scaled / time.den - (scaled % time.den < 0 ? 1 : 0);
    return Rational{static_cast<std::int64_t>(quotient), 1} / Rational{finestSourceTime, 1};
}

SourceRange shownRange(const Clip& clip, const Source& source, const Rational& crossFadeAfter) {
    const Rational before = clip.crossFade / Rational{2, 1} * clip.speed;
    const Rational after = crossFadeAfter / Rational{2, 1} * clip.speed;
    return {toSourceTime(std::max(Rational{}, clip.sourceStart - before)),
            toSourceTime(std::min(source.duration, clip.sourceEnd() + after))};
}

Rational headOf(const Clip& clip) {
    return clip.sourceStart / clip.speed;
}

Rational tailOf(const Clip& clip, const Source& source) {
    return std::max(Rational{}, source.duration - clip.sourceEnd()) / clip.speed;
}

Rational longestCrossFade(const Format& format, const Clip& first, const Source& firstSource, const Clip& second,
                          const Rational& fadeAfter) {
    const Rational two{2, 1};
    const Rational half = std::min({headOf(second), tailOf(first, firstSource), first.duration - first.crossFade / two,
                                    second.duration - fadeAfter / two});
    return timeOfFrame(format, std::max<std::int64_t>(0, (half * two * format.rate).floor()));
}

std::int64_t frameAt(const Format& format, const Rational& time) {
    return (time * format.rate).floor();
}

Rational timeOfFrame(const Format& format, std::int64_t frame) {
    return Rational{frame, 1} / format.rate;
}

}  // namespace lipar::project
