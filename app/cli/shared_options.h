// Options that several commands share, bound to the fields of the request they end up in.
//
// The targets must outlive the parse. A word that cannot be read throws CLI::ValidationError naming the option;
// command_line.cpp turns it into an error of exit code 2.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "app/cli/argument_values.h"
#include "app/cli/command.h"

namespace lipar::cli {

// An option whose word goes through `parse` (argument_values.h) and then to `store`.
template <class Parse, class Store>
CLI::Option* addOption(CLI::App& app, const std::string& names, Parse parse, Store store, const std::string& valueName,
                       const std::string& description) {
    const std::string shown = names.substr(names.rfind(',') + 1);
    return app
        .add_option_function<std::string>(
            names,
            [shown, parse, store](const std::string& text) {
                auto value = parse(text);
                if (!value)
                    throw CLI::ValidationError(shown, value.error());
                store(std::move(*value));
            },
            description)
        ->type_name(valueName);
}

// Stores into a variable.
template <class Target>
auto into(Target& target) {
    return [&target](auto value) { target = std::move(value); };
}

// --json, -q, -v, --progress.
void addGeneralOptions(CLI::App& app, GeneralOptions& options);
// --device and --precision; --model too with addModelOption.
void addModelOption(CLI::App& app, service::EngineChoice& engine);
void addDeviceOptions(CLI::App& app, service::EngineChoice& engine);
// --text-encoder.
void addTextEncoderOption(CLI::App& app, service::EngineChoice& engine);
// --vae.
void addVaeOption(CLI::App& app, service::EngineChoice& engine);
void addRecoveryOption(CLI::App& app, service::Recovery& recovery);
void addKeysOption(CLI::App& app, service::KeySequence& keys);
// Which part of the clip is worked on and how: --size, --start, --end, --seed, --strength, --steps, --shift.
void addSamplingOptions(CLI::App& app, service::EditSettings& settings);
// --pruning, --tau1, --tau2, --min-kept, --target-fps, --recovery, --keys, masks.
void addPruningOptions(CLI::App& app, service::EditSettings& settings);
void addStatsOption(CLI::App& app, std::filesystem::path& statsFile);

// What no single option can tell. Error: invalidArgument.
[[nodiscard]] Result<> checkSettings(const service::EditSettings& settings);

}  // namespace lipar::cli
