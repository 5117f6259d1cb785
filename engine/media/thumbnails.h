// Small pictures of a clip at many times, quickly.
#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include "engine/core/cancel.h"
#include "engine/core/picture.h"
#include "engine/core/result.h"

namespace lipar::media {

// Calls `deliver` once for each of `seconds` (ascending, from the clip's first frame), in order, with the picture scaled
// to `height` (the width follows from the aspect on the screen). Where times lie far apart, a key frame stands for the
// exact frame as long as it is nearer than half the way to the neighbouring times. A time past the end gives the last
// frame. The same picture may be delivered for several times. Thread: any. Errors: as VideoReader's, cancelled,
// invalidArgument, and what `deliver` returns.
[[nodiscard]] Result<> makeThumbnails(const std::filesystem::path& path, std::span<const double> seconds, int height,
                                      const std::function<Result<>(double seconds, PicturePtr picture)>& deliver,
                                      CancelToken cancel = {});

}  // namespace lipar::media
