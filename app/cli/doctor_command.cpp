#include <memory>

#include "app/cli/command.h"

namespace lipar::cli {

Command addDoctorCommand(CLI::App& root) {
    CLI::App& app = *root.add_subcommand(
        "doctor", "Versions, devices, codecs, memory, models, write access: what a bug report needs");
    const auto request = std::make_shared<service::DoctorRequest>();
    app.add_flag("--memory", request->memory, "Also what an edit with each model holds in memory, by name, on each device");
    app.footer("Example:\n  lipar doctor --json > doctor.json");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace lipar::cli
