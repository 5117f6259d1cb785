#include "app/cli/exit_codes.h"

namespace lipar::cli {

int exitCodeOf(const Error& error, bool workHadBegun) {
    const bool ranOut = error.code == ErrorCode::outOfMemory || error.code == ErrorCode::diskFull;
    return ranOut && workHadBegun ? exitFailed : error.exitCode();
}

}  // namespace lipar::cli
