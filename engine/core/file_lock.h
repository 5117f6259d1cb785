// Advisory locks of files between programs: who reads a file shares it, who would replace it asks for it alone. They go
// with the process, however it ends. Ownership: released with the object. Thread: values; locks of one program exclude
// each other as those of two do.
#pragma once

#include <filesystem>

#include "engine/core/result.h"

namespace lipar {

class FileLock {
public:
    FileLock() = default;  // holds nothing
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    ~FileLock();

    // Waits 10 ms at most. Holds nothing where the file cannot be opened, is being replaced this moment, or its file
    // system knows no locks: readers are not kept from reading.
    [[nodiscard]] static FileLock share(const std::filesystem::path& file);
    // The file must be there. Waits a second at most for readers that only look in. Errors: inUse, modelMissing.
    [[nodiscard]] static Result<FileLock> own(const std::filesystem::path& file);
    // Makes the file where it is missing, and waits 0.1 s at most. Errors: inUse, outputFailed.
    [[nodiscard]] static Result<FileLock> claim(const std::filesystem::path& file);
    [[nodiscard]] bool holds() const noexcept { return m_descriptor >= 0; }
    // Whether another holds it, shared or alone. False where there is no such file.
    [[nodiscard]] static bool isHeld(const std::filesystem::path& file);

private:
    explicit FileLock(int descriptor) noexcept : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

}  // namespace lipar
