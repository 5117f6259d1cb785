#include "engine/media/timeline_sound.h"

#include <algorithm>
#include <new>
#include <utility>

#include "engine/media/part_tags.h"

namespace lipar::media {
namespace {

// Packets that are encoded before the first one that is kept, so that the encoder decides as if it had run from the
// timeline's start; and samples past the last one, which it looks at.
constexpr std::int64_t kWarmUpPackets = 12;
constexpr std::int64_t kLookAheadPackets = 4;
constexpr std::int64_t kPiece = 1024;

}  // namespace

TimelineSoundFeed::TimelineSoundFeed(TimelineRange range, Rational rate, int sampleRate)
    : m_range(std::move(range)), m_rate(rate), m_sampleRate(sampleRate) {}

Result<> TimelineSoundFeed::addStreams(Muxer& muxer) {
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    LIPAR_ASSIGN(m_encoder, AudioEncoder::open(muxer.container().audioCodec, m_sampleRate, stereo, muxer));
    const AudioGrid grid = m_encoder->grid();
    const std::int64_t begin = firstSampleOf(m_range.firstFrame, m_rate, grid.sampleRate);
    const std::int64_t end = firstSampleOf(m_range.endFrame, m_rate, grid.sampleRate);
    // The packets before the range from which a decoder gets going: the MP4 family tells players to skip them, others can
    // only skip what the codec always has before its first sample.
    const std::int64_t lead = muxer.container().isMp4Family
                                  ? grid.packetSamples * (muxer.container().audioCodec == AV_CODEC_ID_OPUS ? 4 : 2)
                                  : -grid.packetOffset;
    m_encoder->keepPackets(begin - lead, end, begin);
    const std::int64_t firstPacket = Rational{begin - lead - grid.packetOffset, grid.packetSamples}.floor();
    const std::int64_t encodedFrom = (firstPacket - kWarmUpPackets) * grid.packetSamples;
    const Rational first{encodedFrom, grid.sampleRate};
    m_encoder->setStart(first.value());
    m_nextSample = (first * Rational{m_sampleRate, 1}).floor();
    m_end = (Rational{end + kLookAheadPackets * grid.packetSamples, grid.sampleRate} * Rational{m_sampleRate, 1}).ceil();
    setPartSound(muxer.context()->metadata, grid);
    return {};
}

Result<> TimelineSoundFeed::start(const AudioCut&) { return {}; }

Result<> TimelineSoundFeed::writeUntil(std::int64_t time, Muxer& muxer) {
    return encodeUntil(firstSampleOf(m_range.firstFrame + time + 1, m_rate, m_sampleRate), muxer);
}

Result<> TimelineSoundFeed::finish(std::optional<std::int64_t>, Muxer& muxer) {
    LIPAR_TRY(encodeUntil(m_end, muxer));
    return m_encoder->finish(muxer);
}

Result<> TimelineSoundFeed::encodeUntil(std::int64_t sample, Muxer& muxer) {
    for (const std::int64_t end = std::min(sample, m_end); m_nextSample < end;) {
        const av::FramePtr frame = av::makeFrame();
        frame->nb_samples = int(std::min(kPiece, m_end - m_nextSample));
        frame->format = AV_SAMPLE_FMT_FLT;
        frame->sample_rate = m_sampleRate;
        av_channel_layout_default(&frame->ch_layout, 2);
        if (av_frame_get_buffer(frame.get(), 0) < 0)
            throw std::bad_alloc();
        LIPAR_TRY(m_range.sound(m_nextSample, std::span(reinterpret_cast<float*>(frame->data[0]),
                                                        std::size_t(frame->nb_samples) * 2)));
        LIPAR_TRY(m_encoder->push(*frame, double(m_nextSample) / m_sampleRate, muxer));
        m_nextSample += frame->nb_samples;
    }
    return {};
}

}  // namespace lipar::media
