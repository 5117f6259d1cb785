// Private to engine/media: how a file tells which part of a timeline it holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/rational.h"
#include "engine/core/result.h"
#include "engine/core/timeline.h"
#include "engine/media/av.h"
#include "engine/media/clip_join.h"

namespace lipar::media {

// Where the packets of a timeline's sound lie: packet k begins at sample k * packetSamples + packetOffset.
struct AudioGrid {
    int sampleRate = 0;
    int packetSamples = 0;
    int packetOffset = 0;
};

void setPartFrames(AVDictionary*& tags, const PartInfo& part);
void setPartSound(AVDictionary*& tags, const AudioGrid& grid);
// Whether tags of ours are there, for which MP4 needs an option.
[[nodiscard]] bool hasPartTags(const AVDictionary* tags);
// Empty where there are none, or none that make sense.
[[nodiscard]] std::optional<PartInfo> partOf(const AVDictionary* tags);

// A name that depends on all that the timeline shows and plays, but not on the folders of its sources.
[[nodiscard]] std::string nameOf(const Timeline& timeline);

// The first sample of a frame: where the sound of two ranges meets.
[[nodiscard]] inline std::int64_t firstSampleOf(std::int64_t frame, Rational rate, int sampleRate) {
    return (Rational{frame, 1} / rate * Rational{sampleRate, 1}).rounded();
}

}  // namespace lipar::media
