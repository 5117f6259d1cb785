// The blocks that Wan's video autoencoders repeat: residual, attention within a frame, resampling, and the shortcuts
// around whole stages that Wan 2.2's has.
//
// Activations are [T,C,h,w] channels-last. `isFirst`: the pass begins a clip; its first frame is a latent frame of its
// own and is neither halved nor doubled in time, so such a pass has 1 + 2n frames before a halving and 1 + n before a
// doubling. Thread: immutable; a FrameMemory belongs to one stream.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/models/conv_layers.h"
#include "engine/models/wan_vae/causal_layers.h"

namespace lipar::models {

// NAME.weight [out,in,1,1,1] and NAME.bias: a map of each place of each frame.
[[nodiscard]] Result<ConvWeights> takePointwise(WeightStore& store, const std::string& name, std::int64_t in,
                                                std::int64_t out);

// shortcut(x) + conv2(silu(norm2(conv1(silu(norm1(x)))))), the shortcut a pointwise map where the widths differ.
class WanResidualBlock {
public:
    [[nodiscard]] static Result<WanResidualBlock> take(LayerSource& source, const std::string& name, std::int64_t in,
                                                       std::int64_t out);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x, FrameMemory& memory) const;

private:
    ChannelNorm m_norm1, m_norm2;
    CausalConv m_conv1, m_conv2;
    std::optional<ConvLayer> m_shortcut;
};

// x + proj(attention(norm(x))): one head over the places of each frame.
class WanAttentionBlock {
public:
    [[nodiscard]] static Result<WanAttentionBlock> take(LayerSource& source, const std::string& name,
                                                        std::int64_t width);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const;

private:
    ChannelNorm m_norm;
    ConvLayer m_qkv, m_projection;
};

// Residual, attention, residual.
class WanMiddle {
public:
    [[nodiscard]] static Result<WanMiddle> take(LayerSource& source, const std::string& name, std::int64_t width);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x, FrameMemory& memory) const;

private:
    WanResidualBlock m_before, m_after;
    WanAttentionBlock m_attention;
};

// Half the size, and with `halvesTime` half the frames.
class WanDownsampling {
public:
    [[nodiscard]] static Result<WanDownsampling> take(LayerSource& source, const std::string& name, std::int64_t width,
                                                      bool halvesTime);
    // [T,C,h,w] -> [T or T/2 (isFirst: (T+1)/2),C,h/2,w/2]
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x, bool isFirst, FrameMemory& memory) const;

private:
    ConvLayer m_conv;
    std::optional<CausalConv> m_timeConv;
    std::size_t m_slot = 0;  // the last frame before the time convolution
};

// Twice the size, and with `doublesTime` twice the frames.
class WanUpsampling {
public:
    [[nodiscard]] static Result<WanUpsampling> take(LayerSource& source, const std::string& name, std::int64_t in,
                                                    std::int64_t out, bool doublesTime);
    // [T,in,h,w] -> [T or 2T (isFirst: 2T-1),out,2h,2w]
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x, bool isFirst, FrameMemory& memory) const;

private:
    ConvLayer m_conv;
    std::optional<CausalConv> m_timeConv;
};

// Wan 2.2's way around a stage that shrinks by `time` and `space`: the values that fall on one place lie side by side
// in the channels, and equal shares of them are averaged. [T,C,h,w] -> [T/time,out,h/space,w/space]; a clip's first
// frame is averaged with zeros.
[[nodiscard]] at::Tensor averagedDown(const at::Tensor& x, std::int64_t out, std::int64_t time, std::int64_t space,
                                      bool isFirst);
// And around one that grows: every place is repeated, channel groups becoming its frames, rows and columns.
// [T,C,h,w] -> [T*time (isFirst: less time-1),out,h*space,w*space].
[[nodiscard]] at::Tensor repeatedUp(const at::Tensor& x, std::int64_t out, std::int64_t time, std::int64_t space,
                                    bool isFirst);

}  // namespace lipar::models
