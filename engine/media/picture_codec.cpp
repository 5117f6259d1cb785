#include "engine/media/picture_codec.h"

#include <cstring>

#include "engine/media/av.h"

namespace lipar::media {
namespace {

// MagicYUV: every picture stands alone, needs no side data, and packs planes of green, blue and red without loss.
constexpr AVCodecID kCodec = AV_CODEC_ID_MAGICYUV;

void configure(AVCodecContext& context, int width, int height) {
    context.width = width;
    context.height = height;
    context.pix_fmt = AV_PIX_FMT_GBRP;
    context.time_base = {1, 25};
    context.thread_count = 1;
}

}  // namespace

struct PictureCompressor::State {
    av::CodecPtr codec;
    av::FramePtr frame;
    av::PacketPtr packet;
    std::int64_t count = 0;
};

PictureCompressor::PictureCompressor(std::unique_ptr<State> state) : m_state(std::move(state)) {}
PictureCompressor::PictureCompressor(PictureCompressor&&) noexcept = default;
PictureCompressor& PictureCompressor::operator=(PictureCompressor&&) noexcept = default;
PictureCompressor::~PictureCompressor() = default;

Result<PictureCompressor> PictureCompressor::open(int width, int height) {
    const auto cannot = [](const std::string& reason) {
        return fail(ErrorCode::outputFailed, "cannot compress pictures: " + reason, "install FFmpeg with its MagicYUV encoder");
    };
    const AVCodec* encoder = avcodec_find_encoder(kCodec);
    if (!encoder)
        return cannot("FFmpeg has no MagicYUV encoder");
    auto state = std::make_unique<State>(av::CodecPtr(avcodec_alloc_context3(encoder)), av::FramePtr(av_frame_alloc()), av::PacketPtr(av_packet_alloc()));
    if (!state->codec || !state->frame || !state->packet)
        return cannot("memory is full");
    configure(*state->codec, width, height);
    if (avcodec_open2(state->codec.get(), encoder, nullptr) < 0)
        return cannot("the encoder refused a picture of " + std::to_string(width) + "x" + std::to_string(height));
    state->frame->format = AV_PIX_FMT_GBRP;
    state->frame->width = width;
    state->frame->height = height;
    if (av_frame_get_buffer(state->frame.get(), 0) < 0)
        return cannot("memory is full");
    return PictureCompressor(std::move(state));
}

Result<std::vector<std::uint8_t>> PictureCompressor::compress(const Picture& picture) {
    AVFrame& frame = *m_state->frame;
    if (picture.width != frame.width || picture.height != frame.height)
        return fail(ErrorCode::invalidArgument, "cannot compress a picture: it has another size than the ones before");
    if (av_frame_make_writable(&frame) < 0)
        return fail(ErrorCode::outputFailed, "cannot compress a picture: memory is full");
    const std::uint8_t* rgb = picture.rgb.data();
    for (int y = 0; y < picture.height; ++y) {
        std::uint8_t* green = frame.data[0] + std::ptrdiff_t(y) * frame.linesize[0];
        std::uint8_t* blue = frame.data[1] + std::ptrdiff_t(y) * frame.linesize[1];
        std::uint8_t* red = frame.data[2] + std::ptrdiff_t(y) * frame.linesize[2];
        for (int x = 0; x < picture.width; ++x, rgb += 3) {
            red[x] = rgb[0];
            green[x] = rgb[1];
            blue[x] = rgb[2];
        }
    }
    frame.pts = m_state->count++;
    if (avcodec_send_frame(m_state->codec.get(), &frame) < 0 || avcodec_receive_packet(m_state->codec.get(), m_state->packet.get()) < 0)
        return fail(ErrorCode::outputFailed, "cannot compress a picture: the encoder failed");
    std::vector<std::uint8_t> bytes(m_state->packet->data, m_state->packet->data + m_state->packet->size);
    av_packet_unref(m_state->packet.get());
    return bytes;
}

struct PictureDecompressor::State {
    av::CodecPtr codec;
    av::FramePtr frame;
    av::PacketPtr packet;
};

PictureDecompressor::PictureDecompressor(std::unique_ptr<State> state) : m_state(std::move(state)) {}
PictureDecompressor::PictureDecompressor(PictureDecompressor&&) noexcept = default;
PictureDecompressor& PictureDecompressor::operator=(PictureDecompressor&&) noexcept = default;
PictureDecompressor::~PictureDecompressor() = default;

Result<PictureDecompressor> PictureDecompressor::open(int width, int height) {
    const AVCodec* decoder = avcodec_find_decoder(kCodec);
    if (!decoder)
        return fail(ErrorCode::decodeFailed, "cannot read compressed pictures: FFmpeg has no MagicYUV decoder");
    auto state = std::make_unique<State>(av::CodecPtr(avcodec_alloc_context3(decoder)), av::FramePtr(av_frame_alloc()), av::PacketPtr(av_packet_alloc()));
    if (!state->codec || !state->frame || !state->packet)
        return fail(ErrorCode::decodeFailed, "cannot read compressed pictures: memory is full");
    configure(*state->codec, width, height);
    if (avcodec_open2(state->codec.get(), decoder, nullptr) < 0)
        return fail(ErrorCode::decodeFailed, "cannot read compressed pictures: the decoder failed");
    return PictureDecompressor(std::move(state));
}

Result<PicturePtr> PictureDecompressor::decompress(std::span<const std::uint8_t> bytes) {
    const auto damaged = [] { return fail(ErrorCode::decodeFailed, "cannot read a compressed picture: it is damaged"); };
    const int width = m_state->codec->width, height = m_state->codec->height;
    AVPacket& packet = *m_state->packet;
    if (av_new_packet(&packet, int(bytes.size())) < 0)
        return damaged();
    std::memcpy(packet.data, bytes.data(), bytes.size());
    const int sent = avcodec_send_packet(m_state->codec.get(), &packet);
    av_packet_unref(&packet);
    AVFrame& frame = *m_state->frame;
    if (sent < 0 || avcodec_receive_frame(m_state->codec.get(), &frame) < 0)
        return damaged();
    if (frame.width != width || frame.height != height || frame.format != AV_PIX_FMT_GBRP) {
        av_frame_unref(&frame);
        return damaged();
    }
    auto picture = std::make_shared<Picture>(width, height);
    std::uint8_t* rgb = picture->rgb.data();
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* green = frame.data[0] + std::ptrdiff_t(y) * frame.linesize[0];
        const std::uint8_t* blue = frame.data[1] + std::ptrdiff_t(y) * frame.linesize[1];
        const std::uint8_t* red = frame.data[2] + std::ptrdiff_t(y) * frame.linesize[2];
        for (int x = 0; x < width; ++x, rgb += 3) {
            rgb[0] = red[x];
            rgb[1] = green[x];
            rgb[2] = blue[x];
        }
    }
    av_frame_unref(&frame);
    return picture;
}

}  // namespace lipar::media
