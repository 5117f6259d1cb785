#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {

Command addBenchCommand(CLI::App& root) {
    const auto request = std::make_shared<service::BenchRequest>();
    CLI::App& app = *root.add_subcommand("bench", "Speed of a model config on a device, random weights unless --model");
    const auto storeSize = [request](Size size) {
        request->width = size.width;
        request->height = size.height;
    };
    addOption(app, "--config", parseName, into(request->config), "NAME|FILE.json",
              "Shape of the model: wan2.1-1.3b (default), wan2.1-14b, wan2.2-ti2v-5b or a model.json")
        ->group("Engine");
    addModelOption(app, request->engine);
    addDeviceOptions(app, request->engine);
    addTextEncoderOption(app, request->engine);
    addVaeOption(app, request->engine);
    addOption(app, "--kept", parseKeptRatios, into(request->keptRatios), "R,R,...",
              "Kept ratios to measure (default: 1.0)")
        ->group("Pruning");
    addKeysOption(app, request->keys);
    addOption(app, "--blocks", parseBlockCount, into(request->blocks), "N", "Blocks measured per ratio (default: 12)")
        ->group("Measurement");
    addOption(app, "--size", parseSize, storeSize, "WxH", "Size of the frames (default: 832x480)")
        ->group("Measurement");
    app.add_flag("--text", request->text, "Only the text encoder of --model: loading, one prompt, memory")
        ->group("Measurement");
    app.add_flag("--profile", request->profile, "Also a table by kernel family")->group("Measurement");
    app.footer("Example:\n  lipar bench --config wan2.1-1.3b --kept 1.0,0.68,0.5 --precision bf16 --blocks 12");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace lipar::cli
