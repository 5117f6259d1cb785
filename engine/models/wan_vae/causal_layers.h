// What Wan's video autoencoders are built from: convolutions over time that look back only, RMS norms, and what a
// stream must remember between two passes.
//
// Activations are [T,C,h,w] channels-last, as in conv_layers.h, which is also [1,C,T,h,w] channels-last: a convolution
// over time runs on the same memory, and a norm on its rows of channels. Every convolution over time keeps the last two
// frames that it was given; at a clip's start they are zeros. Thread: layers are immutable; a FrameMemory belongs to
// one stream.
#pragma once

#include <ATen/ATen.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/models/conv_layers.h"
#include "engine/models/weight_store.h"

namespace lipar::models {

// What the layers of one stream have seen last, a tensor a layer; undefined before a layer's first frame.
class FrameMemory {
public:
    [[nodiscard]] at::Tensor& operator[](std::size_t slot) {
        if (slot >= m_frames.size())
            m_frames.resize(slot + 1);
        return m_frames[slot];
    }
    [[nodiscard]] bool isEmpty() const noexcept { return m_frames.empty(); }
    // In the order of the work given to the device; the host does not wait for copies from it.
    void moveTo(at::Device device);

private:
    std::vector<at::Tensor> m_frames;
};

// Where layers take their weights from while a network is loaded; every layer that remembers frames gets a slot.
struct LayerSource {
    WeightStore& store;
    Placement placement;
    std::size_t slots = 0;

    [[nodiscard]] std::size_t nextSlot() { return slots++; }
};

// x / rms(x) over the channels, times gamma.
class ChannelNorm {
public:
    // NAME.gamma of shape [C,1,...] with `ones` trailing axes.
    [[nodiscard]] static Result<ChannelNorm> take(LayerSource& source, const std::string& name, std::int64_t channels,
                                                  int ones);
    // [T,C,h,w] -> the same shape
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const;

private:
    at::Tensor m_gamma;  // [C] float32
};

// A convolution over three frames, the present one and the two before it, and 1x1 or 3x3 places (zero padding).
// Channels are filled up to the multiples that tensor cores take where a picture's three are meant.
class CausalConv {
public:
    // NAME.weight [out,in,3,places,places], NAME.bias [out].
    [[nodiscard]] static Result<CausalConv> take(LayerSource& source, const std::string& name, std::int64_t in,
                                                 std::int64_t out, std::int64_t places, std::int64_t frameStride = 1);
    // Of weights that are not stored as they are used: weight [out,in,3,k,k], bias [out], float32 on the CPU.
    CausalConv(LayerSource& source, const at::Tensor& weight, const at::Tensor& bias, std::int64_t frameStride = 1);
    CausalConv() = default;

    // x [T,in,h,w] -> [T,out,h,w]
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x, FrameMemory& memory) const;
    // The convolution of silu(norm(x)).
    [[nodiscard]] at::Tensor ofActivated(const ChannelNorm& norm, const at::Tensor& x, FrameMemory& memory) const;
    // frames [T,in,h,w], nothing remembered and nothing before them -> [(T-3)/frameStride+1,out,h,w]
    [[nodiscard]] at::Tensor onFrames(const at::Tensor& frames) const;
    // Remembers two frames of zeros of the size of `x`, as if a clip began after it.
    void beginAfter(const at::Tensor& x, FrameMemory& memory) const;

private:
    // Room for T frames of the input behind the remembered ones.
    [[nodiscard]] at::Tensor window(const at::Tensor& x, FrameMemory& memory) const;
    void remember(const at::Tensor& window, FrameMemory& memory) const;

    at::Tensor m_weight;  // [out,in,3,k,k], channels-last
    at::Tensor m_bias;
    std::int64_t m_in = 0, m_out = 0;  // as stored, without what they are filled up with
    std::int64_t m_frameStride = 1;
    std::size_t m_slot = 0;
};

}  // namespace lipar::models
