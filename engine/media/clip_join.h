// Parts of one timeline, rendered apart, put together without decoding or encoding anything.
//
// A part is what ClipWriter::openTimeline() writes for a range of frames. Its pictures begin with a key frame and refer to
// nothing outside of it. Its sound packets lie on the grid of the whole timeline: packet k covers the same samples in
// every part that holds it. A part begins with the packets that a decoder needs to get going at its start and a file
// played on its own skips; joining takes each packet of the grid once, from the part in which it begins.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "engine/core/cancel.h"
#include "engine/core/rational.h"
#include "engine/core/result.h"

namespace lipar::media {

// What the tags of a part say.
struct PartInfo {
    std::string timeline;  // parts of one timeline carry the same name
    std::int64_t firstFrame = 0;
    std::int64_t endFrame = 0;  // one past the last
    Rational rate;
    int sampleRate = 0;  // of the sound; 0 = none
    int packetSamples = 0;
    int packetOffset = 0;  // packet k begins at sample k * packetSamples + packetOffset of the timeline
};

// Errors: as probe(); inputUnsupported where the file is no part.
[[nodiscard]] Result<PartInfo> readPartInfo(const std::filesystem::path& path);

// Writes the frames of all parts to `target`, whose container follows from its name and may differ from the parts' where
// it holds the codecs. The result is a part itself. Thread: any. Errors: invalidArgument (parts that are not of one
// timeline, do not meet, or were encoded differently; each said in words), as readPartInfo(), outputFailed, diskFull,
// cancelled. The target appears only when it is whole.
[[nodiscard]] Result<> joinParts(std::span<const std::filesystem::path> parts, const std::filesystem::path& target,
                                 CancelToken cancel = {});

}  // namespace lipar::media
