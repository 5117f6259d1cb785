// The words after `lipar`, understood: general options and either a task to run or a text to print.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "app/cli/command.h"
#include "engine/core/result.h"

namespace lipar::cli {

struct Invocation {
    GeneralOptions general;
    std::variant<Task, std::string> action;  // the text of --help or --version
};

// `arguments` without the program's name. Error: invalidArgument, naming the option or command.
[[nodiscard]] Result<Invocation> parseCommandLine(const std::vector<std::string>& arguments,
                                                  const std::string& version);

// Whether --json stands among the arguments: an error in the others must then be reported as JSON too.
[[nodiscard]] bool asksForJson(const std::vector<std::string>& arguments);

}  // namespace lipar::cli
