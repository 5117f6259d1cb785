// Wan's own video autoencoder, of any width: Wan 2.1's (kind "wan") and Wan 2.2's (kind "wan2.2").
//
// Key names are those of the published files (Wan2.1_VAE.pth, Wan2.2_VAE.pth):
//   encoder.conv1 | encoder.downsamples.N, residual blocks and resamplings counted through (2.2:
//   downsamples.STAGE.downsamples.N) | encoder.middle.{0,1,2} | encoder.head.{0,2} | conv1 | conv2 | decoder.conv1 |
//   decoder.middle | decoder.upsamples.N (likewise) | decoder.head
// Four stages with two residual blocks in the encoder and three in the decoder; the first three resample by two in
// space and two of them in time. Widths are those of the weights. Wan 2.2's works on 2x2 patches of pixels, and each of
// its stages has a shortcut around it without weights. The encoder's output is the mean of the distribution; latents
// are normalised by constants, which are merged with the maps beside them when the weights are loaded.
//
// Frames: a clip's first frame is latent frame 0, then four frames make one. The streams still map 4t frames <-> t
// latents, with traits().leadFrames = 3: the three copies of the first frame that the caller puts before a clip are
// skipped, not computed, and the first three frames that a decoder returns repeat the first picture. So frame 4i of
// what a stream is given closes latent i, as with TAEHV, blocks of any number of latent frames fit, and a clip of any
// length comes out as long as it went in.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/models/conv_layers.h"
#include "engine/models/streamed_autoencoder.h"
#include "engine/models/wan_vae/causal_layers.h"
#include "engine/models/wan_vae/wan_vae_blocks.h"

namespace lipar::models {

enum class WanVaeKind { wan21, wan22 };

inline constexpr std::size_t kWanVaeStages = 4;

class WanVaeEncoder {
public:
    [[nodiscard]] static Result<WanVaeEncoder> take(LayerSource& source, WanVaeKind kind);
    // frames [4t,3,H,W] in [0,1] -> latents [t,C,h,w] float32, normalised. A clip's first three frames are not looked
    // at.
    [[nodiscard]] at::Tensor encode(const at::Tensor& frames, FrameMemory& memory) const;

private:
    struct Stage {
        std::vector<WanResidualBlock> blocks;
        std::optional<WanDownsampling> down;
        std::int64_t width = 0;
    };

    Placement m_placement;
    WanVaeKind m_kind = WanVaeKind::wan21;
    CausalConv m_in, m_out;  // the last one gives normalised means
    std::array<Stage, kWanVaeStages> m_stages;
    WanMiddle m_middle;
    ChannelNorm m_norm;
};

class WanVaeDecoder {
public:
    [[nodiscard]] static Result<WanVaeDecoder> take(LayerSource& source, WanVaeKind kind);
    // latents [t,C,h,w] -> frames [4t,3,H,W] float32, nominally in [0,1], not clamped. No guide is looked at.
    [[nodiscard]] at::Tensor decode(const at::Tensor& latents, const at::Tensor& guide, FrameMemory& memory) const;

private:
    struct Stage {
        std::vector<WanResidualBlock> blocks;
        std::optional<WanUpsampling> up;
        std::int64_t outWidth = 0;
    };

    Placement m_placement;
    WanVaeKind m_kind = WanVaeKind::wan21;
    ConvLayer m_denormalise;  // float32, 1x1: scale and mean of the latents and the map after them
    CausalConv m_in, m_out;
    WanMiddle m_middle;
    std::array<Stage, kWanVaeStages> m_stages;
    ChannelNorm m_norm;
};

using WanVaeNetwork = AutoencoderNetwork<WanVaeEncoder, WanVaeDecoder, FrameMemory>;

// Channels of a latent: 16 and 48.
[[nodiscard]] int latentChannelsOf(WanVaeKind kind) noexcept;
// Values of the network's type that a stream holds for each pixel of a frame at its peak, in an encoder or decoder
// whose finest stage has `width` channels: activations of the four frames of a pass and what the convolutions remember.
[[nodiscard]] double encodingValues(WanVaeKind kind, std::int64_t width) noexcept;
[[nodiscard]] double decodingValues(WanVaeKind kind, std::int64_t width) noexcept;
// Output channels, by name of the weight, that tell a checkpoint's widths; of the published files.
[[nodiscard]] std::map<std::string, std::int64_t> publishedWanVaeWidths(WanVaeKind kind);

[[nodiscard]] Result<WanVaeNetwork> takeWanVae(WeightStore& store, const Placement& placement, WanVaeKind kind);

}  // namespace lipar::models
