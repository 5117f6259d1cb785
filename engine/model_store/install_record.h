// Private to engine/model_store: what is remembered of the files of an installed model, in `.install.json` beside them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "engine/core/result.h"

namespace lipar::model_store {

struct RecordedFile {
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string origin;    // "OWNER/NAME/PATH"
    bool vouched = false;  // the digest was announced or known beforehand, not only computed from what came
    std::string problem;   // found by the last verification; empty: none
};

// By name below the model's folder.
using InstallRecord = std::map<std::string, RecordedFile>;

// Empty where there is none, or none that can be read: the files are then those of somebody else.
[[nodiscard]] InstallRecord readRecord(const std::filesystem::path& directory);
// Errors: diskFull, outputFailed.
[[nodiscard]] Result<> writeRecord(const std::filesystem::path& directory, const InstallRecord& record);

inline constexpr const char* kRecordName = ".install.json";
inline constexpr const char* kLockName = ".lock";

}  // namespace lipar::model_store
