#include "engine/media/frame_decoder.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include "engine/core/log.h"
#include "engine/media/cuda_codec.h"
#include "engine/media/fallback_codec.h"
#include "engine/media/hardware_decoding.h"

namespace lipar::media {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

std::int64_t nominalDurationOf(const AVStream& stream) {
    AVRational rate = stream.avg_frame_rate;
    if (rate.num <= 0 || rate.den <= 0)
        rate = stream.r_frame_rate;
    if (rate.num <= 0 || rate.den <= 0)
        rate = {25, 1};
    return std::max<std::int64_t>(1, av_rescale_q(1, av_inv_q(rate), stream.time_base));
}

std::shared_ptr<const AVFrame> shared(const AVFrame& frame) {
    av::FramePtr copy = av::makeFrame();
    if (av_frame_ref(copy.get(), &frame) < 0)
        throw std::bad_alloc();
    return copy;
}

Result<std::unique_ptr<VideoCodec>> openCodec(const AVStream& stream, const std::filesystem::path& path, std::optional<int> cudaDevice) {
    const auto openOnCpu = [&stream, path] { return openSoftwareCodec(stream, path); };
    if (!cudaDevice || isHardwareDecodingOff())
        return openOnCpu();
    auto codec = openCudaCodec(stream, *cudaDevice);
    if (!codec) {
        log(codec.error().code == ErrorCode::inputUnsupported ? LogLevel::debug : LogLevel::info,
            path.string() + ": decoded by the CPU: " + codec.error().message);
        return openOnCpu();
    }
    return std::make_unique<FallbackCodec>(std::move(*codec), openOnCpu, path.string());
}

}  // namespace

FrameDecoder::FrameDecoder(Demuxer demuxer, AVStream* stream, std::unique_ptr<VideoCodec> codec)
    : m_demuxer(std::move(demuxer)),
      m_stream(stream),
      m_codec(std::move(codec)),
      m_need(*stream->codecpar),
      m_packet(av::makePacket()),
      m_frame(av::makeFrame()),
      m_nominalDuration(nominalDurationOf(*stream)),
      m_damageHorizon(kNever),
      m_hurryTo(kNever),
      m_hasTimestamps(!(m_demuxer.context()->iformat->flags & AVFMT_NOTIMESTAMPS)) {}

Result<FrameDecoder> FrameDecoder::open(const std::filesystem::path& path, CancelToken cancel,
                                        std::optional<int> cudaDevice) {
    LIPAR_ASSIGN(Demuxer demuxer, Demuxer::open(path, std::move(cancel)));
    LIPAR_ASSIGN(AVStream * stream, demuxer.videoStream());
    demuxer.keepStreams([stream](const AVStream& other) { return other.index == stream->index; });
    LIPAR_ASSIGN(std::unique_ptr<VideoCodec> codec, openCodec(*stream, path, cudaDevice));
    return FrameDecoder(std::move(demuxer), stream, std::move(codec));
}

Result<std::optional<DecodedFrame>> FrameDecoder::next() {
    while (m_ready.empty() && !m_atEnd)
        LIPAR_TRY(feed());
    if (m_ready.empty())
        return std::nullopt;
    std::optional<DecodedFrame> result(std::move(m_ready.front()));
    m_ready.pop_front();
    return result;
}

Result<> FrameDecoder::feed() {
    LIPAR_ASSIGN(const int received, m_codec->receive(*m_frame));
    if (received == VideoCodec::kBusy)
        return m_demuxer.cancel().check();
    if (received >= 0) {
        accept(*m_frame);
        av_frame_unref(m_frame.get());
        return {};
    }
    if (received == AVERROR_EOF) {
        m_atEnd = true;
        repeatLost(std::numeric_limits<std::int64_t>::max());
        return {};
    }
    if (received != AVERROR(EAGAIN)) {
        noteDamage();
        return {};
    }
    LIPAR_ASSIGN(const Demuxer::ReadStatus status, m_demuxer.read(*m_packet));
    if (status == Demuxer::ReadStatus::packet)
        send(m_packet.get());
    else if (status == Demuxer::ReadStatus::end)
        send(nullptr);
    else {
        noteDamage();
        m_codec->noteLoss();
    }
    return {};
}

void FrameDecoder::send(const AVPacket* packet) {
    AVDiscard skip = AVDISCARD_DEFAULT;
    if (packet) {
        if (m_awaitsKeyFrame && !(packet->flags & AV_PKT_FLAG_KEY))
            return;
        m_awaitsKeyFrame = false;
        const bool hurries = packet->pts != AV_NOPTS_VALUE && packet->pts < m_hurryTo;
        const bool isDisposable = hurries && m_need.isDisposable(*packet);
        const bool leavesItToDecoder = hurries && !m_need.isKnown();
        if (isDisposable || leavesItToDecoder)
            m_leftOut.insert(packet->pts);
        if (isDisposable)
            return;
        skip = m_onlyKeyFrames ? AVDISCARD_NONKEY : leavesItToDecoder ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
        const bool shown = !hurries && !m_onlyKeyFrames && !(packet->flags & AV_PKT_FLAG_DISCARD);
        if (packet->pts == AV_NOPTS_VALUE)
            m_hasTimestamps = false;
        else if (shown)
            m_expected.insert(packet->pts);
        if (packet->flags & AV_PKT_FLAG_CORRUPT)
            noteDamage();
    }
    // All frames were taken out before, so the decoder never answers EAGAIN here.
    const int status = m_codec->send(packet, skip);
    if (status < 0 && status != AVERROR_EOF)
        noteDamage();
}

void FrameDecoder::noteDamage() noexcept {
    if (!m_expected.empty())
        m_damageHorizon = std::max(m_damageHorizon, *m_expected.rbegin());
}

void FrameDecoder::accept(const AVFrame& frame) {
    std::int64_t timestamp = frame.best_effort_timestamp;
    if (timestamp == AV_NOPTS_VALUE) {
        timestamp = m_last ? m_last->timestamp + m_nominalDuration
                           : (m_stream->start_time == AV_NOPTS_VALUE ? 0 : m_stream->start_time);
    }
    const bool damaged = av::isDamaged(frame);
    if (damaged)
        noteDamage();
    repeatLost(timestamp);
    m_expected.erase(m_expected.begin(), m_expected.upper_bound(timestamp));
    m_leftOut.erase(timestamp);
    if (m_last && timestamp <= m_last->timestamp)
        timestamp = m_last->timestamp + 1;  // a broken clock must not run backwards
    m_last = DecodedFrame{shared(frame), timestamp, std::max<std::int64_t>(0, av::frameDuration(frame)), damaged};
    m_ready.push_back(*m_last);
}

void FrameDecoder::repeatLost(std::int64_t before) {
    if (!m_last)
        return;
    for (const std::int64_t expected : m_expected) {
        if (expected >= before || expected > m_damageHorizon)
            break;
        if (expected <= m_last->timestamp)
            continue;
        m_last->timestamp = expected;
        m_last->damaged = true;
        m_ready.push_back(*m_last);
    }
}

bool FrameDecoder::seek(std::int64_t timestamp) {
    if (!m_demuxer.seek(*m_stream, timestamp))
        return false;
    m_codec->flush();
    m_ready.clear();
    m_last.reset();
    m_expected.clear();
    m_damageHorizon = kNever;
    m_hurryTo = kNever;
    m_leftOut.clear();
    m_onlyKeyFrames = false;
    // Not every container finds key frames. Other decoders than HEVC's wait for one; that one paints over what it lacks.
    m_awaitsKeyFrame = m_stream->codecpar->codec_id == AV_CODEC_ID_HEVC;
    m_atEnd = false;
    return true;
}

std::optional<std::int64_t> FrameDecoder::leftOut(std::int64_t after, std::int64_t notAfter) const {
    const auto beyond = m_leftOut.upper_bound(notAfter);
    if (beyond == m_leftOut.begin() || *std::prev(beyond) <= after)
        return std::nullopt;
    return *std::prev(beyond);
}

bool FrameDecoder::isCheaperToDecodeOn(std::int64_t from, std::int64_t to) const {
    constexpr std::int64_t longestWay = 250;  // frames; an index may lack key frames
    constexpr std::int64_t likelyWay = 60;    // where no index tells: half of a usual distance of key frames
    const std::int64_t way = (to - from) / m_nominalDuration;
    if (to < from || way > longestWay)
        return false;
    if (way <= 1)
        return true;
    const AVIndexEntry* key = avformat_index_get_entry_from_timestamp(m_stream, to, AVSEEK_FLAG_BACKWARD);
    return key ? key->timestamp <= from : way <= likelyWay;
}

std::optional<std::int64_t> FrameDecoder::nearestKeyFrame(std::int64_t timestamp) const {
    const AVIndexEntry* before = avformat_index_get_entry_from_timestamp(m_stream, timestamp, AVSEEK_FLAG_BACKWARD);
    const AVIndexEntry* after = avformat_index_get_entry_from_timestamp(m_stream, timestamp, 0);
    if (!before && !after)
        return std::nullopt;
    if (!before || (after && after->timestamp - timestamp < timestamp - before->timestamp))
        return after->timestamp;
    return before->timestamp;
}

}  // namespace lipar::media
