#include "engine/media/synthesized_audio.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

#include <algorithm>
#include <cmath>
#include <new>
#include <span>
#include <utility>

namespace lipar::media {

SynthesizedFeed::SynthesizedFeed(SynthesizedAudio audio) : m_audio(std::move(audio)) {}

Result<> SynthesizedFeed::addStreams(Muxer& muxer) {
    const AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    LIPAR_ASSIGN(m_encoder, AudioEncoder::open(muxer.container().audioCodec, m_audio.sampleRate, stereo, muxer));
    return {};
}

Result<> SynthesizedFeed::start(const AudioCut& cut) {
    m_timeBase = cut.timeBase;
    return {};
}

Result<> SynthesizedFeed::writeUntil(std::int64_t time, Muxer& muxer) {
    return generateUntil(double(time) * av_q2d(m_timeBase), muxer);
}

Result<> SynthesizedFeed::finish(std::optional<std::int64_t>, Muxer& muxer) {
    LIPAR_TRY(generateUntil(m_audio.durationSeconds, muxer));
    return m_encoder->finish(muxer);
}

Result<> SynthesizedFeed::generateUntil(double seconds, Muxer& muxer) {
    constexpr std::int64_t piece = 1024;
    const std::int64_t end = std::llround(std::min(seconds, m_audio.durationSeconds) * m_audio.sampleRate);
    while (m_nextSample < end) {
        const av::FramePtr frame = av::makeFrame();
        frame->nb_samples = int(std::min(piece, end - m_nextSample));
        frame->format = AV_SAMPLE_FMT_FLT;
        frame->sample_rate = m_audio.sampleRate;
        av_channel_layout_default(&frame->ch_layout, 2);
        if (av_frame_get_buffer(frame.get(), 0) < 0)
            throw std::bad_alloc();
        m_audio.fill(m_nextSample,
                     std::span(reinterpret_cast<float*>(frame->data[0]), std::size_t(frame->nb_samples) * 2));
        LIPAR_TRY(m_encoder->push(*frame, double(m_nextSample) / m_audio.sampleRate, muxer));
        m_nextSample += frame->nb_samples;
    }
    return {};
}

}  // namespace lipar::media
