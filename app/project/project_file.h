// Project files (*.lipar): JSON with a version, written beside and renamed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "app/project/project.h"

namespace lipar::project {

inline constexpr int fileVersion = 2;

// Text of a project file. `folder`: of the file, for relative paths; empty = absolute paths.
[[nodiscard]] std::string toJson(const Project& project, const std::filesystem::path& folder = {});
// Errors: inputDamaged (not a project, a field of the wrong kind, broken invariants: which and where), inputUnsupported (a
// newer version). Media need not exist. Older versions are brought up to date.
[[nodiscard]] Result<Project> fromJson(std::string_view text, const std::filesystem::path& folder = {});

// Errors: inputMissing, inputDamaged, inputUnsupported.
[[nodiscard]] Result<Project> loadProject(const std::filesystem::path& file);
// The old file stays whole until the new one is. Errors: diskFull, outputFailed.
[[nodiscard]] Result<> saveProject(const Project& project, const std::filesystem::path& file);

}  // namespace lipar::project
