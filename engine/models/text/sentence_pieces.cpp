#include "engine/models/text/sentence_pieces.h"

#include <sentencepiece_processor.h>

#include <exception>
#include <fstream>
#include <iterator>

#include "engine/models/text/sentence_piece_file.h"
#include "engine/weights/hash.h"

namespace lipar::models {

Result<SentencePieces> SentencePieces::load(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad())
        return fail(ErrorCode::modelMissing,
                    "cannot open " + path.string() + ": the tokenizer's file is not there or cannot be read",
                    "check the path and whether you may read it");
    const auto damaged = [&](const std::string& why) {
        return fail(ErrorCode::modelDamaged, "model file " + path.filename().string() + " is damaged: " + why,
                    "download the file again");
    };
    if (const Result<> sound = checkSentencePieceFile(bytes); !sound)
        return damaged(sound.error().message);
    try {
        auto processor = std::make_unique<sentencepiece::SentencePieceProcessor>();
        if (const auto status = processor->LoadFromSerializedProto(bytes); !status.ok())
            return damaged("it is not a SentencePiece model that can be used");
        LIPAR_ASSIGN(std::string identity, weights::sha256OfText(bytes));
        SentencePieces pieces(std::move(processor), std::move(identity));
        if (pieces.m_endId < 0 || pieces.m_size <= 0)
            return damaged("it has no piece for the end of a text");
        return pieces;
    } catch (const std::exception& error) {
        return damaged(error.what());
    }
}

SentencePieces::SentencePieces(std::unique_ptr<sentencepiece::SentencePieceProcessor> processor, std::string identity)
    : m_processor(std::move(processor)),
      m_identity(std::move(identity)),
      m_endId(m_processor->eos_id()),
      m_size(m_processor->GetPieceSize()) {}
SentencePieces::SentencePieces(SentencePieces&&) noexcept = default;
SentencePieces& SentencePieces::operator=(SentencePieces&&) noexcept = default;
SentencePieces::~SentencePieces() = default;

Result<std::vector<std::int64_t>> SentencePieces::encode(const std::string& text) const {
    std::vector<int> ids;
    if (const auto status = m_processor->Encode(text, &ids); !status.ok())
        return fail(ErrorCode::modelDamaged,
                    "the prompt could not be read: the tokenizer failed (" + std::string(status.message()) + ")",
                    "download the tokenizer's file again");
    return std::vector<std::int64_t>(ids.begin(), ids.end());
}

}  // namespace lipar::models
