#include "engine/media/cuda_codec.h"

extern "C" {
#include <libavutil/hwcontext.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <initializer_list>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/log.h"
#include "engine/media/cuda_device.h"
#include "engine/media/plane_split.h"

namespace lipar::media {
namespace {

bool drivesNvdec(const AVCodec& decoder) {
    for (int i = 0;; ++i) {
        const AVCodecHWConfig* config = avcodec_get_hw_config(&decoder, i);
        if (!config)
            return false;
        if (config->device_type == AV_HWDEVICE_TYPE_CUDA && config->pix_fmt == AV_PIX_FMT_CUDA &&
            (config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX))
            return true;
    }
}

// What FFmpeg 5.1 keeps with a surface that it hands out, and what it knows of the decoder: which picture it is. It
// asks the driver for no errors itself.
struct HandedSurface {
    unsigned int index = 0;
    unsigned int referenceIndex = 0;
    AVBufferRef* indexOwner = nullptr;
    AVBufferRef* referenceOwner = nullptr;
    AVBufferRef* decoder = nullptr;
};
struct SurfaceDecoder {
    void* handle = nullptr;
};
constexpr unsigned kLayoutOf = 59;  // libavcodec's major version

bool hasConcealed(const CudaDevice& device, const AVFrame& surface) {
    const AVBufferRef* kept = surface.buf[1];
    if (avcodec_version() >> 16 != kLayoutOf || !kept || kept->size != sizeof(HandedSurface))
        return false;
    const auto& handed = *reinterpret_cast<const HandedSurface*>(kept->data);
    return device.hasConcealed(reinterpret_cast<const SurfaceDecoder*>(handed.decoder->data)->handle,
                               int(handed.index));
}

int bitsOf(AVPixelFormat format) {
    return av_pix_fmt_desc_get(format)->comp[0].depth;
}

class CudaCodec : public VideoCodec {
public:
    CudaCodec(CudaDevice device, av::CodecPtr context)
        : m_device(std::move(device)), m_context(std::move(context)), m_onDevice(av::makeFrame()) {
        m_context->opaque = this;
        m_context->get_format = chooseFormat;
    }
    // Error: deviceUnavailable.
    [[nodiscard]] Result<> open(const AVCodec& decoder) {
        if (const int opened = avcodec_open2(m_context.get(), &decoder, nullptr); opened < 0)
            return fail(ErrorCode::deviceUnavailable, "the GPU cannot decode video: " + av::errorText(opened));
        return {};
    }

    int send(const AVPacket* packet, AVDiscard skip) override {
        const std::int64_t errorsBefore = av::loggedErrors();
        m_context->skip_frame = skip;
        return judged(avcodec_send_packet(m_context.get(), packet), errorsBefore);
    }
    Result<int> receive(AVFrame& frame) override {
        const std::int64_t errorsBefore = av::loggedErrors();
        int status = judged(avcodec_receive_frame(m_context.get(), m_onDevice.get()), errorsBefore);
        if (status >= 0)
            status = fetch(frame);
        av_frame_unref(m_onDevice.get());
        return status;
    }
    void flush() override { avcodec_flush_buffers(m_context.get()); }

private:
    static AVPixelFormat chooseFormat(AVCodecContext* context, const AVPixelFormat* offered);
    [[nodiscard]] int fetch(AVFrame& frame);
    // A missing reference, for one, is only logged, and then concealed by no one. With one thread it is logged on ours.
    [[nodiscard]] int judged(int status, std::int64_t errorsBefore) const {
        if (m_isRefused)
            return kUnfit;
        return av::loggedErrors() == errorsBefore || status < 0 ? status : AVERROR_INVALIDDATA;
    }

    CudaDevice m_device;
    av::CodecPtr m_context;
    av::FramePtr m_onDevice;
    std::vector<std::uint8_t> m_chroma;        // as it comes, both in one plane
    AVPixelFormat m_format = AV_PIX_FMT_NONE;  // of the frames handed out
    int m_codedWidth = 0, m_codedHeight = 0;
    bool m_isRefused = false;
};

// Asked at the start, after the hardware has refused, and when the stream changes.
AVPixelFormat CudaCodec::chooseFormat(AVCodecContext* context, const AVPixelFormat* offered) {
    auto& self = *static_cast<CudaCodec*>(context->opaque);
    AVPixelFormat onCpu = AV_PIX_FMT_NONE;
    bool isOffered = false;
    for (; *offered != AV_PIX_FMT_NONE; ++offered) {
        isOffered = isOffered || *offered == AV_PIX_FMT_CUDA;
        if (!(av_pix_fmt_desc_get(*offered)->flags & AV_PIX_FMT_FLAG_HWACCEL))
            onCpu = *offered;
    }
    const bool isFirst = self.m_format == AV_PIX_FMT_NONE;
    const bool isSame = self.m_format == onCpu && self.m_codedWidth == context->coded_width &&
                        self.m_codedHeight == context->coded_height;
    const bool isEven = context->width % 2 == 0 && context->height % 2 == 0;
    // Where the size changes between key frames, the hardware would refer to pictures that it no longer has.
    if (isOffered && (isFirst || isSame) && isEven && isExactOnNvdec(context->codec_id, context->profile, onCpu)) {
        self.m_format = onCpu;
        self.m_codedWidth = context->coded_width;
        self.m_codedHeight = context->coded_height;
        return AV_PIX_FMT_CUDA;
    }
    self.m_isRefused = true;
    return onCpu;
}

// FFmpeg's own transfer does not tell when a copy fails.
int CudaCodec::fetch(AVFrame& frame) {
    const AVFrame& surface = *m_onDevice;
    if (surface.format != AV_PIX_FMT_CUDA || !surface.hw_frames_ctx)
        return kUnfit;
    const int bits = bitsOf(m_format);
    const auto layout = reinterpret_cast<const AVHWFramesContext*>(surface.hw_frames_ctx->data)->sw_format;
    if (layout != (bits == 8 ? AV_PIX_FMT_NV12 : AV_PIX_FMT_P010))
        return kUnfit;
    // Of a picture on the device FFmpeg cuts off right and below only; and grain is the CPU's decoders' to add.
    if (surface.crop_left != 0 || surface.crop_top != 0 ||
        av_frame_get_side_data(&surface, AV_FRAME_DATA_FILM_GRAIN_PARAMS))
        return kUnfit;
    if (hasConcealed(m_device, surface))
        return AVERROR_INVALIDDATA;

    frame.format = m_format;
    frame.width = surface.width;
    frame.height = surface.height;
    if (av_frame_get_buffer(&frame, 0) < 0 || av_frame_copy_props(&frame, &surface) < 0)
        throw std::bad_alloc();
    const int rowBytes = surface.width * (bits == 8 ? 1 : 2);
    const int rows = surface.height / 2;
    m_chroma.resize(std::size_t(rowBytes) * std::size_t(rows));
    const Result<> copied = m_device.copyToHost(
        {surface.data[0], surface.linesize[0], frame.data[0], frame.linesize[0], rowBytes, surface.height},
        {surface.data[1], surface.linesize[1], m_chroma.data(), rowBytes, rowBytes, rows});
    if (!copied) {
        av_frame_unref(&frame);
        log(LogLevel::debug, copied.error().message);
        return AVERROR_EXTERNAL;
    }
    const auto split = bits == 8 ? splitChroma<std::uint8_t> : splitChroma<std::uint16_t>;
    const int shift = bits == 8 ? 0 : 16 - bits;
    split(m_chroma.data(), rowBytes, frame.data[1], frame.linesize[1], frame.data[2], frame.linesize[2],
          surface.width / 2, rows, shift);
    if (shift > 0)
        lowerSamples(frame.data[0], frame.linesize[0], surface.width, surface.height, shift);
    return 0;
}

}  // namespace

const AVCodec* nvdecDecoder(AVCodecID codec) {
    void* place = nullptr;
    while (const AVCodec* decoder = av_codec_iterate(&place))
        // NVIDIA's own parsers are decoders here too, but tell nothing of damage.
        if (decoder->id == codec && av_codec_is_decoder(decoder) && !(decoder->capabilities & AV_CODEC_CAP_HARDWARE) &&
            drivesNvdec(*decoder))
            return decoder;
    return nullptr;
}

bool isExactOnNvdec(AVCodecID codec, int profile, AVPixelFormat format) {
    const auto isOneOf = [](int value, std::initializer_list<int> list) {
        return std::ranges::find(list, value) != list.end();
    };
    const bool is8 = isOneOf(format, {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P});
    const bool is10 = format == AV_PIX_FMT_YUV420P10;
    switch (codec) {
        case AV_CODEC_ID_H264:
            return is8 && isOneOf(profile, {FF_PROFILE_H264_CONSTRAINED_BASELINE, FF_PROFILE_H264_BASELINE,
                                            FF_PROFILE_H264_MAIN, FF_PROFILE_H264_HIGH});
        case AV_CODEC_ID_HEVC:
            return (is8 && profile == FF_PROFILE_HEVC_MAIN) || ((is8 || is10) && profile == FF_PROFILE_HEVC_MAIN_10);
        case AV_CODEC_ID_VP8: return is8;
        case AV_CODEC_ID_VP9: return (is8 && profile == FF_PROFILE_VP9_0) || (is10 && profile == FF_PROFILE_VP9_2);
        case AV_CODEC_ID_AV1: return (is8 || is10) && profile == FF_PROFILE_AV1_MAIN;
        default: return false;
    }
}

Result<std::unique_ptr<VideoCodec>> openCudaCodec(const AVStream& stream, int device) {
    const AVCodecParameters& parameters = *stream.codecpar;
    const AVCodec* decoder = nvdecDecoder(parameters.codec_id);
    // Headers may leave it to the first packets to tell; the decoder is asked again then.
    const bool isKnown = parameters.profile != FF_PROFILE_UNKNOWN && parameters.format != AV_PIX_FMT_NONE;
    if (!decoder ||
        (isKnown && !isExactOnNvdec(parameters.codec_id, parameters.profile, AVPixelFormat(parameters.format))))
        return fail(ErrorCode::inputUnsupported,
                    std::string("the GPU does not decode such a stream: ") + avcodec_get_name(parameters.codec_id));
    LIPAR_ASSIGN(CudaDevice opened, CudaDevice::open(device));
    av::CodecPtr context(avcodec_alloc_context3(decoder));
    if (!context || avcodec_parameters_to_context(context.get(), &parameters) < 0)
        throw std::bad_alloc();
    context->pkt_timebase = stream.time_base;
    context->thread_count = 1;  // others would only hold surfaces
    context->export_side_data |= AV_CODEC_EXPORT_DATA_FILM_GRAIN;
    context->hw_device_ctx = av_buffer_ref(opened.context());
    auto codec = std::make_unique<CudaCodec>(std::move(opened), std::move(context));
    LIPAR_TRY(codec->open(*decoder));
    return codec;
}

}  // namespace lipar::media
