#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {
namespace {

struct PlanArguments {
    service::PlanRequest request;
    std::filesystem::path statsFile;
};

}  // namespace

Command addPlanCommand(CLI::App& root) {
    const auto arguments = std::make_shared<PlanArguments>();
    service::PlanRequest& request = arguments->request;
    CLI::App& app = *root.add_subcommand(
        "plan", "Encode only: keep mask, kept ratio per latent frame, predicted time, FPS and memory");
    CLI::Option* const input = addOption(app, "input", parseName, into(request.input), "IN", "Clip to look at");
    addOption(app, "--latents", parseName, into(request.latents), "F.safetensors",
              "Latents (source_latents) instead of a clip")
        ->excludes(input)
        ->group("Clip");
    app.add_option("--prompt", request.settings.prompt, "What the clip is to become; only its length is looked at")
        ->type_name("TEXT")
        ->group("Clip");
    addModelOption(app, request.engine);
    addDeviceOptions(app, request.engine);
    addTextEncoderOption(app, request.engine);
    addVaeOption(app, request.engine);
    addSamplingOptions(app, request.settings);
    addPruningOptions(app, request.settings);
    addStatsOption(app, arguments->statsFile);
    app.footer("Example:\n  lipar plan street.mp4 --tau1 0.08 --tau2 0.16 --mask-out keep.npy");

    const auto task = [arguments]() -> Result<Task> {
        LIPAR_TRY(checkSettings(arguments->request.settings));
        if (arguments->request.input.empty() && arguments->request.latents.empty()) {
            return fail(ErrorCode::invalidArgument, "wrong arguments: no clip was given",
                        "name a clip, or latents with --latents");
        }
        return Task{arguments->request, arguments->statsFile};
    };
    return {&app, task};
}

}  // namespace lipar::cli
