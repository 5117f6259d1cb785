// What this build of FFmpeg can write, for reports. Thread: any; no state.
#pragma once

#include <string>
#include <vector>

namespace lipar::media {

struct CodecSupport {
    std::string name;     // as in WriterOptions::codec
    std::string encoder;  // FFmpeg's encoder, "libx264"; empty when there is none
    bool available = false;
};

// Every codec that ClipWriter knows, in the order it offers them.
[[nodiscard]] std::vector<CodecSupport> supportedCodecs();
// "5.1.6-0+deb12u1"
[[nodiscard]] std::string ffmpegVersion();

}  // namespace lipar::media
