// Writes a whole file beside its target and renames it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "engine/core/result.h"

namespace lipar::weights {

// The file holds `parts`, one after the other. Errors: diskFull, outputFailed.
[[nodiscard]] Result<> writeWholeFile(const std::filesystem::path& target, std::span<const std::span<const std::byte>> parts);

}  // namespace lipar::weights
