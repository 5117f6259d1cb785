#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {

Command addCompareCommand(CLI::App& root) {
    const auto request = std::make_shared<service::CompareRequest>();
    CLI::App& app = *root.add_subcommand("compare", "PSNR, SSIM, warp error and temporal flicker of two clips");
    addOption(app, "reference", parseName, into(request->reference), "A", "Reference clip")->required();
    addOption(app, "distorted", parseName, into(request->distorted), "B", "Clip to judge")->required();
    app.footer("Example:\n  lipar compare unpruned.mp4 pruned.mp4 --json");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace lipar::cli
