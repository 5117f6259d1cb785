#include "engine/models/tae/taehv_network.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/models/tae/merged_convolutions.h"

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

// The end of a decoder stage: grow, upsampling and convolution as one for each frame that comes of one. Checkpoints may
// store a grow made for more frames: the last of its frames are meant.
Result<std::vector<ConvWeights>> takeGrowth(WeightStore& store, const std::string& grow, const std::string& conv,
                                            std::int64_t width, std::int64_t next, std::int64_t frames) {
    const std::int64_t stored = outChannels(store, grow), needed = frames * width;
    LIPAR_ASSIGN(const ConvWeights all, takeConv(store, grow, width, std::max(stored, needed), 1, Bias::none));
    LIPAR_ASSIGN(const ConvWeights last, takeConv(store, conv, width, next, 3, Bias::none));
    std::vector<ConvWeights> merged;
    for (std::int64_t first = all.weight.size(0) - needed; first < all.weight.size(0); first += width)
        merged.push_back(afterUpsampling(afterPointwise({all.weight.narrow(0, first, width), {}}, last)));
    return merged;
}

// Several convolutions of one input as one.
ConvWeights joined(const std::vector<ConvWeights>& parts) {
    std::vector<at::Tensor> weights;
    for (const ConvWeights& part : parts)
        weights.push_back(part.weight);
    return {at::cat(weights), {}};
}

}  // namespace

Result<TaehvMemoryBlock> TaehvMemoryBlock::take(WeightStore& store, const Placement& placement, const std::string& name,
                                                std::int64_t width) {
    TaehvMemoryBlock block;
    LIPAR_ASSIGN(block.conv1, FramePairConvolution::take(store, placement, name + ".conv.0", width, width));
    LIPAR_ASSIGN(block.conv2, takeConvLayer(store, placement, name + ".conv.2", width, width, 3));
    LIPAR_ASSIGN(block.conv3, takeConvLayer(store, placement, name + ".conv.4", width, width, 3));
    return block;
}

at::Tensor TaehvMemoryBlock::operator()(const at::Tensor& x, at::Tensor& last) const {
    return conv3.addRelu(conv2.relu(conv1.relu(x, last)), x);
}

Result<TaehvEncoder> TaehvEncoder::take(WeightStore& store, const Placement& placement, std::int64_t latentChannels) {
    TaehvEncoder encoder;
    encoder.m_placement = placement;
    std::int64_t width = outChannels(store, encoderKey(0));
    LIPAR_ASSIGN(const ConvWeights in, takeConv(store, encoderKey(0), 3, width, 3));
    encoder.m_in = PicturesToFeatures(in, placement);
    for (std::size_t s = 0; s < encoder.m_stages.size(); ++s) {
        Stage& stage = encoder.m_stages[s];
        const std::size_t position = 2 + 5 * s;
        const std::int64_t next = outChannels(store, encoderKey(position + 1));
        LIPAR_ASSIGN(const ConvWeights pool,
                     takeConv(store, encoderKey(position) + ".conv", kPooledFrames[s] * width, width, 1, Bias::none));
        LIPAR_ASSIGN(const ConvWeights down, takeConv(store, encoderKey(position + 1), width, next, 3, Bias::none));
        stage.down = ConvLayer(afterPointwise(pool, down), placement, 2);
        LIPAR_ASSIGN(stage.blocks, takeBlocks(store, placement, encoderKey, position + 2, next));
        width = next;
    }
    LIPAR_ASSIGN(encoder.m_out, takeConvLayer(store, placement, encoderKey(17), width, latentChannels, 3));
    return encoder;
}

at::Tensor TaehvEncoder::encode(const at::Tensor& frames, TaehvState& state) const {
    at::Tensor h = m_in(frames.to(m_placement.dtype));  // [T/2,2*.,H,W]
    for (std::size_t s = 0; s < m_stages.size(); ++s) {
        const Stage& stage = m_stages[s];
        h = stage.down(s == 0 ? h : stackFrames(h, kPooledFrames[s]));  // half the size, frames / pooled
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
        LIPAR_ASSIGN(const std::vector<ConvWeights> growth,
                     takeGrowth(store, decoderKey(position + 4) + ".conv", decoderKey(position + 5), width, next,
                                kGrownFrames[s]));
        width = next;
        if (s + 1 < decoder.m_stages.size()) {
            stage.grow = ConvLayer(joined(growth), placement);
            continue;
        }
        LIPAR_ASSIGN(const ConvWeights out, takeConv(store, decoderKey(22), width, 3, 3));
        decoder.m_out = FeaturesToPictures(growth, out, placement);
    }
    return decoder;
}

at::Tensor TaehvDecoder::decode(const at::Tensor& latents, const at::Tensor& /*guide*/, TaehvState& state) const {
    const at::Tensor clamped = latents.to(at::kFloat).div(3).tanh_().mul_(3).to(m_placement.dtype);
    at::Tensor h = m_in.relu(channelsLast(clamped));  // [t,.,h,w]
    for (std::size_t s = 0; s < m_stages.size(); ++s) {
        const Stage& stage = m_stages[s];
        for (std::size_t i = 0; i < stage.blocks.size(); ++i)
            h = stage.blocks[i](h, state[3 * s + i]);
        if (s + 1 < m_stages.size())
            h = quadsToPixels(stage.grow(h), kGrownFrames[s]);  // twice the size, frames * grown
    }
    return m_out(h);  // [4t,3,8h,8w]
}

std::map<std::string, std::int64_t> publishedTaehvWidths() {
    constexpr std::int64_t kEncoder = 64;
    constexpr std::array<std::int64_t, 4> kDecoder{256, 128, 64, 64};
    std::map<std::string, std::int64_t> widths{{encoderKey(0) + ".weight", kEncoder},
                                               {decoderKey(1) + ".weight", kDecoder[0]}};
    for (std::size_t s = 0; s < 3; ++s) {
        widths[encoderKey(3 + 5 * s) + ".weight"] = kEncoder;
        widths[decoderKey(8 + 6 * s) + ".weight"] = kDecoder[s + 1];
    }
    return widths;
}

Result<TaehvNetwork> takeTaehv(WeightStore& store, const Placement& placement, std::int64_t latentChannels) {
    TaehvNetwork network;
    network.device = placement.device;
    network.traits = {
        .latentChannels = int(latentChannels), .spatial = 8, .temporal = 4, .leadFrames = 3, .guided = false};
    LIPAR_ASSIGN(network.encoder, TaehvEncoder::take(store, placement, latentChannels));
    LIPAR_ASSIGN(network.decoder, TaehvDecoder::take(store, placement, latentChannels));
    return network;
}

}  // namespace lipar::models
