// TAEHV, the tiny autoencoder for video latents (taew2_1 for Wan 2.1), of any width.
//
// Key names are those of the published checkpoints, numbered by position in a sequence:
//   encoder.0 conv | per stage s: encoder.{2+5s} pool, {3+5s} strided conv, {4,5,6 + 5s} memory blocks | encoder.17
//   conv decoder.1 conv | per stage s: decoder.{3,4,5 + 6s} memory blocks, {7+6s} grow, {8+6s} conv         |
//   decoder.22 conv
// A memory block is relu(x_t + conv.4(relu(conv.2(relu(conv.0(x_t, x_{t-1})))))); pool and grow are 1x1 convolutions
// over 2, 2, 1 (encoder) and to 1, 2, 2 (decoder) frames. A stored grow with more output channels than that counts by
// its last ones. What is linear is merged when it is loaded (merged_convolutions.h).
//
// Latents are those the DiT works on, already normalised. traits().leadFrames is 3: with three copies of the first
// frame before a clip latent i covers frames 4i-3..4i, as in Wan's own autoencoder; the first three decoded frames are
// dropped by the caller. The streams themselves map 4t frames <-> t latents.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "engine/core/result.h"
#include "engine/models/conv_layers.h"
#include "engine/models/streamed_autoencoder.h"
#include "engine/models/tae/frame_pair_convolution.h"
#include "engine/models/tae/picture_convolutions.h"

namespace lipar::models {

// The last input frame of each of nine memory blocks, [1,C,h,w]; undefined before the first frame.
using TaehvState = std::array<at::Tensor, 9>;

// relu(x_t + conv3(relu(conv2(relu(conv1(x_t, x_{t-1}))))))
struct TaehvMemoryBlock {
    FramePairConvolution conv1;
    ConvLayer conv2, conv3;

    [[nodiscard]] static Result<TaehvMemoryBlock> take(WeightStore& store, const Placement& placement,
                                                       const std::string& name, std::int64_t width);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x, at::Tensor& last) const;
};

using TaehvMemoryBlocks = std::array<TaehvMemoryBlock, 3>;

class TaehvEncoder {
public:
    [[nodiscard]] static Result<TaehvEncoder> take(WeightStore& store, const Placement& placement,
                                                   std::int64_t latentChannels);
    // frames [4t,3,H,W] in [0,1] -> latents [t,C,H/8,W/8] float32
    [[nodiscard]] at::Tensor encode(const at::Tensor& frames, TaehvState& state) const;

private:
    struct Stage {
        ConvLayer down;  // of kPooledFrames[stage] frames at once
        TaehvMemoryBlocks blocks;
    };

    Placement m_placement;
    PicturesToFeatures m_in;
    ConvLayer m_out;
    std::array<Stage, 3> m_stages;
};

class TaehvDecoder {
public:
    [[nodiscard]] static Result<TaehvDecoder> take(WeightStore& store, const Placement& placement,
                                                   std::int64_t latentChannels);
    // latents [t,C,h,w] -> frames [4t,3,8h,8w], nominally in [0,1], not clamped. No guide is looked at.
    [[nodiscard]] at::Tensor decode(const at::Tensor& latents, const at::Tensor& guide, TaehvState& state) const;

private:
    struct Stage {
        TaehvMemoryBlocks blocks;
        ConvLayer grow;  // to kGrownFrames[stage] frames of twice the size, as quads; unused in the last stage
    };

    Placement m_placement;
    ConvLayer m_in;
    std::array<Stage, 3> m_stages;
    FeaturesToPictures m_out;  // and the last stage's growth
};

using TaehvNetwork = AutoencoderNetwork<TaehvEncoder, TaehvDecoder, TaehvState>;

// Output channels, by name of the weight, that tell a checkpoint's widths; of taew2_1.
[[nodiscard]] std::map<std::string, std::int64_t> publishedTaehvWidths();

[[nodiscard]] Result<TaehvNetwork> takeTaehv(WeightStore& store, const Placement& placement,
                                             std::int64_t latentChannels);

}  // namespace lipar::models
