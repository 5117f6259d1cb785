#include "engine/media/video_encoder.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/media/proxy.h"

namespace lipar::media {
namespace {

// SVT-AV1 prints to standard error unless this variable says otherwise, and setenv is safe before threads start only.
[[maybe_unused]] const int kQuietSvtAv1 = ::setenv("SVT_LOG", "1", 0);

bool isRgb(AVPixelFormat format) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    return description && (description->flags & AV_PIX_FMT_FLAG_RGB);
}

bool hasFullChroma(AVPixelFormat format) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    return description && description->nb_components >= 3 && description->log2_chroma_w == 0;
}

// The encoder's opaque format that loses least of the source's: for lossless codecs.
AVPixelFormat nearestFormat(const AVCodec& encoder, AVPixelFormat source) {
    std::vector<AVPixelFormat> opaque;
    for (const AVPixelFormat* format = encoder.pix_fmts; *format != AV_PIX_FMT_NONE; ++format)
        if (!(av_pix_fmt_desc_get(*format)->flags & AV_PIX_FMT_FLAG_ALPHA))
            opaque.push_back(*format);
    opaque.push_back(AV_PIX_FMT_NONE);
    return avcodec_find_best_pix_fmt_of_list(opaque.data(), source, 0, nullptr);
}

AVPixelFormat choosePixelFormat(const AVCodec& encoder, const EncoderChoice& choice, const OutputSize& size,
                                const VideoStreamInfo& source) {
    const AVPixelFormat sourceFormat = av_get_pix_fmt(source.pixelFormat.c_str());
    const bool tenBit = source.bitDepth > 8;
    if (encoder.id == AV_CODEC_ID_FFV1)
        return nearestFormat(encoder, sourceFormat == AV_PIX_FMT_NONE ? AV_PIX_FMT_YUV420P : sourceFormat);
    if (encoder.id == AV_CODEC_ID_PRORES)
        return hasFullChroma(sourceFormat) ? AV_PIX_FMT_YUV444P10 : AV_PIX_FMT_YUV422P10;
    const auto supports = [&encoder](AVPixelFormat format) {
        for (const AVPixelFormat* p = encoder.pix_fmts; p && *p != AV_PIX_FMT_NONE; ++p)
            if (*p == format)
                return true;
        return false;
    };
    const bool odd = size.storedWidth % 2 != 0 || size.storedHeight % 2 != 0;
    const bool fullChroma = odd && choice.needsEvenSize;
    if (tenBit) {
        const AVPixelFormat format = fullChroma ? AV_PIX_FMT_YUV444P10 : AV_PIX_FMT_YUV420P10;
        if (supports(format))
            return format;
    }
    const AVPixelFormat format = fullChroma ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV420P;
    return supports(format) ? format : AV_PIX_FMT_NONE;
}

// Speed is chosen for encoding beside a model that wants the same cores.
void setQuality(av::Dictionary& options, std::string_view encoder, const OutputFormat& format) {
    if (format.crf && !format.bitRate)
        options.set("crf", std::int64_t(*format.crf));
    const bool isProxy = format.purpose == EncodingPurpose::proxy;
    if (encoder == "libx264") {
        options.set("preset", isProxy ? "ultrafast" : "veryfast");
        if (isProxy)
            options.set("tune", "fastdecode");
    } else if (encoder == "libx265") {
        options.set("preset", "superfast");
        options.set("x265-params", "log-level=none:info=0");  // parts encoded on different machines must agree
    } else if (encoder == "libsvtav1") {
        options.set("preset", std::int64_t(10));
    } else if (encoder == "libaom-av1") {
        options.set("cpu-used", std::int64_t(8));
        options.set("row-mt", std::int64_t(1));
    } else if (encoder == "libvpx-vp9") {
        options.set("deadline", "good");
        options.set("cpu-used", std::int64_t(5));
        options.set("row-mt", std::int64_t(1));
    } else if (encoder == "prores_ks") {
        options.set("vendor", "apl0");
    } else if (encoder == "ffv1") {
        options.set("level", std::int64_t(3));
        options.set("slicecrc", std::int64_t(1));
        options.set("slices", std::int64_t(4));  // not as many as there are cores: see above
    }
}

void copyColorTags(AVCodecContext& codec, const VideoStreamInfo& source) {
    const AVPixelFormat sourceFormat = av_get_pix_fmt(source.pixelFormat.c_str());
    codec.color_primaries = AVColorPrimaries(source.colorPrimaries);
    codec.color_trc = AVColorTransferCharacteristic(source.colorTransfer);
    codec.colorspace = AVColorSpace(source.colorMatrix);
    codec.color_range = AVColorRange(source.colorRange);
    codec.chroma_sample_location = AVChromaLocation(source.chromaLocation);
    if (codec.color_range == AVCOL_RANGE_UNSPECIFIED && source.pixelFormat.starts_with("yuvj"))
        codec.color_range = AVCOL_RANGE_JPEG;
    // RGB turned into YUV: its tags would be wrong for the result.
    if (!isRgb(codec.pix_fmt) && (isRgb(sourceFormat) || codec.colorspace == AVCOL_SPC_RGB)) {
        codec.colorspace = codec.height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
        codec.color_range = AVCOL_RANGE_MPEG;
    }
}

}  // namespace

VideoEncoder::VideoEncoder(av::CodecPtr codec, PictureToFrame converter)
    : m_codec(std::move(codec)), m_converter(std::move(converter)) {}

Result<VideoEncoder> VideoEncoder::open(const OutputFormat& format, const OutputSize& size,
                                        const VideoStreamInfo& source, bool globalHeaders) {
    std::string why =
        "no encoder takes pictures of " + std::to_string(size.storedWidth) + "x" + std::to_string(size.storedHeight);
    for (const EncoderChoice& choice : format.codec->encoders) {
        const AVCodec* encoder = avcodec_find_encoder_by_name(std::string(choice.name).c_str());
        if (!encoder)
            continue;
        const AVPixelFormat pixelFormat = choosePixelFormat(*encoder, choice, size, source);
        if (pixelFormat == AV_PIX_FMT_NONE)
            continue;
        av::CodecPtr codec(avcodec_alloc_context3(encoder));
        if (!codec)
            return fail(ErrorCode::outOfMemory, "cannot encode: out of memory");
        codec->width = size.storedWidth;
        codec->height = size.storedHeight;
        codec->pix_fmt = pixelFormat;
        codec->time_base = av::toAv(source.timeBase);
        if (source.averageRate.isValid())
            codec->framerate = av::toAv(source.averageRate);
        codec->sample_aspect_ratio = av::toAv(size.sampleAspect);
        copyColorTags(*codec, source);
        if (format.bitRate)
            codec->bit_rate = *format.bitRate;
        // A key frame every five seconds keeps scrubbing quick.
        const double rate = source.averageRate.isValid() ? source.averageRate.value() : 25.0;
        codec->gop_size = std::clamp(int(std::lround(rate * 5)), 12, 250);
        if (format.purpose == EncodingPurpose::proxy) {
            codec->gop_size = kProxyKeyDistance;
            codec->max_b_frames = 0;
        }
        codec->thread_count = 0;  // one a core
        if (globalHeaders)
            codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        av::Dictionary options;
        setQuality(options, choice.name, format);
        if (const int opened = avcodec_open2(codec.get(), encoder, options.address()); opened < 0) {
            why = std::string(choice.name) + " says " + av::errorText(opened);
            continue;
        }
        const ColorTags color{codec->colorspace, codec->color_range, codec->chroma_sample_location};
        PictureToFrame converter(size.storedWidth, size.storedHeight, pixelFormat, color,
                                 Orientation{size.rotation, size.mirrored});
        return VideoEncoder(std::move(codec), std::move(converter));
    }
    return fail(ErrorCode::outputFailed,
                "cannot encode " + std::string(format.codec->name) + " video of " + std::to_string(size.storedWidth) +
                    "x" + std::to_string(size.storedHeight) + ": " + why,
                "choose another size or codec");
}

Result<> VideoEncoder::send(const Picture& picture, std::int64_t timestamp, std::int64_t duration) {
    LIPAR_ASSIGN(av::FramePtr frame, m_converter.convert(picture));
    frame->pts = timestamp;
    frame->sample_aspect_ratio = m_codec->sample_aspect_ratio;
    frame->color_primaries = m_codec->color_primaries;
    frame->color_trc = m_codec->color_trc;
    frame->colorspace = m_codec->colorspace;
    frame->color_range = m_codec->color_range;
    frame->chroma_location = m_codec->chroma_sample_location;
    m_durations[timestamp] = duration;
    if (const int sent = avcodec_send_frame(m_codec.get(), frame.get()); sent < 0)
        return fail(ErrorCode::outputFailed, "cannot encode a frame: " + av::errorText(sent), "choose another codec");
    return {};
}

Result<> VideoEncoder::sendEnd() {
    if (const int sent = avcodec_send_frame(m_codec.get(), nullptr); sent < 0)
        return fail(ErrorCode::outputFailed, "cannot finish the video: " + av::errorText(sent), "choose another codec");
    return {};
}

Result<bool> VideoEncoder::receive(AVPacket& packet) {
    const int received = avcodec_receive_packet(m_codec.get(), &packet);
    if (received == AVERROR(EAGAIN) || received == AVERROR_EOF)
        return false;
    if (received < 0)
        return fail(ErrorCode::outputFailed, "cannot encode a frame: " + av::errorText(received),
                    "choose another codec");
    if (const auto duration = m_durations.find(packet.pts); duration != m_durations.end()) {
        packet.duration = duration->second;
        m_durations.erase(duration);
    }
    return true;
}

}  // namespace lipar::media
