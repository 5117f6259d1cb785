// Private to engine/media: pictures to packets of one codec, with the source's clock and colour tags.
// Thread: one object, one thread at a time (encoders use threads of their own).
#pragma once

#include <cstdint>
#include <map>

#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/media_info.h"
#include "engine/media/output_format.h"
#include "engine/media/picture_converter.h"

namespace lipar::media {

class VideoEncoder {
public:
    // Ten bits for a source of more than eight where the codec can; chroma at half resolution where the size allows,
    // else (odd sizes in H.264 and HEVC) at full resolution, so that the size stays. Error: outputFailed.
    [[nodiscard]] static Result<VideoEncoder> open(const OutputFormat& format, const OutputSize& size,
                                                   const VideoStreamInfo& source, bool globalHeaders);

    [[nodiscard]] const AVCodecContext& context() const noexcept { return *m_codec; }
    // Times in the source's time base. Error: outputFailed.
    [[nodiscard]] Result<> send(const Picture& picture, std::int64_t timestamp, std::int64_t duration);
    [[nodiscard]] Result<> sendEnd();
    // The next packet, with its duration; false when more pictures are needed or all is done. Error: outputFailed.
    [[nodiscard]] Result<bool> receive(AVPacket& packet);

private:
    VideoEncoder(av::CodecPtr codec, PictureToFrame converter);

    av::CodecPtr m_codec;
    PictureToFrame m_converter;
    std::map<std::int64_t, std::int64_t> m_durations;  // by time: encoders reorder frames and drop durations
};

}  // namespace lipar::media
