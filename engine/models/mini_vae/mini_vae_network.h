// The built-in model's autoencoder ("lipar-mini"): small, causal, with a decoder that can also look at the source frames
// (guided), so that detail which the latents do not hold survives an edit.
//
// 4n frames <-> n latents exactly, no leading frames; 8x8 in space. Time enters only where two frames are stacked or
// split and in memory blocks, which see the frame before: three frames of state each way.
// Key names: e_* encoder, d_* decoder, g_* guide; `mean` and `std` normalise the latents. Widths are those of the weights.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/models/conv_layers.h"
#include "engine/models/streamed_autoencoder.h"

namespace lipar::models {

// The last input frame of each of three memory blocks, [1,C,h,w]; undefined before the first frame.
using MiniVaeState = std::array<at::Tensor, 3>;

// relu(x + b(relu(a(x))))
struct ResidualBlock {
    ConvLayer a, b;

    [[nodiscard]] static Result<ResidualBlock> take(WeightStore& store, const Placement& placement, const std::string& name,
                                                    std::int64_t width);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const;
};

// relu(x_t + b(relu(a(x_t, x_{t-1}))))
struct MemoryBlock {
    ConvLayer a, b;

    [[nodiscard]] static Result<MemoryBlock> take(WeightStore& store, const Placement& placement, const std::string& name,
                                                  std::int64_t width);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x, at::Tensor& last) const;
};

class MiniVaeEncoder {
public:
    [[nodiscard]] static Result<MiniVaeEncoder> take(WeightStore& store, const Placement& placement, std::int64_t latentChannels);
    // frames [4t,3,H,W] in [0,1] -> latents [t,C,H/8,W/8] float32, normalised
    [[nodiscard]] at::Tensor encode(const at::Tensor& frames, MiniVaeState& state) const;

private:
    Placement m_placement;
    ConvLayer m_in, m_down, m_pool, m_out;
    ResidualBlock m_residual;
    std::array<MemoryBlock, 3> m_memory;
    at::Tensor m_mean, m_std;  // [C,1,1] float32
};

class MiniVaeDecoder {
public:
    [[nodiscard]] static Result<MiniVaeDecoder> take(WeightStore& store, const Placement& placement, std::int64_t latentChannels,
                                                     bool guided);
    // latents [t,C,h,w]; guide [4t,3,8h,8w] in [0,1] when guided -> frames [4t,3,8h,8w], not clamped
    [[nodiscard]] at::Tensor decode(const at::Tensor& latents, const at::Tensor& guide, MiniVaeState& state) const;

private:
    // What the guide adds: features of a source frame, each time gated by what the latents know.
    struct Guide {
        ConvLayer a, b;          // features G of one source frame
        ConvLayer gate1, gate2;  // 1x1, linear
    };

    [[nodiscard]] at::Tensor guidedTail(const at::Tensor& h, const at::Tensor& guide) const;

    Placement m_placement;
    ConvLayer m_in, m_grow1, m_up, m_grow2;
    std::array<MemoryBlock, 3> m_memory;
    ResidualBlock m_residual1;
    // Last residual block and output. Guided: both `a` and `out` also take the gated guide's channels, so that the
    // sums a(h) + g_j(G * gate1(h)) and out(r) + g_o(G * gate2(r)) are one convolution each.
    ResidualBlock m_residual2;
    ConvLayer m_out;
    std::optional<Guide> m_guide;
};

using MiniVaeNetwork = AutoencoderNetwork<MiniVaeEncoder, MiniVaeDecoder, MiniVaeState>;

[[nodiscard]] Result<MiniVaeNetwork> takeMiniVae(WeightStore& store, const Placement& placement, std::int64_t latentChannels,
                                                 bool guided);

}  // namespace lipar::models
