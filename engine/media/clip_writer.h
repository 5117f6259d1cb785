// Encodes edited pictures into a file that keeps what the source was: timestamps, rotation, sample aspect, colour
// tags and audio. The file appears under its name only when finish() succeeded.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/core/cancel.h"
#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/core/timeline.h"
#include "engine/media/media_info.h"

namespace lipar::media {

enum class AudioPolicy { copy, aac, none };  // copy falls back to AAC where the container cannot hold the codec

struct WriterOptions {
    std::string codec = "h264";      // h264, hevc, av1, vp9, prores, ffv1
    std::optional<int> crf;          // codec's own scale; empty = its default (18 for h264)
    std::optional<std::int64_t> bitRate;  // of the pictures, bits a second on average; in place of the CRF
    std::string container;           // mp4, mov, mkv, webm; empty = from the file name
    AudioPolicy audio = AudioPolicy::copy;
    int width = 0;   // upright output size; 0 = the source's
    int height = 0;
    std::optional<double> startSeconds;  // the range of the source that was edited: audio is cut alike
    std::optional<double> endSeconds;
};

// Sound of a clip that has no source.
struct SynthesizedAudio {
    int sampleRate = 48000;
    double durationSeconds = 0;
    // Fills interleaved left and right samples in [-1, 1]; called with ascending positions.
    std::function<void(std::int64_t firstSample, std::span<float> stereo)> fill;
};

// A range of a timeline's frames, and the mixed sound of the timeline.
struct TimelineRange {
    std::int64_t firstFrame = 0;
    std::int64_t endFrame = 0;  // one past the last
    std::string timeline;       // a name that all parts of this timeline share; empty = one made from the timeline
    // Interleaved left and right, from a sample of the whole timeline on (it may lie a little outside of the range, also
    // before 0), for example TimelineMixer::mixInto. Empty = no sound.
    std::function<Result<>(std::int64_t firstSample, std::span<float> stereo)> sound;
};

class ClipWriter {
public:
    // `source` is what was read: its container supplies audio packets and tags. Errors: invalidArgument (unknown
    // codec or container, or a pair that does not go together, said in words), outputFailed, diskFull, inputMissing.
    //
    // Kept: frame times (MP4 and MOV exactly; MKV and WebM store whole milliseconds), sample aspect, colour tags, title
    // and the like, frame size, also odd ones (as 4:4:4 where the codec cannot halve an odd side), 10 bits where the
    // codec can. MKV and WebM cannot tell a rotation: there the picture is stored upright. A clip cut at the start
    // begins where the source began, usually 0. A first frame before 0 or after a minute (broadcast clocks) becomes 0.
    [[nodiscard]] static Result<ClipWriter> open(const std::filesystem::path& target, const MediaInfo& source,
                                                 const WriterOptions& options, CancelToken cancel = {});
    // A clip without a source: `format.video` (see newClipFormat) says what the picture is; `audio` may be empty.
    [[nodiscard]] static Result<ClipWriter> openNew(const std::filesystem::path& target, const MediaInfo& format,
                                                    const WriterOptions& options,
                                                    std::optional<SynthesizedAudio> audio = {},
                                                    CancelToken cancel = {});
    // Frames of a timeline: square samples, BT.709, constant rate. write() takes the pictures of the range one by one with
    // the time and duration in frames: (i, 1) for i = 0 .. endFrame - firstFrame - 1. The file tells in its tags what it
    // holds, so that joinParts() can put ranges together (clip_join.h). Of the options width, height, startSeconds and
    // endSeconds are not looked at; sound is encoded (AAC, Opus in WebM) unless `audio` is none.
    [[nodiscard]] static Result<ClipWriter> openTimeline(const std::filesystem::path& target, const Timeline& timeline,
                                                         TimelineRange range, const WriterOptions& options,
                                                         CancelToken cancel = {});
    ClipWriter(ClipWriter&&) noexcept;
    ClipWriter& operator=(ClipWriter&&) noexcept;
    ~ClipWriter();  // removes what was written unless finish() succeeded

    // An upright picture of any size (scaled to the output's), with its time in source.video.timeBase, ascending.
    // Errors: invalidArgument (empty picture, time not ascending), outputFailed, diskFull, cancelled. After an error
    // the writer is of no more use.
    [[nodiscard]] Result<> write(const Picture& picture, std::int64_t timestamp, std::int64_t duration);
    // Writes the rest of the sound, completes the file and gives it its name. Errors: as write().
    [[nodiscard]] Result<> finish();

private:
    struct State;
    explicit ClipWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// What openNew() needs to know: square samples, BT.709, 8 bits, times counted in frames of 1 / rate.
[[nodiscard]] MediaInfo newClipFormat(int width, int height, Rational rate);

// Rough size of the output in bytes, for the disk check before a job starts.
[[nodiscard]] std::int64_t estimateOutputBytes(const MediaInfo& source, const WriterOptions& options);

// Checks codec, container and their pairing without opening anything. Error: invalidArgument.
[[nodiscard]] Result<> checkWriterOptions(const std::filesystem::path& target, const WriterOptions& options);

}  // namespace lipar::media
