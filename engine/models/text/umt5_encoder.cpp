#include "engine/models/text/umt5_encoder.h"

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/GradMode.h>

#include <algorithm>

#include "engine/kernels/transfer.h"
#include "engine/models/text/prompt_cleaning.h"
#include "engine/weights/hash.h"

namespace lipar::models {
namespace {

// What the allocator's rounding, cuBLAS's workspace and others on the GPU may take while a prompt is encoded.
constexpr std::uint64_t kReserve = std::uint64_t(512) << 20;

}  // namespace

Umt5Memory umt5Memory(const Umt5Config& config, std::int64_t tokens, std::size_t elementSize) noexcept {
    // Scores, bias and shares in float32 at once; the inner rows of the FFN and the rows themselves.
    const auto working =
        std::uint64_t(tokens) * std::uint64_t(tokens) * std::uint64_t(config.heads) * 3 * 4 +
        std::uint64_t(tokens) * std::uint64_t(3 * config.ffn + 4 * config.attentionWidth + 6 * config.dim) * 4;
    const std::uint64_t layer = std::uint64_t(config.layerElements()) * elementSize;
    return {.resident = std::uint64_t(config.layers) * layer + working, .streamed = 2 * layer + working};
}

TextPlacement umt5Placement(const Umt5Memory& memory, std::uint64_t freeBytes) noexcept {
    if (memory.resident + kReserve <= freeBytes)
        return TextPlacement::gpu;
    return memory.streamed + kReserve <= freeBytes ? TextPlacement::streamed : TextPlacement::cpu;
}

Result<std::unique_ptr<TextEncoder>> Umt5Encoder::load(const weights::ModelManifest& manifest,
                                                       const TextEncoderOptions& options) {
    if (manifest.text->tokenizer.empty())
        return fail(ErrorCode::modelMissing, "model " + manifest.name + " cannot read a prompt: it has no tokenizer",
                    "name one in model.json, text.tokenizer");
    LIPAR_ASSIGN(SentencePieces pieces, SentencePieces::load(manifest.directory / manifest.text->tokenizer));
    LIPAR_ASSIGN(Umt5Weights weights, Umt5Weights::open(manifest));
    if (pieces.size() > weights.config().vocabulary)
        return fail(ErrorCode::modelDamaged,
                    "model " + manifest.name + " does not load: its tokenizer has " + std::to_string(pieces.size()) +
                        " pieces, its text encoder knows " + std::to_string(weights.config().vocabulary),
                    "check that tokenizer and text encoder belong together");
    return std::unique_ptr<TextEncoder>(new Umt5Encoder(manifest, options, std::move(pieces), std::move(weights)));
}

Umt5Encoder::Umt5Encoder(const weights::ModelManifest& manifest, TextEncoderOptions options, SentencePieces pieces,
                         Umt5Weights weights)
    : m_name(manifest.name),
      m_length(manifest.dit.textLen),
      m_options(std::move(options)),
      m_cache(m_options.cacheFolder),
      m_pieces(std::move(pieces)),
      m_weights(std::move(weights)),
      m_placement(m_options.placement) {}

Result<Umt5Encoder::Tokens> Umt5Encoder::tokenize(const std::string& prompt) const {
    Tokens tokens;
    tokens.text = cleanPrompt(prompt);
    LIPAR_ASSIGN(tokens.ids, m_pieces.encode(tokens.text));
    tokens.reading.tokens = int(tokens.ids.size()) + 1;
    tokens.reading.limit = int(m_length);
    tokens.ids.resize(std::min(tokens.ids.size(), std::size_t(m_length) - 1));
    tokens.ids.push_back(m_pieces.endId());
    return tokens;
}

Result<PromptReading> Umt5Encoder::read(const std::string& prompt) const {
    LIPAR_ASSIGN(Tokens tokens, tokenize(prompt));
    return std::move(tokens.reading);
}

Result<EncodedPrompt> Umt5Encoder::encode(const std::string& prompt, const CancelToken& cancel) {
    const c10::NoGradGuard noGradients;
    LIPAR_ASSIGN(Tokens tokens, tokenize(prompt));
    const std::scoped_lock lock(m_mutex);
    LIPAR_ASSIGN(const std::string key, keyOf(tokens.text));
    const std::int64_t count = std::int64_t(tokens.ids.size()), dim = m_weights.config().dim;
    at::Tensor rows = m_cache.find(key);  // [n,dim]
    if (!rows.defined() || rows.sizes() != at::IntArrayRef({count, dim})) {
        LIPAR_ASSIGN(rows, compute(tokens.ids, cancel));
        if (!rows.isfinite().all().item<bool>())
            return fail(ErrorCode::modelDamaged,
                        "the prompt could not be encoded: the text encoder of model " + m_name +
                            " gives values that are not finite",
                        "install the model again");
        m_cache.store(key, rows);
    }
    EncodedPrompt encoded;
    encoded.embeddings = at::zeros({m_length, dim}, at::kFloat);
    encoded.embeddings.narrow(0, 0, count).copy_(rows);
    encoded.reading = std::move(tokens.reading);
    return encoded;
}

// The device is not part of it: a CPU and a GPU differ by roundings only, and a prompt that was paid for once is to be
// found again wherever the next job runs.
Result<std::string> Umt5Encoder::keyOf(const std::string& text) {
    if (m_options.cacheFolder.empty())
        return std::string();
    if (m_identity.empty()) {
        LIPAR_ASSIGN(m_identity, m_weights.identity());
    }
    const at::ScalarType type = computeType(m_options.placement);
    return weights::sha256OfText("prompt 1\n" + m_identity + " " + m_pieces.identity() + " " +
                                 std::to_string(m_length) + " " + c10::toString(type) + "\n" + text);
}

at::ScalarType Umt5Encoder::computeType(TextPlacement placement) const noexcept {
    return placement == TextPlacement::cpu || (placement == TextPlacement::automatic && !m_options.device.is_cuda())
               ? m_options.hostDtype
               : m_options.dtype;
}

Result<> Umt5Encoder::prepare(const CancelToken& cancel) {
    const std::scoped_lock lock(m_mutex);
    return prepareLocked(cancel);
}

Result<> Umt5Encoder::prepareLocked(const CancelToken& cancel) {
    if (m_layers)
        return {};
    m_placement = m_options.placement;
    if (m_options.device.is_cuda() && m_placement != TextPlacement::cpu) {
        const Umt5Memory memory = umt5Memory(m_weights.config(), m_length, c10::elementSize(m_options.dtype));
        const std::uint64_t free = c10::getDeviceAllocator(at::kCUDA)->getMemoryInfo(m_options.device.index()).first;
        const std::uint64_t need = m_placement == TextPlacement::gpu ? memory.resident : memory.streamed;
        if (m_placement == TextPlacement::automatic)
            m_placement = umt5Placement(memory, free);
        else if (need > free)
            return fail(ErrorCode::outOfMemory,
                        "the text encoder does not fit: it needs about " + std::to_string(need >> 20) + " MiB and " +
                            std::to_string(free >> 20) + " MiB are free on the GPU",
                        "use --text-encoder auto");
    } else if (m_placement == TextPlacement::automatic) {
        m_placement = TextPlacement::cpu;
    }
    if (m_placement == TextPlacement::gpu) {
        LIPAR_ASSIGN(m_layers, residentUmt5Layers(m_weights, m_options.dtype, m_options.device, cancel));
    } else if (m_placement == TextPlacement::streamed) {
        m_layers = streamedUmt5Layers(m_weights, m_options.dtype, m_options.device);
    } else {
        m_layers = mappedUmt5Layers(m_weights, m_options.hostDtype);
    }
    return {};
}

Result<at::Tensor> Umt5Encoder::compute(const std::vector<std::int64_t>& ids, const CancelToken& cancel) {
    LIPAR_TRY(prepareLocked(cancel));
    const Umt5Config& config = m_weights.config();
    const at::Device device = m_layers->device();
    at::Tensor rows = kernels::toDevice(m_weights.embed(ids), device);  // [n,dim]
    const at::Tensor buckets =
        kernels::toDevice(umt5Buckets(std::int64_t(ids.size()), config.buckets).flatten(), device);  // [n*n]
    for (std::size_t i = 0; i < std::size_t(config.layers); ++i) {
        LIPAR_TRY(cancel.check());
        rows = umt5LayerForward(config, m_layers->layer(i), rows, buckets);
        m_layers->used(i);
    }
    return umt5Norm(rows, m_weights.finalNorm().to(device)).to(at::kCPU);
}

bool Umt5Encoder::isLoaded() const {
    const std::scoped_lock lock(m_mutex);
    return m_layers != nullptr;
}

TextPlacement Umt5Encoder::placement() const {
    const std::scoped_lock lock(m_mutex);
    return m_placement;
}

void Umt5Encoder::offload() {
    const std::scoped_lock lock(m_mutex);
    if (!m_layers || m_options.placement == TextPlacement::gpu)
        return;
    const bool wasOnGpu = m_layers->device().is_cuda();
    m_layers.reset();
    if (wasOnGpu)
        c10::getDeviceAllocator(at::kCUDA)->emptyCache();
}

}  // namespace lipar::models
