// The two convolutions of TAEHV that touch the pictures' own size, by kernels of our own where there are any
// (engine/kernels/picture_layers.h), else by the library's. Thread: immutable.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "engine/models/conv_layers.h"

namespace lipar::models {

// relu(conv(frames)), pairs of frames side by side in the channels: [T,3,H,W] -> [T/2,2*C,H,W]
class PicturesToFeatures {
public:
    PicturesToFeatures() = default;
    PicturesToFeatures(const ConvWeights& conv, const Placement& placement);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& frames) const;

private:
    ConvLayer m_conv;
    at::Tensor m_weight, m_bias;  // [C,3,3,3] channels-last, [C]
};

// conv(relu(grow(x))), where `grows` make 2x2 quads of C features each, one for each frame that comes of one of x:
// [T,.,h,w] -> [T*frames,3,2h,2w]
class FeaturesToPictures {
public:
    FeaturesToPictures() = default;
    FeaturesToPictures(const std::vector<ConvWeights>& grows, const ConvWeights& conv, const Placement& placement);
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const;

private:
    std::vector<ConvLayer> m_grows;
    ConvLayer m_onQuads;
    at::Tensor m_weight, m_bias;  // [3,C,3,3] channels-last, [3]
};

}  // namespace lipar::models
