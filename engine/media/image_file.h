// Still pictures: masks that users paint, frames that they save.
#pragma once

#include <filesystem>

#include "engine/core/picture.h"
#include "engine/core/result.h"

namespace lipar::media {

// PNG, JPEG, WebP, TIFF, ...: whatever FFmpeg decodes, also the first frame of a clip. Transparent parts become black.
// Errors: as probe(); decodeFailed.
[[nodiscard]] Result<Picture> readImage(const std::filesystem::path& path);

// Replaces an existing file only by a whole one. Errors: invalidArgument (empty picture), outputFailed, diskFull.
[[nodiscard]] Result<> writePng(const std::filesystem::path& path, const Picture& picture);

}  // namespace lipar::media
