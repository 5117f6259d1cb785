#include "engine/media/timeline_check.h"

#include <string>

namespace lipar::media {
namespace {

constexpr int kLargestSide = 16384;

bool isTime(const Rational& time) { return time.den > 0 && time.num >= 0; }

template <class Entry>
bool makesSense(const Entry& entry) {
    return entry.start.den > 0 && entry.duration.isValid() && isTime(entry.sourceStart) && entry.speed.isValid() &&
           isTime(entry.fadeIn) && isTime(entry.fadeOut);
}

std::unexpected<Error> refused(const std::string& why) {
    return fail(ErrorCode::invalidArgument, "cannot play the timeline: " + why);
}

}  // namespace

Result<> checkTimeline(const Timeline& timeline) {
    if (timeline.width <= 0 || timeline.height <= 0 || timeline.width > kLargestSide || timeline.height > kLargestSide)
        return refused("its picture size, " + std::to_string(timeline.width) + "x" + std::to_string(timeline.height) +
                       ", is out of range");
    if (!timeline.rate.isValid() || timeline.frames < 0)
        return refused("its frame rate or length is not valid");
    if (timeline.sampleRate < 8000 || timeline.sampleRate > 384000)
        return refused("its sample rate, " + std::to_string(timeline.sampleRate) + " Hz, is out of range");
    for (const TimelinePictures& entry : timeline.pictures)
        if (!makesSense(entry))
            return refused("the times of a clip of " + entry.input.string() + " are not valid");
    for (const TimelineSound& entry : timeline.sounds)
        if (!makesSense(entry) || !(entry.gain >= 0))
            return refused("the times or the level of a sound of " + entry.input.string() + " are not valid");
    return {};
}

}  // namespace lipar::media
