// Signals of the process, turned into cancellation.
#pragma once

#include "engine/core/cancel.h"

namespace lipar::cli {

// From now on the first SIGINT, SIGTERM or SIGHUP cancels `source` and the second ends the process with code 130 at
// once. Writing to a closed pipe, or more than the limit on file sizes allows, is an error of that write and not the
// end of the process. `source` must live as long as the process. Thread: call once, before other threads start.
void installInterruptHandlers(CancelSource& source);

// Opens /dev/null in place of standard streams that were closed: otherwise the next file opened, perhaps the output
// clip, would take their number and receive what is printed.
void ensureStandardStreams();

}  // namespace lipar::cli
