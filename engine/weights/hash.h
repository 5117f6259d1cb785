// SHA-256 of model files (through libcrypto's EVP interface).
#pragma once

#include <filesystem>
#include <string>

#include "engine/core/cancel.h"
#include "engine/core/result.h"

namespace lipar::weights {

// Lower-case hexadecimal, 64 characters. Errors: modelMissing when it cannot be read, cancelled.
[[nodiscard]] Result<std::string> sha256OfFile(const std::filesystem::path& path, const CancelToken& cancel = {});
// One digest for a model: SHA-256 over "NAME\0DIGEST\n" of model.json and every file it names, sorted by name.
[[nodiscard]] Result<std::string> sha256OfModel(const std::filesystem::path& directory, const CancelToken& cancel = {});

}  // namespace lipar::weights
