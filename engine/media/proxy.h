// Proxies: small copies of clips whose key frames lie far apart, for scrubbing. A proxy has a frame for each of its clip's,
// shown at the same time from the first one on, and a key frame every few, so that any of them is there at once.
#pragma once

#include <filesystem>
#include <functional>

#include "engine/core/cancel.h"
#include "engine/core/result.h"

namespace lipar::media {

inline constexpr int kProxyLongestSide = 640;  // pixels; a smaller clip keeps its size
inline constexpr int kProxyKeyDistance = 8;    // frames

// Writes the proxy of `clip` to `target`, an .mp4 that appears whole or not at all: upright pictures of 8 bits, no sound.
// False, and nothing is written, where any frame of the clip is reached quickly without. `progress`: 0..1 of the clip.
// Thread: any. Errors: as VideoReader's and ClipWriter's.
[[nodiscard]] Result<bool> makeProxy(const std::filesystem::path& clip, const std::filesystem::path& target,
                                     const std::function<void(double done)>& progress = {}, CancelToken cancel = {});

}  // namespace lipar::media
