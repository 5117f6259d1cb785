#include "engine/models/mini_vae/mini_vae_network.h"

#include "engine/kernels/frame_layout.h"
#include "engine/models/mini_vae/patches.h"

namespace lipar::models {
namespace {

constexpr std::int64_t kPatchChannels = 48;  // 3 colours of 4x4 pixels

// a(x) + b(y) as one convolution of cat(x, y).
ConvWeights joinInputs(const ConvWeights& a, const ConvWeights& b) {
    return {at::cat({a.weight, b.weight}, 1), a.bias + b.bias};
}

// From pixel-shuffle's channel order (c, row, column) to (row, column, c), in which shuffle2 moves whole pixels.
ConvWeights pixelMajor(const ConvWeights& conv) {
    const auto reorder = [](const at::Tensor& t) {
        const std::int64_t channels = t.size(0) / 4;
        return t.unflatten(0, {channels, 4}).transpose(0, 1).flatten(0, 1);
    };
    return {reorder(conv.weight), reorder(conv.bias)};
}

// Output (y + 1) / 2, the factor moved into the weights (a power of two: exact in every type).
ConvWeights halved(const ConvWeights& conv) {
    return {conv.weight * 0.5, conv.bias * 0.5};
}

}  // namespace

Result<ResidualBlock> ResidualBlock::take(WeightStore& store, const Placement& placement, const std::string& name,
                                          std::int64_t width) {
    ResidualBlock block;
    LIPAR_ASSIGN(block.a, takeConvLayer(store, placement, name + ".a", width, width, 3));
    LIPAR_ASSIGN(block.b, takeConvLayer(store, placement, name + ".b", width, width, 3));
    return block;
}

at::Tensor ResidualBlock::operator()(const at::Tensor& x) const {
    return b(a(x).relu_()).add_(x).relu_();
}

Result<MemoryBlock> MemoryBlock::take(WeightStore& store, const Placement& placement, const std::string& name,
                                      std::int64_t width) {
    MemoryBlock block;
    LIPAR_ASSIGN(block.a, takeConvLayer(store, placement, name + ".a", 2 * width, width, 3));
    LIPAR_ASSIGN(block.b, takeConvLayer(store, placement, name + ".b", width, width, 3));
    return block;
}

at::Tensor MemoryBlock::operator()(const at::Tensor& x, at::Tensor& last) const {
    return b(a(kernels::withPreviousFrame(x, last)).relu_()).add_(x).relu_();
}

Result<MiniVaeEncoder> MiniVaeEncoder::take(WeightStore& store, const Placement& placement,
                                            std::int64_t latentChannels) {
    const std::int64_t quarter = outChannels(store, "e_in"), eighth = outChannels(store, "e_down");
    MiniVaeEncoder encoder;
    encoder.m_placement = placement;
    LIPAR_ASSIGN(encoder.m_in, takeConvLayer(store, placement, "e_in", 2 * kPatchChannels, quarter, 3));
    LIPAR_ASSIGN(encoder.m_residual, ResidualBlock::take(store, placement, "e_res", quarter));
    LIPAR_ASSIGN(encoder.m_down, takeConvLayer(store, placement, "e_down", quarter, eighth, 3, Bias::present, 2));
    LIPAR_ASSIGN(encoder.m_memory[0], MemoryBlock::take(store, placement, "e_m1", eighth));
    LIPAR_ASSIGN(encoder.m_pool, takeConvLayer(store, placement, "e_pool", 2 * eighth, eighth, 1));
    LIPAR_ASSIGN(encoder.m_memory[1], MemoryBlock::take(store, placement, "e_m2", eighth));
    LIPAR_ASSIGN(encoder.m_memory[2], MemoryBlock::take(store, placement, "e_m3", eighth));
    LIPAR_ASSIGN(encoder.m_out, takeConvLayer(store, placement, "e_out", eighth, latentChannels, 3));
    LIPAR_ASSIGN(at::Tensor mean, store.take("mean", {latentChannels}, at::kFloat, placement.device));
    LIPAR_ASSIGN(at::Tensor std, store.take("std", {latentChannels}, at::kFloat, placement.device));
    if (!std.gt(0).all().item<bool>())
        return fail(ErrorCode::modelDamaged, "model is damaged: tensor std holds values that are not positive",
                    "install the model again");
    encoder.m_mean = mean.view({latentChannels, 1, 1});
    encoder.m_std = std.view({latentChannels, 1, 1});
    return encoder;
}

at::Tensor MiniVaeEncoder::encode(const at::Tensor& frames, MiniVaeState& state) const {
    at::Tensor h = framesToPatches(frames, 2, m_placement.dtype);  // [2t,96,H/4,W/4]
    h = m_residual(m_in(h).relu_());
    h = m_memory[0](m_down(h).relu_(), state[0]);  // [2t,.,H/8,W/8]
    h = m_pool(stackFrames(h, 2)).relu_();         // [t,.,H/8,W/8]
    h = m_memory[2](m_memory[1](h, state[1]), state[2]);
    return m_out(h).to(at::kFloat).sub_(m_mean).div_(m_std).contiguous();
}

Result<MiniVaeDecoder> MiniVaeDecoder::take(WeightStore& store, const Placement& placement, std::int64_t latentChannels,
                                            bool guided) {
    const std::int64_t coarse = outChannels(store, "d_in"), middle = outChannels(store, "d_g1") / 2;
    const std::int64_t fine = outChannels(store, "d_up") / 4, last = outChannels(store, "d_g2") / 2;
    MiniVaeDecoder decoder;
    decoder.m_placement = placement;
    LIPAR_ASSIGN(decoder.m_in, takeConvLayer(store, placement, "d_in", latentChannels, coarse, 3));
    LIPAR_ASSIGN(decoder.m_memory[0], MemoryBlock::take(store, placement, "d_m1", coarse));
    LIPAR_ASSIGN(decoder.m_memory[1], MemoryBlock::take(store, placement, "d_m2", coarse));
    LIPAR_ASSIGN(decoder.m_grow1, takeConvLayer(store, placement, "d_g1", coarse, 2 * middle, 1));
    LIPAR_ASSIGN(decoder.m_memory[2], MemoryBlock::take(store, placement, "d_m3", middle));
    LIPAR_ASSIGN(const ConvWeights up, takeConv(store, "d_up", middle, 4 * fine, 1));
    decoder.m_up = ConvLayer(pixelMajor(up), placement);
    LIPAR_ASSIGN(decoder.m_residual1, ResidualBlock::take(store, placement, "d_r1", fine));
    LIPAR_ASSIGN(decoder.m_grow2, takeConvLayer(store, placement, "d_g2", fine, 2 * last, 1));
    LIPAR_ASSIGN(ConvWeights hidden, takeConv(store, "d_r2.a", last, last, 3));
    LIPAR_ASSIGN(decoder.m_residual2.b, takeConvLayer(store, placement, "d_r2.b", last, last, 3));
    LIPAR_ASSIGN(ConvWeights out, takeConv(store, "d_out", last, kPatchChannels, 3));
    if (guided) {
        const std::int64_t width = outChannels(store, "g_b");
        Guide guide;
        LIPAR_ASSIGN(guide.a, takeConvLayer(store, placement, "g_a", kPatchChannels, width, 3));
        LIPAR_ASSIGN(guide.b, takeConvLayer(store, placement, "g_b", width, width, 3));
        LIPAR_ASSIGN(guide.gate1, takeConvLayer(store, placement, "g_m1", last, width, 1));
        LIPAR_ASSIGN(guide.gate2, takeConvLayer(store, placement, "g_m2", last, width, 1));
        LIPAR_ASSIGN(const ConvWeights toHidden, takeConv(store, "g_j", width, last, 3));
        LIPAR_ASSIGN(const ConvWeights toOut, takeConv(store, "g_o", width, kPatchChannels, 3));
        hidden = joinInputs(hidden, toHidden);
        out = joinInputs(out, toOut);
        decoder.m_guide = std::move(guide);
    }
    decoder.m_residual2.a = ConvLayer(hidden, placement);
    decoder.m_out = ConvLayer(halved(out), placement);
    return decoder;
}

at::Tensor MiniVaeDecoder::decode(const at::Tensor& latents, const at::Tensor& guide, MiniVaeState& state) const {
    at::Tensor h = m_in(channelsLast(latents.to(m_placement.dtype))).relu_();  // [t,.,h,w]
    h = m_memory[1](m_memory[0](h, state[0]), state[1]);
    h = m_memory[2](splitFrames(m_grow1(h).relu_(), 2), state[2]);  // [2t,.,h,w]
    h = m_residual1(shuffle2(m_up(h).relu_()));                     // [2t,.,2h,2w]
    h = splitFrames(m_grow2(h).relu_(), 2);                         // [4t,.,2h,2w]
    h = m_guide ? guidedTail(h, guide) : m_out(m_residual2(h));     // [4t,48,2h,2w]
    return patchesToFrames(h.add_(0.5));
}

at::Tensor MiniVaeDecoder::guidedTail(const at::Tensor& h, const at::Tensor& guide) const {
    const at::Tensor patches = framesToPatches(guide, 1, m_placement.dtype);      // [4t,48,2h,2w]
    const at::Tensor features = m_guide->b(m_guide->a(patches).relu_()).relu_();  // [4t,G,2h,2w]
    const auto withGuide = [&](const at::Tensor& x, const ConvLayer& gate) {
        return at::cat({x, gate(x).mul_(features)}, 1);
    };
    const at::Tensor hidden = m_residual2.a(withGuide(h, m_guide->gate1)).relu_();
    const at::Tensor r = m_residual2.b(hidden).add_(h).relu_();
    return m_out(withGuide(r, m_guide->gate2));
}

Result<MiniVaeNetwork> takeMiniVae(WeightStore& store, const Placement& placement, std::int64_t latentChannels,
                                   bool guided) {
    MiniVaeNetwork network;
    network.device = placement.device;
    network.traits = {
        .latentChannels = int(latentChannels), .spatial = 8, .temporal = 4, .leadFrames = 0, .guided = guided};
    LIPAR_ASSIGN(network.encoder, MiniVaeEncoder::take(store, placement, latentChannels));
    LIPAR_ASSIGN(network.decoder, MiniVaeDecoder::take(store, placement, latentChannels, guided));
    return network;
}

}  // namespace lipar::models
