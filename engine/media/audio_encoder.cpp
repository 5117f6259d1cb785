#include "engine/media/audio_encoder.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
}

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

namespace lipar::media {
namespace {

constexpr double kToleratedGap = 0.05;  // seconds: smaller steps of the source's clock are rounding
constexpr int kBitsPerChannel = 96'000;
constexpr int kFreeFrameSize = 1024;  // for encoders that take any number of samples

Error soundError(int averror) {
    return Error{ErrorCode::outputFailed, "cannot encode the sound: " + av::errorText(averror),
                 "choose to copy the sound, or none"};
}

int nearestRate(const AVCodec& encoder, int rate) {
    if (!encoder.supported_samplerates)
        return rate;
    int best = 0;
    for (const int* candidate = encoder.supported_samplerates; *candidate; ++candidate) {
        // The lowest rate that loses nothing, else the highest there is.
        const bool better = best == 0 || (*candidate >= rate ? best < rate || *candidate < best : *candidate > best);
        if (better)
            best = *candidate;
    }
    return best;
}

av::FramePtr makeAudioFrame(const AVCodecContext& codec, int samples) {
    av::FramePtr frame = av::makeFrame();
    frame->nb_samples = samples;
    frame->format = codec.sample_fmt;
    frame->sample_rate = codec.sample_rate;
    if (av_channel_layout_copy(&frame->ch_layout, &codec.ch_layout) < 0 || av_frame_get_buffer(frame.get(), 0) < 0)
        throw std::bad_alloc();
    return frame;
}

}  // namespace

AudioEncoder::AudioEncoder(av::CodecPtr codec, AVStream* stream)
    : m_codec(std::move(codec)),
      m_stream(stream),
      m_queue(av_audio_fifo_alloc(m_codec->sample_fmt, m_codec->ch_layout.nb_channels, 4096)),
      m_packet(av::makePacket()) {}

Result<AudioEncoder> AudioEncoder::open(AVCodecID codecId, int sampleRate, const AVChannelLayout& layout,
                                        Muxer& muxer) {
    const AVCodec* encoder =
        codecId == AV_CODEC_ID_OPUS ? avcodec_find_encoder_by_name("libopus") : avcodec_find_encoder(codecId);
    if (!encoder)
        return std::unexpected(soundError(AVERROR_ENCODER_NOT_FOUND));
    av::CodecPtr codec(avcodec_alloc_context3(encoder));
    if (!codec)
        return std::unexpected(soundError(AVERROR(ENOMEM)));
    codec->sample_rate = nearestRate(*encoder, sampleRate);
    codec->sample_fmt = encoder->sample_fmts[0];
    // Encoders take the usual layouts of a channel count; the resampler mixes the others into those.
    av_channel_layout_default(&codec->ch_layout, std::clamp(layout.nb_channels, 1, 8));
    codec->bit_rate = std::int64_t(kBitsPerChannel) * codec->ch_layout.nb_channels;
    codec->time_base = {1, codec->sample_rate};
    if (muxer.wantsGlobalHeaders())
        codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (const int opened = avcodec_open2(codec.get(), encoder, nullptr); opened < 0)
        return std::unexpected(soundError(opened));
    LIPAR_ASSIGN(AVStream * stream, muxer.addStream());
    if (const int copied = avcodec_parameters_from_context(stream->codecpar, codec.get()); copied < 0)
        return std::unexpected(soundError(copied));
    stream->time_base = codec->time_base;
    return AudioEncoder(std::move(codec), stream);
}

AudioGrid AudioEncoder::grid() const noexcept {
    return {m_codec->sample_rate, m_codec->frame_size > 0 ? m_codec->frame_size : kFreeFrameSize,
            -m_codec->initial_padding};
}

void AudioEncoder::keepPackets(std::int64_t first, std::int64_t end, std::int64_t shift) noexcept {
    m_firstPacket = first;
    m_endPacket = end;
    m_packetShift = shift;
}

std::int64_t AudioEncoder::sampleAt(double seconds) const noexcept {
    return std::llround(seconds * m_codec->sample_rate);
}

Result<> AudioEncoder::prepareResampler(const AVFrame& frame) {
    if (m_resampler && frame.sample_rate == m_inputRate && frame.format == m_inputFormat &&
        frame.ch_layout.nb_channels == m_inputChannels)
        return {};
    AVChannelLayout layout = frame.ch_layout;
    if (layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&layout, frame.ch_layout.nb_channels);
    SwrContext* resampler = nullptr;
    int status = swr_alloc_set_opts2(&resampler, &m_codec->ch_layout, m_codec->sample_fmt, m_codec->sample_rate,
                                     &layout, AVSampleFormat(frame.format), frame.sample_rate, 0, nullptr);
    m_resampler.reset(resampler);
    if (status >= 0)
        status = swr_init(resampler);
    if (status < 0)
        return std::unexpected(soundError(status));
    m_inputRate = frame.sample_rate;
    m_inputFormat = frame.format;
    m_inputChannels = frame.ch_layout.nb_channels;
    return {};
}

Result<> AudioEncoder::push(const AVFrame& frame, double seconds, Muxer& muxer) {
    LIPAR_TRY(prepareResampler(frame));
    // The resampler holds some samples back: what comes out starts that much earlier.
    const std::int64_t first = sampleAt(seconds) - swr_get_delay(m_resampler.get(), m_codec->sample_rate);
    const int most = swr_get_out_samples(m_resampler.get(), frame.nb_samples);
    av::FramePtr converted = makeAudioFrame(*m_codec, std::max(1, most));
    const int made = swr_convert(m_resampler.get(), converted->extended_data, converted->nb_samples,
                                 const_cast<const std::uint8_t**>(frame.extended_data), frame.nb_samples);
    if (made < 0)
        return std::unexpected(soundError(made));
    converted->nb_samples = made;

    if (!m_nextSample) {
        m_nextSample = m_startSample ? std::max(first, *m_startSample) : first;
        m_encodedUntil = *m_nextSample;
    }
    std::int64_t gap = first - *m_nextSample;
    const bool beforeStart = first < m_startSample.value_or(first);
    if (std::abs(gap) < std::int64_t(kToleratedGap * m_codec->sample_rate) && !beforeStart)
        gap = 0;
    if (gap > 0)
        LIPAR_TRY(appendSilence(gap, muxer));
    if (gap < 0) {  // an overlap, or sound before the cut
        const int dropped = int(std::min<std::int64_t>(-gap, made));
        const int planes = av_sample_fmt_is_planar(m_codec->sample_fmt) ? m_codec->ch_layout.nb_channels : 1;
        const int bytes =
            dropped * av_get_bytes_per_sample(m_codec->sample_fmt) * (planes == 1 ? m_codec->ch_layout.nb_channels : 1);
        for (int plane = 0; plane < planes; ++plane)
            converted->extended_data[plane] += bytes;
        converted->nb_samples -= dropped;
    }
    LIPAR_TRY(append(*converted));
    return encodeQueued(false, muxer);
}

Result<> AudioEncoder::append(AVFrame& converted) {
    std::int64_t count = converted.nb_samples;
    if (m_endSample)
        count = std::clamp<std::int64_t>(*m_endSample - *m_nextSample, 0, count);
    if (count == 0)
        return {};
    const int written =
        av_audio_fifo_write(m_queue.get(), reinterpret_cast<void**>(converted.extended_data), int(count));
    if (written < count)
        return std::unexpected(soundError(AVERROR(ENOMEM)));
    *m_nextSample += count;
    return {};
}

Result<> AudioEncoder::appendSilence(std::int64_t samples, Muxer& muxer) {
    constexpr std::int64_t piece = 4096;
    constexpr std::int64_t longestGap = 3600;  // seconds: beyond it the source's clock is broken
    samples = std::min(samples, longestGap * m_codec->sample_rate);
    const av::FramePtr silence = makeAudioFrame(*m_codec, int(piece));
    av_samples_set_silence(silence->extended_data, 0, int(piece), m_codec->ch_layout.nb_channels, m_codec->sample_fmt);
    for (; samples > 0; samples -= piece) {
        silence->nb_samples = int(std::min(samples, piece));
        LIPAR_TRY(append(*silence));
        LIPAR_TRY(encodeQueued(false, muxer));
    }
    return {};
}

Result<> AudioEncoder::encodeQueued(bool all, Muxer& muxer) {
    const int frameSize = m_codec->frame_size > 0 ? m_codec->frame_size : kFreeFrameSize;
    while (true) {
        const int queued = av_audio_fifo_size(m_queue.get());
        if (queued == 0 || (queued < frameSize && !all))
            return {};
        const av::FramePtr frame = makeAudioFrame(*m_codec, std::min(queued, frameSize));
        av_audio_fifo_read(m_queue.get(), reinterpret_cast<void**>(frame->extended_data), frame->nb_samples);
        frame->pts = m_encodedUntil;
        m_encodedUntil += frame->nb_samples;
        if (const int sent = avcodec_send_frame(m_codec.get(), frame.get()); sent < 0)
            return std::unexpected(soundError(sent));
        LIPAR_TRY(drain(muxer));
    }
}

Result<> AudioEncoder::drain(Muxer& muxer) {
    while (true) {
        const int received = avcodec_receive_packet(m_codec.get(), m_packet.get());
        if (received == AVERROR(EAGAIN) || received == AVERROR_EOF)
            return {};
        if (received < 0)
            return std::unexpected(soundError(received));
        if (m_packet->pts < m_firstPacket || m_packet->pts >= m_endPacket)
            continue;
        m_packet->pts -= m_packetShift;
        m_packet->dts -= m_packetShift;
        LIPAR_TRY(muxer.write(*m_packet, *m_stream, m_codec->time_base));
    }
}

Result<> AudioEncoder::finish(Muxer& muxer) {
    if (m_resampler) {
        const int held = swr_get_out_samples(m_resampler.get(), 0);
        if (held > 0) {
            av::FramePtr rest = makeAudioFrame(*m_codec, held);
            rest->nb_samples = std::max(0, swr_convert(m_resampler.get(), rest->extended_data, held, nullptr, 0));
            LIPAR_TRY(append(*rest));
        }
    }
    LIPAR_TRY(encodeQueued(true, muxer));
    if (const int sent = avcodec_send_frame(m_codec.get(), nullptr); sent < 0)
        return std::unexpected(soundError(sent));
    return drain(muxer);
}

}  // namespace lipar::media
