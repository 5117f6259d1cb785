#include "engine/media/media_info.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/media/av.h"
#include "engine/media/demuxer.h"
#include "engine/media/orientation.h"

namespace lipar::media {
namespace {

constexpr int kLargestSide = 16384;

Error lyingHeader(const Demuxer& demuxer, const std::string& why) {
    return Error{ErrorCode::inputDamaged, "cannot read " + demuxer.path().string() + ": " + why,
                 "check that it plays elsewhere, or convert it to MP4 first"};
}

// Where the container lists its samples: whether all but the last are equally long.
bool indexIsUneven(AVStream* stream) {
    const int count = avformat_index_get_entries_count(stream);
    if (count < 3 || count != stream->nb_frames)
        return false;
    std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
    std::int64_t longest = 0;
    std::int64_t previous = avformat_index_get_entry(stream, 0)->timestamp;
    for (int i = 1; i < count; ++i) {
        const std::int64_t timestamp = avformat_index_get_entry(stream, i)->timestamp;
        shortest = std::min(shortest, timestamp - previous);
        longest = std::max(longest, timestamp - previous);
        previous = timestamp;
    }
    return longest - shortest > 1;  // one tick is rounding of a constant rate
}

bool ratesDiffer(AVRational a, AVRational b) {
    if (a.num <= 0 || a.den <= 0 || b.num <= 0 || b.den <= 0)
        return false;
    // Fields may be told as frames: a factor of two is no variation.
    const double ratio = av_q2d(a) / av_q2d(b);
    return std::abs(ratio - 1) > 0.01 && std::abs(ratio - 2) > 0.02 && std::abs(ratio - 0.5) > 0.01;
}

Orientation storedOrientation(const AVStream& stream) {
    std::size_t size = 0;
    const auto* matrix =
        reinterpret_cast<const std::int32_t*>(av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size));
    return matrix && size >= sizeof(DisplayMatrix) ? orientationFromMatrix(matrix) : Orientation{};
}

double secondsOf(std::int64_t timestamp, AVRational timeBase, double otherwise = 0) {
    return timestamp == AV_NOPTS_VALUE ? otherwise : double(timestamp) * av_q2d(timeBase);
}

Result<VideoStreamInfo> describeVideo(const Demuxer& demuxer, AVStream* stream) {
    const AVCodecParameters& parameters = *stream->codecpar;
    VideoStreamInfo video;
    video.codec = avcodec_get_name(parameters.codec_id);
    if (!avcodec_find_decoder(parameters.codec_id))
        return fail(ErrorCode::inputUnsupported,
                    "cannot edit " + demuxer.path().string() + ": no decoder for its picture codec (" + video.codec +
                        ") is there",
                    "convert it to H.264 first");
    if (parameters.width <= 0 || parameters.height <= 0)
        return std::unexpected(lyingHeader(demuxer, "its picture has no size"));
    if (parameters.width > kLargestSide || parameters.height > kLargestSide)
        return std::unexpected(lyingHeader(demuxer, "its picture is said to be " + std::to_string(parameters.width) +
                                                        "x" + std::to_string(parameters.height) +
                                                        ", larger than this program can edit"));
    const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(AVPixelFormat(parameters.format));
    if (!format)
        return std::unexpected(lyingHeader(demuxer, "its pictures cannot be decoded"));
    if (stream->time_base.num <= 0 || stream->time_base.den <= 0)
        return std::unexpected(lyingHeader(demuxer, "it has no clock"));

    video.storedWidth = parameters.width;
    video.storedHeight = parameters.height;
    const Orientation orientation = storedOrientation(*stream);
    video.rotation = orientation.rotation;
    video.mirrored = orientation.mirrored;
    const AVRational aspect = av_guess_sample_aspect_ratio(demuxer.context(), stream, nullptr);
    if (aspect.num > 0 && aspect.den > 0)
        video.sampleAspect = av::fromAv(aspect);
    video.timeBase = av::fromAv(stream->time_base);
    const AVRational rate = stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
    if (rate.num > 0 && rate.den > 0)
        video.averageRate = av::fromAv(rate);
    video.variableRate = indexIsUneven(stream) || ratesDiffer(stream->avg_frame_rate, stream->r_frame_rate);
    video.startSeconds = secondsOf(stream->start_time, stream->time_base);
    video.durationSeconds = secondsOf(stream->duration, stream->time_base);
    if (video.durationSeconds <= 0)
        video.durationSeconds = std::max(0.0, secondsOf(demuxer.context()->duration, AV_TIME_BASE_Q));
    video.frameCount = stream->nb_frames > 0
                           ? stream->nb_frames
                           : std::max<std::int64_t>(1, std::llround(video.durationSeconds * video.averageRate.value()));
    video.pixelFormat = format->name;
    video.bitDepth = format->comp[0].depth;
    video.hasAlpha = (format->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
    video.interlaced = parameters.field_order != AV_FIELD_UNKNOWN && parameters.field_order != AV_FIELD_PROGRESSIVE;
    video.colorPrimaries = parameters.color_primaries;
    video.colorTransfer = parameters.color_trc;
    video.colorMatrix = parameters.color_space;
    video.colorRange = parameters.color_range;
    video.chromaLocation = parameters.chroma_location;
    return video;
}

std::optional<AudioStreamInfo> describeAudio(const Demuxer& demuxer) {
    const int best = av_find_best_stream(demuxer.context(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (best < 0)
        return std::nullopt;
    const AVStream& stream = *demuxer.context()->streams[best];
    AudioStreamInfo audio;
    audio.codec = avcodec_get_name(stream.codecpar->codec_id);
    audio.sampleRate = stream.codecpar->sample_rate;
    audio.channels = stream.codecpar->ch_layout.nb_channels;
    audio.startSeconds = secondsOf(stream.start_time, stream.time_base);
    audio.durationSeconds = secondsOf(stream.duration, stream.time_base,
                                      std::max(0.0, secondsOf(demuxer.context()->duration, AV_TIME_BASE_Q)));
    return audio;
}

}  // namespace

Result<MediaInfo> describe(const Demuxer& demuxer) {
    LIPAR_ASSIGN(AVStream * stream, demuxer.videoStream());
    MediaInfo info;
    info.path = demuxer.path();
    info.container = demuxer.context()->iformat->name;
    LIPAR_ASSIGN(info.video, describeVideo(demuxer, stream));
    info.audio = describeAudio(demuxer);
    info.durationSeconds = std::max(info.video.durationSeconds, secondsOf(demuxer.context()->duration, AV_TIME_BASE_Q));
    return info;
}

Result<MediaInfo> probe(const std::filesystem::path& path) {
    LIPAR_ASSIGN(const Demuxer demuxer, Demuxer::open(path));
    return describe(demuxer);
}

}  // namespace lipar::media
