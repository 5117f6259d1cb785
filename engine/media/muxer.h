// Private to engine/media: a container being written, whole or not at all.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/core/pending_file.h"
#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/output_format.h"

namespace lipar::media {

class Muxer {
public:
    // Creates the file beside `target`. Errors: outputFailed, diskFull.
    [[nodiscard]] static Result<Muxer> create(const std::filesystem::path& target, const OutputContainer& container);

    [[nodiscard]] const OutputContainer& container() const noexcept { return *m_container; }
    [[nodiscard]] AVFormatContext* context() const noexcept { return m_context.get(); }
    [[nodiscard]] bool wantsGlobalHeaders() const noexcept {
        return (m_context->oformat->flags & AVFMT_GLOBALHEADER) != 0;
    }
    [[nodiscard]] Result<AVStream*> addStream();
    // The tag that players want for a codec; 0 = the container's usual one.
    [[nodiscard]] std::uint32_t tagFor(AVCodecID codec) const noexcept {
        return codec == AV_CODEC_ID_HEVC && m_container->isMp4Family ? MKTAG('h', 'v', 'c', '1') : 0;  // Apple's
    }
    // Once all streams are described. `videoTimeBase`: the first stream's times are kept exactly in it.
    [[nodiscard]] Result<> begin(AVRational videoTimeBase);
    // Takes the packet's reference. Its times are in `timeBase`.
    [[nodiscard]] Result<> write(AVPacket& packet, const AVStream& stream, AVRational timeBase);
    // Completes the file and gives it its name.
    [[nodiscard]] Result<> finish();
    [[nodiscard]] Error error(int averror) const { return av::writeError(m_target, averror); }

private:
    struct ContextDeleter {
        void operator()(AVFormatContext* context) const noexcept;
    };
    Muxer(std::filesystem::path target, const OutputContainer& container, PendingFile file);

    std::filesystem::path m_target;
    const OutputContainer* m_container;
    PendingFile m_file;
    std::unique_ptr<AVFormatContext, ContextDeleter> m_context;
};

}  // namespace lipar::media
