#include "engine/media/demuxer.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace lipar::media {
namespace fs = std::filesystem;

namespace {

constexpr int kLongestDamage = 64;  // failed reads in a row after which the rest of a file is given up

int isInterrupted(void* token) { return static_cast<const CancelToken*>(token)->isCancelled() ? 1 : 0; }

// FFmpeg reads these as moving pictures or follows the addresses in them; for us they are not media files.
bool isForeignFormat(std::string_view name) {
    constexpr std::array<std::string_view, 9> foreign{"tty", "hls", "dash", "concat", "sdp", "rtsp", "bin", "xbin", "lavfi"};
    return std::ranges::find(foreign, name) != foreign.end();
}

Result<> checkFile(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    const std::string what = "cannot open " + path.string() + ": ";
    if (status.type() == fs::file_type::not_found)
        return fail(ErrorCode::inputMissing, what + "there is no such file", "check the name and the folder");
    if (error)
        return fail(ErrorCode::inputMissing, what + error.message(), "check the name and the folder");
    if (fs::is_directory(status))
        return fail(ErrorCode::inputMissing, what + "it is a folder", "choose a file inside it");
    if (!fs::is_regular_file(status))
        return fail(ErrorCode::inputMissing, what + "it is not a file but a device or a pipe", "choose a media file");
    if (::access(path.c_str(), R_OK) != 0)
        return fail(ErrorCode::inputMissing, what + std::strerror(errno), "ask for the right to read it");
    if (fs::file_size(path, error) == 0 && !error)
        return fail(ErrorCode::inputDamaged, "cannot open " + path.string() + ": the file is empty (0 bytes)",
                    "copy or export it again");
    return {};
}

// An MP4 or QuickTime file begins with a box whose type is one of a few.
bool looksLikeMp4(const fs::path& path) {
    std::array<char, 8> head{};
    std::ifstream(path, std::ios::binary).read(head.data(), head.size());
    const std::string_view type(head.data() + 4, 4);
    return type == "ftyp" || type == "moov" || type == "mdat" || type == "wide" || type == "free";
}

Error damagedError(const fs::path& path, const std::string& why) {
    return Error{ErrorCode::inputDamaged, "cannot read " + path.string() + ": " + why,
                 "check that it plays elsewhere, or copy it again"};
}

Error openError(const fs::path& path, int averror) {
    if (averror == AVERROR(ENOENT) || averror == AVERROR(EACCES) || averror == AVERROR(EPERM))
        return Error{ErrorCode::inputMissing, "cannot open " + path.string() + ": " + av::errorText(averror),
                     "check the name and the right to read it"};
    if (looksLikeMp4(path))
        return damagedError(path, "its index is missing or broken: the file is cut off or was never finished");
    return damagedError(path, "it is not a media file, or its beginning is damaged");
}

}  // namespace

Result<Demuxer> Demuxer::open(const fs::path& path, CancelToken cancel, EditLists editLists) {
    av::redirectLog();
    LIPAR_TRY(checkFile(path));

    Demuxer demuxer;
    demuxer.m_path = path;
    demuxer.m_cancel = std::move(cancel);
    demuxer.m_interrupt = std::make_unique<CancelToken>(demuxer.m_cancel);

    AVFormatContext* context = avformat_alloc_context();
    if (!context)
        return fail(ErrorCode::outOfMemory, "cannot open " + path.string() + ": out of memory");
    context->interrupt_callback = {isInterrupted, demuxer.m_interrupt.get()};
    av::Dictionary options;
    options.set("protocol_whitelist", "file");
    options.set("pattern_type", "none");  // a still picture is one frame, whatever numbers its neighbours' names hold
    if (editLists == EditLists::shiftOnly)
        options.set("advanced_editlist", std::int64_t(0));
    // The prefix keeps a colon in a file name from being read as a protocol.
    const int opened = avformat_open_input(&context, ("file:" + path.string()).c_str(), nullptr, options.address());
    demuxer.m_context.reset(context);
    LIPAR_TRY(demuxer.m_cancel.check());
    if (opened < 0)
        return std::unexpected(openError(path, opened));
    if (isForeignFormat(context->iformat->name))
        return std::unexpected(damagedError(path, "it is not a media file"));
    const int found = avformat_find_stream_info(context, nullptr);
    LIPAR_TRY(demuxer.m_cancel.check());
    if (found < 0)
        return std::unexpected(openError(path, found));
    if (context->nb_streams == 0)
        return std::unexpected(openError(path, AVERROR_INVALIDDATA));
    *demuxer.m_interrupt = {};
    return demuxer;
}

Result<AVStream*> Demuxer::videoStream() const {
    const auto isPicture = [](const AVStream& stream) {
        return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
               !(stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS));
    };
    const int best = av_find_best_stream(m_context.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (best >= 0 && isPicture(*m_context->streams[best]))
        return m_context->streams[best];
    bool hasAudio = false;
    for (unsigned i = 0; i < m_context->nb_streams; ++i) {
        if (isPicture(*m_context->streams[i]))
            return m_context->streams[i];
        hasAudio = hasAudio || m_context->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    }
    if (!hasAudio)
        return std::unexpected(damagedError(m_path, "it holds neither pictures nor sound"));
    return fail(ErrorCode::inputUnsupported, "cannot edit " + m_path.string() + ": it holds sound but no picture",
                "choose a video file");
}

Result<Demuxer::ReadStatus> Demuxer::read(AVPacket& packet) {
    while (true) {
        LIPAR_TRY(m_cancel.check());
        av_packet_unref(&packet);
        const int status = av_read_frame(m_context.get(), &packet);
        if (status >= 0) {
            if (m_context->streams[packet.stream_index]->discard >= AVDISCARD_ALL)
                continue;
            m_failuresInARow = 0;
            return ReadStatus::packet;
        }
        LIPAR_TRY(m_cancel.check());
        if (status == AVERROR_EOF || ++m_failuresInARow > kLongestDamage)
            return ReadStatus::end;
        if (status != AVERROR(EAGAIN))
            return ReadStatus::damaged;
    }
}

bool Demuxer::seek(const AVStream& stream, std::int64_t timestamp) {
    m_failuresInARow = 0;
    if (avformat_seek_file(m_context.get(), stream.index, INT64_MIN, timestamp, timestamp, 0) >= 0)
        return true;
    return av_seek_frame(m_context.get(), stream.index, timestamp, AVSEEK_FLAG_BACKWARD) >= 0;
}

}  // namespace lipar::media
