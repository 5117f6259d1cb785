#include "engine/models/tae/picture_convolutions.h"

#include "engine/kernels/picture_layers.h"
#include "engine/models/tae/merged_convolutions.h"

namespace lipar::models {
namespace {

at::Tensor placed(const at::Tensor& x, const Placement& placement) {
    const at::Tensor there = x.to(placement.device, placement.dtype);
    return there.dim() == 4 ? channelsLast(there) : there.contiguous();
}

}  // namespace

PicturesToFeatures::PicturesToFeatures(const ConvWeights& conv, const Placement& placement)
    : m_conv(conv, placement), m_weight(placed(conv.weight, placement)), m_bias(placed(conv.bias, placement)) {}

at::Tensor PicturesToFeatures::operator()(const at::Tensor& frames) const {
    if (kernels::hasPictureLayers(frames, m_bias.size(0)))
        return kernels::pairedPictureFeatures(channelsLast(frames), m_weight, m_bias);
    return stackFrames(m_conv.relu(frames), 2);
}

FeaturesToPictures::FeaturesToPictures(const std::vector<ConvWeights>& grows, const ConvWeights& conv,
                                       const Placement& placement)
    : m_onQuads(onQuads(conv), placement),
      m_weight(placed(conv.weight, placement)),
      m_bias(placed(conv.bias, placement)) {
    for (const ConvWeights& grow : grows)
        m_grows.emplace_back(grow, placement);
}

// The pictures' own size is never filled with features: they stay quads.
at::Tensor FeaturesToPictures::operator()(const at::Tensor& x) const {
    const auto frames = std::int64_t(m_grows.size());
    if (!kernels::hasPictureLayers(x, m_weight.size(1))) {
        std::vector<at::Tensor> quads;
        for (const ConvLayer& grow : m_grows)
            quads.push_back(m_onQuads(grow.relu(x)));     // [T,2*2*3,h,w]
        return quadsToPixels(at::cat(quads, 1), frames);  // [T*frames,3,2h,2w]
    }
    at::Tensor pictures =
        at::empty({x.size(0) * frames, 3, 2 * x.size(2), 2 * x.size(3)}, x.options(), at::MemoryFormat::ChannelsLast);
    for (std::int64_t frame = 0; frame < frames; ++frame)
        kernels::picturesOfFeatures(channelsLast(m_grows[std::size_t(frame)].relu(x)), m_weight, m_bias, pictures,
                                    frame, frames);
    return pictures;
}

}  // namespace lipar::models
