#include "app/cli/shared_options.h"

#include <algorithm>

namespace lipar::cli {
namespace {

Parsed<ProgressStyle> parseProgressStyle(std::string_view text) {
    if (text == "json")
        return ProgressStyle::json;
    if (text == "plain")
        return ProgressStyle::plain;
    if (text == "none")
        return ProgressStyle::none;
    return std::unexpected("'" + std::string(text) + "' is not json, plain or none");
}

}  // namespace

void addGeneralOptions(CLI::App& app, GeneralOptions& options) {
    app.add_flag("--json", options.json, "Print one JSON document on standard output and nothing else there")
        ->group("General");
    app.add_flag("-q,--quiet", options.quiet, "No progress, no notes, no summary")->group("General");
    app.add_flag_function(
           "-v,--verbose",
           [&options](std::int64_t count) { options.verbosity = std::max(options.verbosity, int(count)); },
           "Show what the engine logs (twice: everything)")
        ->group("General");
    addOption(app, "--progress", parseProgressStyle, into(options.progress), "json|plain|none",
              "How progress is shown (default: a bar on a terminal, else plain lines)")
        ->group("General");
}

void addModelOption(CLI::App& app, service::EngineChoice& engine) {
    addOption(app, "--model", parseName, into(engine.model), "NAME|DIR", "Model (default: the built-in one)")
        ->group("Engine");
}

void addDeviceOptions(CLI::App& app, service::EngineChoice& engine) {
    addOption(app, "--device", parseDevice, into(engine.device), "auto|cpu|cuda:N", "Where to compute (default: auto)")
        ->group("Engine");
    addOption(app, "--precision", parsePrecision, into(engine.precision), "auto|fp32|bf16|fp8",
              "Arithmetic of the model (default: auto)")
        ->group("Engine");
}

void addTextEncoderOption(CLI::App& app, service::EngineChoice& engine) {
    addOption(app, "--text-encoder", parseTextEncoderPlace, into(engine.textEncoder), "auto|gpu|cpu|streamed",
              "Where a large text encoder computes: on the GPU, where it stays; on the CPU; or layer by layer on the "
              "GPU (default: what fits, given back afterwards)")
        ->group("Engine");
}

void addVaeOption(CLI::App& app, service::EngineChoice& engine) {
    addOption(app, "--vae", parseVae, into(engine.vae), "tiny|full", "Autoencoder, of a model that has both (default: the model's own)")
        ->group("Engine");
}

void addRecoveryOption(CLI::App& app, service::Recovery& recovery) {
    addOption(app, "--recovery", parseRecovery, into(recovery), "none|copy|full",
              "Keys of pruned tokens: absent, copied from the noisy neighbour, or noise-aware (default: full)")
        ->group("Pruning");
}

void addKeysOption(CLI::App& app, service::KeySequence& keys) {
    addOption(app, "--keys", parseKeySequence, into(keys), "window|per-token",
              "How far the recovered keys reach back (default: window)")
        ->group("Pruning");
}

void addSamplingOptions(CLI::App& app, service::EditSettings& settings) {
    const auto storeSize = [&settings](Size size) {
        settings.width = size.width;
        settings.height = size.height;
    };
    addOption(app, "--size", parseSize, storeSize, "WxH", "Processing size (default: chosen for the device)")
        ->group("Clip");
    addOption(app, "--start", parseTime, into(settings.startSeconds), "T", "First moment, seconds or hh:mm:ss.ms")
        ->group("Clip");
    addOption(app, "--end", parseTime, into(settings.endSeconds), "T", "Moment to stop before")->group("Clip");
    addOption(app, "--seed", parseSeed, into(settings.seed), "N", "Seed of the noise (default: 0)")->group("Sampling");
    addOption(app, "--strength", parseFraction, into(settings.strength), "0..1",
              "How far the edit may go from the source")
        ->group("Sampling");
    addOption(app, "--steps", parseSteps, into(settings.steps), "N,N,...",
              "Denoising steps, of 1000, descending (400,350,250)")
        ->group("Sampling");
    addOption(app, "--shift", parsePositive, into(settings.shift), "X",
              "Shift of the noise schedule, 0.01..100: more is more noise (default: the model's)")
        ->group("Sampling");
}

void addPruningOptions(CLI::App& app, service::EditSettings& settings) {
    const std::string group = "Pruning";
    addOption(app, "--pruning", parseOnOff, into(settings.pruning), "on|off",
              "Skip tokens that did not change (default: on)")
        ->group(group);
    addOption(app, "--tau1", parseNonNegative, into(settings.tau1), "X", "Short-term threshold")->group(group);
    addOption(app, "--tau2", parseNonNegative, into(settings.tau2), "X", "Long-term threshold")->group(group);
    addOption(app, "--min-kept", parseFraction, into(settings.minKept), "R",
              "Lowest kept ratio of a latent frame, 0..1")
        ->group(group);
    addOption(app, "--target-fps", parsePositive, into(settings.targetFps), "F",
              "Move the thresholds to hold this many frames a second")
        ->group(group);
    addRecoveryOption(app, settings.recovery);
    addKeysOption(app, settings.keys);
    addOption(app, "--protect", parseName, into(settings.protectMask), "MASK.png", "White = keep the source's pixels")
        ->group(group);
    addOption(app, "--always-edit", parseName, into(settings.alwaysEditMask), "MASK.png", "White = never pruned")
        ->group(group);
    addOption(app, "--mask-in", parseName, into(settings.maskIn), "F.npy", "Keep mask to use, bool [T, gh, gw]")
        ->group(group);
    addOption(app, "--mask-out", parseName, into(settings.maskOut), "F.npy", "Write the keep mask")->group(group);
}

void addStatsOption(CLI::App& app, std::filesystem::path& statsFile) {
    addOption(app, "--stats", parseName, into(statsFile), "F.json", "Write what --json prints to a file")
        ->group("Output");
}

Result<> checkSettings(const service::EditSettings& settings) {
    const double start = settings.startSeconds.value_or(0);
    if (settings.endSeconds && *settings.endSeconds <= start) {
        return fail(ErrorCode::invalidArgument, "wrong argument --end: it is not after --start",
                    "choose an end after the start");
    }
    if (!settings.pruning && !settings.maskIn.empty()) {
        return fail(ErrorCode::invalidArgument,
                    "wrong argument --mask-in: a keep mask has no effect with --pruning off",
                    "leave one of the two out");
    }
    if (!settings.pruning && settings.targetFps) {
        return fail(ErrorCode::invalidArgument,
                    "wrong argument --target-fps: the speed cannot be held with --pruning off",
                    "leave one of the two out");
    }
    return {};
}

}  // namespace lipar::cli
