#include "engine/service/memory_account.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/models/autoencoder.h"
#include "engine/models/tiles.h"

namespace lipar::service {
namespace {

constexpr const char* kEncoding = "encoding of frames";
constexpr const char* kDecoding = "decoding of frames";

double transformerParameters(const weights::DitConfig& dit, bool wide) {
    const double dim = dit.dim, layers = dit.numLayers;
    const double ofLayer = wide ? 3 * dim * dim + 2 * dim * dit.ffnDim : 5 * dim * dim;
    const double embeddings = double(dit.textDim) * dim + dim * dim + double(dit.inChannels + dit.outChannels) * dim * dit.patch[1] * dit.patch[2];
    return layers * ofLayer + (wide ? 0.0 : embeddings);
}

}  // namespace

std::vector<MemoryPart> memoryOfEdit(const weights::ModelManifest& manifest, pipeline::PixelSize size, const Device& device) {
    const weights::DitConfig& dit = manifest.dit;
    const int spatial = manifest.vae ? manifest.vae->spatial : 8;
    const pipeline::PixelSize padded = pipeline::paddedSize(size, spatial * dit.patch[1]);
    const bool onGpu = device.device.is_cuda();
    const double element = double(c10::elementSize(device.dtype)), wideElement = device.wide == models::WideProducts::fp8 ? 1.0 : element;
    const double dim = dit.dim, layers = dit.numLayers;
    const double frameTokens = double(padded.width / (spatial * dit.patch[2])) * double(padded.height / (spatial * dit.patch[1]));
    const double blockTokens = frameTokens * dit.blockFrames;
    const double slots = dit.windowFrames ? dit.sinkFrames + std::max(*dit.windowFrames, dit.blockFrames) : 64;

    std::vector<MemoryPart> parts;
    const auto add = [&](std::string name, double bytes, bool isWeights = false) {
        parts.push_back({std::move(name), std::uint64_t(bytes), isWeights, std::uint64_t(bytes)});
    };
    add("transformer's weights", transformerParameters(dit, true) * wideElement + transformerParameters(dit, false) * element +
                                     8.0 * dim * dim * 4, true);  // the time embedding's are float32
    if (manifest.vae)
        add("autoencoder's weights", models::costOf(*manifest.vae, dit.blockFrames).parameters * element, true);
    add("keys and values of the window", 2 * layers * dim * frameTokens * slots * element);
    add("clean keys and values", 2 * layers * dim * frameTokens * element);
    add("keys and values of the prompt", 2 * layers * dim * dit.textLen * element);
    // The residual, q/k/v, queries, attention's parts and its result, a projection, and the FFN's inner rows. On a GPU once for
    // passes that run as they are, once for those that are recorded.
    add("a pass of the transformer", (onGpu ? 2.0 : 1.0) * blockTokens * (12 * dim + dit.ffnDim) * element);
    add("noise and latents", 16 * blockTokens * dit.outChannels * dit.patch[1] * dit.patch[2] * 4);
    if (manifest.vae) {
        const models::AutoencoderCost cost = models::costOf(*manifest.vae, dit.blockFrames);
        const double pixels = double(padded.width) * padded.height;
        const double least = cost.isTiled ? std::min(pixels, double(models::kLeastTile * models::kLeastTile) * spatial * spatial) : pixels;
        add(kEncoding, cost.encode * pixels * element);
        parts.back().leastBytes = std::uint64_t(cost.encode * least * element);
        add(kDecoding, cost.decode * pixels * element);
        parts.back().leastBytes = std::uint64_t(cost.decode * least * element);
    }
    if (onGpu)
        add("workspaces of cuBLAS and cuDNN", 3.0 * (32 << 20));
    return parts;
}

std::uint64_t totalBytes(const std::vector<MemoryPart>& parts, bool withWeights) {
    std::uint64_t total = 0;
    for (const MemoryPart& part : parts)
        if (withWeights || !part.isWeights)
            total += part.bytes;
    return total;
}

std::uint64_t leastBytes(const std::vector<MemoryPart>& parts) {
    std::uint64_t total = 0;
    for (const MemoryPart& part : parts)
        total += part.isWeights ? 0 : part.leastBytes;
    return total;
}

std::optional<AutoencoderLimits> autoencoderLimits(const std::vector<MemoryPart>& parts, std::uint64_t free) {
    if (totalBytes(parts, /*withWeights=*/false) <= free)
        return AutoencoderLimits{};
    const std::uint64_t least = leastBytes(parts);
    if (least > free)
        return std::nullopt;
    // What is left beside the smallest tiles goes to both, in proportion to what they would take.
    std::uint64_t encode = 0, decode = 0, leastEncode = 0, leastDecode = 0;
    for (const MemoryPart& part : parts) {
        if (part.name == kEncoding)
            std::tie(encode, leastEncode) = std::pair(part.bytes, part.leastBytes);
        if (part.name == kDecoding)
            std::tie(decode, leastDecode) = std::pair(part.bytes, part.leastBytes);
    }
    const double share = double(free - least) / double(encode - leastEncode + decode - leastDecode);
    return AutoencoderLimits{leastEncode + std::uint64_t(share * double(encode - leastEncode)), leastDecode + std::uint64_t(share * double(decode - leastDecode))};
}

}  // namespace lipar::service
