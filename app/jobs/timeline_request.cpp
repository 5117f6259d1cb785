#include "app/jobs/timeline_request.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace lipar::jobs {

namespace {

using project::Clip;
using project::Project;
using project::Track;
using project::TrackKind;

constexpr Rational zero{0, 1};

bool isActive(const Project& project, const Track& track) {
    const bool anySolo =
        std::ranges::any_of(project.tracks, [&](const Track& other) { return other.kind == track.kind && other.solo; });
    return !track.muted && (track.solo || !anySolo);
}

// What tells two edits of one source apart.
auto keyOf(const service::TimelineEdit& edit) {
    const auto& s = edit.settings;
    return std::tie(edit.engine.model, s.prompt, s.promptChanges, s.startSeconds, s.endSeconds, s.strength, s.seed, s.steps,
                    s.shift, s.width, s.height, s.pruning, s.tau1, s.tau2, s.protectMask, s.alwaysEditMask);
}

// How far a clip is shown beyond its own start and end, and how it fades there.
struct CrossFades {
    Rational before = zero, after = zero;
    Rational in = zero, out = zero;
};

CrossFades crossFadesOf(const Track& track, std::size_t index) {
    CrossFades fades;
    fades.in = track.clips[index].crossFade;
    if (index + 1 < track.clips.size())
        fades.out = track.clips[index + 1].crossFade;
    fades.before = fades.in / Rational{2, 1};
    fades.after = fades.out / Rational{2, 1};
    return fades;
}

class Flattener {
public:
    explicit Flattener(const Project& project) : m_project(project) {}

    TimelineRequest run() {
        const auto& format = m_project.format;
        auto& timeline = m_out.timeline;
        timeline.width = format.width;
        timeline.height = format.height;
        timeline.rate = format.rate;
        timeline.sampleRate = format.sampleRate;
        timeline.frames = (project::durationOf(m_project) * format.rate).ceil();
        for (const auto& track : m_project.tracks) {
            if (!isActive(m_project, track))
                continue;
            for (std::size_t i = 0; i < track.clips.size(); ++i)
                track.kind == TrackKind::video ? addPictures(track, i) : addSound(track.clips[i]);
        }
        return std::move(m_out);
    }

private:
    // A cross-fade is centred on the cut: half of it lies beyond the end of the one clip, half before the other's start.
    void addPictures(const Track& track, std::size_t index) {
        const auto& clip = track.clips[index];
        const auto* source = project::findSource(m_project, clip.source);
        if (!source || source->width == 0)
            return;
        const auto fades = crossFadesOf(track, index);
        TimelinePictures pictures;
        pictures.input = source->path;
        pictures.start = clip.start - fades.before;
        pictures.duration = clip.duration + fades.before + fades.after;
        pictures.sourceStart = std::max(zero, clip.sourceStart - fades.before * clip.speed);
        pictures.speed = clip.speed;
        // The later clip fades in over the earlier one, which stays.
        pictures.fadeIn = fades.in;
        if (clip.edit.enabled)
            pictures.edit = indexOf(clip);
        if (clip.link != 0 && (fades.in > zero || fades.out > zero))
            m_linkedFades.insert_or_assign({clip.link, clip.start}, fades);
        m_out.timeline.pictures.push_back(std::move(pictures));
    }

    void addSound(const Clip& clip) {
        const auto* source = project::findSource(m_project, clip.source);
        if (!source || !source->hasSound || clip.sound.muted)
            return;
        CrossFades fades;
        if (const auto linked = m_linkedFades.find({clip.link, clip.start}); clip.link != 0 && linked != m_linkedFades.end())
            fades = linked->second;
        // No sound lies before a source's beginning.
        const auto before = std::min(fades.before, clip.sourceStart / clip.speed);
        TimelineSound sound;
        sound.input = source->path;
        sound.start = clip.start - before;
        sound.duration = clip.duration + before + fades.after;
        sound.sourceStart = clip.sourceStart - before * clip.speed;
        sound.speed = clip.speed;
        sound.gain = std::pow(10.0, clip.sound.gainDb / 20);
        sound.fadeIn = fades.in > zero ? fades.in : clip.sound.fadeIn;
        sound.fadeOut = fades.out > zero ? fades.out : clip.sound.fadeOut;
        m_out.timeline.sounds.push_back(std::move(sound));
    }

    int indexOf(const Clip& clip) {
        auto edit = *editOf(clip);
        const std::pair place{clip.source, clip.edit.rangeStart};
        for (auto [known, end] = m_edits.equal_range(place); known != end; ++known)
            if (keyOf(m_out.edits[std::size_t(known->second)]) == keyOf(edit))
                return known->second;
        const int index = int(m_out.edits.size());
        m_edits.emplace(place, index);
        m_out.edits.push_back(std::move(edit));
        return index;
    }

    const Project& m_project;
    TimelineRequest m_out;
    std::multimap<std::pair<project::Id, Rational>, int> m_edits;         // by source and where the edit begins
    std::map<std::pair<project::Id, Rational>, CrossFades> m_linkedFades;  // by link and start
};

}  // namespace

std::optional<service::TimelineEdit> editOf(const Clip& clip) {
    const auto& edit = clip.edit;
    if (!edit.enabled)
        return std::nullopt;
    service::TimelineEdit out;
    out.engine.model = edit.model;
    auto& settings = out.settings;
    settings.prompt = edit.prompt;
    for (const auto& keyframe : edit.promptKeyframes)
        settings.promptChanges.emplace_back((clip.sourceStart + keyframe.time).value(), keyframe.prompt);
    settings.startSeconds = edit.rangeStart.value();
    settings.endSeconds = edit.rangeEnd.value();
    settings.strength = edit.strength;
    settings.seed = edit.seed;
    settings.steps = edit.steps;
    settings.shift = edit.shift;
    settings.width = edit.width;
    settings.height = edit.height;
    settings.pruning = edit.pruning;
    settings.tau1 = edit.tau1;
    settings.tau2 = edit.tau2;
    settings.protectMask = edit.protectMask;
    settings.alwaysEditMask = edit.alwaysEditMask;
    return out;
}

TimelineRequest timelineOf(const Project& project) {
    return Flattener(project).run();
}

}  // namespace lipar::jobs
