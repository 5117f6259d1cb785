#include "app/session/timeline_layout.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace lipar::session {

namespace {

constexpr double videoHeight = 62;
constexpr double audioHeight = 46;
constexpr double keptHeight = 20;
constexpr double laneGap = 2;
constexpr double mostGrowth = 1.9;

constexpr double edgeGrip = 7;        // pixels of a clip's end that trim it
constexpr double cutGrip = 3;         // to either side of a cut that roll it
constexpr double handleGrip = 6;      // around the handles of fades
constexpr double handleHeight = 15;   // from the clip's top, where those handles are
constexpr double gainGrip = 4;
constexpr double leastHandleRoom = 28;  // narrower clips have no handles for fades and level

// Whole frames in a time that lies on the grid. Without reducing the fraction: this is done for every clip of the project.
qint64 framesIn(const Rational& time, const Rational& rate) {
    const auto den = __int128(time.den) * rate.den;
    return qint64((__int128(2) * time.num * rate.num + den) / (2 * den));
}

bool hasEdits(const project::Track& track) {
    return std::ranges::any_of(track.clips, [](const project::Clip& clip) { return clip.edit.enabled; });
}

// Pixels of the narrower one of two clips.
double narrowerOf(const TimelineScale& scale, const ClipBox& one, const ClipBox& other) {
    return double(std::min(one.end - one.start, other.end - other.start)) * scale.pixelsPerFrame;
}

bool isOnCrossFadeHandle(const project::Format& format, const TimelineScale& scale, const Lane& lane, const ClipBox& box,
                         double x) {
    const auto* before = clipBefore(lane, box);
    if (!before || narrowerOf(scale, *before, box) < leastHandleRoom)
        return false;
    const double half = crossFadeHalf(format, *box.clip) * scale.pixelsPerFrame;
    return std::abs(std::abs(x - scale.xOf(double(box.start))) - half) <= handleGrip;
}

TimelineHit::Part partOfSound(const project::Format& format, const TimelineScale& scale, const Lane& lane,
                              const ClipBox& box, QPointF at) {
    using Part = TimelineHit::Part;
    const auto& sound = box.clip->sound;
    const double left = scale.xOf(double(box.start));
    const double right = scale.xOf(double(box.end));
    const double y = at.y() - lane.y;
    const double perSecond = format.rate.value() * scale.pixelsPerFrame;
    if (y < handleHeight) {
        if (std::abs(at.x() - left - std::max(handleGrip, sound.fadeIn.value() * perSecond)) <= handleGrip)
            return Part::fadeIn;
        if (std::abs(right - std::max(handleGrip, sound.fadeOut.value() * perSecond) - at.x()) <= handleGrip)
            return Part::fadeOut;
    }
    const double line = (1 - heightOfGain(sound.gainDb)) * lane.clipHeight;
    return std::abs(y - line) <= gainGrip ? Part::gain : Part::body;
}

}  // namespace

std::span<const ClipBox> Lane::between(double firstFrame, double endFrame) const {
    const auto first = std::ranges::partition_point(clips, [&](const ClipBox& box) { return double(box.end) <= firstFrame; });
    const auto last = std::ranges::partition_point(clips, [&](const ClipBox& box) { return double(box.start) < endFrame; });
    return first < last ? std::span(first, last) : std::span<const ClipBox>();
}

int Lane::indexOf(project::Id clip) const {
    const auto found = std::ranges::find_if(clips, [clip](const ClipBox& box) { return box.clip->id == clip; });
    return found == clips.end() ? -1 : int(std::distance(clips.begin(), found));
}

void TimelineLayout::rebuild(const project::Project& project, double height, bool showsKept) {
    m_lanes.clear();
    m_frames = 0;
    const auto add = [&](const project::Track& track) {
        Lane lane;
        lane.track = &track;
        lane.clipHeight = track.kind == project::TrackKind::video ? videoHeight : audioHeight;
        lane.keptHeight = showsKept && track.kind == project::TrackKind::video && hasEdits(track) ? keptHeight : 0;
        lane.clips.reserve(track.clips.size());
        for (const auto& clip : track.clips) {
            const auto start = framesIn(clip.start, project.format.rate);
            const auto end = start + framesIn(clip.duration, project.format.rate);
            lane.clips.push_back({&clip, start, end});
            m_frames = std::max<qint64>(m_frames, end);
        }
        m_lanes.push_back(std::move(lane));
    };
    for (auto track = project.tracks.rbegin(); track != project.tracks.rend(); ++track)
        if (track->kind == project::TrackKind::video)
            add(*track);
    for (const auto& track : project.tracks)
        if (track.kind == project::TrackKind::audio)
            add(track);

    double clips = 0;
    double others = 0;
    for (const auto& lane : m_lanes) {
        clips += lane.clipHeight;
        others += lane.keptHeight + laneGap;
    }
    const double growth = clips > 0 ? std::clamp((height - others) / clips, 1.0, mostGrowth) : 1.0;
    double y = 0;
    for (auto& lane : m_lanes) {
        lane.clipHeight = std::floor(lane.clipHeight * growth);
        lane.y = y;
        y += lane.height() + laneGap;
    }
    m_contentHeight = y;
}

const Lane* TimelineLayout::laneAt(double y) const {
    const auto found = std::ranges::find_if(
        m_lanes, [y](const Lane& lane) { return y >= lane.y && y < lane.y + lane.height() + laneGap; });
    return found == m_lanes.end() ? nullptr : &*found;
}

const Lane* TimelineLayout::laneOf(project::Id track) const {
    const auto found = std::ranges::find_if(m_lanes, [track](const Lane& lane) { return lane.track->id == track; });
    return found == m_lanes.end() ? nullptr : &*found;
}

const Lane* TimelineLayout::laneOfClip(project::Id clip) const {
    const auto found = std::ranges::find_if(m_lanes, [clip](const Lane& lane) { return lane.indexOf(clip) >= 0; });
    return found == m_lanes.end() ? nullptr : &*found;
}

TimelineHit TimelineLayout::hitTest(const project::Format& format, const TimelineScale& scale, QPointF at) const {
    using Part = TimelineHit::Part;
    const Lane* lane = laneAt(at.y());
    if (!lane)
        return {};
    TimelineHit hit{Part::nothing, lane->track->id, 0};
    const double y = at.y() - lane->y;
    if (y >= lane->clipHeight) {
        const double frame = scale.frameOf(at.x());
        for (const auto& box : lane->between(frame, std::nextafter(frame, frame + 1)))
            if (box.clip->edit.enabled)
                hit = {Part::kept, lane->track->id, box.clip->id};
        return hit;
    }
    // A little further than the pointer, so that the handles of what lies beside it are found.
    const double reach = edgeGrip / scale.pixelsPerFrame;
    const double frame = scale.frameOf(at.x());
    const bool isVideo = lane->track->kind == project::TrackKind::video;
    for (const auto& box : lane->between(frame - reach, frame + reach)) {
        const double left = scale.xOf(double(box.start));
        const double right = scale.xOf(double(box.end));
        // The handles of a cross-fade lie in this clip or in the one before.
        const auto* after = &box + 1 < lane->clips.data() + lane->clips.size() ? &box + 1 : nullptr;
        for (const auto* later : {&box, after})
            if (later && isVideo && y < handleHeight && isOnCrossFadeHandle(format, scale, *lane, *later, at.x()))
                return {Part::crossFade, hit.track, later->clip->id};
        const auto* before = clipBefore(*lane, box);
        if (before && narrowerOf(scale, *before, box) >= 4 * cutGrip && std::abs(at.x() - left) <= cutGrip)
            return {Part::cut, hit.track, box.clip->id};
        if (at.x() < left || at.x() >= right)
            continue;
        hit.clip = box.clip->id;
        hit.part = Part::body;
        const double grip = std::min(edgeGrip, (right - left) / 4);
        if (!isVideo && right - left >= leastHandleRoom)
            hit.part = partOfSound(format, scale, *lane, box, at);
        if (hit.part == Part::fadeIn || hit.part == Part::fadeOut)
            continue;
        if (at.x() - left <= grip)
            hit.part = Part::startEdge;
        else if (right - at.x() <= grip)
            hit.part = Part::endEdge;
    }
    return hit;
}

double crossFadeHalf(const project::Format& format, const project::Clip& clip) {
    return clip.crossFade.value() * format.rate.value() / 2;
}

const ClipBox* clipBefore(const Lane& lane, const ClipBox& box) {
    const auto index = &box - lane.clips.data();
    if (index <= 0)
        return nullptr;
    const auto& before = lane.clips[std::size_t(index - 1)];
    return before.end == box.start ? &before : nullptr;
}

double heightOfGain(double gainDb) {
    return (std::clamp(gainDb, -60.0, 12.0) + 60) / 72;
}

double gainOfHeight(double height) {
    return std::clamp(height, 0.0, 1.0) * 72 - 60;
}

QString frameTimecode(qint64 frame, const Rational& rate) {
    const auto perSecond = std::max<qint64>(1, rate.rounded());
    const auto two = [](qint64 n) { return QString::number(n).rightJustified(2, '0'); };
    const auto all = std::max<qint64>(0, frame);
    const auto seconds = all / perSecond;
    return two(seconds / 3600) + ':' + two(seconds / 60 % 60) + ':' + two(seconds % 60) + ':' + two(all % perSecond);
}

}  // namespace lipar::session
