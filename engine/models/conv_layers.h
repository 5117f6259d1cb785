// What the convolutional autoencoders are built from.
//
// Every layer is a 2-D convolution over single frames; the batch axis is time. Activations [T,C,h,w] and weights are
// kept channels-last, the layout that mkldnn and cuDNN compute in: no layer reorders its input.
// Thread: values; all functions are free of shared state.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/models/weight_store.h"

namespace lipar::models {

struct Placement {
    at::ScalarType dtype = at::kFloat;
    at::Device device = at::kCPU;
};

// Whether a convolution and its activation are one there: cuDNN's in 16 bits.
[[nodiscard]] bool fusesActivations(const Placement& placement);

// A convolution as stored, float32 on the CPU.
struct ConvWeights {
    at::Tensor weight;  // [out,in,k,k]
    at::Tensor bias;    // [out], or undefined
};

enum class Bias { none, present };

// NAME.weight [out,in,kernel,kernel] and NAME.bias [out]. Errors: modelDamaged, by name.
[[nodiscard]] Result<ConvWeights> takeConv(WeightStore& store, const std::string& name, std::int64_t in, std::int64_t out,
                                           std::int64_t kernel, Bias bias = Bias::present);
// Output channels of NAME.weight; 0 when absent, so that taking it fails with its name.
[[nodiscard]] std::int64_t outChannels(const WeightStore& store, const std::string& name);

// A convolution ready to run: square kernel, zero padding of half the kernel unless said otherwise.
class ConvLayer {
public:
    ConvLayer() = default;
    ConvLayer(const ConvWeights& weights, const Placement& placement, std::int64_t stride = 1);
    ConvLayer(const ConvWeights& weights, const Placement& placement, std::int64_t stride, std::int64_t padding);

    // [T,in,h,w] -> [T,out,h/stride,w/stride]
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const;
    // relu(conv(x)) and relu(conv(x) + term), in one pass over the result where fusesActivations().
    [[nodiscard]] at::Tensor relu(const at::Tensor& x) const;
    [[nodiscard]] at::Tensor addRelu(const at::Tensor& x, const at::Tensor& term) const;

private:
    [[nodiscard]] std::optional<at::Tensor> bias() const;

    at::Tensor m_weight;
    at::Tensor m_bias;
    std::int64_t m_stride = 1;
    std::int64_t m_padding = 0;
};

// takeConv and ConvLayer in one.
[[nodiscard]] Result<ConvLayer> takeConvLayer(WeightStore& store, const Placement& placement, const std::string& name,
                                              std::int64_t in, std::int64_t out, std::int64_t kernel,
                                              Bias bias = Bias::present, std::int64_t stride = 1);

// A copy in the layout of this file, unless it has it already.
[[nodiscard]] at::Tensor channelsLast(const at::Tensor& x);
// `count` frames into one, channels one after the other: [T,C,h,w] -> [T/count,count*C,h,w].
[[nodiscard]] at::Tensor stackFrames(const at::Tensor& x, std::int64_t count);
// The reverse: [T,count*C,h,w] -> [T*count,C,h,w].
[[nodiscard]] at::Tensor splitFrames(const at::Tensor& x, std::int64_t count);

}  // namespace lipar::models
