// A file mapped into memory for reading.
// Ownership: unmapped with the object. Thread: immutable once open.
// A file that another program shortens while it is mapped ends the process when the lost part is read; model files
// are replaced by renaming (PendingFile), which leaves an open mapping whole. As long as it is mapped, a file carries a shared
// advisory lock, so that the model store sees that it is in use (FileLock).
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

#include "engine/core/file_lock.h"
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
    MappedFile(std::span<const std::byte> bytes, FileLock lock) noexcept : m_bytes(bytes), m_lock(std::move(lock)) {}
    std::span<const std::byte> m_bytes;
    FileLock m_lock;
};

}  // namespace lipar::weights
