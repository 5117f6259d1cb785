// Private to engine/media: an opened input file and its packets.
// Thread: one object, one thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/media_info.h"

namespace lipar::media {

class Demuxer {
public:
    // What an MP4's edit list does: cut and shift, or only shift, so that what a player would skip is read too.
    enum class EditLists { obeyed, shiftOnly };
    // Opens a local media file and reads its headers. Errors: inputMissing, inputDamaged, cancelled.
    [[nodiscard]] static Result<Demuxer> open(const std::filesystem::path& path, CancelToken cancel = {},
                                              EditLists editLists = EditLists::obeyed);

    [[nodiscard]] AVFormatContext* context() const noexcept { return m_context.get(); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }
    [[nodiscard]] const CancelToken& cancel() const noexcept { return m_cancel; }
    void setCancel(CancelToken cancel) { m_cancel = std::move(cancel); }
    // The picture stream (cover art is none). Error: inputUnsupported.
    [[nodiscard]] Result<AVStream*> videoStream() const;
    // Packets of other streams are skipped from now on. `keep` tells by stream.
    template <class Predicate>
    void keepStreams(Predicate keep) {
        for (unsigned i = 0; i < m_context->nb_streams; ++i) {
            AVStream* stream = m_context->streams[i];
            stream->discard = keep(*stream) ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
        }
    }

    enum class ReadStatus { packet, damaged, end };
    // The next packet of a kept stream. `damaged`: some bytes were skipped, reading can go on. Error: cancelled.
    [[nodiscard]] Result<ReadStatus> read(AVPacket& packet);
    // To the last key frame of `stream` not after `timestamp` (the stream's time base), as well as the container can.
    [[nodiscard]] bool seek(const AVStream& stream, std::int64_t timestamp);

private:
    struct ContextDeleter {
        void operator()(AVFormatContext* context) const noexcept { avformat_close_input(&context); }
    };
    Demuxer() = default;

    std::filesystem::path m_path;
    CancelToken m_cancel;
    // Of opening, which may read a lot. FFmpeg's callback reads it, so it is at a fixed address. Later reads are short, and one
    // that is interrupted leaves its place in the file unknown.
    std::unique_ptr<CancelToken> m_interrupt;
    std::unique_ptr<AVFormatContext, ContextDeleter> m_context;
    int m_failuresInARow = 0;
};

// What the headers of an opened file say. Errors: inputUnsupported, inputDamaged.
[[nodiscard]] Result<MediaInfo> describe(const Demuxer& demuxer);

}  // namespace lipar::media
