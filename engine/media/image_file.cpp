#include "engine/media/image_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>

#include "engine/core/pending_file.h"
#include "engine/media/av.h"
#include "engine/media/orientation.h"
#include "engine/media/video_reader.h"

namespace lipar::media {
namespace {

struct FileCloser {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

Result<av::PacketPtr> encodePng(const Picture& picture) {
    const auto failed = [](int averror) {
        return fail(ErrorCode::outputFailed, "cannot encode a PNG picture: " + av::errorText(averror));
    };
    const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_PNG);
    if (!encoder)
        return failed(AVERROR_ENCODER_NOT_FOUND);
    const av::CodecPtr codec(avcodec_alloc_context3(encoder));
    if (!codec)
        return failed(AVERROR(ENOMEM));
    codec->width = picture.width;
    codec->height = picture.height;
    codec->pix_fmt = AV_PIX_FMT_RGB24;
    codec->time_base = {1, 1};
    if (const int opened = avcodec_open2(codec.get(), encoder, nullptr); opened < 0)
        return failed(opened);
    const av::FramePtr frame = av::makeFrame();
    frame->width = picture.width;
    frame->height = picture.height;
    frame->format = AV_PIX_FMT_RGB24;
    if (const int allocated = av_frame_get_buffer(frame.get(), 0); allocated < 0)
        return failed(allocated);
    turnPixels(picture.rgb.data(), picture.width * 3, picture.width, picture.height, {}, frame->data[0],
               frame->linesize[0]);
    av::PacketPtr packet = av::makePacket();
    int status = avcodec_send_frame(codec.get(), frame.get());
    if (status >= 0)
        status = avcodec_send_frame(codec.get(), nullptr);
    if (status >= 0)
        status = avcodec_receive_packet(codec.get(), packet.get());
    if (status < 0)
        return failed(status);
    return packet;
}

}  // namespace

Result<Picture> readImage(const std::filesystem::path& path) {
    LIPAR_ASSIGN(VideoReader reader, VideoReader::open(path));
    LIPAR_ASSIGN(const std::optional<SourceFrame> frame, reader.next());
    if (!frame)
        return fail(ErrorCode::decodeFailed, "cannot read the picture " + path.string() + ": it holds no frame",
                    "save it again as PNG");
    return *frame->picture;
}

Result<> writePng(const std::filesystem::path& path, const Picture& picture) {
    av::redirectLog();
    if (picture.isEmpty())
        return fail(ErrorCode::invalidArgument, "cannot write " + path.string() + ": the picture is empty");
    LIPAR_ASSIGN(const av::PacketPtr packet, encodePng(picture));
    LIPAR_ASSIGN(PendingFile pending, PendingFile::create(path));
    std::unique_ptr<std::FILE, FileCloser> file(std::fopen(pending.path().c_str(), "wb"));
    if (!file || std::fwrite(packet->data, 1, std::size_t(packet->size), file.get()) != std::size_t(packet->size) ||
        std::fflush(file.get()) != 0)
        return std::unexpected(av::writeError(path, AVERROR(errno)));
    file.reset();
    return pending.commit();
}

}  // namespace lipar::media
