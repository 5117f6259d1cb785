// Reads what must stand on no command line.
#pragma once

#include <string>

#include "engine/core/result.h"

namespace lipar::cli {

// The first line of standard input. On a terminal it is asked for with `prompt`, and what is typed is not shown.
// Errors: invalidArgument (nothing was given).
[[nodiscard]] Result<std::string> readSecret(const std::string& prompt);

}  // namespace lipar::cli
