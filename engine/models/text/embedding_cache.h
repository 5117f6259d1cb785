// Embeddings of prompts on disk, so that a prompt that was encoded once costs no encoder again.
//
// FOLDER/KEY.embedding, safetensors with one tensor and the SHA-256 of its bytes. Files appear whole (written beside
// and renamed); a damaged one is removed and counts as absent; the time of a file is when it was used last. The folder
// is shared by all processes of the user. Whatever the disk refuses is logged and otherwise of no consequence. Thread:
// any; the disk is the only state.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace lipar::models {

class EmbeddingCache {
public:
    static constexpr std::uint64_t kDefaultLimit = std::uint64_t(256) << 20;  // bytes

    // An empty folder: nothing is kept.
    explicit EmbeddingCache(std::filesystem::path folder, std::uint64_t limitBytes = kDefaultLimit)
        : m_folder(std::move(folder)), m_limitBytes(limitBytes) {}

    // [n, dim] float32 on the CPU; not defined where there is none. `key`: a file name.
    [[nodiscard]] at::Tensor find(const std::string& key) const;
    // Afterwards the entries that were used longest ago leave until the limit holds.
    void store(const std::string& key, const at::Tensor& rows) const;

private:
    [[nodiscard]] std::filesystem::path fileOf(const std::string& key) const;
    void enforceLimit() const;

    std::filesystem::path m_folder;
    std::uint64_t m_limitBytes;
};

}  // namespace lipar::models
