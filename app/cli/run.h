// One invocation of `lipar` from words to exit code, with everything it touches passed in.
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/service/events.h"
#include "engine/service/requests.h"

namespace lipar::cli {

// How a job is run: service::runJob in the program, a fake in tests. The sink may be called on another thread.
using JobFunction = std::function<Result<service::Report>(
    service::Request, const std::function<void(const service::Event&)>& sink, const CancelToken&)>;

struct Environment {
    JobFunction runJob;
    std::string version;           // "1.0.0"
    std::FILE* output = stdout;    // results; not owned
    std::FILE* messages = stderr;  // progress, notes, errors; not owned
    bool messagesOnTerminal = false;
    std::function<int()> columns = [] { return 80; };  // of that terminal
    CancelToken cancel;
};

// Returns the exit code (exit_codes.h). Never throws.
[[nodiscard]] int run(const std::vector<std::string>& arguments, const Environment& environment);

}  // namespace lipar::cli
