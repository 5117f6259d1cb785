#include "engine/media/source_audio.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/log.h"

namespace lipar::media {

SourceAudio::SourceAudio(Demuxer source, AudioPolicy policy)
    : m_source(std::move(source)), m_policy(policy), m_pending(av::makePacket()) {}

Result<> SourceAudio::addStreams(Muxer& muxer) {
    m_source.keepStreams([](const AVStream& stream) { return stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO; });
    for (unsigned i = 0; i < m_source.context()->nb_streams; ++i) {
        AVStream& in = *m_source.context()->streams[i];
        const AVCodecParameters& parameters = *in.codecpar;
        if (parameters.codec_type != AVMEDIA_TYPE_AUDIO)
            continue;
        const AVCodecID codec = parameters.codec_id;
        const bool isWanted = m_policy == AudioPolicy::copy || codec == muxer.container().audioCodec;
        const bool isDescribed = parameters.sample_rate > 0 && parameters.ch_layout.nb_channels > 0;
        if (isDescribed && isWanted && canHoldAudio(muxer.container(), codec)) {
            LIPAR_TRY(addCopy(in, muxer));
        } else if (isDescribed && avcodec_find_decoder(codec)) {
            LIPAR_TRY(addTranscode(in, muxer));
        } else {
            in.discard = AVDISCARD_ALL;
            log(LogLevel::warning, "the sound of " + m_source.path().string() + " in stream " + std::to_string(i) +
                                       " is left out: nothing here can decode " + avcodec_get_name(codec));
        }
    }
    return {};
}

Result<> SourceAudio::addCopy(AVStream& in, Muxer& muxer) {
    LIPAR_ASSIGN(AVStream * out, muxer.addStream());
    if (const int copied = avcodec_parameters_copy(out->codecpar, in.codecpar); copied < 0)
        return std::unexpected(muxer.error(copied));
    out->codecpar->codec_tag = 0;
    out->time_base = in.time_base;
    out->disposition = in.disposition;
    av_dict_copy(&out->metadata, in.metadata, 0);
    Track track;
    track.in = &in;
    track.out = out;
    m_tracks.push_back(std::move(track));
    return {};
}

Result<> SourceAudio::addTranscode(AVStream& in, Muxer& muxer) {
    const AVCodec* decoder = avcodec_find_decoder(in.codecpar->codec_id);
    Track track;
    track.in = &in;
    track.decoder.reset(avcodec_alloc_context3(decoder));
    if (!track.decoder || avcodec_parameters_to_context(track.decoder.get(), in.codecpar) < 0)
        return fail(ErrorCode::outOfMemory, "cannot decode the sound: out of memory");
    track.decoder->pkt_timebase = in.time_base;
    if (const int opened = avcodec_open2(track.decoder.get(), decoder, nullptr); opened < 0)
        return fail(ErrorCode::inputUnsupported,
                    "cannot decode the sound of " + m_source.path().string() + ": " + av::errorText(opened),
                    "choose to edit without sound");
    LIPAR_ASSIGN(track.encoder, AudioEncoder::open(muxer.container().audioCodec, in.codecpar->sample_rate,
                                                   in.codecpar->ch_layout, muxer));
    AVStream& out = track.encoder->stream();
    out.disposition = in.disposition;
    av_dict_copy(&out.metadata, in.metadata, 0);
    m_tracks.push_back(std::move(track));
    return {};
}

Result<> SourceAudio::start(const AudioCut& cut) {
    m_cut = cut;
    if (!cut.start || m_tracks.empty())
        return {};
    for (Track& track : m_tracks) {
        if (track.encoder)
            track.encoder->setStart(outputSeconds(*cut.start, cut.timeBase));
    }
    // A second early, so that decoders have settled at the cut.
    const AVStream& in = *m_tracks.front().in;
    const std::int64_t before =
        av_rescale_q(*cut.start, cut.timeBase, in.time_base) - av_rescale_q(AV_TIME_BASE, AV_TIME_BASE_Q, in.time_base);
    const std::int64_t first = in.start_time == AV_NOPTS_VALUE ? 0 : in.start_time;
    if (before > first && !m_source.seek(in, before))
        log(LogLevel::debug, "no seeking in " + m_source.path().string() + ": its sound is read from the beginning");
    return {};
}

Result<> SourceAudio::writeUntil(std::int64_t time, Muxer& muxer) {
    while (true) {
        LIPAR_ASSIGN(const bool pending, fillPending());
        if (!pending)
            return {};
        const AVStream& in = *m_source.context()->streams[m_pending->stream_index];
        const std::int64_t due = m_pending->pts != AV_NOPTS_VALUE ? m_pending->pts : m_pending->dts;
        if (due != AV_NOPTS_VALUE && av_compare_ts(due, in.time_base, time, m_cut.timeBase) > 0)
            return {};
        LIPAR_TRY(handlePending(muxer));
    }
}

Result<> SourceAudio::finish(std::optional<std::int64_t> end, Muxer& muxer) {
    m_end = end;
    for (Track& track : m_tracks) {
        if (track.encoder && end)
            track.encoder->setEnd(outputSeconds(*end, m_cut.timeBase));
    }
    if (end) {
        // Streams are interleaved within a second or so: no need to read the rest of the file.
        const std::int64_t slack = av_rescale_q(2 * AV_TIME_BASE, AV_TIME_BASE_Q, m_cut.timeBase);
        LIPAR_TRY(writeUntil(*end + slack, muxer));
    } else {
        LIPAR_TRY(writeUntil(std::numeric_limits<std::int64_t>::max(), muxer));
    }
    for (Track& track : m_tracks) {
        if (!track.encoder)
            continue;
        LIPAR_TRY(transcode(track, nullptr, muxer));
        LIPAR_TRY(track.encoder->finish(muxer));
    }
    return {};
}

SourceAudio::Track* SourceAudio::trackOf(int streamIndex) {
    const auto found = std::ranges::find_if(m_tracks, [=](const Track& t) { return t.in->index == streamIndex; });
    return found == m_tracks.end() ? nullptr : &*found;
}

Result<bool> SourceAudio::fillPending() {
    while (!m_hasPending && !m_atEnd && !m_tracks.empty()) {
        LIPAR_ASSIGN(const Demuxer::ReadStatus status, m_source.read(*m_pending));
        m_atEnd = status == Demuxer::ReadStatus::end;
        m_hasPending = status == Demuxer::ReadStatus::packet && trackOf(m_pending->stream_index);
    }
    return m_hasPending;
}

Result<> SourceAudio::handlePending(Muxer& muxer) {
    m_hasPending = false;
    Track& track = *trackOf(m_pending->stream_index);
    std::int64_t time = m_pending->pts != AV_NOPTS_VALUE ? m_pending->pts : m_pending->dts;
    if (time == AV_NOPTS_VALUE)
        time = track.nextTime;
    track.nextTime = time + m_pending->duration;
    return track.encoder ? transcode(track, m_pending.get(), muxer) : copyPacket(track, time, muxer);
}

Result<> SourceAudio::copyPacket(Track& track, std::int64_t time, Muxer& muxer) {
    const AVRational inBase = track.in->time_base;
    if (m_cut.start) {
        // The MP4 family can tell players to skip the part of a packet before the cut; others start with a whole one.
        const std::int64_t reaches = muxer.container().isMp4Family ? time + m_pending->duration - 1 : time;
        if (av_compare_ts(reaches, inBase, *m_cut.start, m_cut.timeBase) < 0)
            return {};
    }
    if (m_end && av_compare_ts(time, inBase, *m_end, m_cut.timeBase) >= 0)
        return {};
    const AVRational outBase = track.out->time_base;
    std::int64_t outTime = av_rescale_q(time, inBase, outBase) - av_rescale_q(m_cut.shift, m_cut.timeBase, outBase);
    if (track.lastOutputTime != AV_NOPTS_VALUE && outTime <= track.lastOutputTime)
        outTime = track.lastOutputTime + 1;  // containers refuse clocks that stand still
    track.lastOutputTime = outTime;
    m_pending->pts = m_pending->dts = outTime;
    m_pending->duration = av_rescale_q(m_pending->duration, inBase, outBase);
    return muxer.write(*m_pending, *track.out, outBase);
}

Result<> SourceAudio::transcode(Track& track, const AVPacket* packet, Muxer& muxer) {
    // A packet that cannot be decoded leaves a gap, which the encoder fills with silence.
    if (avcodec_send_packet(track.decoder.get(), packet) < 0)
        return {};
    const av::FramePtr frame = av::makeFrame();
    while (avcodec_receive_frame(track.decoder.get(), frame.get()) >= 0) {
        const std::int64_t time =
            frame->best_effort_timestamp != AV_NOPTS_VALUE ? frame->best_effort_timestamp : track.nextTime;
        LIPAR_TRY(track.encoder->push(*frame, outputSeconds(time, track.in->time_base), muxer));
    }
    return {};
}

double SourceAudio::outputSeconds(std::int64_t time, AVRational timeBase) const {
    return double(time) * av_q2d(timeBase) - double(m_cut.shift) * av_q2d(m_cut.timeBase);
}

}  // namespace lipar::media
