#include "engine/media/sound_reader.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libavutil/samplefmt.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

namespace lipar::media {
namespace {

constexpr double kToleratedGap = 0.015;   // seconds: smaller steps of the source's clock are rounding
constexpr double kSettling = 0.25;        // seconds: decoders that look back are right after as much
constexpr std::int64_t kFilterReach = 128;  // input samples on which the resampler's first ones depend
constexpr double kLongestGrid = 4;        // seconds: see seek()
constexpr double kReadAhead = 2;          // seconds: nearer than that, decoding on is cheaper than a seek
constexpr std::int64_t kSilencePiece = 4096;

std::optional<AVStream*> soundStream(const Demuxer& demuxer) {
    const int best = av_find_best_stream(demuxer.context(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (best < 0)
        return std::nullopt;
    return demuxer.context()->streams[best];
}

std::unexpected<Error> unsupported(const std::filesystem::path& path, const std::string& why) {
    return fail(ErrorCode::inputUnsupported, "cannot decode the sound of " + path.string() + ": " + why,
                "convert it to AAC first");
}

}  // namespace

Result<Rational> soundStart(const std::filesystem::path& path, const CancelToken& cancel) {
    LIPAR_ASSIGN(const auto reader, SoundReader::open(path, {}, cancel));
    if (!reader)
        return unsupported(path, "it holds none");
    return reader->start();
}

SoundReader::SoundReader(Demuxer demuxer, AVStream* stream, av::CodecPtr decoder, Rational clockStart)
    : m_demuxer(std::move(demuxer)),
      m_stream(stream),
      m_decoder(std::move(decoder)),
      m_clockStart(clockStart),
      m_inputRate(m_decoder->sample_rate),
      m_packet(av::makePacket()),
      m_frame(av::makeFrame()) {}

Result<std::unique_ptr<SoundReader>> SoundReader::open(const std::filesystem::path& path, Rational clockStart,
                                                       CancelToken cancel) {
    LIPAR_ASSIGN(Demuxer demuxer, Demuxer::open(path, std::move(cancel)));
    const auto found = soundStream(demuxer);
    if (!found)
        return nullptr;
    AVStream* stream = *found;
    demuxer.keepStreams([stream](const AVStream& other) { return other.index == stream->index; });
    const AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
    if (!codec)
        return unsupported(path, std::string("no decoder for ") + avcodec_get_name(stream->codecpar->codec_id) +
                                     " is there");
    av::CodecPtr decoder(avcodec_alloc_context3(codec));
    if (!decoder || avcodec_parameters_to_context(decoder.get(), stream->codecpar) < 0)
        return fail(ErrorCode::outOfMemory, "cannot decode the sound of " + path.string() + ": out of memory");
    decoder->pkt_timebase = stream->time_base;
    if (const int opened = avcodec_open2(decoder.get(), codec, nullptr); opened < 0)
        return unsupported(path, av::errorText(opened));
    if (decoder->sample_rate <= 0)
        return unsupported(path, "its sample rate is not known");
    std::unique_ptr<SoundReader> reader(
        new SoundReader(std::move(demuxer), stream, std::move(decoder), clockStart));
    // The first frame knows better than the header what codecs leave out at the beginning.
    LIPAR_ASSIGN(const bool hasSound, reader->nextFrame());
    if (hasSound) {
        reader->m_firstIndex = reader->m_frameIndex;
        reader->m_secondIndex = reader->m_countedIndex;
    }
    return reader;
}

double SoundReader::durationSeconds() const noexcept {
    if (m_stream->duration > 0)
        return double(m_stream->duration) * av_q2d(m_stream->time_base);
    const std::int64_t file = m_demuxer.context()->duration;
    return file > 0 ? double(file) / AV_TIME_BASE : 0;
}

bool SoundReader::isPastEnd(std::int64_t sample) const {
    return m_atEnd && !m_hasFrame && (Rational{sample, 1} * m_step).floor() >= m_countedIndex;
}

double SoundReader::distanceTo(Rational seconds) const {
    constexpr double seekCost = 1e3;
    if (!m_isPlaced || m_outputRate == 0)
        return seekCost;
    const double distance = double(sampleAt(seconds) - m_bufferStart) / m_outputRate;
    return distance >= 0 && distance < kReadAhead ? distance : seekCost;
}

Result<> SoundReader::setOutput(int rate, Rational speed) {
    if (rate == m_outputRate && speed == m_speed)
        return {};
    m_outputRate = rate;
    m_speed = speed;
    m_step = Rational{m_inputRate, 1} * speed / Rational{rate, 1};
    constexpr std::int64_t largest = std::numeric_limits<int>::max() / 2;
    if (m_step.num > largest || m_step.den > largest)
        return fail(ErrorCode::invalidArgument, "cannot play " + path().string() + ": its speed is out of range",
                    "choose a simpler speed");
    m_resampler.reset();
    m_isPlaced = false;
    return {};
}

std::int64_t SoundReader::sampleAt(Rational seconds) const {
    return ((m_clockStart + seconds) / m_speed * Rational{m_outputRate, 1}).rounded();
}

Result<> SoundReader::read(std::int64_t sample, std::span<float> stereo) {
    const std::int64_t count = std::int64_t(stereo.size() / 2);
    const auto bufferEnd = [this] { return m_bufferStart + std::int64_t(m_buffer.size() / 2); };
    const bool goesOn = m_isPlaced && sample >= m_bufferStart &&
                        sample - bufferEnd() < std::int64_t(kReadAhead * m_outputRate);
    if (!goesOn)
        LIPAR_TRY(seek(sample));
    while (bufferEnd() < sample + count) {
        if (m_buffer.size() / 2 > std::size_t(m_outputRate) * 2 && m_bufferStart < sample) {
            const std::int64_t used = std::min(sample, bufferEnd()) - m_bufferStart;
            m_buffer.erase(m_buffer.begin(), m_buffer.begin() + used * 2);
            m_bufferStart += used;
        }
        LIPAR_TRY(decodeMore());
    }
    std::copy_n(m_buffer.begin() + (sample - m_bufferStart) * 2, count * 2, stereo.begin());
    return {};
}

// Wherever reading begins, the resampler must meet the same input at the same phase: it is started at an input sample
// that falls on an output sample, of which there is one in every m_step.num. Where these lie too far apart (odd speeds)
// the nearest output sample has to do: half a sample's difference at most.
Result<> SoundReader::seek(std::int64_t sample) {
    const std::int64_t wanted = (Rational{sample, 1} * m_step).floor() - kFilterReach;
    std::int64_t begin = wanted;
    if (m_step.num <= std::int64_t(kLongestGrid * m_inputRate)) {
        const std::int64_t cell = Rational{wanted, m_step.num}.floor();
        begin = cell * m_step.num;
        m_bufferStart = cell * m_step.den;
    } else {
        m_bufferStart = (Rational{begin, 1} / m_step).rounded();
    }
    m_buffer.clear();
    m_resampler.reset();
    m_nextInput = begin;

    const AVRational sampleTime{1, m_inputRate};
    const std::int64_t settled = begin - std::int64_t(kSettling * m_inputRate);
    const std::int64_t first = m_stream->start_time == AV_NOPTS_VALUE ? 0 : m_stream->start_time;
    std::int64_t back = 0;
    while (true) {
        const std::int64_t goal =
            std::max(first, av_rescale_q_rnd(settled - back, sampleTime, m_stream->time_base, AV_ROUND_DOWN));
        if (!m_demuxer.seek(*m_stream, goal)) {
            // Where seeking is impossible: from the beginning.
            LIPAR_ASSIGN(auto fresh, open(path(), m_clockStart, m_demuxer.cancel()));
            m_demuxer = std::move(fresh->m_demuxer);
            m_stream = fresh->m_stream;
            m_decoder = std::move(fresh->m_decoder);
        } else {
            avcodec_flush_buffers(m_decoder.get());
        }
        m_hasFrame = m_atEnd = m_isSettled = false;
        LIPAR_TRY(nextFrame());
        // Indexes may be rough: then step further back.
        const bool isEarlyEnough = m_hasFrame && m_frameIndex <= begin;
        if (isEarlyEnough || goal <= first)
            break;
        back = back == 0 ? m_inputRate : back * 4;
    }
    m_isPlaced = true;
    return {};
}

// The frame's first sample, counted at the input's rate. A clock that is coarser than a sample is right to half a tick:
// frames of equal length then tell the sample.
std::int64_t SoundReader::indexOf(const AVFrame& frame) const {
    const std::int64_t time = frame.best_effort_timestamp;
    const AVRational sampleTime{1, m_inputRate};
    if (time == AV_NOPTS_VALUE)
        return m_isSettled ? m_countedIndex : 0;
    const std::int64_t index = av_rescale_q(time, m_stream->time_base, sampleTime);
    if (m_isSettled) {
        const bool isRounding = std::abs(index - m_countedIndex) < std::int64_t(kToleratedGap * m_inputRate);
        return isRounding ? m_countedIndex : index;
    }
    const std::int64_t tick = av_rescale_q(1, m_stream->time_base, sampleTime);
    const std::int64_t length = m_stream->codecpar->frame_size;
    if (tick > 1 && length > 0 && m_secondIndex) {
        const std::int64_t snapped = *m_secondIndex + Rational{index - *m_secondIndex, length}.rounded() * length;
        if (std::abs(snapped - index) <= tick)
            return snapped;
    }
    return index;
}

// Decodes into m_frame; false at the end of the file.
Result<bool> SoundReader::nextFrame() {
    while (!m_atEnd) {
        const int received = avcodec_receive_frame(m_decoder.get(), m_frame.get());
        if (received >= 0) {
            if (m_frame->nb_samples <= 0 || m_frame->sample_rate != m_inputRate)
                continue;  // damage
            m_frameIndex = indexOf(*m_frame);
            m_countedIndex = m_frameIndex + m_frame->nb_samples;
            m_hasFrame = m_isSettled = true;
            return true;
        }
        if (received == AVERROR_EOF) {
            m_atEnd = true;
            break;
        }
        LIPAR_ASSIGN(const Demuxer::ReadStatus status, m_demuxer.read(*m_packet));
        // A packet that cannot be decoded leaves a gap, which is filled with silence.
        if (status == Demuxer::ReadStatus::packet)
            avcodec_send_packet(m_decoder.get(), m_packet.get());
        else if (status == Demuxer::ReadStatus::end)
            avcodec_send_packet(m_decoder.get(), nullptr);
    }
    return false;
}

Result<> SoundReader::decodeMore() {
    if (!m_hasFrame && !m_atEnd)
        LIPAR_TRY(nextFrame());
    if (!m_hasFrame)
        return feedSilence(kSilencePiece);
    if (m_frameIndex > m_nextInput)
        return feedSilence(std::min(kSilencePiece, m_frameIndex - m_nextInput));
    const std::int64_t skipped = m_nextInput - m_frameIndex;
    if (skipped < m_frame->nb_samples)
        LIPAR_TRY(feed(*m_frame, skipped));
    m_hasFrame = false;
    return {};
}

Result<> SoundReader::prepareResampler(const AVFrame& frame) {
    if (m_resampler && frame.format == m_resamplerFormat &&
        av_channel_layout_compare(&frame.ch_layout, &m_resamplerLayout) == 0)
        return {};
    AVChannelLayout layout = frame.ch_layout;
    if (layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&layout, frame.ch_layout.nb_channels);
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    SwrContext* resampler = nullptr;
    int status = swr_alloc_set_opts2(&resampler, &stereo, AV_SAMPLE_FMT_FLT, int(m_step.den), &layout,
                                     AVSampleFormat(frame.format), int(m_step.num), 0, nullptr);
    m_resampler.reset(resampler);
    if (status >= 0) {
        av_opt_set_int(resampler, "linear_interp", 1, 0);
        av_opt_set_double(resampler, "rematrix_maxval", 1, 0);  // surround does not get louder than its loudest channel
        if (layout.nb_channels == 1) {
            constexpr std::array<double, 2> bothSides{1, 1};
            status = swr_set_matrix(resampler, bothSides.data(), 1);
        }
    }
    if (status >= 0)
        status = swr_init(resampler);
    if (status < 0)
        return unsupported(path(), av::errorText(status));
    m_resamplerFormat = frame.format;
    m_resamplerLayout = frame.ch_layout;
    return {};
}

Result<> SoundReader::feed(const AVFrame& frame, std::int64_t skipped) {
    LIPAR_TRY(prepareResampler(frame));
    const auto format = AVSampleFormat(frame.format);
    const bool planar = av_sample_fmt_is_planar(format) != 0;
    const int channels = frame.ch_layout.nb_channels;
    const std::int64_t offset = skipped * av_get_bytes_per_sample(format) * (planar ? 1 : channels);
    std::vector<const std::uint8_t*> data(std::size_t(planar ? channels : 1));
    for (std::size_t plane = 0; plane < data.size(); ++plane)
        data[plane] = frame.extended_data[plane] + offset;
    return resample(data.data(), int(frame.nb_samples - skipped));
}

Result<> SoundReader::feedSilence(std::int64_t samples) {
    av::FramePtr silence = av::makeFrame();
    silence->nb_samples = int(samples);
    silence->format = m_resampler ? m_resamplerFormat : m_hasFrame ? m_frame->format : int(AV_SAMPLE_FMT_FLTP);
    if (m_resampler || m_hasFrame)
        av_channel_layout_copy(&silence->ch_layout, m_resampler ? &m_resamplerLayout : &m_frame->ch_layout);
    else
        av_channel_layout_default(&silence->ch_layout, 2);
    if (av_frame_get_buffer(silence.get(), 0) < 0)
        throw std::bad_alloc();
    av_samples_set_silence(silence->extended_data, 0, silence->nb_samples, silence->ch_layout.nb_channels,
                           AVSampleFormat(silence->format));
    return feed(*silence, 0);
}

Result<> SoundReader::resample(const std::uint8_t** data, int samples) {
    const int most = std::max(1, swr_get_out_samples(m_resampler.get(), samples));
    const std::size_t before = m_buffer.size();
    m_buffer.resize(before + std::size_t(most) * 2);
    std::array<std::uint8_t*, 1> out{reinterpret_cast<std::uint8_t*>(m_buffer.data() + before)};
    const int made = swr_convert(m_resampler.get(), out.data(), most, data, samples);
    if (made < 0)
        return fail(ErrorCode::decodeFailed,
                    "cannot convert the sound of " + path().string() + ": " + av::errorText(made));
    m_buffer.resize(before + std::size_t(made) * 2);
    m_nextInput += samples;
    return {};
}

}  // namespace lipar::media
