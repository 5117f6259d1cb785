// What a media file holds, found without decoding all of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "engine/core/rational.h"
#include "engine/core/result.h"

namespace lipar::media {

struct VideoStreamInfo {
    int storedWidth = 0;   // as coded in the stream
    int storedHeight = 0;
    int rotation = 0;      // degrees clockwise that a player turns the stored picture: 0, 90, 180, 270
    bool mirrored = false;  // flipped left to right before that turn (front cameras)
    Rational sampleAspect{1, 1};
    Rational averageRate{0, 1};  // frames a second
    Rational timeBase{1, 1};     // unit of timestamps, seconds
    bool variableRate = false;
    std::int64_t frameCount = 0;  // as far as the container tells; else estimated from duration and rate
    double startSeconds = 0;
    double durationSeconds = 0;
    std::string codec;        // FFmpeg's short name, "h264"
    std::string pixelFormat;  // "yuv420p10le"
    int bitDepth = 8;
    bool hasAlpha = false;
    bool interlaced = false;
    // FFmpeg's enum values, 2 (unspecified) kept as is.
    int colorPrimaries = 2, colorTransfer = 2, colorMatrix = 2, colorRange = 0, chromaLocation = 0;

    // Upright size with square samples off: the stored size turned by `rotation`.
    [[nodiscard]] int uprightWidth() const noexcept { return rotation % 180 == 0 ? storedWidth : storedHeight; }
    [[nodiscard]] int uprightHeight() const noexcept { return rotation % 180 == 0 ? storedHeight : storedWidth; }
};

struct AudioStreamInfo {
    std::string codec;
    int sampleRate = 0;
    int channels = 0;
    double startSeconds = 0;
    double durationSeconds = 0;
};

struct MediaInfo {
    std::filesystem::path path;
    std::string container;  // FFmpeg's short name
    double durationSeconds = 0;
    VideoStreamInfo video;
    std::optional<AudioStreamInfo> audio;
};

// Reads headers and, where they say too little, the first packets. Thread: any.
// Errors: inputMissing (absent, unreadable, a directory), inputDamaged (not a media file, or its header lies),
// inputUnsupported (no picture: audio only; a codec that cannot be decoded).
[[nodiscard]] Result<MediaInfo> probe(const std::filesystem::path& path);

}  // namespace lipar::media
