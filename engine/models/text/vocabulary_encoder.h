// The built-in model's text encoder: embedding and position, one pre-norm transformer layer with padding masked as keys,
// LayerNorm, zero at padding. Runs in float32 on the CPU (a prompt is a handful of tokens).
//
// Keys: emb.weight [words,dim], pos [length,dim], n1, qkv [3*dim,dim], o, n2, f1, f2, n3; four heads.
// Thread: immutable.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/models/text/vocabulary.h"
#include "engine/models/text_encoder.h"
#include "engine/models/weight_store.h"

namespace lipar::models {

class VocabularyEncoder final : public TextEncoder {
public:
    // Widths of manifest.dit; takes every tensor of `store`. Errors: modelDamaged (missing, extra, misshapen, by name).
    [[nodiscard]] static Result<std::unique_ptr<TextEncoder>> load(const weights::ModelManifest& manifest, WeightStore& store);

    // Words the model does not know are dropped and reported; a prompt without any known word is just <end>.
    [[nodiscard]] Result<EncodedPrompt> encode(const std::string& prompt, const CancelToken& cancel) override;
    [[nodiscard]] Result<PromptReading> read(const std::string& prompt) const override;

private:
    struct Affine {  // of a Linear or a LayerNorm
        at::Tensor weight, bias;
    };
    struct Look {
        std::set<std::string> words;
        double guideSaturation = 1.0;
    };

    explicit VocabularyEncoder(const weights::ModelManifest& manifest);
    [[nodiscard]] Result<> takeWeights(WeightStore& store, std::int64_t words);
    [[nodiscard]] PromptReading readingOf(TokenizedPrompt& tokenized) const;
    [[nodiscard]] at::Tensor embed(const std::vector<std::int64_t>& tokens) const;

    Vocabulary m_vocabulary;
    std::vector<Look> m_looks;
    std::int64_t m_length = 0;  // tokens
    std::int64_t m_dim = 0;
    at::Tensor m_embedding, m_position;
    Affine m_norm1, m_qkv, m_attentionOut, m_norm2, m_ffnIn, m_ffnOut, m_norm3;
};

}  // namespace lipar::models
