#include "engine/models/tae/taehv_network.h"

#include <algorithm>
#include <string>

namespace lipar::models {
namespace {

constexpr std::array<std::int64_t, 3> kPooledFrames{2, 2, 1};
constexpr std::array<std::int64_t, 3> kGrownFrames{1, 2, 2};

std::string encoderKey(std::size_t position) {
    return "encoder." + std::to_string(position);
}

std::string decoderKey(std::size_t position) {
    return "decoder." + std::to_string(position);
}

Result<TaehvMemoryBlocks> takeBlocks(WeightStore& store, const Placement& placement, std::string (*key)(std::size_t),
                                     std::size_t firstPosition, std::int64_t width) {
    TaehvMemoryBlocks blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        LIPAR_ASSIGN(blocks[i], TaehvMemoryBlock::take(store, placement, key(firstPosition + i), width));
    }
    return blocks;
}

// The 1x1 convolution of a grow. Checkpoints may store one made for more frames: the last of its frames are meant.
Result<ConvLayer> takeGrow(WeightStore& store, const Placement& placement, const std::string& name, std::int64_t width,
                           std::int64_t frames) {
    const std::int64_t stored = outChannels(store, name), needed = frames * width;
    LIPAR_ASSIGN(ConvWeights conv, takeConv(store, name, width, std::max(stored, needed), 1, Bias::none));
    conv.weight = conv.weight.narrow(0, conv.weight.size(0) - needed, needed);
    return ConvLayer(conv, placement);
}

}  // namespace

Result<TaehvMemoryBlock> TaehvMemoryBlock::take(WeightStore& store, const Placement& placement, const std::string& name,
                                                std::int64_t width) {
    TaehvMemoryBlock block;
    LIPAR_ASSIGN(block.conv1, takeConvLayer(store, placement, name + ".conv.0", 2 * width, width, 3));
    LIPAR_ASSIGN(block.conv2, takeConvLayer(store, placement, name + ".conv.2", width, width, 3));
    LIPAR_ASSIGN(block.conv3, takeConvLayer(store, placement, name + ".conv.4", width, width, 3));
    return block;
}

at::Tensor TaehvMemoryBlock::operator()(const at::Tensor& x, at::Tensor& last) const {
    return conv3(conv2(conv1(withPreviousFrame(x, last)).relu_()).relu_()).add_(x).relu_();
}

Result<TaehvEncoder> TaehvEncoder::take(WeightStore& store, const Placement& placement, std::int64_t latentChannels) {
    TaehvEncoder encoder;
    encoder.m_placement = placement;
    std::int64_t width = outChannels(store, encoderKey(0));
    LIPAR_ASSIGN(encoder.m_in, takeConvLayer(store, placement, encoderKey(0), 3, width, 3));
    for (std::size_t s = 0; s < encoder.m_stages.size(); ++s) {
        Stage& stage = encoder.m_stages[s];
        const std::size_t position = 2 + 5 * s;
        const std::int64_t next = outChannels(store, encoderKey(position + 1));
        LIPAR_ASSIGN(stage.pool, takeConvLayer(store, placement, encoderKey(position) + ".conv", kPooledFrames[s] * width, width,
                                               1, Bias::none));
        LIPAR_ASSIGN(stage.down, takeConvLayer(store, placement, encoderKey(position + 1), width, next, 3, Bias::none, 2));
        LIPAR_ASSIGN(stage.blocks, takeBlocks(store, placement, encoderKey, position + 2, next));
        width = next;
    }
    LIPAR_ASSIGN(encoder.m_out, takeConvLayer(store, placement, encoderKey(17), width, latentChannels, 3));
    return encoder;
}

at::Tensor TaehvEncoder::encode(const at::Tensor& frames, TaehvState& state) const {
    at::Tensor h = m_in(channelsLast(frames.to(m_placement.dtype))).relu_();  // [T,.,H,W]
    for (std::size_t s = 0; s < m_stages.size(); ++s) {
        const Stage& stage = m_stages[s];
        h = stage.down(stage.pool(stackFrames(h, kPooledFrames[s])));         // half the size, frames / pooled
        for (std::size_t i = 0; i < stage.blocks.size(); ++i)
            h = stage.blocks[i](h, state[3 * s + i]);
    }
    return m_out(h).to(at::kFloat).contiguous();
}

Result<TaehvDecoder> TaehvDecoder::take(WeightStore& store, const Placement& placement, std::int64_t latentChannels) {
    TaehvDecoder decoder;
    decoder.m_placement = placement;
    std::int64_t width = outChannels(store, decoderKey(1));
    LIPAR_ASSIGN(decoder.m_in, takeConvLayer(store, placement, decoderKey(1), latentChannels, width, 3));
    for (std::size_t s = 0; s < decoder.m_stages.size(); ++s) {
        Stage& stage = decoder.m_stages[s];
        const std::size_t position = 3 + 6 * s;
        const std::int64_t next = outChannels(store, decoderKey(position + 5));
        LIPAR_ASSIGN(stage.blocks, takeBlocks(store, placement, decoderKey, position, width));
        LIPAR_ASSIGN(stage.grow, takeGrow(store, placement, decoderKey(position + 4) + ".conv", width, kGrownFrames[s]));
        LIPAR_ASSIGN(stage.conv, takeConvLayer(store, placement, decoderKey(position + 5), width, next, 3, Bias::none));
        width = next;
    }
    LIPAR_ASSIGN(decoder.m_out, takeConvLayer(store, placement, decoderKey(22), width, 3, 3));
    return decoder;
}

at::Tensor TaehvDecoder::decode(const at::Tensor& latents, TaehvState& state) const {
    const at::Tensor clamped = latents.to(at::kFloat).div(3).tanh_().mul_(3).to(m_placement.dtype);
    at::Tensor h = m_in(channelsLast(clamped)).relu_();  // [t,.,h,w]
    for (std::size_t s = 0; s < m_stages.size(); ++s) {
        const Stage& stage = m_stages[s];
        for (std::size_t i = 0; i < stage.blocks.size(); ++i)
            h = stage.blocks[i](h, state[3 * s + i]);
        // A 1x1 convolution commutes with the nearest upsampling that the network puts before it: a quarter of the work.
        h = splitFrames(stage.grow(h), kGrownFrames[s]);
        h = stage.conv(at::upsample_nearest2d(h, {2 * h.size(2), 2 * h.size(3)}));
    }
    return m_out(h.relu_()).contiguous();  // [4t,3,8h,8w]
}

Result<TaehvNetwork> TaehvNetwork::take(WeightStore& store, const Placement& placement, std::int64_t latentChannels) {
    TaehvNetwork network;
    network.m_device = placement.device;
    network.m_traits = {.latentChannels = int(latentChannels), .spatial = 8, .temporal = 4, .leadFrames = 3, .guided = false};
    LIPAR_ASSIGN(network.m_encoder, TaehvEncoder::take(store, placement, latentChannels));
    LIPAR_ASSIGN(network.m_decoder, TaehvDecoder::take(store, placement, latentChannels));
    return network;
}

}  // namespace lipar::models
