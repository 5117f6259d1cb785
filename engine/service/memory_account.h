// Private to engine/service: what an edit holds on its device at its peak, by name, reckoned before anything is loaded.
//
// Sizes that follow from shapes are exact; what the networks hold while they compute is reckoned from their widest layers and was
// measured against the allocator's peak (engine/kernels/README.md). On the CPU it is rougher, within a factor of 1.5.
#pragma once

#include <cstdint>
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
};

// `size`: of the pictures, as processed.
[[nodiscard]] std::vector<MemoryPart> memoryOfEdit(const weights::ModelManifest& manifest, pipeline::PixelSize size, const Device& device);
[[nodiscard]] std::uint64_t totalBytes(const std::vector<MemoryPart>& parts, bool withWeights = true);

}  // namespace lipar::service
