#include "engine/media/frame_cursor.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lipar::media {

FrameCursor::FrameCursor(FrameDecoder decoder, MediaInfo info, CancelToken cancel)
    : m_decoder(std::move(decoder)), m_info(std::move(info)), m_cancel(std::move(cancel)) {}

Result<FrameCursor> FrameCursor::open(const std::filesystem::path& path, CancelToken cancel, std::optional<int> cudaDevice) {
    LIPAR_ASSIGN(FrameDecoder decoder, FrameDecoder::open(path, cancel, cudaDevice));
    LIPAR_ASSIGN(MediaInfo info, describe(decoder.demuxer()));
    FrameCursor cursor(std::move(decoder), std::move(info), std::move(cancel));
    LIPAR_ASSIGN(cursor.m_current, cursor.m_decoder.next());
    if (!cursor.m_current)
        return fail(ErrorCode::decodeFailed, "cannot decode " + path.string() + ": not one frame of it is whole",
                    "check that it plays elsewhere, or copy it again");
    LIPAR_ASSIGN(cursor.m_following, cursor.m_decoder.next());
    VideoStreamInfo& video = cursor.m_info.video;
    cursor.m_firstTimestamp = cursor.m_current->timestamp;
    video.startSeconds = double(cursor.m_firstTimestamp) * video.timeBase.value();
    video.storedWidth = cursor.m_current->frame->width;  // the frame knows better than the header
    video.storedHeight = cursor.m_current->frame->height;
    return cursor;
}

void FrameCursor::setCancel(CancelToken cancel) {
    m_cancel = cancel;
    m_decoder.setCancel(std::move(cancel));
}

std::int64_t FrameCursor::currentDuration() const noexcept {
    if (m_following && m_current)
        return m_following->timestamp - m_current->timestamp;
    if (m_current && m_current->ownDuration > 0)
        return m_current->ownDuration;
    return m_lastDistance > 0 ? m_lastDistance : m_decoder.nominalDuration();
}

Result<> FrameCursor::advance() {
    if (m_current && m_following)
        m_lastDistance = m_following->timestamp - m_current->timestamp;
    m_current = std::move(m_following);
    m_following.reset();
    if (!m_current)
        return {};
    auto next = m_decoder.next();
    if (!next) {
        m_isDetached = true;  // that none is there does not mean that none follows
        return std::unexpected(std::move(next).error());
    }
    m_following = std::move(*next);
    return {};
}

bool FrameCursor::isNearAhead(std::int64_t timestamp) const {
    return !m_isDetached && m_current && m_current->timestamp <= timestamp &&
           (!m_following || m_following->timestamp > timestamp ||
            m_decoder.isCheaperToDecodeOn(m_following->timestamp, timestamp));
}

bool FrameCursor::isNearEnd(std::int64_t timestamp) const {
    const AVStream& stream = m_decoder.stream();
    return stream.duration == AV_NOPTS_VALUE ||
           timestamp > m_firstTimestamp + stream.duration - 4 * m_decoder.nominalDuration();
}

Result<> FrameCursor::moveTo(std::int64_t timestamp, bool exactlyOrAfter) {
    const bool isNear = isNearAhead(timestamp);
    m_isDetached = true;  // should it be cancelled on its way
    LIPAR_TRY(goTo(timestamp, exactlyOrAfter, isNear));
    m_isDetached = false;
    return {};
}

Result<> FrameCursor::goTo(std::int64_t timestamp, bool exactlyOrAfter, bool isNear) {
    // The frame shown has begun within a usual distance, or is found among those left out. Times may be rounded. How
    // long the clip's last frame lasts is told by the one before.
    const std::int64_t usual = m_decoder.nominalDuration();
    const std::int64_t unhurried = timestamp - (exactlyOrAfter || isNearEnd(timestamp) ? 2 * usual : usual + usual / 8);
    if (isNear) {
        if (m_following && m_following->timestamp < unhurried)
            m_decoder.hurryTo(unhurried);
    } else {
        LIPAR_TRY(seekBefore(timestamp, unhurried));
    }
    LIPAR_TRY(advanceTo(timestamp, exactlyOrAfter));
    // Where frames last long, the one shown now may be among those left out.
    if (exactlyOrAfter || !m_current)
        return {};
    if (const auto shown = m_decoder.leftOut(m_current->timestamp, timestamp)) {
        LIPAR_TRY(seekBefore(timestamp, *shown));
        return advanceTo(timestamp, exactlyOrAfter);
    }
    return {};
}

Result<> FrameCursor::advanceTo(std::int64_t timestamp, bool exactlyOrAfter) {
    while (m_current) {
        LIPAR_TRY(m_cancel.check());
        if (exactlyOrAfter ? m_current->timestamp >= timestamp : !m_following || m_following->timestamp > timestamp)
            break;
        LIPAR_TRY(advance());
    }
    return {};
}

// From the beginning, where seeking is impossible or not to be trusted. By the CPU: such files are rare.
Result<> FrameCursor::restart() {
    LIPAR_ASSIGN(m_decoder, FrameDecoder::open(m_info.path, m_cancel));
    LIPAR_ASSIGN(m_current, m_decoder.next());
    LIPAR_ASSIGN(m_following, m_decoder.next());
    m_lastDistance = 0;
    return {};
}

// Afterwards the current frame is some frame at or before `timestamp`, or the clip's first frame.
Result<> FrameCursor::seekBefore(std::int64_t timestamp, std::int64_t hurryTo) {
    // Indexes may count in decoding order and key frames may have frames shown before them: then step further back.
    const auto second = std::max<std::int64_t>(1, std::llround(1 / m_info.video.timeBase.value()));
    std::int64_t back = 0;
    while (m_decoder.isSeekable()) {
        const std::int64_t goal = std::max(m_firstTimestamp, timestamp - back);
        if (m_decoder.seek(goal)) {
            m_decoder.hurryTo(hurryTo);
            m_lastDistance = 0;
            LIPAR_ASSIGN(m_current, m_decoder.next());
            if (m_current && (m_current->timestamp <= timestamp || m_current->timestamp <= m_firstTimestamp)) {
                LIPAR_ASSIGN(m_following, m_decoder.next());
                return {};
            }
        }
        if (goal <= m_firstTimestamp)
            break;
        back = back == 0 ? second : back * 4;
    }
    return restart();
}

Result<> FrameCursor::moveToKeyFrame(std::int64_t timestamp) {
    const std::int64_t goal = std::max(m_firstTimestamp, timestamp);
    if (m_decoder.isSeekable() && m_decoder.seek(goal)) {
        m_decoder.onlyKeyFrames();
        m_isDetached = true;
        m_following.reset();
        m_lastDistance = 0;
        LIPAR_ASSIGN(m_current, m_decoder.next());
        if (m_current)
            return {};
    }
    return moveToShown(timestamp);
}

}  // namespace lipar::media
