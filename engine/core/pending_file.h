// A file that appears under its name only when it is whole: written beside, then renamed.
// Ownership: the object owns the temporary file and removes it unless commit() succeeded.
#pragma once

#include <filesystem>

#include "engine/core/result.h"

namespace lipar {

class PendingFile {
public:
    // Picks a free name beside `target`, with the same extension, and creates it empty (so a read-only
    // folder or a missing one is an error here). Error: outputFailed.
    [[nodiscard]] static Result<PendingFile> create(const std::filesystem::path& target);

    PendingFile(PendingFile&& other) noexcept;
    PendingFile& operator=(PendingFile&& other) noexcept;
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile();

    // Where to write: a sibling of the target.
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_temporary; }
    // Flushes the file to the disk and renames it over the target. Errors: diskFull, outputFailed.
    [[nodiscard]] Result<> commit();

private:
    PendingFile(std::filesystem::path temporary, std::filesystem::path target);
    std::filesystem::path m_temporary;
    std::filesystem::path m_target;
};

}  // namespace lipar
