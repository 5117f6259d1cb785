#include "engine/models/conv_layers.h"

#include <vector>

namespace lipar::models {
namespace {

Placement placementOf(const at::Tensor& x) {
    return {x.scalar_type(), x.device()};
}

}  // namespace

bool fusesActivations(const Placement& placement) {
    return placement.device.is_cuda() && at::isReducedFloatingType(placement.dtype);
}

Result<ConvWeights> takeConv(WeightStore& store, const std::string& name, std::int64_t in, std::int64_t out,
                             std::int64_t kernel, Bias bias) {
    ConvWeights taken;
    LIPAR_ASSIGN(taken.weight, store.take(name + ".weight", {out, in, kernel, kernel}, at::kFloat, at::kCPU));
    if (bias == Bias::present) {
        LIPAR_ASSIGN(taken.bias, store.take(name + ".bias", {out}, at::kFloat, at::kCPU));
    }
    return taken;
}

std::int64_t outChannels(const WeightStore& store, const std::string& name) {
    const std::vector<std::int64_t> shape = store.shapeOf(name + ".weight");
    return shape.empty() ? 0 : shape[0];
}

ConvLayer::ConvLayer(const ConvWeights& weights, const Placement& placement, std::int64_t stride)
    : ConvLayer(weights, placement, stride, weights.weight.size(2) / 2) {}

ConvLayer::ConvLayer(const ConvWeights& weights, const Placement& placement, std::int64_t stride, std::int64_t padding)
    : m_weight(weights.weight.to(placement.device, placement.dtype).contiguous(at::MemoryFormat::ChannelsLast)),
      m_bias(weights.bias.defined() ? weights.bias.to(placement.device, placement.dtype) : at::Tensor()),
      m_stride(stride),
      m_padding(padding) {}

at::Tensor ConvLayer::operator()(const at::Tensor& x) const {
    return at::conv2d(x, m_weight, m_bias, m_stride, m_padding);
}

// An undefined tensor is not taken for none there.
std::optional<at::Tensor> ConvLayer::bias() const {
    return m_bias.defined() ? std::optional(m_bias) : std::nullopt;
}

at::Tensor ConvLayer::relu(const at::Tensor& x) const {
    if (!fusesActivations(placementOf(x)))
        return (*this)(x).relu_();
    return at::cudnn_convolution_relu(x, m_weight, bias(), {m_stride, m_stride}, {m_padding, m_padding}, {1, 1}, 1);
}

at::Tensor ConvLayer::addRelu(const at::Tensor& x, const at::Tensor& term) const {
    if (!fusesActivations(placementOf(x)))
        return (*this)(x).add_(term).relu_();
    return at::cudnn_convolution_add_relu(x, m_weight, term, 1.0, bias(), {m_stride, m_stride}, {m_padding, m_padding}, {1, 1}, 1);
}

Result<ConvLayer> takeConvLayer(WeightStore& store, const Placement& placement, const std::string& name, std::int64_t in,
                                std::int64_t out, std::int64_t kernel, Bias bias, std::int64_t stride) {
    LIPAR_ASSIGN(const ConvWeights weights, takeConv(store, name, in, out, kernel, bias));
    return ConvLayer(weights, placement, stride);
}

at::Tensor channelsLast(const at::Tensor& x) {
    return x.contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor stackFrames(const at::Tensor& x, std::int64_t count) {
    if (count == 1)
        return x;
    const std::int64_t frames = x.size(0) / count, channels = x.size(1), height = x.size(2), width = x.size(3);
    return x.permute({0, 2, 3, 1})                             // [T,h,w,C]
        .reshape({frames, count, height, width, channels})     // [T/n,n,h,w,C]
        .permute({0, 2, 3, 1, 4})                              // [T/n,h,w,n,C]
        .reshape({frames, height, width, count * channels})    // [T/n,h,w,n*C]
        .permute({0, 3, 1, 2});
}

at::Tensor splitFrames(const at::Tensor& x, std::int64_t count) {
    if (count == 1)
        return x;
    const std::int64_t frames = x.size(0), channels = x.size(1) / count, height = x.size(2), width = x.size(3);
    return x.permute({0, 2, 3, 1})                             // [T,h,w,n*C]
        .reshape({frames, height, width, count, channels})     // [T,h,w,n,C]
        .permute({0, 3, 1, 2, 4})                              // [T,n,h,w,C]
        .reshape({frames * count, height, width, channels})    // [T*n,h,w,C]
        .permute({0, 3, 1, 2});
}

}  // namespace lipar::models
