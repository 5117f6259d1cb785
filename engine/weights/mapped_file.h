// A file mapped into memory for reading.
// Ownership: unmapped with the object. Thread: immutable once open.
// A file that another program shortens while it is mapped ends the process when the lost part is read; model files
// are replaced by renaming (PendingFile), which leaves an open mapping whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "engine/core/result.h"

namespace lipar::weights {

class MappedFile {
public:
    // `missing` is the code of the one error there is: no such file, not a regular file, or not readable.
    [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path, ErrorCode missing = ErrorCode::modelMissing);

    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return m_bytes; }

private:
    explicit MappedFile(std::span<const std::byte> bytes) noexcept : m_bytes(bytes) {}
    std::span<const std::byte> m_bytes;
};

}  // namespace lipar::weights
