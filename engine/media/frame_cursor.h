// Private to engine/media: a place in a clip's frames. It goes forward frame by frame, and to any time at the least cost:
// by decoding on, by a key frame, leaving out frames that nothing needs on the way.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/media/frame_decoder.h"
#include "engine/media/media_info.h"

namespace lipar::media {

class FrameCursor {
public:
    // Stands at the first frame then. `cudaDevice`: as ReaderOptions'. Errors: as VideoReader::open().
    [[nodiscard]] static Result<FrameCursor> open(const std::filesystem::path& path, CancelToken cancel,
                                                  std::optional<int> cudaDevice = {});

    // The first frame's size and time in place of what the header says.
    [[nodiscard]] const MediaInfo& info() const noexcept { return m_info; }
    [[nodiscard]] std::int64_t firstTimestamp() const noexcept { return m_firstTimestamp; }
    [[nodiscard]] std::int64_t nominalDuration() const noexcept { return m_decoder.nominalDuration(); }
    void setCancel(CancelToken cancel);

    // The frame stood at, none past the end, and the one after it, none at the last. A timestamp is the stream's.
    [[nodiscard]] const std::optional<DecodedFrame>& current() const noexcept { return m_current; }
    [[nodiscard]] const std::optional<DecodedFrame>& following() const noexcept { return m_following; }
    // How long the current frame is shown, as far as can be told; at least 1.
    [[nodiscard]] std::int64_t currentDuration() const noexcept;
    [[nodiscard]] Result<> advance();
    // To the frame shown at a time: the last one that has begun, or the clip's first.
    [[nodiscard]] Result<> moveToShown(std::int64_t timestamp) { return moveTo(timestamp, false); }
    // To the first frame at or after a time; past the end where there is none.
    [[nodiscard]] Result<> moveToNext(std::int64_t timestamp) { return moveTo(timestamp, true); }
    // To a key frame's picture at or before a time, or near it: no more is decoded than that. `following` is not known.
    [[nodiscard]] Result<> moveToKeyFrame(std::int64_t timestamp);
    [[nodiscard]] std::optional<std::int64_t> nearestKeyFrame(std::int64_t timestamp) const {
        return m_decoder.nearestKeyFrame(timestamp);
    }
    // Whether going there only takes decoding on, without passing a key frame.
    [[nodiscard]] bool isNearAhead(std::int64_t timestamp) const;

private:
    FrameCursor(FrameDecoder decoder, MediaInfo info, CancelToken cancel);

    [[nodiscard]] bool isNearEnd(std::int64_t timestamp) const;  // where that is not known, anywhere
    [[nodiscard]] Result<> restart();
    [[nodiscard]] Result<> moveTo(std::int64_t timestamp, bool exactlyOrAfter);
    [[nodiscard]] Result<> goTo(std::int64_t timestamp, bool exactlyOrAfter, bool isNear);
    [[nodiscard]] Result<> advanceTo(std::int64_t timestamp, bool exactlyOrAfter);
    [[nodiscard]] Result<> seekBefore(std::int64_t timestamp, std::int64_t hurryTo);

    FrameDecoder m_decoder;
    MediaInfo m_info;
    CancelToken m_cancel;
    std::int64_t m_firstTimestamp = 0;
    // Two frames are held: the one stood at and the one that tells how long it lasts.
    std::optional<DecodedFrame> m_current;
    std::optional<DecodedFrame> m_following;
    std::int64_t m_lastDistance = 0;  // between the two frames before, for the last frame's duration
    bool m_isDetached = false;        // frames between those held and the next may have been left out: it must seek
};

}  // namespace lipar::media
