// From a prompt to the embeddings that the DiT's cross-attention reads.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/weights/manifest.h"

namespace lipar::models {

// What a model sees of a prompt, known without running a network.
struct PromptReading {
    int tokens = 0;                         // of the whole prompt, the mark of its end included
    int limit = 0;                          // that the model reads
    std::vector<std::string> unknownWords;  // dropped words, as the user wrote them

    [[nodiscard]] bool isTruncated() const noexcept { return tokens > limit; }
};

struct EncodedPrompt {
    at::Tensor embeddings;  // [text_len, text_dim] float32 on the CPU, zero after the prompt's end
    PromptReading reading;
    double guideSaturation = 1.0;  // for guided decoders: lowest of the looks that the prompt names
};

// Where a text encoder that is larger than the rest of the model computes.
//   automatic: as gpu where that much of the GPU is free, else streamed, else cpu; without a GPU cpu; offload() frees it
//   gpu:       all of it in the GPU's memory, where it stays, whatever offload() says
//   cpu:       on the CPU, out of the mapped file
//   streamed:  on the GPU, layer by layer through two layers' memory
enum class TextPlacement { automatic, gpu, cpu, streamed };

struct TextEncoderOptions {
    TextPlacement placement = TextPlacement::automatic;
    at::Device device = at::kCPU;           // of the model; all placements work on the CPU as well
    at::ScalarType dtype = at::kFloat;      // on that device
    at::ScalarType hostDtype = at::kFloat;  // where the encoder runs on the CPU
    std::filesystem::path cacheFolder;      // of embeddings that were computed before (embedding_cache.h); empty: none
};

// Thread: any; encoders that run large networks do one prompt at a time.
class TextEncoder {
public:
    virtual ~TextEncoder() = default;
    [[nodiscard]] virtual Result<PromptReading> read(const std::string& prompt) const = 0;
    // Cancelling is looked at before each layer. Errors: modelDamaged, outOfMemory (a GPU that was asked for is too
    // full), cancelled. Throws c10::OutOfMemoryError.
    [[nodiscard]] virtual Result<EncodedPrompt> encode(const std::string& prompt, const CancelToken& cancel) = 0;
    // Gives back the memory that encoding took, unless the encoder was asked to stay; encode() takes it again.
    virtual void offload() {}
};

// Large encoders are mapped, and loaded when a prompt needs them. Errors: modelMissing (no text encoder, no file),
// modelDamaged.
[[nodiscard]] Result<std::unique_ptr<TextEncoder>> loadTextEncoder(const weights::ModelManifest& manifest,
                                                                   const TextEncoderOptions& options = {});

}  // namespace lipar::models
