// From a prompt to the embeddings that the DiT's cross-attention reads.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/weights/manifest.h"

namespace lipar::models {

struct EncodedPrompt {
    at::Tensor embeddings;                  // [text_len, text_dim] float32 on the CPU, zero after the prompt's end
    std::vector<std::string> unknownWords;  // dropped words, as the user wrote them
    double guideSaturation = 1.0;           // for guided decoders: lowest of the looks that the prompt names
};

class TextEncoder {
public:
    virtual ~TextEncoder() = default;
    [[nodiscard]] virtual Result<EncodedPrompt> encode(const std::string& prompt) const = 0;
};

// Errors: modelMissing (no text encoder, no file), modelDamaged.
[[nodiscard]] Result<std::unique_ptr<TextEncoder>> loadTextEncoder(const weights::ModelManifest& manifest);

}  // namespace lipar::models
