// What a timeline shows and plays, flattened for the engine: no tracks, no undo, only what lies where. Plain data.
//
// All times are exact seconds. The timeline's pictures are those at frame / rate for frame = 0 .. frames - 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/core/rational.h"

namespace lipar {

// A stretch of a source's pictures. At timeline time t, start <= t < start + duration, the source's frame shown at
// sourceStart + (t - start) * speed (seconds from its first frame) is fitted into the picture with its aspect kept. A
// source that has no frame there shows its nearest one.
struct TimelinePictures {
    std::filesystem::path input;
    Rational start;
    Rational duration;     // > 0
    Rational sourceStart;  // >= 0
    Rational speed{1, 1};  // > 0
    Rational fadeIn;       // >= 0: opacity rises from 0 to 1 over it, for cross-fades over what lies below
    Rational fadeOut;
    int edit = -1;  // index into the request's list of edits; -1: the source as it is
};

// A stretch of a source's sound; pitch follows speed.
struct TimelineSound {
    std::filesystem::path input;
    Rational start;
    Rational duration;
    Rational sourceStart;  // same clock as the pictures': 0 is the source's first frame
    Rational speed{1, 1};
    double gain = 1;  // linear
    Rational fadeIn;
    Rational fadeOut;
};

struct Timeline {
    int width = 0;  // of the pictures, upright, square samples
    int height = 0;
    Rational rate{25, 1};
    std::int64_t frames = 0;
    int sampleRate = 48000;  // of the mix, which is stereo
    std::vector<TimelinePictures> pictures;  // later entries lie above earlier ones
    std::vector<TimelineSound> sounds;       // all are added
};

}  // namespace lipar
