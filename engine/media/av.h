// Private to engine/media: FFmpeg's C objects with owners, its error numbers in words, its log sent to ours.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/core/rational.h"
#include "engine/core/result.h"

namespace lipar::media::av {

struct FrameDeleter {
    void operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
};
struct PacketDeleter {
    void operator()(AVPacket* packet) const noexcept { av_packet_free(&packet); }
};
struct CodecDeleter {
    void operator()(AVCodecContext* context) const noexcept { avcodec_free_context(&context); }
};
struct ScalerDeleter {
    void operator()(SwsContext* context) const noexcept { sws_freeContext(context); }
};
struct ResamplerDeleter {
    void operator()(SwrContext* context) const noexcept { swr_free(&context); }
};
struct DictionaryDeleter {
    void operator()(AVDictionary* dictionary) const noexcept { av_dict_free(&dictionary); }
};

using FramePtr = std::unique_ptr<AVFrame, FrameDeleter>;
using PacketPtr = std::unique_ptr<AVPacket, PacketDeleter>;
using CodecPtr = std::unique_ptr<AVCodecContext, CodecDeleter>;
using ScalerPtr = std::unique_ptr<SwsContext, ScalerDeleter>;
using ResamplerPtr = std::unique_ptr<SwrContext, ResamplerDeleter>;

// Options handed to an FFmpeg object; what it did not take is dropped with the dictionary.
class Dictionary {
public:
    Dictionary() = default;
    Dictionary(const Dictionary&) = delete;
    Dictionary& operator=(const Dictionary&) = delete;
    ~Dictionary() { av_dict_free(&m_dictionary); }
    void set(const char* key, const std::string& value) { av_dict_set(&m_dictionary, key, value.c_str(), 0); }
    void set(const char* key, std::int64_t value) { av_dict_set_int(&m_dictionary, key, value, 0); }
    [[nodiscard]] AVDictionary** address() noexcept { return &m_dictionary; }

private:
    AVDictionary* m_dictionary = nullptr;
};

// Both throw std::bad_alloc where FFmpeg returns null.
[[nodiscard]] FramePtr makeFrame();
[[nodiscard]] PacketPtr makePacket();

// "No space left on device"
[[nodiscard]] std::string errorText(int averror);

// diskFull or outputFailed: "cannot write X: WHY".
[[nodiscard]] Error writeError(const std::filesystem::path& path, int averror);

// Sends FFmpeg's warnings and errors to lipar::log at debug level; once per process, then free.
void redirectLog();
// How many errors FFmpeg has logged on this thread since redirectLog(). Decoders tell of some damage in no other way.
[[nodiscard]] std::int64_t loggedErrors() noexcept;

[[nodiscard]] constexpr AVRational toAv(Rational r) noexcept { return {int(r.num), int(r.den)}; }
[[nodiscard]] constexpr Rational fromAv(AVRational r) noexcept { return {r.num, r.den}; }

// Whether a frame was decoded with errors, as far as its decoder tells.
[[nodiscard]] bool isDamaged(const AVFrame& frame) noexcept;

// Length of a decoded frame in its stream's time base; 0 = not known.
[[nodiscard]] std::int64_t frameDuration(const AVFrame& frame) noexcept;

}  // namespace lipar::media::av
