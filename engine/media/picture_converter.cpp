#include "engine/media/picture_converter.h"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

#include <new>
#include <string>

namespace lipar::media {
namespace {

bool hasAlpha(AVPixelFormat format) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    return description && (description->flags & AV_PIX_FMT_FLAG_ALPHA);
}

// Formats whose name implies full range, and the plain format of the same layout.
AVPixelFormat withoutRange(AVPixelFormat format, bool& full) {
    switch (format) {
        case AV_PIX_FMT_YUVJ411P: full = true; return AV_PIX_FMT_YUV411P;
        case AV_PIX_FMT_YUVJ420P: full = true; return AV_PIX_FMT_YUV420P;
        case AV_PIX_FMT_YUVJ422P: full = true; return AV_PIX_FMT_YUV422P;
        case AV_PIX_FMT_YUVJ440P: full = true; return AV_PIX_FMT_YUV440P;
        case AV_PIX_FMT_YUVJ444P: full = true; return AV_PIX_FMT_YUV444P;
        default: return format;
    }
}

const int* coefficients(int matrix, int height) {
    switch (matrix) {
        case AVCOL_SPC_BT709: return sws_getCoefficients(SWS_CS_ITU709);
        case AVCOL_SPC_FCC: return sws_getCoefficients(SWS_CS_FCC);
        case AVCOL_SPC_BT470BG:
        case AVCOL_SPC_SMPTE170M: return sws_getCoefficients(SWS_CS_ITU601);
        case AVCOL_SPC_SMPTE240M: return sws_getCoefficients(SWS_CS_SMPTE240M);
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL: return sws_getCoefficients(SWS_CS_BT2020);
        default: return sws_getCoefficients(height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601);
    }
}

struct ChromaPosition {  // in 1/256 of a luma pixel; -513 = the scaler's own default
    int x = -513, y = -513;
};

ChromaPosition chromaPosition(AVPixelFormat format, int location) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    if (!description || (description->flags & AV_PIX_FMT_FLAG_RGB) || description->nb_components < 3)
        return {};
    int x = 0, y = 128;  // MPEG-2 and all that came after: beside the left column, between the rows
    switch (location) {
        case AVCHROMA_LOC_CENTER: x = 128; break;
        case AVCHROMA_LOC_TOPLEFT: y = 0; break;
        case AVCHROMA_LOC_TOP:
            x = 128;
            y = 0;
            break;
        case AVCHROMA_LOC_BOTTOMLEFT: y = 256; break;
        case AVCHROMA_LOC_BOTTOM:
            x = 128;
            y = 256;
            break;
        default: break;
    }
    return {description->log2_chroma_w ? x : -513, description->log2_chroma_h ? y : -513};
}

int scalingFlags(int width, int height, int newWidth, int newHeight, Shrinking shrinking) {
    const bool shrinks = std::int64_t(newWidth) * newHeight < std::int64_t(width) * height;
    return (shrinks && shrinking == Shrinking::mean ? SWS_AREA : SWS_BICUBIC) | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
}

struct Side {
    int width, height;
    AVPixelFormat format;
    int fullRange;
    ChromaPosition chroma;
};

av::ScalerPtr makeScaler(const Side& in, const Side& out, const int* matrix, Shrinking shrinking) {
    av::ScalerPtr scaler(sws_alloc_context());
    if (!scaler)
        return nullptr;
    SwsContext* context = scaler.get();
    av_opt_set_int(context, "srcw", in.width, 0);
    av_opt_set_int(context, "srch", in.height, 0);
    av_opt_set_int(context, "src_format", in.format, 0);
    av_opt_set_int(context, "src_h_chr_pos", in.chroma.x, 0);
    av_opt_set_int(context, "src_v_chr_pos", in.chroma.y, 0);
    av_opt_set_int(context, "dstw", out.width, 0);
    av_opt_set_int(context, "dsth", out.height, 0);
    av_opt_set_int(context, "dst_format", out.format, 0);
    av_opt_set_int(context, "dst_h_chr_pos", out.chroma.x, 0);
    av_opt_set_int(context, "dst_v_chr_pos", out.chroma.y, 0);
    av_opt_set_int(context, "sws_flags", scalingFlags(in.width, in.height, out.width, out.height, shrinking), 0);
    if (sws_init_context(context, nullptr, nullptr) < 0)
        return nullptr;
    sws_setColorspaceDetails(context, matrix, in.fullRange, matrix, out.fullRange, 0, 1 << 16, 1 << 16);
    return scaler;
}

av::FramePtr makeBuffer(int width, int height, AVPixelFormat format) {
    av::FramePtr frame = av::makeFrame();
    frame->width = width;
    frame->height = height;
    frame->format = format;
    // The scaler's vector code writes a little past the end of rows: FFmpeg's own padding allows that.
    if (av_frame_get_buffer(frame.get(), 0) < 0)
        throw std::bad_alloc();
    return frame;
}

// RGBA to RGB in place, blended onto black.
void blendOntoBlack(AVFrame& frame) {
    for (int y = 0; y < frame.height; ++y) {
        std::uint8_t* out = frame.data[0] + std::ptrdiff_t(y) * frame.linesize[0];
        const std::uint8_t* in = out;
        for (int x = 0; x < frame.width; ++x, in += 4, out += 3) {
            const unsigned alpha = in[3];
            for (int c = 0; c < 3; ++c)
                out[c] = std::uint8_t((in[c] * alpha + 127) / 255);
        }
    }
}

bool isYuv(const AVPixFmtDescriptor* description) {
    return description && description->nb_components >= 3 && !(description->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL));
}

// Planes green, blue, red to rows of RGB, tightly packed.
void packPlanes(const AVFrame& planes, std::uint8_t* rgb) {
    for (int y = 0; y < planes.height; ++y) {
        const auto row = [&](int plane) { return planes.data[plane] + std::ptrdiff_t(y) * planes.linesize[plane]; };
        const std::uint8_t* green = row(0);
        const std::uint8_t* blue = row(1);
        const std::uint8_t* red = row(2);
        for (int x = 0; x < planes.width; ++x, rgb += 3) {
            rgb[0] = red[x];
            rgb[1] = green[x];
            rgb[2] = blue[x];
        }
    }
}

}  // namespace

FrameToPicture::FrameToPicture(int uprightWidth, int uprightHeight, Orientation orientation, Shrinking shrinking)
    : m_width(orientation.swapsSides() ? uprightHeight : uprightWidth),
      m_height(orientation.swapsSides() ? uprightWidth : uprightHeight),
      m_orientation(orientation),
      m_shrinking(shrinking) {}

Result<> FrameToPicture::prepare(const Source& source) {
    bool full = source.color.range == AVCOL_RANGE_JPEG;
    const AVPixelFormat format = withoutRange(AVPixelFormat(source.format), full);
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    // Grey pictures without a tag are stills and masks: full range.
    if (description && description->nb_components < 3 && source.color.range == AVCOL_RANGE_UNSPECIFIED)
        full = true;
    // From YUV to planes the scaler has vector code, to packed pixels none; the values are the same.
    const AVPixelFormat rgb = hasAlpha(format) ? AV_PIX_FMT_RGBA : isYuv(description) ? AV_PIX_FMT_GBRP : AV_PIX_FMT_RGB24;
    m_scaler =
        makeScaler({source.width, source.height, format, full, chromaPosition(format, source.color.chromaLocation)},
                   {m_width, m_height, rgb, 1, {}}, coefficients(source.color.matrix, source.height), m_shrinking);
    if (!m_scaler)
        return fail(ErrorCode::decodeFailed,
                    std::string("cannot convert a frame: no conversion from pixel format ") +
                        (description ? description->name : "of unknown kind"),
                    "convert the clip to H.264 first");
    if (!m_scaled || m_scaled->format != rgb)
        m_scaled = makeBuffer(m_width, m_height, rgb);
    m_source = source;
    return {};
}

Result<Picture> FrameToPicture::convert(const AVFrame& frame) {
    const Source source{
        frame.width, frame.height, frame.format, {frame.colorspace, frame.color_range, frame.chroma_location}};
    if (!m_scaler || source != m_source)
        LIPAR_TRY(prepare(source));
    if (sws_scale(m_scaler.get(), frame.data, frame.linesize, 0, frame.height, m_scaled->data, m_scaled->linesize) <= 0)
        return fail(ErrorCode::decodeFailed, "cannot convert a frame: scaling failed");
    if (m_scaled->format == AV_PIX_FMT_RGBA)
        blendOntoBlack(*m_scaled);
    const bool swaps = m_orientation.swapsSides();
    Picture picture(swaps ? m_height : m_width, swaps ? m_width : m_height);
    const bool isPlanar = m_scaled->format == AV_PIX_FMT_GBRP;
    if (isPlanar && m_orientation.isUpright()) {
        packPlanes(*m_scaled, picture.rgb.data());
        return picture;
    }
    if (isPlanar) {
        m_packed.resize(picture.rgb.size());
        packPlanes(*m_scaled, m_packed.data());
    }
    const std::uint8_t* rows = isPlanar ? m_packed.data() : m_scaled->data[0];
    turnPixels(rows, isPlanar ? m_width * 3 : m_scaled->linesize[0], m_width, m_height, m_orientation,
               picture.rgb.data(), picture.width * 3);
    return picture;
}

PictureToFrame::PictureToFrame(int storedWidth, int storedHeight, AVPixelFormat format, ColorTags color,
                               Orientation orientation)
    : m_width(storedWidth),
      m_height(storedHeight),
      m_format(format),
      m_color(color),
      m_orientation(orientation.inverse()) {}

Result<> PictureToFrame::prepare(int width, int height) {
    const int full = m_color.range == AVCOL_RANGE_JPEG ? 1 : 0;
    m_scaler = makeScaler({width, height, AV_PIX_FMT_RGB24, 1, {}},
                          {m_width, m_height, m_format, full, chromaPosition(m_format, m_color.chromaLocation)},
                          coefficients(m_color.matrix, m_height), Shrinking::mean);
    if (!m_scaler)
        return fail(ErrorCode::outputFailed,
                    std::string("cannot make frames of pixel format ") + av_get_pix_fmt_name(m_format),
                    "choose another codec");
    m_stored = makeBuffer(width, height, AV_PIX_FMT_RGB24);
    return {};
}

Result<av::FramePtr> PictureToFrame::convert(const Picture& picture) {
    if (picture.isEmpty())
        return fail(ErrorCode::invalidArgument, "cannot write an empty picture");
    const bool swaps = m_orientation.swapsSides();
    const int width = swaps ? picture.height : picture.width;
    const int height = swaps ? picture.width : picture.height;
    if (!m_stored || width != m_stored->width || height != m_stored->height)
        LIPAR_TRY(prepare(width, height));
    turnPixels(picture.rgb.data(), picture.width * 3, picture.width, picture.height, m_orientation, m_stored->data[0],
               m_stored->linesize[0]);

    av::FramePtr frame = makeBuffer(m_width, m_height, m_format);
    if (sws_scale(m_scaler.get(), m_stored->data, m_stored->linesize, 0, height, frame->data, frame->linesize) <= 0)
        return fail(ErrorCode::outputFailed, "cannot convert a picture: scaling failed");
    return frame;
}

Result<Picture> PictureScaler::convert(const Picture& picture) {
    if (picture.isEmpty())
        return fail(ErrorCode::invalidArgument, "cannot scale an empty picture");
    if (!m_in || m_in->width != picture.width || m_in->height != picture.height) {
        m_scaler = makeScaler({picture.width, picture.height, AV_PIX_FMT_RGB24, 1, {}},
                              {m_width, m_height, AV_PIX_FMT_RGB24, 1, {}}, sws_getCoefficients(SWS_CS_ITU709),
                              Shrinking::bicubic);
        if (!m_scaler)
            return fail(ErrorCode::outputFailed, "cannot scale a picture to " + std::to_string(m_width) + "x" +
                                                     std::to_string(m_height));
        m_in = makeBuffer(picture.width, picture.height, AV_PIX_FMT_RGB24);
        m_out = makeBuffer(m_width, m_height, AV_PIX_FMT_RGB24);
    }
    turnPixels(picture.rgb.data(), picture.width * 3, picture.width, picture.height, {}, m_in->data[0],
               m_in->linesize[0]);
    if (sws_scale(m_scaler.get(), m_in->data, m_in->linesize, 0, picture.height, m_out->data, m_out->linesize) <= 0)
        return fail(ErrorCode::outputFailed, "cannot scale a picture: scaling failed");
    Picture scaled(m_width, m_height);
    turnPixels(m_out->data[0], m_out->linesize[0], m_width, m_height, {}, scaled.rgb.data(), m_width * 3);
    return scaled;
}

}  // namespace lipar::media
