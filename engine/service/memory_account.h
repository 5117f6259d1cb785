// Private to engine/service: what an edit holds on its device at its peak, by name, reckoned before anything is loaded.
//
// Sizes that follow from shapes are exact; what the networks hold while they compute is reckoned from their widest layers and was
// held against the allocator's peak on a GPU (benchmarks.md): 7 % too much for Wan2.1-1.3B at 832x480, up to 40 % too little for the
// built-in model (as last measured, with some of it left by earlier edits). On the CPU the program and its libraries come on top: 171 MiB
// reckoned and 511 resident for the built-in model at 320x192. Wan's full autoencoders were counted from their layers and not held against a GPU.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/pipeline/processing_size.h"
#include "engine/service/device.h"
#include "engine/weights/manifest.h"

namespace lipar::service {

struct MemoryPart {
    std::string name;
    std::uint64_t bytes = 0;
    bool isWeights = false;  // there once a model is loaded, before an edit begins
    // What it comes down to where frames are cut into the smallest tiles; `bytes` where they cannot be.
    std::uint64_t leastBytes = 0;
};

// `size`: of the pictures, as processed.
[[nodiscard]] std::vector<MemoryPart> memoryOfEdit(const weights::ModelManifest& manifest, pipeline::PixelSize size, const Device& device);
[[nodiscard]] std::uint64_t totalBytes(const std::vector<MemoryPart>& parts, bool withWeights = true);
// Without weights, frames in the smallest tiles.
[[nodiscard]] std::uint64_t leastBytes(const std::vector<MemoryPart>& parts);

// What the autoencoder's streams may hold, bytes; 0: as much as they take.
struct AutoencoderLimits {
    std::uint64_t encode = 0, decode = 0;
};
// Limits with which an edit whose model is loaded fits into `free` bytes: none where it fits as it is. Empty where it does not fit.
[[nodiscard]] std::optional<AutoencoderLimits> autoencoderLimits(const std::vector<MemoryPart>& parts, std::uint64_t free);

}  // namespace lipar::service
