// Private to engine/model_store: a file on its way, `NAME.part`, that survives whatever ends the program.
//
// Every 3 MiB the bytes are flushed to the disk and `NAME.part.json` says how many there are, their SHA-256, and of
// which published file they are. When it is opened again, that many bytes are read once more and held against the
// digest; what lies behind them is dropped, and so is everything where they do not agree. Thread: one at a time; the
// caller holds the model's lock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/weights/hash.h"

namespace lipar::model_store {

// What is being received. Two with one non-empty digest, or else with one non-empty entity tag and length, are the same
// bytes.
struct Published {
    std::string origin;       // "OWNER/NAME/PATH"
    std::string entityTag;    // strong, of the server that sends the bytes; empty: none
    std::string sha256;       // announced, or known; empty: neither
    std::uint64_t bytes = 0;  // 0 = not known

    [[nodiscard]] bool isSameAs(const Published& other) const;
};

class PartialFile {
public:
    static constexpr std::uint64_t kCheckpointBytes = std::uint64_t(3) << 20;

    // Opens or makes it. `onReread` is told how many bytes have been read again. Errors: outputFailed, diskFull,
    // cancelled.
    [[nodiscard]] static Result<PartialFile> open(const std::filesystem::path& target,
                                                  const std::function<void(std::uint64_t)>& onReread,
                                                  const CancelToken& cancel);
    PartialFile(PartialFile&& other) noexcept;
    PartialFile& operator=(PartialFile&& other) noexcept;
    // What was appended since the last checkpoint is flushed as well as it goes; the file stays.
    ~PartialFile();

    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }
    [[nodiscard]] const Published& published() const noexcept { return m_published; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

    // The bytes to come are of this; what is there is dropped unless it is of the same. Errors: outputFailed, diskFull.
    [[nodiscard]] Result<> expect(const Published& published);
    [[nodiscard]] Result<> append(std::span<const char> bytes);
    [[nodiscard]] Result<> restart();
    [[nodiscard]] Result<> checkpoint();
    [[nodiscard]] Result<std::string> digest() const { return m_digest.digest(); }

    // Gives the file its name, atomically and durably, and forgets the state.
    [[nodiscard]] Result<> commit(const std::filesystem::path& target);
    // Removes both files.
    void discard();

private:
    PartialFile() = default;
    Result<> truncate(std::uint64_t size);
    Result<bool> reread(std::uint64_t size, const std::string& sha256,
                        const std::function<void(std::uint64_t)>& onReread, const CancelToken& cancel);

    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::uint64_t m_size = 0;
    std::uint64_t m_durable = 0;  // at the last checkpoint
    Published m_published;
    weights::Sha256 m_digest;
};

// The names of the two files.
[[nodiscard]] std::filesystem::path partOf(const std::filesystem::path& target);
[[nodiscard]] std::filesystem::path partStateOf(const std::filesystem::path& target);
// Bytes that an install of `target` will find there, without reading them.
[[nodiscard]] std::uint64_t partialBytes(const std::filesystem::path& target);

// Writes text beside its place and renames it. Errors: diskFull, outputFailed.
[[nodiscard]] Result<> writeTextFile(const std::filesystem::path& target, const std::string& text);
// A change of names in this folder reaches the disk.
void syncFolder(const std::filesystem::path& folder);
// diskFull or outputFailed, from errno's value.
[[nodiscard]] std::unexpected<Error> writeFailed(const std::filesystem::path& path, int systemError);

}  // namespace lipar::model_store
