// SHA-256 of model files and of what identifies an edit (through libcrypto's EVP interface).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/cancel.h"
#include "engine/core/result.h"

namespace lipar::weights {

// A digest of bytes as they come. Thread: one at a time.
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void add(std::span<const char> bytes);
    // Of everything so far, lower-case hexadecimal; more can be added afterwards. Error: internal.
    [[nodiscard]] Result<std::string> digest() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// Lower-case hexadecimal, 64 characters. Errors: modelMissing when it cannot be read, cancelled.
// `onRead` is told how many bytes have been read.
[[nodiscard]] Result<std::string> sha256OfFile(const std::filesystem::path& path, const CancelToken& cancel = {},
                                               const std::function<void(std::uint64_t)>& onRead = {});
// One digest for a model: SHA-256 over "NAME\0DIGEST\n" of model.json and every file it names, sorted by name.
[[nodiscard]] Result<std::string> sha256OfModel(const std::filesystem::path& directory, const CancelToken& cancel = {});

[[nodiscard]] Result<std::string> sha256OfText(std::string_view text);
// Of a file's first and last `bytes` (all of it where they meet): tells large files apart quickly. Error: inputMissing.
[[nodiscard]] Result<std::string> sha256OfEnds(const std::filesystem::path& path, std::size_t bytes);

}  // namespace lipar::weights
