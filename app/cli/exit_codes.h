// Which exit code an error gets (README.md lists them).
#pragma once

#include "engine/core/result.h"

namespace lipar::cli {

enum ExitCode {
    exitDone = 0,
    exitFailed = 1,
    exitWrongArguments = 2,
    exitInput = 3,
    exitModel = 4,
    exitTooLarge = 5,
    exitCancelled = 130,
};

// Memory and disk that run out are 5 as long as it was known before the work began, and 1 afterwards.
[[nodiscard]] int exitCodeOf(const Error& error, bool workHadBegun);

}  // namespace lipar::cli
