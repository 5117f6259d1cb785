// What the commands of `lipar` have in common: a command declares its options and turns them into one request.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/service/events.h"
#include "engine/service/requests.h"

namespace lipar::cli {

enum class ProgressStyle { automatic, plain, json, none };

// Options that every command takes, before or after its name.
struct GeneralOptions {
    bool json = false;
    bool quiet = false;
    int verbosity = 0;  // 1: information, 2 and up: debugging
    ProgressStyle progress = ProgressStyle::automatic;
};

// Has the engine do one job and waits for it.
using AskEngine = std::function<Result<service::Report>(service::Request)>;

// What a command prints that is something else than one job of the engine.
struct Printout {
    nlohmann::ordered_json document;  // with --json
    std::string text;                 // without; lines ending in a newline
    std::vector<std::string> notes;   // on the message stream
};

// One parsed command, ready to run.
struct Task {
    service::Request request = {};
    std::filesystem::path statsFile = {};  // empty: none
    std::function<Result<Printout>(const AskEngine&)> work = {};  // set: done in place of the request
};

// A subcommand and the function that checks its parsed options as a whole. Error: invalidArgument, naming the option.
struct Command {
    CLI::App* app = nullptr;  // owned by the root
    std::function<Result<Task>()> task;
};

[[nodiscard]] Command addEditCommand(CLI::App& root);
[[nodiscard]] Command addPlanCommand(CLI::App& root);
[[nodiscard]] Command addCompareCommand(CLI::App& root);
[[nodiscard]] Command addTraceCommand(CLI::App& root);
[[nodiscard]] Command addBenchCommand(CLI::App& root);
[[nodiscard]] Command addDoctorCommand(CLI::App& root);
[[nodiscard]] Command addSampleCommand(CLI::App& root);
[[nodiscard]] Command addRenderCommand(CLI::App& root);
// Of `models`, its parent.
[[nodiscard]] Command addModelConvertCommand(CLI::App& models);
// `models list`, `models show`, `models verify` and `models convert`.
[[nodiscard]] std::vector<Command> addModelsCommands(CLI::App& root);

// `project show`, `project import` and `project export`.
[[nodiscard]] std::vector<Command> addProjectCommands(CLI::App& root);

}  // namespace lipar::cli
