// Decodes a clip's video to upright RGB pictures of one size, in presentation order, exactly.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "engine/core/cancel.h"
#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/media/media_info.h"

namespace lipar::media {

struct SourceFrame {
    PicturePtr picture;           // upright, ReaderOptions' size
    std::int64_t index = 0;       // 0 = first frame delivered since open() or the last seek()
    std::int64_t timestamp = 0;   // presentation time, in MediaInfo::video.timeBase
    std::int64_t duration = 0;    // same unit; to the next frame (never 0)
    double seconds = 0;           // timestamp as seconds from the stream's first frame
};

struct ReaderOptions {
    int width = 0;   // size of the pictures; 0 = the source's upright size
    int height = 0;
    std::optional<double> startSeconds;  // first frame at or after it, measured from the first frame of the clip
    std::optional<double> endSeconds;    // frames before it
    // Decode on this CUDA device what it can decode (hardware_decoding.h); none: on the CPU. The pictures are the same.
    std::optional<int> cudaDevice = {};
};

class VideoReader {
public:
    // Errors: as probe(); invalidArgument for an empty range.
    [[nodiscard]] static Result<VideoReader> open(const std::filesystem::path& path, const ReaderOptions& options = {},
                                                  CancelToken cancel = {});
    VideoReader(VideoReader&&) noexcept;
    VideoReader& operator=(VideoReader&&) noexcept;
    ~VideoReader();

    [[nodiscard]] const MediaInfo& info() const noexcept;
    // The next frame, or nothing at the end of the range. A frame that cannot be decoded is replaced by the one
    // before it and counted; damagedFrames() > 0 then. Errors: decodeFailed when nothing can be decoded, cancelled.
    [[nodiscard]] Result<std::optional<SourceFrame>> next();
    // Continues with the frame shown at `seconds` (from the clip's first frame): decodes from the key frame before it.
    // A time outside the range gives its first or last frame. Errors: decodeFailed, cancelled.
    [[nodiscard]] Result<> seek(double seconds);
    [[nodiscard]] std::int64_t damagedFrames() const noexcept;

private:
    struct State;
    explicit VideoReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::media
