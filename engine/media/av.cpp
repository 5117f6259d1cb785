#include "engine/media/av.h"

#include <array>
#include <cerrno>
#include <cstdarg>
#include <mutex>
#include <new>
#include <string_view>

#include "engine/core/log.h"

namespace lipar::media::av {
namespace {

thread_local std::int64_t errorsOfThread = 0;

void forwardToLog(void* context, int level, const char* format, va_list arguments) {
    if (level > AV_LOG_WARNING)
        return;
    errorsOfThread += level <= AV_LOG_ERROR;
    std::array<char, 1024> line{};
    int printPrefix = 1;
    av_log_format_line2(context, level, format, arguments, line.data(), int(line.size()), &printPrefix);
    std::string_view text(line.data());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.remove_suffix(1);
    if (!text.empty())
        log(LogLevel::debug, text);
}

template <class T>
T* orThrow(T* object) {
    if (!object)
        throw std::bad_alloc();
    return object;
}

}  // namespace

FramePtr makeFrame() { return FramePtr(orThrow(av_frame_alloc())); }

PacketPtr makePacket() { return PacketPtr(orThrow(av_packet_alloc())); }

std::string errorText(int averror) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(averror, text.data(), text.size());
    return text.data();
}

Error writeError(const std::filesystem::path& path, int averror) {
    const bool full = averror == AVERROR(ENOSPC) || averror == AVERROR(EDQUOT) || averror == AVERROR(EFBIG);
    return Error{full ? ErrorCode::diskFull : ErrorCode::outputFailed,
                 "cannot write " + path.string() + ": " + errorText(averror),
                 full ? "free some space or choose another folder" : "choose another codec, container or folder"};
}

void redirectLog() {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(forwardToLog); });
}

std::int64_t loggedErrors() noexcept { return errorsOfThread; }

bool isDamaged(const AVFrame& frame) noexcept {
    return (frame.flags & AV_FRAME_FLAG_CORRUPT) || frame.decode_error_flags != 0;
}

std::int64_t frameDuration(const AVFrame& frame) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame.duration;
#else
    return frame.pkt_duration;
#endif
}

}  // namespace lipar::media::av
