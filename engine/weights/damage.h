// How this folder reports what is wrong with a file. The parsers give the reason alone; whoever knows the file's
// name puts it in front.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace lipar::weights {

// modelDamaged with the bare reason.
[[nodiscard]] std::unexpected<Error> damaged(std::string reason, std::string hint = "install the model again");
// The same error with "cannot read model file PATH: " in front.
[[nodiscard]] std::unexpected<Error> inFile(const std::filesystem::path& path, Error error);

// A name out of a file as it may be shown: cut at 120 bytes, control characters and other non-text replaced.
[[nodiscard]] std::string shown(std::string_view name);
// "[2, 3, 4]"
[[nodiscard]] std::string shown(std::span<const std::int64_t> shape);

}  // namespace lipar::weights
