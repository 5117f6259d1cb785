#include "engine/media/fallback_codec.h"

#include <new>
#include <utility>

#include "engine/core/log.h"

namespace lipar::media {

FallbackCodec::FallbackCodec(std::unique_ptr<VideoCodec> first, Open openSecond, std::string name)
    : m_first(std::move(first)), m_openSecond(std::move(openSecond)), m_name(std::move(name)) {}

int FallbackCodec::send(const AVPacket* packet, AVDiscard skip) {
    if (!m_first)
        return m_second->send(packet, skip);
    keep(packet, skip);
    if (packet && (packet->flags & AV_PKT_FLAG_CORRUPT))
        giveUp("the file is damaged");
    else if (packet && packet->pts == AV_NOPTS_VALUE)
        giveUp("a packet has no time");
    else if (m_keptBytes > kMostKeptBytes)
        giveUp("key frames are too far apart");
    if (m_reason.empty())
        if (const int sent = m_first->send(packet, skip); sent < 0 && sent != AVERROR_EOF)
            giveUp(sent);
    return 0;
}

Result<int> FallbackCodec::receive(AVFrame& frame) {
    if (!m_first)
        return receiveFromSecond(frame);
    if (m_reason.empty()) {
        LIPAR_ASSIGN(const int received, m_first->receive(frame));
        if (received == AVERROR(EAGAIN) || received == AVERROR_EOF || received == kBusy)
            return received;
        if (received >= 0 && !av::isDamaged(frame)) {
            m_handedOut = frame.pts;
            dropUnneeded();
            return received;
        }
        if (received < 0)
            giveUp(received);
        else
            giveUp("the file is damaged");
        av_frame_unref(&frame);
    }
    LIPAR_TRY(changeOver());
    return kBusy;
}

void FallbackCodec::flush() {
    if (m_first)
        m_first->flush();
    else
        m_second->flush();
    m_reason.clear();
    m_kept.clear();
    m_keyFrames.clear();
    m_firstKept = 0;
    m_keptBytes = 0;
    m_handedOut.reset();
}

void FallbackCodec::noteLoss() {
    if (m_first)
        giveUp("the file is damaged");
    else
        m_second->noteLoss();
}

void FallbackCodec::keep(const AVPacket* packet, AVDiscard skip) {
    Kept kept{nullptr, skip};
    if (packet) {
        kept.packet.reset(av_packet_clone(packet));
        if (!kept.packet)
            throw std::bad_alloc();
        m_keptBytes += packet->size;
        if ((packet->flags & AV_PKT_FLAG_KEY) && packet->pts != AV_NOPTS_VALUE)
            m_keyFrames.push_back({packet->pts, m_firstKept + std::int64_t(m_kept.size())});
    }
    m_kept.push_back(std::move(kept));
}

// What is shown after a key frame comes after it in the file too, so that decoding can begin anew at the last one
// handed out.
void FallbackCodec::dropUnneeded() {
    while (m_keyFrames.size() > 1 && m_keyFrames[1].timestamp <= *m_handedOut)
        m_keyFrames.pop_front();
    if (m_keyFrames.empty() || m_keyFrames.front().timestamp > *m_handedOut)
        return;
    for (; m_firstKept < m_keyFrames.front().number; ++m_firstKept) {
        m_keptBytes -= m_kept.front().packet->size;
        m_kept.pop_front();
    }
}

void FallbackCodec::giveUp(int status) {
    giveUp(status == kUnfit ? "the GPU does not decode such a stream" : av::errorText(status));
}

void FallbackCodec::giveUp(std::string why) {
    if (m_reason.empty())
        m_reason = std::move(why);
}

Result<> FallbackCodec::changeOver() {
    LIPAR_ASSIGN(m_second, m_openSecond());
    m_first.reset();
    log(LogLevel::info, m_name + ": the CPU goes on decoding: " + m_reason);
    return {};
}

Result<int> FallbackCodec::receiveFromSecond(AVFrame& frame) {
    LIPAR_ASSIGN(const int received, m_second->receive(frame));
    if (received >= 0 && wasHandedOut(frame)) {
        av_frame_unref(&frame);
        return kBusy;
    }
    if (received != AVERROR(EAGAIN) || m_kept.empty())
        return received;
    const Kept next = std::move(m_kept.front());
    m_kept.pop_front();
    const int sent = m_second->send(next.packet.get(), next.skip);
    return sent < 0 && sent != AVERROR_EOF ? sent : kBusy;
}

bool FallbackCodec::wasHandedOut(const AVFrame& frame) {
    if (!m_handedOut)
        return false;
    const bool isBefore = frame.pts != AV_NOPTS_VALUE && frame.pts < *m_handedOut;
    const bool isLast = frame.pts == *m_handedOut;
    if (!isBefore)
        m_handedOut.reset();
    return isBefore || isLast;
}

}  // namespace lipar::media
