#include "engine/media/video_codec.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

namespace lipar::media {
namespace {

// Two more than cores: a thread that waits for a row of the picture before its own then seldom leaves a core idle.
int decodingThreads() {
    constexpr unsigned most = 16;
    return int(std::clamp(std::thread::hardware_concurrency(), 1U, most - 2) + 2);
}

class SoftwareCodec : public VideoCodec {
public:
    explicit SoftwareCodec(av::CodecPtr context) : m_context(std::move(context)) {}

    int send(const AVPacket* packet, AVDiscard skip) override {
        m_context->skip_frame = skip;
        return avcodec_send_packet(m_context.get(), packet);
    }
    Result<int> receive(AVFrame& frame) override { return avcodec_receive_frame(m_context.get(), &frame); }
    void flush() override { avcodec_flush_buffers(m_context.get()); }

private:
    av::CodecPtr m_context;
};

}  // namespace

Result<std::unique_ptr<VideoCodec>> openSoftwareCodec(const AVStream& stream, const std::filesystem::path& path) {
    const AVCodecParameters& parameters = *stream.codecpar;
    const auto unsupported = [&](const std::string& why) {
        return fail(ErrorCode::inputUnsupported, "cannot decode " + path.string() + ": " + why,
                    "convert it to H.264 first");
    };
    const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
    if (!decoder)
        return unsupported(std::string("no decoder for ") + avcodec_get_name(parameters.codec_id) + " is there");
    av::CodecPtr context(avcodec_alloc_context3(decoder));
    if (!context || avcodec_parameters_to_context(context.get(), &parameters) < 0)
        return fail(ErrorCode::outOfMemory, "cannot decode " + path.string() + ": out of memory");
    context->pkt_timebase = stream.time_base;
    context->thread_count = decodingThreads();
    if (const int opened = avcodec_open2(context.get(), decoder, nullptr); opened < 0)
        return unsupported(av::errorText(opened));
    return std::make_unique<SoftwareCodec>(std::move(context));
}

}  // namespace lipar::media
