#include "app/cli/command.h"

namespace lipar::cli {

Command addDoctorCommand(CLI::App& root) {
    CLI::App& app = *root.add_subcommand(
        "doctor", "Versions, devices, codecs, memory, models, write access: what a bug report needs");
    app.footer("Example:\n  lipar doctor --json > doctor.json");
    return {&app, []() -> Result<Task> { return Task{service::DoctorRequest{}, {}}; }};
}

}  // namespace lipar::cli
