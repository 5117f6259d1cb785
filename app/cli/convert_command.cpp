#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {

Command addModelConvertCommand(CLI::App& models) {
    const auto request = std::make_shared<service::ModelConvertRequest>();
    CLI::App& app = *models.add_subcommand("convert", "Make a model directory out of published files, once");
    addOption(app, "source", parseName, into(request->source), "FILE|DIR",
              "Wan2.1 or Self-Forcing as downloaded, a diffusers pipeline, or a model directory")
        ->required();
    addOption(app, "-o,--output", parseName, into(request->output), "DIR", "Folder of the model; made if need be")
        ->required();
    addOption(
        app, "--precision",
        [](std::string_view text) -> Parsed<service::Precision> {
            auto precision = parsePrecision(text);
            if (precision && *precision == service::Precision::fp32)
                return std::unexpected("'fp32' is not bf16 or fp8: the source itself is as exact");
            return precision;
        },
        into(request->precision), "bf16|fp8", "Of the transformer's matrices (default bf16)");
    app.footer(
        "A conversion that was interrupted goes on where it was when the same command is given again.\n\n"
        "Example:\n  lipar models convert Self-Forcing/checkpoints/self_forcing_dmd.pt -o models/self-forcing "
        "--precision fp8");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace lipar::cli
