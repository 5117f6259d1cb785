#include <algorithm>
#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {
namespace {

struct EditArguments {
    service::EditRequest request;
    std::filesystem::path statsFile;
};

void addOutputOptions(CLI::App& app, EditArguments& arguments) {
    const std::string group = "Output";
    service::OutputSettings& output = arguments.request.output;
    const auto storeSize = [&output](Size size) {
        output.width = size.width;
        output.height = size.height;
    };
    addOption(app, "-o,--output", parseName, into(output.path), "OUT", "File to write")->group(group);
    addOption(app, "--output-size", parseSize, storeSize, "WxH", "Size of the output (default: the source's)")
        ->group(group);
    addOption(app, "--codec", parseName, into(output.codec), "NAME",
              "h264, hevc, av1, vp9, prores or ffv1 (default: h264)")
        ->group(group);
    addOption(app, "--crf", parseCrf, into(output.crf), "N", "Quality on the codec's own scale, lower is better")
        ->group(group);
    addOption(app, "--container", parseName, into(output.container), "EXT",
              "mp4, mov, mkv or webm (default: by OUT's name)")
        ->group(group);
    addOption(app, "--audio", parseAudio, into(output.audio), "copy|aac|none",
              "What becomes of the sound (default: copy)")
        ->group(group);
    addOption(app, "--heatmap", parseName, into(output.heatmap), "OUT.mp4",
              "Also write a clip that shows what was computed")
        ->group(group);
    addStatsOption(app, arguments.statsFile);
    app.add_flag("--dry-run", arguments.request.dryRun, "All checks and the estimate, no work")->group(group);
}

void addPromptOptions(CLI::App& app, service::EditSettings& settings) {
    app.add_option("--prompt", settings.prompt, "What the clip is to become")
        ->required()
        ->type_name("TEXT")
        ->group("Clip");
    addOption(
        app, "--prompt-at", parsePromptAt,
        [&settings](std::pair<double, std::string> change) { settings.promptChanges.push_back(std::move(change)); },
        "T=TEXT", "Another prompt from that moment on (repeatable)")
        ->group("Clip")
        ->trigger_on_parse();
}

}  // namespace

Command addEditCommand(CLI::App& root) {
    const auto arguments = std::make_shared<EditArguments>();
    CLI::App& app = *root.add_subcommand("edit", "Edit a clip; sound, frame count, timestamps and frame rate are kept");
    service::EditSettings& settings = arguments->request.settings;
    addOption(app, "input", parseName, into(arguments->request.input), "IN", "Clip to edit")->required();
    addPromptOptions(app, settings);
    addModelOption(app, arguments->request.engine);
    addDeviceOptions(app, arguments->request.engine);
    addTextEncoderOption(app, arguments->request.engine);
    addVaeOption(app, arguments->request.engine);
    addSamplingOptions(app, settings);
    addPruningOptions(app, settings);
    addOutputOptions(app, *arguments);
    app.footer(
        "Example:\n"
        "  lipar edit street.mp4 -o painted.mp4 --prompt \"oil painting\" --prompt-at 4.5=\"ink drawing\"");

    const auto task = [arguments]() -> Result<Task> {
        service::EditRequest request = arguments->request;
        LIPAR_TRY(checkSettings(request.settings));
        if (request.output.path.empty() && !request.dryRun) {
            return fail(ErrorCode::invalidArgument, "wrong arguments: --output is required",
                        "say where to write with -o OUT");
        }
        std::ranges::stable_sort(request.settings.promptChanges, {}, &std::pair<double, std::string>::first);
        return Task{std::move(request), arguments->statsFile};
    };
    return {&app, task};
}

}  // namespace lipar::cli
