// Private to engine/media: a source whose pictures are shown at times that jump about, as scrubbing makes them.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/picture.h"
#include "engine/core/rational.h"
#include "engine/media/frame_cursor.h"
#include "engine/media/picture_converter.h"

namespace lipar::media {

class OpenSource {
public:
    static constexpr std::int64_t kSeekCost = 60;  // frames, as framesTo() counts: half of a usual distance of key frames

    // `cudaDevice`: as ReaderOptions'. Errors: as VideoReader::open().
    [[nodiscard]] static Result<std::unique_ptr<OpenSource>> open(const std::filesystem::path& path, CancelToken cancel,
                                                                  std::optional<int> cudaDevice = {});

    [[nodiscard]] const MediaInfo& info() const noexcept { return m_cursor.info(); }
    void setCancel(CancelToken cancel) { m_cursor.setCancel(std::move(cancel)); }
    // When the first frame is shown, on the file's own clock.
    [[nodiscard]] Rational clockStart() const;
    // Rough number of frames to be decoded before the one at `seconds` comes.
    [[nodiscard]] std::int64_t framesTo(Rational seconds) const;
    // Of frames held for moves back.
    [[nodiscard]] std::int64_t heldBytes() const noexcept { return std::int64_t(m_held.size()) * m_frameBytes; }
    void forgetHeld() { m_held.clear(); }
    // The frame shown at `seconds` from the first frame: the last that has begun, the nearest outside of the clip.
    // Upright, scaled to this size. Asked for again, the same object. Errors: decodeFailed, cancelled.
    [[nodiscard]] Result<PicturePtr> shownAt(Rational seconds, int width, int height);

private:
    // A frame that was decoded, and when the next one begins.
    struct Held {
        DecodedFrame frame;
        std::int64_t end = 0;
    };
    explicit OpenSource(FrameCursor cursor);

    [[nodiscard]] std::int64_t timestampAt(Rational seconds) const;
    [[nodiscard]] const Held* heldAt(std::int64_t timestamp) const;  // none: null
    [[nodiscard]] Result<DecodedFrame> find(std::int64_t timestamp);
    [[nodiscard]] Result<> passTo(std::int64_t timestamp);
    void holdCurrent();

    FrameCursor m_cursor;
    std::vector<Held> m_held;  // the last ones passed, for moves back
    std::int64_t m_frameBytes;
    std::size_t m_mostHeld;
    std::int64_t m_lastShown;      // timestamp
    std::int64_t m_movesBack = 1;  // as many to come were decoded for at the last of a run of moves back
    std::optional<FrameToPicture> m_converter;
    int m_width = 0;
    int m_height = 0;
    std::shared_ptr<const AVFrame> m_lastFrame;
    PicturePtr m_lastPicture;
};

}  // namespace lipar::media
