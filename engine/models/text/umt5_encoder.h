// The UMT5 text encoder (kind "umt5"): cleans a prompt, cuts it with the model's SentencePiece file, and runs the
// network over its pieces where TextPlacement says.
//
// A prompt that was encoded before comes from the disk (embedding_cache.h) and loads nothing. The embedding table, 2.1
// GB of the published file, never leaves the mapping: its rows are gathered on the CPU. Thread: any; one prompt at a
// time.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/models/text/embedding_cache.h"
#include "engine/models/text/sentence_pieces.h"
#include "engine/models/text/umt5_layers.h"
#include "engine/models/text/umt5_weights.h"
#include "engine/models/text_encoder.h"

namespace lipar::models {

// Bytes of device memory that encoding takes, by where the layers are.
struct Umt5Memory {
    std::uint64_t resident = 0;
    std::uint64_t streamed = 0;
};
// For prompts of up to `tokens`, in a type of `elementSize` bytes.
[[nodiscard]] Umt5Memory umt5Memory(const Umt5Config& config, std::int64_t tokens, std::size_t elementSize) noexcept;
// What TextPlacement::automatic means on a GPU with this many bytes free.
[[nodiscard]] TextPlacement umt5Placement(const Umt5Memory& memory, std::uint64_t freeBytes) noexcept;

class Umt5Encoder final : public TextEncoder {
public:
    // Reads the tokenizer and maps the weights. Errors: modelMissing, modelDamaged.
    [[nodiscard]] static Result<std::unique_ptr<TextEncoder>> load(const weights::ModelManifest& manifest,
                                                                   const TextEncoderOptions& options);

    [[nodiscard]] Result<PromptReading> read(const std::string& prompt) const override;
    [[nodiscard]] Result<EncodedPrompt> encode(const std::string& prompt, const CancelToken& cancel) override;
    void offload() override;

    // Whether layers are held, or memory for them.
    [[nodiscard]] bool isLoaded() const;
    // Where the last prompt that was not known was encoded, or will be; automatic: not decided yet.
    [[nodiscard]] TextPlacement placement() const;
    // Brings the layers to where they compute, which encode() does by itself. Errors: outOfMemory (a GPU that was asked
    // for is too full), cancelled.
    [[nodiscard]] Result<> prepare(const CancelToken& cancel);

private:
    struct Tokens {
        std::string text;               // cleaned
        std::vector<std::int64_t> ids;  // with the end, at most m_length
        PromptReading reading;
    };

    Umt5Encoder(const weights::ModelManifest& manifest, TextEncoderOptions options, SentencePieces pieces,
                Umt5Weights weights);
    [[nodiscard]] Result<Tokens> tokenize(const std::string& prompt) const;
    [[nodiscard]] Result<std::string> keyOf(const std::string& text);
    [[nodiscard]] at::ScalarType computeType(TextPlacement placement) const noexcept;
    [[nodiscard]] Result<> prepareLocked(const CancelToken& cancel);
    [[nodiscard]] Result<at::Tensor> compute(const std::vector<std::int64_t>& ids, const CancelToken& cancel);

    const std::string m_name;  // of the model
    const std::int64_t m_length;
    const TextEncoderOptions m_options;
    const EmbeddingCache m_cache;
    const SentencePieces m_pieces;
    const Umt5Weights m_weights;

    mutable std::mutex m_mutex;  // of what follows
    std::string m_identity;      // of tokenizer and weights; empty until asked for
    TextPlacement m_placement;
    std::unique_ptr<Umt5Layers> m_layers;
};

}  // namespace lipar::models
