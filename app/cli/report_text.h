// What a finished job prints for people.
#pragma once

#include <string>

#include "engine/service/events.h"

namespace lipar::cli {

// Lines ending in a newline.
[[nodiscard]] std::string reportText(const service::Report& report);

}  // namespace lipar::cli
