// Whole text files, read and written for project and exchange files.
#pragma once

#include <filesystem>
#include <string>

#include "engine/core/result.h"

namespace lipar::project {

// Errors: inputMissing, inputDamaged (larger than any project).
[[nodiscard]] Result<std::string> readTextFile(const std::filesystem::path& file);
// Written beside and renamed: the old file stays whole until the new one is. Errors: diskFull, outputFailed.
[[nodiscard]] Result<> writeTextFile(const std::filesystem::path& file, const std::string& text);
// The same error, its message led by which file could not be opened.
[[nodiscard]] Error aboutFile(const std::filesystem::path& file, Error error);

}  // namespace lipar::project
