#include "engine/media/muxer.h"

#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "engine/media/part_tags.h"

namespace lipar::media {
namespace {

// A time scale in which the video's times and every sample of the sound are whole numbers, if there is one.
std::int64_t movieTimescale(const AVFormatContext& context, std::int64_t videoTimescale) {
    std::int64_t scale = videoTimescale;
    for (unsigned i = 0; i < context.nb_streams; ++i) {
        const int rate = context.streams[i]->codecpar->sample_rate;
        if (context.streams[i]->codecpar->codec_type != AVMEDIA_TYPE_AUDIO || rate <= 0)
            continue;
        const std::int64_t common = std::lcm(scale, std::int64_t(rate));
        if (common <= std::numeric_limits<int>::max())
            scale = common;
    }
    return scale;
}

}  // namespace

void Muxer::ContextDeleter::operator()(AVFormatContext* context) const noexcept {
    if (context->pb)
        avio_closep(&context->pb);
    avformat_free_context(context);
}

Muxer::Muxer(std::filesystem::path target, const OutputContainer& container, PendingFile file)
    : m_target(std::move(target)), m_container(&container), m_file(std::move(file)) {}

Result<Muxer> Muxer::create(const std::filesystem::path& target, const OutputContainer& container) {
    LIPAR_ASSIGN(PendingFile file, PendingFile::create(target));
    Muxer muxer(target, container, std::move(file));
    AVFormatContext* context = nullptr;
    const std::string url = "file:" + muxer.m_file.path().string();
    if (const int made =
            avformat_alloc_output_context2(&context, nullptr, std::string(container.muxer).c_str(), url.c_str());
        made < 0)
        return std::unexpected(muxer.error(made));
    muxer.m_context.reset(context);
    if (const int opened = avio_open(&context->pb, url.c_str(), AVIO_FLAG_WRITE); opened < 0)
        return std::unexpected(muxer.error(opened));
    return muxer;
}

Result<AVStream*> Muxer::addStream() {
    if (AVStream* stream = avformat_new_stream(m_context.get(), nullptr))
        return stream;
    return std::unexpected(error(AVERROR(ENOMEM)));
}

Result<> Muxer::begin(AVRational videoTimeBase) {
    av::Dictionary options;
    if (m_container->isMp4Family) {
        // The colour atom is wanted also for a lone range tag, which H.264 and HEVC streams do not carry.
        const bool hasRange = m_context->streams[0]->codecpar->color_range != AVCOL_RANGE_UNSPECIFIED;
        std::string flags = hasRange ? "+faststart+write_colr" : "+faststart";
        if (hasPartTags(m_context->metadata))
            flags += "+use_metadata_tags";
        options.set("movflags", flags);
        m_context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;  // FLAC in MP4, standard since 2017
        options.set("video_track_timescale", videoTimeBase.den);
        options.set("movie_timescale", movieTimescale(*m_context, videoTimeBase.den));
    } else {
        m_context->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    }
    if (const int begun = avformat_write_header(m_context.get(), options.address()); begun < 0)
        return std::unexpected(error(begun));
    return {};
}

Result<> Muxer::write(AVPacket& packet, const AVStream& stream, AVRational timeBase) {
    packet.stream_index = stream.index;
    packet.pos = -1;
    // Matroska's readers subtract Opus' delay from times; its writer leaves adding it to us.
    if (!m_container->isMp4Family && stream.codecpar->codec_id == AV_CODEC_ID_OPUS) {
        const AVRational sample{1, stream.codecpar->sample_rate};
        const std::int64_t delay = av_rescale_q(stream.codecpar->initial_padding, sample, timeBase);
        packet.pts += delay;
        packet.dts += delay;
    }
    av_packet_rescale_ts(&packet, timeBase, stream.time_base);
    int status = av_interleaved_write_frame(m_context.get(), &packet);
    if (status >= 0)
        status = m_context->pb->error;  // writes are buffered: an earlier one may have failed
    if (status < 0)
        return std::unexpected(error(status));
    return {};
}

Result<> Muxer::finish() {
    int status = av_write_trailer(m_context.get());
    if (status >= 0)
        status = m_context->pb->error;
    const int closed = avio_closep(&m_context->pb);
    if (status >= 0)
        status = closed;
    if (status < 0)
        return std::unexpected(error(status));
    return m_file.commit();
}

}  // namespace lipar::media
