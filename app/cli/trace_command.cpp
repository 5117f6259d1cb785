#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {

Command addTraceCommand(CLI::App& root) {
    const auto request = std::make_shared<service::TraceRequest>();
    CLI::App& app = *root.add_subcommand("trace", "Replay the denoiser on given tensors: parity, bug reports");
    addModelOption(app, request->engine);
    addDeviceOptions(app, request->engine);
    addRecoveryOption(app, request->recovery);
    addOption(app, "--case", parseName, into(request->caseFile), "CASE.safetensors",
              "source_latents, noise, text_embeds and perhaps keep_mask")
        ->required();
    addOption(app, "-o,--output", parseName, into(request->output), "OUT.safetensors",
              "Receives denoised, denoised_kept and keep_mask")
        ->required();
    app.footer(
        "Example:\n  lipar trace --model models/wan --case case.safetensors -o out.safetensors --precision fp32");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace lipar::cli
