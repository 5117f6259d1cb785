#include "engine/service/memory_account.h"

namespace lipar::service {
namespace {

// Values that an autoencoder holds for each pixel of the frames that go through it at once, in the network's type.
struct AutoencoderCost {
    double encode = 0, decode = 0;
    double parameters = 0;
};

AutoencoderCost costOf(const weights::VaeConfig& vae) {
    if (vae.kind == "taehv")
        return {.encode = 110, .decode = 90, .parameters = 11.5e6};
    return {.encode = 24, .decode = 40, .parameters = 5.8e6};
}

double transformerParameters(const weights::DitConfig& dit, bool wide) {
    const double dim = dit.dim, layers = dit.numLayers;
    const double ofLayer = wide ? 3 * dim * dim + 2 * dim * dit.ffnDim : 5 * dim * dim;
    const double embeddings = double(dit.textDim) * dim + dim * dim + double(dit.inChannels + dit.outChannels) * dim * dit.patch[1] * dit.patch[2];
    return layers * ofLayer + (wide ? 0.0 : embeddings);
}

}  // namespace

std::vector<MemoryPart> memoryOfEdit(const weights::ModelManifest& manifest, pipeline::PixelSize size, const Device& device) {
    const weights::DitConfig& dit = manifest.dit;
    const int spatial = manifest.vae ? manifest.vae->spatial : 8, temporal = manifest.vae ? manifest.vae->temporal : 4;
    const pipeline::PixelSize padded = pipeline::paddedSize(size, spatial * dit.patch[1]);
    const bool onGpu = device.device.is_cuda();
    const double element = double(c10::elementSize(device.dtype)), wideElement = device.wide == models::WideProducts::fp8 ? 1.0 : element;
    const double dim = dit.dim, layers = dit.numLayers;
    const double frameTokens = double(padded.width / (spatial * dit.patch[2])) * double(padded.height / (spatial * dit.patch[1]));
    const double blockTokens = frameTokens * dit.blockFrames;
    const double slots = dit.windowFrames ? dit.sinkFrames + std::max(*dit.windowFrames, dit.blockFrames) : 64;

    std::vector<MemoryPart> parts;
    const auto add = [&](std::string name, double bytes, bool isWeights = false) {
        parts.push_back({std::move(name), std::uint64_t(bytes), isWeights});
    };
    add("transformer's weights", transformerParameters(dit, true) * wideElement + transformerParameters(dit, false) * element +
                                     8.0 * dim * dim * 4, true);  // the time embedding's are float32
    if (manifest.vae)
        add("autoencoder's weights", costOf(*manifest.vae).parameters * element, true);
    add("keys and values of the window", 2 * layers * dim * frameTokens * slots * element);
    add("clean keys and values", 2 * layers * dim * frameTokens * element);
    add("keys and values of the prompt", 2 * layers * dim * dit.textLen * element);
    // The residual, q/k/v, queries, attention's parts and its result, a projection, and the FFN's inner rows. On a GPU once for
    // passes that run as they are, once for those that are recorded.
    add("a pass of the transformer", (onGpu ? 2.0 : 1.0) * blockTokens * (12 * dim + dit.ffnDim) * element);
    add("noise and latents", 16 * blockTokens * dit.outChannels * dit.patch[1] * dit.patch[2] * 4);
    if (manifest.vae) {
        const double pixels = double(dit.blockFrames) * temporal * padded.width * padded.height;
        add("encoding of frames", costOf(*manifest.vae).encode * pixels * element);
        add("decoding of frames", costOf(*manifest.vae).decode * pixels * element);
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

}  // namespace lipar::service
