// The documents that --json and --stats produce. Their fields are a contract (README.md): names stay, additions are
// allowed, and a change that breaks a reader raises kSchema.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "engine/core/result.h"
#include "engine/service/events.h"

namespace lipar::cli {

using Json = nlohmann::ordered_json;

inline constexpr int kSchema = 1;

// The document of a finished job. Numbers that are not finite become null (JSON has no others).
[[nodiscard]] Json reportDocument(const service::Report& report);
// {"schema":1,"error":{"code","message","hint"}}
[[nodiscard]] Json errorDocument(const Error& error);
// One line of `--progress json`.
[[nodiscard]] Json progressDocument(const service::Progress& progress);
[[nodiscard]] Json progressDocument(const TransferState& state);

// Valid UTF-8 whatever the paths are made of. `indent` negative: one line.
[[nodiscard]] std::string toText(const Json& document, int indent = 2);

// "loading", "measuring", "editing", "finishing".
[[nodiscard]] const char* phaseName(service::Phase phase);
// "connecting", "rereading", "receiving", "waiting", "checking", "copying".
[[nodiscard]] const char* phaseName(TransferPhase phase);
// "not-installed", "partial", "installed", "damaged".
[[nodiscard]] const char* stateName(ModelState state);

}  // namespace lipar::cli
