#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "app/project/exact_time.h"
#include "app/project/project.h"

namespace lipar::project {
namespace {

bool isFraction(const Rational& value, std::int64_t finest) {
    return value.den > 0 && value.den <= finest && value <= Rational{maximumSeconds, 1} &&
           value >= Rational{-maximumSeconds, 1};
}

bool isColor(const std::string& text) {
    return text.size() == 7 && text.front() == '#' &&
           std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

bool isShare(const std::optional<double>& value) {
    return !value || (*value >= 0 && *value <= 1);
}

bool isThreshold(const std::optional<double>& value) {
    return !value || (std::isfinite(*value) && *value >= 0);
}

// The first thing that is wrong is the result.
class Checker {
public:
    explicit Checker(const Project& project) : m_project(project) {}

    [[nodiscard]] Result<> check();

private:
    [[nodiscard]] Result<> wrong(const std::string& what) const { return fail(ErrorCode::internal, m_place + what); }
    [[nodiscard]] Result<> takeId(Id id);
    [[nodiscard]] bool isOnGrid(const Rational& time) const;
    [[nodiscard]] Result<> checkFormat();
    [[nodiscard]] Result<> checkSource(const Source& source);
    [[nodiscard]] Result<> checkTrack(const Track& track);
    [[nodiscard]] Result<> checkClip(const Clip& clip, const Track& track);
    [[nodiscard]] Result<> checkRange(const Clip& clip, const Source& source, const Rational& fadeAfter);
    [[nodiscard]] Result<> checkSound(const Clip& clip);
    [[nodiscard]] Result<> checkNeighbours(const Clip& clip, const Clip& before);
    [[nodiscard]] Result<> checkMarkers();

    const Project& m_project;
    std::string m_place;  // "source 3: "
    std::unordered_set<Id> m_ids;
    std::unordered_map<Id, const Source*> m_sources;
};

Result<> Checker::takeId(Id id) {
    if (id == 0 || id >= m_project.nextId)
        return wrong(fmt::format("its id is not between 1 and {}, the next one", m_project.nextId));
    return m_ids.insert(id).second ? Result<>{} : wrong("its id is taken by another thing");
}

bool Checker::isOnGrid(const Rational& time) const {
    if (!isFraction(time, maximumRateTerm))
        return false;
    const auto frames = exactProduct(time, m_project.format.rate);
    return frames && frames->den == 1;
}

Result<> Checker::checkFormat() {
    const Format& format = m_project.format;
    const auto isSize = [](int size) { return size >= 16 && size <= 16384 && size % 2 == 0; };
    m_place = "format: ";
    if (!isSize(format.width) || !isSize(format.height))
        return wrong("its size is not even or not between 16 and 16384");
    if (!format.rate.isValid() || format.rate.num > maximumRateTerm || format.rate.den > maximumRateTerm ||
        format.rate < Rational{1, 1} || format.rate > Rational{240, 1})
        return wrong("its frame rate is not between 1 and 240");
    if (format.sampleRate < 8000 || format.sampleRate > 192000)
        return wrong("its sample rate is not between 8000 and 192000");
    return {};
}

Result<> Checker::checkSource(const Source& source) {
    m_place = fmt::format("source {}: ", source.id);
    LIPAR_TRY(takeId(source.id));
    m_sources.emplace(source.id, &source);
    if (source.path.empty())
        return wrong("it has no path");
    if (!isFraction(source.duration, finestSourceTime) || source.duration <= Rational{})
        return wrong("its duration is not a time above 0");
    const bool hasPictures = source.width > 0 && source.height > 0;
    if (source.width < 0 || source.height < 0 || hasPictures != (source.width > 0 || source.height > 0))
        return wrong("its size is not one");
    if (!hasPictures && !source.hasSound)
        return wrong("it has neither pictures nor sound");
    if (hasPictures && !source.rate.isValid())
        return wrong("its frame rate is not above 0");
    if (source.rate.den <= 0 || source.rate.num < 0 || source.frames < 0 || !std::isfinite(source.sampleAspect) ||
        source.sampleAspect <= 0)
        return wrong("its rate, its number of frames or the shape of its samples makes no sense");
    return {};
}

Result<> Checker::checkSound(const Clip& clip) {
    const ClipSound& sound = clip.sound;
    if (!(sound.gainDb >= -60 && sound.gainDb <= 12))
        return wrong("its gain is not between -60 and +12 dB");
    if (!isOnGrid(sound.fadeIn) || !isOnGrid(sound.fadeOut) || sound.fadeIn < Rational{} || sound.fadeOut < Rational{} ||
        sound.fadeIn + sound.fadeOut > clip.duration)
        return wrong("its fades are longer than the clip, or not whole frames");
    return {};
}

Result<> Checker::checkClip(const Clip& clip, const Track& track) {
    m_place = fmt::format("clip {}: ", clip.id);
    LIPAR_TRY(takeId(clip.id));
    const auto source = m_sources.find(clip.source);
    if (source == m_sources.end())
        return wrong(fmt::format("there is no source {}", clip.source));
    if (track.kind == TrackKind::video ? source->second->width <= 0 : !source->second->hasSound)
        return wrong("its source has nothing for a track of this kind");
    if (!isOnGrid(clip.start) || !isOnGrid(clip.duration) || clip.start < Rational{} || clip.duration <= Rational{})
        return wrong("it does not begin and end on frames");
    if (clip.end() > Rational{maximumSeconds, 1})
        return wrong("it ends too late");
    if (clip.speed.den <= 0 || clip.speed.den > maximumSpeedTerm || clip.speed.num > maximumSpeedTerm ||
        clip.speed < Rational{1, 10} || clip.speed > Rational{10, 1})
        return wrong("its speed is not between 1/10 and 10");
    if (!isOnGrid(clip.crossFade) || clip.crossFade < Rational{})
        return wrong("its cross-fade is not a number of frames");
    if (clip.link >= m_project.nextId)
        return wrong("its link is not below the next id");
    if (const Result<> edit = checkEdit(clip.edit); !edit)
        return wrong(edit.error().message);
    return checkSound(clip);
}

Result<> Checker::checkRange(const Clip& clip, const Source& source, const Rational& fadeAfter) {
    if (!isFraction(clip.sourceStart, finestSourceTime) || clip.sourceStart < Rational{} ||
        clip.sourceStart >= source.duration)
        return wrong("it begins outside its source");
    const Rational frame = Rational{1, 1} / m_project.format.rate;
    const auto shown = exactProduct(clip.duration, clip.speed);
    const auto last = exactProduct(clip.duration - frame, clip.speed);
    const auto end = shown ? exactSum(clip.sourceStart, *shown) : std::nullopt;
    const auto lastStart = last ? exactSum(clip.sourceStart, *last) : std::nullopt;
    if (!end || !lastStart)
        return wrong("its times are too fine to be added");
    if (*lastStart >= source.duration)
        return wrong("it shows more than its source has");
    const ClipEdit& edit = clip.edit;
    if (!isFraction(edit.rangeStart, finestSourceTime) || !isFraction(edit.rangeEnd, finestSourceTime) ||
        edit.rangeStart < Rational{} || edit.rangeEnd < edit.rangeStart || edit.rangeEnd > source.duration)
        return wrong("the range of its edit lies outside its source");
    if (!edit.enabled)
        return {};
    const SourceRange needed = shownRange(clip, source, fadeAfter);
    if (edit.rangeStart > needed.start || edit.rangeEnd < needed.end)
        return wrong("the range of its edit does not cover it");
    return {};
}

Result<> Checker::checkNeighbours(const Clip& clip, const Clip& before) {
    if (clip.start < before.end())
        return wrong(fmt::format("it overlaps clip {}", before.id));
    if (clip.crossFade == Rational{})
        return {};
    const Rational half = clip.crossFade / Rational{2, 1};
    if (clip.start != before.end())
        return wrong("it fades from a clip that does not lie right before it");
    if (half > headOf(clip) || half > tailOf(before, *m_sources.at(before.source)))
        return wrong("its cross-fade needs more than the sources have");
    if (half + before.crossFade / Rational{2, 1} > before.duration)
        return wrong(fmt::format("its cross-fade meets the one before, on clip {}", before.id));
    return {};
}

Result<> Checker::checkTrack(const Track& track) {
    m_place = fmt::format("track {}: ", track.id);
    LIPAR_TRY(takeId(track.id));
    for (std::size_t i = 0; i < track.clips.size(); ++i) {
        const Clip& clip = track.clips[i];
        LIPAR_TRY(checkClip(clip, track));
        const Rational fadeAfter = i + 1 < track.clips.size() ? track.clips[i + 1].crossFade : Rational{};
        LIPAR_TRY(checkRange(clip, *m_sources.at(clip.source), isOnGrid(fadeAfter) ? fadeAfter : Rational{}));
        if (i > 0)
            LIPAR_TRY(checkNeighbours(clip, track.clips[i - 1]));
        if (clip.crossFade != Rational{} &&
            (track.kind != TrackKind::video || i == 0 || clip.crossFade / Rational{2, 1} > clip.duration))
            return wrong("it has a cross-fade that cannot be");
    }
    return {};
}

Result<> Checker::checkMarkers() {
    for (std::size_t i = 0; i < m_project.markers.size(); ++i) {
        const Marker& marker = m_project.markers[i];
        m_place = fmt::format("marker {}: ", marker.id);
        LIPAR_TRY(takeId(marker.id));
        if (!isOnGrid(marker.time) || marker.time < Rational{})
            return wrong("its time is not on a frame");
        if (!isColor(marker.color))
            return wrong("its colour is not like #rrggbb");
        if (i > 0 && std::pair(marker.time, marker.id) < std::pair(m_project.markers[i - 1].time, m_project.markers[i - 1].id))
            return wrong("it is not in order");
    }
    return {};
}

Result<> Checker::check() {
    LIPAR_TRY(checkFormat());
    for (std::size_t i = 0; i < m_project.sources.size(); ++i) {
        LIPAR_TRY(checkSource(m_project.sources[i]));
        if (i > 0 && m_project.sources[i].id < m_project.sources[i - 1].id)
            return wrong("it is not in order");
    }
    for (std::size_t i = 0; i < m_project.tracks.size(); ++i) {
        LIPAR_TRY(checkTrack(m_project.tracks[i]));
        if (i > 0 && m_project.tracks[i - 1].kind == TrackKind::audio && m_project.tracks[i].kind == TrackKind::video)
            return wrong("a video track lies among the audio tracks");
    }
    return checkMarkers();
}

}  // namespace

Result<> checkEdit(const ClipEdit& edit) {
    const auto wrong = [](const char* what) { return fail(ErrorCode::invalidArgument, std::string("this edit cannot be: ") + what); };
    for (std::size_t i = 0; i < edit.promptKeyframes.size(); ++i) {
        const Rational& time = edit.promptKeyframes[i].time;
        if (!isFraction(time, finestSourceTime))
            return wrong("the time of a prompt is not one");
        if (i > 0 && time <= edit.promptKeyframes[i - 1].time)
            return wrong("its prompts are not in order");
    }
    for (std::size_t i = 0; i < edit.steps.size(); ++i) {
        if (edit.steps[i] < 1 || edit.steps[i] > 1000 || (i > 0 && edit.steps[i] >= edit.steps[i - 1]))
            return wrong("its denoising steps do not fall from 1000 to 1");
    }
    if (!isShare(edit.strength))
        return wrong("its strength is not between 0 and 1");
    if (!isThreshold(edit.tau1) || !isThreshold(edit.tau2))
        return wrong("a threshold is negative");
    if (edit.shift && !(*edit.shift >= 0.01 && *edit.shift <= 100))
        return wrong("its shift is not between 0.01 and 100");
    if (edit.width < 0 || edit.height < 0)
        return wrong("its processing size is negative");
    return {};
}

Result<> checkInvariants(const Project& project) {
    return Checker(project).check();
}

}  // namespace lipar::project
