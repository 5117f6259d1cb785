// Private to engine/media: sound that is written into a clip alongside its pictures.
// Thread: used by one ClipWriter, on its thread.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/result.h"
#include "engine/media/muxer.h"

namespace lipar::media {

// Which part of the source's sound goes where. Times in `timeBase`, the source video's.
struct AudioCut {
    AVRational timeBase{1, 1};
    std::int64_t shift = 0;  // output time = source time - shift
    std::optional<std::int64_t> start;  // source time of the first sample; empty = all there is
};

class AudioFeed {
public:
    virtual ~AudioFeed() = default;
    // Before Muxer::begin(): one stream of the output for each stream of sound.
    [[nodiscard]] virtual Result<> addStreams(Muxer& muxer) = 0;
    // Once, when the first picture's time is known.
    [[nodiscard]] virtual Result<> start(const AudioCut& cut) = 0;
    // Writes what comes before `time` (source time), so that the file stays interleaved and nothing piles up.
    [[nodiscard]] virtual Result<> writeUntil(std::int64_t time, Muxer& muxer) = 0;
    // Writes the rest, up to `end` (source time) where there is one.
    [[nodiscard]] virtual Result<> finish(std::optional<std::int64_t> end, Muxer& muxer) = 0;
};

}  // namespace lipar::media
