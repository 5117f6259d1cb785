#include "engine/models/tae/frame_pair_convolution.h"

#include "engine/kernels/frame_layout.h"

namespace lipar::models {

Result<FramePairConvolution> FramePairConvolution::take(WeightStore& store, const Placement& placement,
                                                        const std::string& name, std::int64_t in, std::int64_t out) {
    LIPAR_ASSIGN(const ConvWeights weights, takeConv(store, name, 2 * in, out, 3));
    FramePairConvolution pair;
    if (!fusesActivations(placement)) {
        pair.m_onPairs = ConvLayer(weights, placement);
        return pair;
    }
    const at::Tensor overTime = at::stack({weights.weight.narrow(1, in, in), weights.weight.narrow(1, 0, in)}, 2);
    pair.m_weight = overTime.to(placement.device, placement.dtype).contiguous(at::MemoryFormat::ChannelsLast3d);
    pair.m_bias = weights.bias.to(placement.device, placement.dtype);
    return pair;
}

at::Tensor FramePairConvolution::relu(const at::Tensor& x, at::Tensor& last) const {
    return m_weight.defined() ? overTime(x, last) : m_onPairs.relu(kernels::withPreviousFrame(x, last));
}

at::Tensor FramePairConvolution::overTime(const at::Tensor& x, at::Tensor& last) const {
    const std::int64_t frames = x.size(0);
    at::Tensor stream =
        at::empty({1 + frames, x.size(1), x.size(2), x.size(3)}, x.options(), at::MemoryFormat::ChannelsLast);
    if (last.defined())
        stream.narrow(0, 0, 1).copy_(last);
    else
        stream.narrow(0, 0, 1).zero_();
    stream.narrow(0, 1, frames).copy_(x);
    last = stream.narrow(0, frames, 1).clone();
    const at::Tensor volume = stream.permute({0, 2, 3, 1}).unsqueeze(0).permute({0, 4, 1, 2, 3});  // [1,in,1+T,h,w]
    return at::cudnn_convolution_relu(volume, m_weight, m_bias, {1, 1, 1}, {0, 1, 1}, {1, 1, 1}, 1)[0].transpose(0, 1);
}

}  // namespace lipar::models
