// A SentencePiece model: from a clean prompt to the ids of its pieces.
// Thread: immutable once loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace sentencepiece {
class SentencePieceProcessor;
}

namespace lipar::models {

class SentencePieces {
public:
    // Errors: modelMissing (cannot be read), modelDamaged (not such a model, broken, or without an end piece).
    [[nodiscard]] static Result<SentencePieces> load(const std::filesystem::path& path);

    SentencePieces(SentencePieces&&) noexcept;
    SentencePieces& operator=(SentencePieces&&) noexcept;
    ~SentencePieces();

    // Ids of all pieces, without the end. The names of control pieces ("</s>") in a prompt are text, never commands.
    [[nodiscard]] Result<std::vector<std::int64_t>> encode(const std::string& text) const;
    [[nodiscard]] std::int64_t endId() const noexcept { return m_endId; }
    [[nodiscard]] std::int64_t size() const noexcept { return m_size; }
    // SHA-256 of the file.
    [[nodiscard]] const std::string& identity() const noexcept { return m_identity; }

private:
    SentencePieces(std::unique_ptr<sentencepiece::SentencePieceProcessor> processor, std::string identity);

    std::unique_ptr<sentencepiece::SentencePieceProcessor> m_processor;
    std::string m_identity;
    std::int64_t m_endId = 0;
    std::int64_t m_size = 0;
};

}  // namespace lipar::models
