#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {

Command addSampleCommand(CLI::App& root) {
    const auto request = std::make_shared<service::MakeSampleRequest>();
    CLI::App& app = *root.add_subcommand("sample", "Draw the sample clip that the project makes itself");
    addOption(app, "output", parseName, into(request->target), "OUT", "File to write, for example sample.mp4")
        ->required();
    app.footer("Example:\n  lipar sample sample.mp4");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace lipar::cli
