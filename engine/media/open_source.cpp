#include "engine/media/open_source.h"

extern "C" {
#include <libavutil/imgutils.h>
}

#include <algorithm>
#include <limits>
#include <string>

#include "engine/media/orientation.h"

namespace lipar::media {
namespace {

constexpr std::int64_t kStepBack = 12;          // frames: as many at least are held before one that lies behind
constexpr std::int64_t kShortWay = 12;          // frames: as many are passed one by one
constexpr std::int64_t kHeldBytes = 160 << 20;  // of frames kept for steps back
constexpr std::int64_t kMostHeld = 128;
constexpr std::int64_t kLongestDrag = 45;  // frames: who goes further back at once has jumped
constexpr std::int64_t kMostMovesBack = 8;

}  // namespace

OpenSource::OpenSource(FrameCursor cursor) : m_cursor(std::move(cursor)), m_lastShown(m_cursor.firstTimestamp()) {
    const AVFrame& frame = *m_cursor.current()->frame;
    m_frameBytes = std::max(1, av_image_get_buffer_size(AVPixelFormat(frame.format), frame.width, frame.height, 32));
    m_mostHeld = std::size_t(std::clamp<std::int64_t>(kHeldBytes / m_frameBytes, 2, kMostHeld));
}

Result<std::unique_ptr<OpenSource>> OpenSource::open(const std::filesystem::path& path, CancelToken cancel,
                                                     std::optional<int> cudaDevice) {
    LIPAR_ASSIGN(FrameCursor cursor, FrameCursor::open(path, std::move(cancel), cudaDevice));
    return std::unique_ptr<OpenSource>(new OpenSource(std::move(cursor)));
}

Rational OpenSource::clockStart() const { return Rational{m_cursor.firstTimestamp(), 1} * info().video.timeBase; }

std::int64_t OpenSource::timestampAt(Rational seconds) const {
    // Containers that count in milliseconds round a frame's time up or down by half of one.
    const Rational tick = info().video.timeBase;
    const Rational tolerance = std::min(tick * Rational{1, 2}, Rational{1, 2000});
    return m_cursor.firstTimestamp() + ((std::max(seconds, Rational{}) + tolerance) / tick).floor();
}

const OpenSource::Held* OpenSource::heldAt(std::int64_t timestamp) const {
    const auto found = std::ranges::find_if(m_held, [&](const Held& held) {
        return held.frame.timestamp <= timestamp && timestamp < held.end;
    });
    return found == m_held.end() ? nullptr : &*found;
}

std::int64_t OpenSource::framesTo(Rational seconds) const {
    const std::int64_t timestamp = timestampAt(seconds);
    if (heldAt(timestamp))
        return 0;
    if (!m_cursor.isNearAhead(timestamp))
        return kSeekCost;
    return (timestamp - m_cursor.current()->timestamp) / m_cursor.nominalDuration();
}

void OpenSource::holdCurrent() {
    const auto& current = m_cursor.current();
    const auto& following = m_cursor.following();
    if (!current || !following)
        return;
    const auto isSame = [&](const Held& held) { return held.frame.timestamp == current->timestamp; };
    std::erase_if(m_held, isSame);
    if (m_held.size() >= m_mostHeld)
        m_held.erase(m_held.begin());
    m_held.push_back({*current, following->timestamp});
}

// One by one, so that all frames on the way are held.
Result<> OpenSource::passTo(std::int64_t timestamp) {
    while (m_cursor.following() && m_cursor.following()->timestamp <= timestamp) {
        holdCurrent();
        LIPAR_TRY(m_cursor.advance());
    }
    return {};
}

Result<DecodedFrame> OpenSource::find(std::int64_t timestamp) {
    if (const Held* held = heldAt(timestamp))
        return held->frame;
    const std::int64_t step = m_cursor.nominalDuration();
    const auto& current = m_cursor.current();
    const bool isAhead = m_cursor.isNearAhead(timestamp);
    const std::int64_t back = (m_lastShown - timestamp) / step;
    const std::int64_t room = std::int64_t(m_mostHeld) - 1;
    // Who goes back goes on to do so, in steps or by dragging: frames for the next moves are decoded on the way, two at
    // first and twice as many each time.
    if (!isAhead && back >= 0 && back <= std::min(room, kLongestDrag)) {
        m_movesBack = std::min(kMostMovesBack, 2 * m_movesBack);
        LIPAR_TRY(m_cursor.moveToShown(timestamp - std::min(room, std::max(kStepBack, m_movesBack * back)) * step));
    } else {
        m_movesBack = 1;
        if (!isAhead || timestamp - current->timestamp > kShortWay * step)
            LIPAR_TRY(m_cursor.moveToShown(timestamp));
    }
    LIPAR_TRY(passTo(timestamp));
    if (!m_cursor.current())
        return fail(ErrorCode::decodeFailed, "cannot decode " + info().path.string() + ": no frame is whole there",
                    "check that it plays elsewhere, or copy it again");
    return *m_cursor.current();
}

Result<PicturePtr> OpenSource::shownAt(Rational seconds, int width, int height) {
    const std::int64_t timestamp = timestampAt(seconds);
    LIPAR_ASSIGN(const DecodedFrame found, find(timestamp));
    m_lastShown = timestamp;
    if (!m_converter || width != m_width || height != m_height) {
        m_converter.emplace(width, height, orientationOf(info().video), Shrinking::bicubic);
        m_width = width;
        m_height = height;
        m_lastPicture.reset();
    }
    if (!m_lastPicture || m_lastFrame != found.frame) {
        LIPAR_ASSIGN(Picture picture, m_converter->convert(*found.frame));
        m_lastPicture = std::make_shared<const Picture>(std::move(picture));
        m_lastFrame = found.frame;
    }
    return m_lastPicture;
}

}  // namespace lipar::media
