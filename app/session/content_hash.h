// How a media file is recognised after it has been moved: its size and a digest of its ends. Thread: any; no state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"

namespace lipar::session {

struct FileIdentity {
    std::uint64_t bytes = 0;
    std::string hash;  // SHA-256 of the first and the last MiB, hexadecimal
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// Error: inputMissing.
[[nodiscard]] Result<FileIdentity> identityOf(const std::filesystem::path& file);

// For each of `wanted`, the file below `folder` that is the same; empty where there is none. Files of other sizes are not
// read. Error: cancelled.
[[nodiscard]] Result<std::vector<std::filesystem::path>> findFiles(const std::vector<FileIdentity>& wanted,
                                                                   const std::filesystem::path& folder,
                                                                   const CancelToken& cancel);

}  // namespace lipar::session
