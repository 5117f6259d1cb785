#include "engine/media/proxy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "engine/media/demuxer.h"
#include "engine/media/frame_cursor.h"
#include "engine/media/muxer.h"
#include "engine/media/orientation.h"
#include "engine/media/output_format.h"
#include "engine/media/picture_converter.h"
#include "engine/media/video_encoder.h"

namespace lipar::media {
namespace {

// Pixels that are decoded at most, from a key frame on, before a frame is there: above it the way takes about 20 ms on two
// cores.
constexpr std::int64_t kQuickPixels = 40'000'000;
constexpr int kPacketsLookedAt = 1500;  // a minute: key frames lie as far apart in the rest of a clip
constexpr int kQuality = 22;            // CRF
constexpr int kProgressEvery = 25;      // frames

// Frames from one key frame to the next, at most, near the clip's beginning.
Result<std::int64_t> keyFrameDistance(const std::filesystem::path& clip, const CancelToken& cancel) {
    LIPAR_ASSIGN(Demuxer demuxer, Demuxer::open(clip, cancel));
    LIPAR_ASSIGN(const AVStream* stream, demuxer.videoStream());
    demuxer.keepStreams([&](const AVStream& one) { return &one == stream; });
    const av::PacketPtr packet = av::makePacket();
    std::int64_t longest = 0, distance = 0;
    for (int i = 0; i < kPacketsLookedAt; ++i) {
        LIPAR_TRY(cancel.check());
        LIPAR_ASSIGN(const Demuxer::ReadStatus status, demuxer.read(*packet));
        if (status == Demuxer::ReadStatus::end)
            break;
        if (status == Demuxer::ReadStatus::damaged)
            continue;
        distance = packet->flags & AV_PKT_FLAG_KEY ? 1 : distance + 1;
        longest = std::max(longest, distance);
        av_packet_unref(packet.get());
    }
    return longest;
}

OutputSize proxySize(const VideoStreamInfo& video) {
    const double shrink =
        std::min(1.0, double(kProxyLongestSide) / std::max(1, std::max(video.storedWidth, video.storedHeight)));
    const auto even = [&](int side) { return std::max(2, int(std::lround(side * shrink / 2)) * 2); };
    OutputSize size;
    size.storedWidth = size.uprightWidth = even(video.uprightWidth());
    size.storedHeight = size.uprightHeight = even(video.uprightHeight());
    // As on the screen, although its sides were rounded.
    const Rational sample = video.sampleAspect.isValid() ? video.sampleAspect : Rational{1, 1};
    const Rational upright = video.rotation % 180 == 0 ? sample : Rational{1, 1} / sample;
    size.sampleAspect = upright * Rational{video.uprightWidth(), video.uprightHeight()} *
                        Rational{size.storedHeight, size.storedWidth};
    return size;
}

// The frames of a clip, encoded as they come.
class ProxyWriter {
public:
    [[nodiscard]] static Result<ProxyWriter> open(const MediaInfo& clip, const std::filesystem::path& target) {
        VideoStreamInfo upright = clip.video;
        upright.rotation = 0;
        upright.mirrored = false;
        upright.bitDepth = 8;
        WriterOptions options;
        options.codec = "h264";
        options.crf = kQuality;
        LIPAR_ASSIGN(OutputFormat format, chooseOutputFormat(target, options));
        format.purpose = EncodingPurpose::proxy;
        LIPAR_ASSIGN(Muxer muxer, Muxer::create(target, *format.container));
        LIPAR_ASSIGN(VideoEncoder encoder,
                     VideoEncoder::open(format, proxySize(clip.video), upright, muxer.wantsGlobalHeaders()));
        LIPAR_ASSIGN(AVStream * stream, muxer.addStream());
        if (const int copied = avcodec_parameters_from_context(stream->codecpar, &encoder.context()); copied < 0)
            return std::unexpected(muxer.error(copied));
        stream->time_base = encoder.context().time_base;
        stream->avg_frame_rate = encoder.context().framerate;
        stream->sample_aspect_ratio = encoder.context().sample_aspect_ratio;
        LIPAR_TRY(muxer.begin(encoder.context().time_base));
        return ProxyWriter(std::move(encoder), std::move(muxer), stream);
    }

    [[nodiscard]] Result<> write(const Picture& picture, std::int64_t timestamp, std::int64_t duration) {
        LIPAR_TRY(m_encoder.send(picture, timestamp, duration));
        return writePackets();
    }
    [[nodiscard]] Result<> finish() {
        LIPAR_TRY(m_encoder.sendEnd());
        LIPAR_TRY(writePackets());
        return m_muxer.finish();
    }

private:
    ProxyWriter(VideoEncoder encoder, Muxer muxer, AVStream* stream)
        : m_encoder(std::move(encoder)), m_muxer(std::move(muxer)), m_stream(stream), m_packet(av::makePacket()) {}

    [[nodiscard]] Result<> writePackets() {
        while (true) {
            LIPAR_ASSIGN(const bool received, m_encoder.receive(*m_packet));
            if (!received)
                return {};
            LIPAR_TRY(m_muxer.write(*m_packet, *m_stream, m_encoder.context().time_base));
        }
    }

    VideoEncoder m_encoder;
    Muxer m_muxer;
    AVStream* m_stream;
    av::PacketPtr m_packet;
};

}  // namespace

Result<bool> makeProxy(const std::filesystem::path& clip, const std::filesystem::path& target,
                       const std::function<void(double done)>& progress, CancelToken cancel) {
    av::redirectLog();
    LIPAR_ASSIGN(const std::int64_t distance, keyFrameDistance(clip, cancel));
    LIPAR_ASSIGN(FrameCursor cursor, FrameCursor::open(clip, cancel));
    const VideoStreamInfo& video = cursor.info().video;
    if (distance * video.storedWidth * video.storedHeight <= kQuickPixels)
        return false;
    LIPAR_ASSIGN(ProxyWriter writer, ProxyWriter::open(cursor.info(), target));
    const OutputSize size = proxySize(video);
    FrameToPicture converter(size.uprightWidth, size.uprightHeight, orientationOf(video));
    const double length = std::max(1.0, video.durationSeconds / video.timeBase.value());
    for (std::int64_t frame = 0; cursor.current(); ++frame) {
        LIPAR_TRY(cancel.check());
        const std::int64_t timestamp = cursor.current()->timestamp - cursor.firstTimestamp();
        LIPAR_ASSIGN(const Picture picture, converter.convert(*cursor.current()->frame));
        LIPAR_TRY(writer.write(picture, timestamp, cursor.currentDuration()));
        if (progress && frame % kProgressEvery == 0)
            progress(std::min(1.0, double(timestamp) / length));
        LIPAR_TRY(cursor.advance());
    }
    LIPAR_TRY(writer.finish());
    return true;
}

}  // namespace lipar::media
