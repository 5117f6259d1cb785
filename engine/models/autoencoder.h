// The autoencoder between video frames and the DiT's latents, streamed block by block.
//
// Every autoencoder here is causal: encoding or decoding a clip in chunks of any size gives what the whole clip gives.
// Thread: an Autoencoder is immutable and may be shared; a stream belongs to one thread.
#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "engine/core/result.h"
#include "engine/weights/manifest.h"

namespace lipar::models {

struct AutoencoderTraits {
    int latentChannels = 16;
    int spatial = 8;     // pixels a latent place, each way; frame sizes are multiples of spatial * patch
    int temporal = 4;    // video frames a latent frame
    int leadFrames = 0;  // copies of the first frame that the caller puts before a clip, and output frames it drops
    bool guided = false; // decode() also wants the source frames
};

class EncoderStream {
public:
    virtual ~EncoderStream() = default;
    // frames [T,3,H,W] in [0,1], any float type, T a multiple of traits().temporal -> latents [T/temporal,C,H/8,W/8]
    // float32, normalised as the DiT sees them.
    [[nodiscard]] virtual at::Tensor encode(const at::Tensor& frames) = 0;
};

class DecoderStream {
public:
    virtual ~DecoderStream() = default;
    // latents [t,C,h,w] float32; guide [t*temporal,3,H,W] in [0,1] for guided autoencoders, else undefined
    // -> frames [t*temporal,3,H,W] in the network's type or float32, not clamped.
    [[nodiscard]] virtual at::Tensor decode(const at::Tensor& latents, const at::Tensor& guide) = 0;
};

class Autoencoder {
public:
    virtual ~Autoencoder() = default;
    [[nodiscard]] virtual const AutoencoderTraits& traits() const noexcept = 0;
    // Start of a clip: empty memory. `memoryLimit`: bytes that the stream may hold on its device, 0 = as much as it takes. Frames that
    // need more are computed in blended tiles (tiles.h) where the kind of autoencoder can (costOf().isTiled), with an error at
    // the seams; between its passes what a tile remembers lies in the host's memory.
    [[nodiscard]] virtual std::unique_ptr<EncoderStream> newEncoder(std::uint64_t memoryLimit = 0) const = 0;
    [[nodiscard]] virtual std::unique_ptr<DecoderStream> newDecoder(std::uint64_t memoryLimit = 0) const = 0;
    [[nodiscard]] virtual std::int64_t parameterCount() const noexcept = 0;
};

// Loads the autoencoder that manifest.vae names, weights converted to `dtype` on `device`.
// Errors: modelMissing (no vae, no file), modelDamaged (missing, extra, misshapen or NaN tensors, by name).
[[nodiscard]] Result<std::unique_ptr<Autoencoder>> loadAutoencoder(const weights::ModelManifest& manifest,
                                                                   at::ScalarType dtype, at::Device device);

// An autoencoder of kind taehv, wan or wan2.2, of the published widths with random weights, for measurements. Null for other kinds.
[[nodiscard]] std::unique_ptr<Autoencoder> randomAutoencoder(const weights::VaeConfig& config, at::ScalarType dtype, at::Device device, std::uint64_t seed);

// What an autoencoder of the published widths holds, reckoned from its widest layers before it is loaded.
struct AutoencoderCost {
    double parameters = 0;
    // Values of the network's type for each pixel of a frame, at the peak of a stream's passes over a block of `blockFrames` latent
    // frames, what it remembers between passes included.
    double encode = 0, decode = 0;
    bool isTiled = false;  // can do with less, a tile at a time
};
[[nodiscard]] AutoencoderCost costOf(const weights::VaeConfig& config, int blockFrames);

}  // namespace lipar::models
