// Private to engine/media: packets of a picture stream in, frames out. One decoder of FFmpeg, or several behind one
// face.
// Thread: one object, one thread at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/core/result.h"
#include "engine/media/av.h"

namespace lipar::media {

class VideoCodec {
public:
    // Of receive(): no frame yet, and no packet is wanted either. Call it again.
    static constexpr int kBusy = AVERROR(EBUSY);
    // Of both: from here on the stream is not one for this decoder.
    static constexpr int kUnfit = AVERROR(ENOSYS);

    VideoCodec() = default;
    VideoCodec(const VideoCodec&) = delete;
    VideoCodec& operator=(const VideoCodec&) = delete;
    virtual ~VideoCodec() = default;

    // To be called when receive() said EAGAIN; null: no more follow. `skip`: frames that may be left out. FFmpeg's
    // codes; a negative one other than AVERROR_EOF is damage.
    [[nodiscard]] virtual int send(const AVPacket* packet, AVDiscard skip) = 0;
    // The next frame in presentation order, in host memory. FFmpeg's codes, and kBusy; a negative one other than EAGAIN
    // and AVERROR_EOF is damage. Error: nothing can decode any more.
    [[nodiscard]] virtual Result<int> receive(AVFrame& frame) = 0;
    // Forgets all packets: the next one comes from elsewhere.
    virtual void flush() = 0;
    // Bytes of the stream were lost before the next packet.
    virtual void noteLoss() {}
};

// The CPU's decoder, on as many threads as help. `path`: for what is said. Errors: inputUnsupported, outOfMemory.
[[nodiscard]] Result<std::unique_ptr<VideoCodec>> openSoftwareCodec(const AVStream& stream,
                                                                    const std::filesystem::path& path);

}  // namespace lipar::media
