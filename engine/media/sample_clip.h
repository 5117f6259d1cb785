// The sample clip that the window offers on the first start: painted and synthesised here, no asset needed.
#pragma once

#include <filesystem>

#include "engine/core/cancel.h"
#include "engine/core/result.h"

namespace lipar::media {

// Writes 4 s of 832x480 at 24 frames a second (96 frames, H.264 with AAC sound) in about two seconds. The same picture
// each time. Thread: any. Errors: as ClipWriter's.
[[nodiscard]] Result<> writeSampleClip(const std::filesystem::path& target, CancelToken cancel = {});

}  // namespace lipar::media
