// Private to engine/media: which codecs and containers can be written and which go together.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/clip_writer.h"

namespace lipar::media {

struct EncoderChoice {
    std::string_view name;  // FFmpeg's
    bool needsEvenSize = false;  // with chroma at half resolution
};

struct OutputCodec {
    std::string_view name;  // as in WriterOptions
    std::span<const EncoderChoice> encoders;  // the first that is there and takes the size wins
    std::optional<int> defaultCrf;  // empty: the codec has none
    int largestCrf = 0;
    double bitsPerPixel = 0;  // at defaultCrf, for estimates
    std::span<const std::string_view> containers;
};

struct OutputContainer {
    std::string_view name;  // as in WriterOptions and as file extension
    std::string_view muxer;  // FFmpeg's
    bool isMp4Family = false;  // has edit lists, a display matrix and any time scale; Matroska has milliseconds
    AVCodecID audioCodec = AV_CODEC_ID_AAC;  // what sound is encoded to where it cannot be copied
};

// A proxy is encoded in the least time and decoded from any frame in little.
enum class EncodingPurpose { delivery, proxy };

struct OutputFormat {
    const OutputCodec* codec = nullptr;
    const OutputContainer* container = nullptr;
    std::optional<int> crf;
    std::optional<std::int64_t> bitRate;  // in place of the CRF
    EncodingPurpose purpose = EncodingPurpose::delivery;
};

// Error: invalidArgument.
[[nodiscard]] Result<OutputFormat> chooseOutputFormat(const std::filesystem::path& target,
                                                      const WriterOptions& options);

// FFmpeg's number of a codec named as in WriterOptions; AV_CODEC_ID_NONE where there is no such codec.
[[nodiscard]] AVCodecID codecIdOf(std::string_view codec);

// Whether packets of this codec can be put into the container as they are and played from it.
[[nodiscard]] bool canHoldAudio(const OutputContainer& container, AVCodecID codec);

struct OutputSize {
    int uprightWidth = 0, uprightHeight = 0;
    int storedWidth = 0, storedHeight = 0;
    int rotation = 0;  // of the stored picture; 0 where the container cannot tell it, and the picture is stored upright
    bool mirrored = false;
    Rational sampleAspect{1, 1};  // of the stored picture
};

// Error: invalidArgument (no size, or one too large).
[[nodiscard]] Result<OutputSize> chooseOutputSize(const MediaInfo& source, const WriterOptions& options,
                                                  const OutputContainer& container);

}  // namespace lipar::media
