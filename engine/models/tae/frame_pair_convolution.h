// TAEHV's convolution over a frame and the frame before it. Thread: immutable; the stream's state is the caller's.
#pragma once

#include <ATen/ATen.h>

#include "engine/models/conv_layers.h"

namespace lipar::models {

// relu(conv(x_t, x_{t-1})), 3x3. Where cuDNN fuses activations it is a convolution over time too: it reads each frame
// where it lies, instead of a copy of it beside the one before (H100, 6 frames of 416x240 with 64 channels: 208 us
// and a copy of the frames, instead of 190 us and twice that copy).
class FramePairConvolution {
public:
    FramePairConvolution() = default;
    // NAME.weight [out,2*in,3,3], of the frame and then of the one before. Errors: modelDamaged, by name.
    [[nodiscard]] static Result<FramePairConvolution> take(WeightStore& store, const Placement& placement,
                                                           const std::string& name, std::int64_t in, std::int64_t out);

    // x [T,in,h,w] -> [T,out,h,w]. `last` [1,in,h,w] is the frame before the first (undefined at a clip's start: zeros)
    // and becomes a copy of the newest.
    [[nodiscard]] at::Tensor relu(const at::Tensor& x, at::Tensor& last) const;

private:
    [[nodiscard]] at::Tensor overTime(const at::Tensor& x, at::Tensor& last) const;

    ConvLayer m_onPairs;
    at::Tensor m_weight, m_bias;  // [out,in,2,3,3], of the frame before and then of the frame; undefined: pairs are made
};

}  // namespace lipar::models
