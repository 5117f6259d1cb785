#include "engine/models/text/vocabulary_encoder.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lipar::models {
namespace {

constexpr std::int64_t kHeads = 4;
constexpr double kEps = 1e-5;

}  // namespace

VocabularyEncoder::VocabularyEncoder(const weights::ModelManifest& manifest)
    : m_vocabulary(manifest.text->words), m_length(manifest.dit.textLen), m_dim(manifest.dit.textDim) {
    for (const auto& [name, saturation] : manifest.text->guideSaturation) {
        const auto prompt = manifest.text->prompts.find(name);
        if (prompt == manifest.text->prompts.end())
            continue;
        Look look{.words = {}, .guideSaturation = saturation};
        for (const std::string& word : splitWords(prompt->second))
            look.words.insert(lowerCase(word));
        if (!look.words.empty())
            m_looks.push_back(std::move(look));
    }
}

Result<std::unique_ptr<TextEncoder>> VocabularyEncoder::load(const weights::ModelManifest& manifest, WeightStore& store) {
    const c10::NoGradGuard noGradients;
    const auto damaged = [&](const std::string& why) {
        return fail(ErrorCode::modelDamaged, "model " + manifest.name + " does not load: " + why,
                    "correct model.json, or install the model again");
    };
    if (manifest.text->words.size() <= std::size_t(Vocabulary::kEnd))
        return damaged("its vocabulary has no words");
    if (manifest.dit.textLen < 1 || manifest.dit.textDim < kHeads || manifest.dit.textDim % kHeads != 0)
        return damaged("text_len must be positive and text_dim a multiple of " + std::to_string(kHeads));
    std::unique_ptr<VocabularyEncoder> encoder(new VocabularyEncoder(manifest));
    LIPAR_TRY(encoder->takeWeights(store, std::int64_t(manifest.text->words.size())));
    LIPAR_TRY(store.checkAllTaken());
    return encoder;
}

Result<> VocabularyEncoder::takeWeights(WeightStore& store, std::int64_t words) {
    const auto take = [&](const std::string& name, at::IntArrayRef shape) {
        return store.take(name, shape, at::kFloat, at::kCPU);
    };
    const auto takeAffine = [&](const std::string& name, at::IntArrayRef weightShape) -> Result<Affine> {
        Affine taken;
        LIPAR_ASSIGN(taken.weight, take(name + ".weight", weightShape));
        LIPAR_ASSIGN(taken.bias, take(name + ".bias", {weightShape[0]}));
        return taken;
    };
    const std::vector<std::int64_t> ffnShape = store.shapeOf("f1.weight");
    const std::int64_t ffn = ffnShape.empty() ? 0 : ffnShape[0];
    LIPAR_ASSIGN(m_embedding, take("emb.weight", {words, m_dim}));
    LIPAR_ASSIGN(m_position, take("pos", {m_length, m_dim}));
    LIPAR_ASSIGN(m_norm1, takeAffine("n1", {m_dim}));
    LIPAR_ASSIGN(m_qkv, takeAffine("qkv", {3 * m_dim, m_dim}));
    LIPAR_ASSIGN(m_attentionOut, takeAffine("o", {m_dim, m_dim}));
    LIPAR_ASSIGN(m_norm2, takeAffine("n2", {m_dim}));
    LIPAR_ASSIGN(m_ffnIn, takeAffine("f1", {ffn, m_dim}));
    LIPAR_ASSIGN(m_ffnOut, takeAffine("f2", {m_dim, ffn}));
    LIPAR_ASSIGN(m_norm3, takeAffine("n3", {m_dim}));
    return {};
}

at::Tensor VocabularyEncoder::embed(const std::vector<std::int64_t>& tokens) const {
    const auto norm = [&](const at::Tensor& x, const Affine& affine) {
        return at::layer_norm(x, {m_dim}, affine.weight, affine.bias, kEps);
    };
    const auto linear = [](const at::Tensor& x, const Affine& affine) { return at::linear(x, affine.weight, affine.bias); };

    const at::Tensor ids = at::tensor(tokens, at::kLong);  // [n]
    const at::Tensor padding = ids == Vocabulary::kPad;    // [n]
    at::Tensor x = m_embedding.index_select(0, ids) + m_position;

    const at::Tensor qkv = linear(norm(x, m_norm1), m_qkv).view({m_length, 3, kHeads, -1}).permute({1, 2, 0, 3});  // [3,heads,n,d]
    const at::Tensor scores = at::matmul(qkv[0], qkv[1].transpose(-2, -1)) / std::sqrt(double(m_dim / kHeads));
    const at::Tensor shares = scores.masked_fill(padding, -std::numeric_limits<double>::infinity()).softmax(-1);   // [heads,n,n]
    const at::Tensor attended = at::matmul(shares, qkv[2]).transpose(0, 1).reshape({m_length, m_dim});             // [n,dim]
    x = x + linear(attended, m_attentionOut);
    x = x + linear(at::gelu(linear(norm(x, m_norm2), m_ffnIn)), m_ffnOut);
    return norm(x, m_norm3).masked_fill(padding.unsqueeze(1), 0.0);
}

PromptReading VocabularyEncoder::readingOf(TokenizedPrompt& tokenized) const {
    return {int(tokenized.wanted), int(m_length), std::move(tokenized.unknownWords)};
}

Result<PromptReading> VocabularyEncoder::read(const std::string& prompt) const {
    TokenizedPrompt tokenized = m_vocabulary.tokenize(prompt, m_length);
    return readingOf(tokenized);
}

Result<EncodedPrompt> VocabularyEncoder::encode(const std::string& prompt, const CancelToken&) {
    const c10::NoGradGuard noGradients;
    TokenizedPrompt tokenized = m_vocabulary.tokenize(prompt, m_length);
    EncodedPrompt encoded;
    encoded.embeddings = embed(tokenized.tokens);
    encoded.reading = readingOf(tokenized);
    const std::set<std::string> words(tokenized.knownWords.begin(), tokenized.knownWords.end());
    for (const Look& look : m_looks)
        if (std::ranges::includes(words, look.words))
            encoded.guideSaturation = std::min(encoded.guideSaturation, look.guideSaturation);
    return encoded;
}

}  // namespace lipar::models
