// Private to engine/media: whether a timeline makes sense.
#pragma once

#include "engine/core/result.h"
#include "engine/core/timeline.h"

namespace lipar::media {

// Size, rates and every entry's times. Error: invalidArgument.
[[nodiscard]] Result<> checkTimeline(const Timeline& timeline);

}  // namespace lipar::media
