#include "engine/models/wan_vae/wan_vae_network.h"

namespace lipar::models {
namespace {

constexpr int kTemporal = 4;
constexpr std::int64_t kLeadFrames = kTemporal - 1;
constexpr std::size_t kEncoderBlocks = 2, kDecoderBlocks = 3;
constexpr std::array<bool, kWanVaeStages> kHalvesTime{false, true, true, false}, kDoublesTime{true, true, false, false};
// Pixels of the frames of one pass. A latent frame of 832x480 pictures is more: such are run one by one.
constexpr std::int64_t kPixelsPerPass = 800'000;

struct LatentConstants {
    std::vector<float> mean, deviation;
};

// models.md, "Wan2.1 VAE", and the constants published with Wan 2.2's.
const LatentConstants& constantsOf(WanVaeKind kind) {
    static const LatentConstants kWan21{{-0.7571f, -0.7089f, -0.9113f, 0.1075f, -0.1745f, 0.9653f, -0.1517f, 1.5508f,
                                         0.4134f, -0.0715f, 0.5517f, -0.3632f, -0.1922f, -0.9497f, 0.2503f, -0.2921f},
                                        {2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f,
                                         3.2687f, 2.1526f, 2.8652f, 1.5579f, 1.6382f, 1.1253f, 2.8251f, 1.9160f}};
    static const LatentConstants kWan22{
        {-0.2289f, -0.0052f, -0.1323f, -0.2339f, -0.2799f, 0.0174f,  0.1838f,  0.1557f,  -0.1382f, 0.0542f,
         0.2813f,  0.0891f,  0.1570f,  -0.0098f, 0.0375f,  -0.1825f, -0.2246f, -0.1207f, -0.0698f, 0.5109f,
         0.2665f,  -0.2108f, -0.2158f, 0.2502f,  -0.2055f, -0.0322f, 0.1109f,  0.1567f,  -0.0729f, 0.0899f,
         -0.2799f, -0.1230f, -0.0313f, -0.1649f, 0.0117f,  0.0723f,  -0.2839f, -0.2083f, -0.0520f, 0.3748f,
         0.0152f,  0.1957f,  0.1433f,  -0.2944f, 0.3573f,  -0.0548f, -0.1681f, -0.0667f},
        {0.4765f, 1.0364f, 0.4514f, 1.1677f, 0.5313f, 0.4990f, 0.4818f, 0.5013f, 0.8158f, 1.0344f, 0.5894f, 1.0901f,
         0.6885f, 0.6165f, 0.8454f, 0.4978f, 0.5759f, 0.3523f, 0.7135f, 0.6804f, 0.5833f, 1.4146f, 0.8986f, 0.5659f,
         0.7069f, 0.5338f, 0.4889f, 0.4917f, 0.4069f, 0.4999f, 0.6866f, 0.4093f, 0.5709f, 0.6065f, 0.6415f, 0.4944f,
         0.5726f, 1.2042f, 0.5458f, 1.6887f, 0.3971f, 1.0600f, 0.3943f, 0.5537f, 0.5444f, 0.4089f, 0.7468f, 0.7744f}};
    return kind == WanVaeKind::wan21 ? kWan21 : kWan22;
}

bool hasShortcuts(WanVaeKind kind) {
    return kind == WanVaeKind::wan22;
}

// Pixels along a side of what the network calls a place of its input.
std::int64_t patchOf(WanVaeKind kind) {
    return kind == WanVaeKind::wan22 ? 2 : 1;
}

// Name of block `block` of a stage whose first block is number `first` of all.
std::string blockName(WanVaeKind kind, const std::string& half, const std::string& list, std::size_t stage,
                      std::size_t first, std::size_t block) {
    if (kind == WanVaeKind::wan21)
        return half + "." + list + "." + std::to_string(first + block);
    return half + "." + list + "." + std::to_string(stage) + "." + list + "." + std::to_string(block);
}

// Blocks and the resampling of the stages before, of `blocks` blocks each.
std::size_t firstOfStage(std::size_t stage, std::size_t blocks) {
    return stage * (blocks + 1);
}

// Frames and patches. A patch's pixels lie in the channels in the order (channel, column, row).
at::Tensor toPatches(const at::Tensor& frames, std::int64_t patch) {
    if (patch == 1)
        return frames;
    const std::int64_t count = frames.size(0), channels = frames.size(1), height = frames.size(2) / patch,
                       width = frames.size(3) / patch;
    return frames.reshape({count, channels, height, patch, width, patch})
        .permute({0, 2, 4, 1, 5, 3})  // [T,h,w,3,column,row]
        .reshape({count, height, width, channels * patch * patch})
        .permute({0, 3, 1, 2});  // [T,3*p*p,h,w]
}

at::Tensor fromPatches(const at::Tensor& patches, std::int64_t patch) {
    if (patch == 1)
        return patches;
    const std::int64_t count = patches.size(0), channels = patches.size(1) / (patch * patch), height = patches.size(2),
                       width = patches.size(3);
    return patches.permute({0, 2, 3, 1})
        .reshape({count, height, width, channels, patch, patch})  // [T,h,w,3,column,row]
        .permute({0, 1, 5, 2, 4, 3})                              // [T,h,row,w,column,3]
        .reshape({count, height * patch, width * patch, channels})
        .permute({0, 3, 1, 2});  // [T,3,H,W]
}

// The encoder's last convolution, the map of its result and the normalisation of the means, as one. In float32, which
// costs nothing there: latents are what masks are made from.
Result<CausalConv> takeLatentHead(LayerSource& source, WanVaeKind kind, std::int64_t width) {
    const LatentConstants& constants = constantsOf(kind);
    const std::int64_t latents = latentChannelsOf(kind);
    LIPAR_ASSIGN(const at::Tensor weight,
                 source.store.take("encoder.head.2.weight", {2 * latents, width, 3, 3, 3}, at::kFloat, at::kCPU));
    LIPAR_ASSIGN(const at::Tensor bias, source.store.take("encoder.head.2.bias", {2 * latents}, at::kFloat, at::kCPU));
    LIPAR_ASSIGN(const ConvWeights map, takePointwise(source.store, "conv1", 2 * latents, 2 * latents));
    const at::Tensor mean = at::tensor(constants.mean).to(at::kDouble),
                     deviation = at::tensor(constants.deviation).to(at::kDouble);
    const at::Tensor rows =
        map.weight.view({2 * latents, 2 * latents}).narrow(0, 0, latents).to(at::kDouble) / deviation.unsqueeze(1);
    const at::Tensor merged = rows.matmul(weight.to(at::kDouble).flatten(1)).view({latents, width, 3, 3, 3});
    const at::Tensor mergedBias =
        rows.mv(bias.to(at::kDouble)) + (map.bias.narrow(0, 0, latents).to(at::kDouble) - mean) / deviation;
    LayerSource precise{source.store, {at::kFloat, source.placement.device}, source.slots};
    CausalConv head(precise, merged.to(at::kFloat), mergedBias.to(at::kFloat));
    source.slots = precise.slots;
    return head;
}

Result<ConvLayer> takeDenormalisation(LayerSource& source, WanVaeKind kind) {
    const LatentConstants& constants = constantsOf(kind);
    const std::int64_t latents = latentChannelsOf(kind);
    LIPAR_ASSIGN(const ConvWeights map, takePointwise(source.store, "conv2", latents, latents));
    const at::Tensor rows = map.weight.view({latents, latents}).to(at::kDouble);
    const at::Tensor scaled = rows * at::tensor(constants.deviation).to(at::kDouble);
    const at::Tensor shifted = rows.mv(at::tensor(constants.mean).to(at::kDouble)) + map.bias.to(at::kDouble);
    return ConvLayer({scaled.to(at::kFloat).view({latents, latents, 1, 1}), shifted.to(at::kFloat)},
                     {at::kFloat, source.placement.device});
}

}  // namespace

int latentChannelsOf(WanVaeKind kind) noexcept {
    return kind == WanVaeKind::wan21 ? 16 : 48;
}

// Counted for the multipliers 1, 2, 4, 4 of the published networks. Encoder: residual, norm, window and result of four
// frames at full size, 20 widths, and two frames remembered by every convolution, 15; Wan 2.2's shortcuts hold 8 more.
// Decoder: 20 and 25; Wan 2.2's last upsampling is twice as wide, with its shortcut 40 and 26.
double encodingValues(WanVaeKind kind, std::int64_t width) noexcept {
    return kind == WanVaeKind::wan21 ? 35.0 * double(width) : 43.0 * double(width) / 4;
}

double decodingValues(WanVaeKind kind, std::int64_t width) noexcept {
    return kind == WanVaeKind::wan21 ? 45.0 * double(width) : 66.0 * double(width) / 4;
}

Result<WanVaeEncoder> WanVaeEncoder::take(LayerSource& source, WanVaeKind kind) {
    WanVaeEncoder encoder;
    encoder.m_placement = source.placement;
    encoder.m_kind = kind;
    std::int64_t width = outChannels(source.store, "encoder.conv1");
    LIPAR_ASSIGN(encoder.m_in, CausalConv::take(source, "encoder.conv1", 3 * patchOf(kind) * patchOf(kind), width, 3));
    for (std::size_t s = 0; s < kWanVaeStages; ++s) {
        Stage& stage = encoder.m_stages[s];
        const auto name = [&](std::size_t block) {
            return blockName(kind, "encoder", "downsamples", s, firstOfStage(s, kEncoderBlocks), block);
        };
        stage.width = outChannels(source.store, name(0) + ".residual.2");
        for (std::size_t block = 0; block < kEncoderBlocks; ++block) {
            LIPAR_ASSIGN(WanResidualBlock taken, WanResidualBlock::take(source, name(block), width, stage.width));
            stage.blocks.push_back(std::move(taken));
            width = stage.width;
        }
        if (s + 1 < kWanVaeStages) {
            LIPAR_ASSIGN(stage.down, WanDownsampling::take(source, name(kEncoderBlocks), width, kHalvesTime[s]));
        }
    }
    LIPAR_ASSIGN(encoder.m_middle, WanMiddle::take(source, "encoder.middle", width));
    LIPAR_ASSIGN(encoder.m_norm, ChannelNorm::take(source, "encoder.head.0", width, 3));
    LIPAR_ASSIGN(encoder.m_out, takeLatentHead(source, kind, width));
    return encoder;
}

at::Tensor WanVaeEncoder::encode(const at::Tensor& frames, FrameMemory& memory) const {
    const bool isFirst = memory.isEmpty();
    const at::Tensor seen = isFirst ? frames.narrow(0, kLeadFrames, frames.size(0) - kLeadFrames) : frames;
    const at::Tensor signedFrames = seen.to(at::kFloat).mul(2.0).sub_(1.0).to(m_placement.dtype);
    at::Tensor h = m_in(toPatches(signedFrames, patchOf(m_kind)), memory);  // [T,.,H,W], T = 4t or 4t-3
    for (std::size_t s = 0; s < kWanVaeStages; ++s) {
        const Stage& stage = m_stages[s];
        const at::Tensor before = h;
        for (const WanResidualBlock& block : stage.blocks)
            h = block(h, memory);
        if (stage.down)
            h = (*stage.down)(h, isFirst, memory);  // half the size, stages 1 and 2 half the frames
        if (hasShortcuts(m_kind))
            h = h + averagedDown(before, stage.width, kHalvesTime[s] ? 2 : 1, stage.down ? 2 : 1, isFirst);
    }
    h = m_middle(h, memory);                                                  // [t,.,h,w]
    return m_out.ofActivated(m_norm, h.to(at::kFloat), memory).contiguous();  // [t,C,h,w]
}

Result<WanVaeDecoder> WanVaeDecoder::take(LayerSource& source, WanVaeKind kind) {
    WanVaeDecoder decoder;
    decoder.m_placement = source.placement;
    decoder.m_kind = kind;
    std::int64_t width = outChannels(source.store, "decoder.conv1");
    LIPAR_ASSIGN(decoder.m_denormalise, takeDenormalisation(source, kind));
    LIPAR_ASSIGN(decoder.m_in, CausalConv::take(source, "decoder.conv1", latentChannelsOf(kind), width, 3));
    LIPAR_ASSIGN(decoder.m_middle, WanMiddle::take(source, "decoder.middle", width));
    for (std::size_t s = 0; s < kWanVaeStages; ++s) {
        Stage& stage = decoder.m_stages[s];
        const auto name = [&](std::size_t block) {
            return blockName(kind, "decoder", "upsamples", s, firstOfStage(s, kDecoderBlocks), block);
        };
        stage.outWidth = outChannels(source.store, name(0) + ".residual.2");
        for (std::size_t block = 0; block < kDecoderBlocks; ++block) {
            LIPAR_ASSIGN(WanResidualBlock taken, WanResidualBlock::take(source, name(block), width, stage.outWidth));
            stage.blocks.push_back(std::move(taken));
            width = stage.outWidth;
        }
        if (s + 1 < kWanVaeStages) {
            stage.outWidth = outChannels(source.store, name(kDecoderBlocks) + ".resample.1");
            LIPAR_ASSIGN(stage.up,
                         WanUpsampling::take(source, name(kDecoderBlocks), width, stage.outWidth, kDoublesTime[s]));
            width = stage.outWidth;
        }
    }
    LIPAR_ASSIGN(decoder.m_norm, ChannelNorm::take(source, "decoder.head.0", width, 3));
    LIPAR_ASSIGN(decoder.m_out,
                 CausalConv::take(source, "decoder.head.2", width, 3 * patchOf(kind) * patchOf(kind), 3));
    return decoder;
}

at::Tensor WanVaeDecoder::decode(const at::Tensor& latents, const at::Tensor& /*guide*/, FrameMemory& memory) const {
    const bool isFirst = memory.isEmpty();
    at::Tensor h = m_denormalise(latents.to(at::kFloat)).to(m_placement.dtype);
    h = m_middle(m_in(h, memory), memory);  // [t,.,h,w]
    for (std::size_t s = 0; s < kWanVaeStages; ++s) {
        const Stage& stage = m_stages[s];
        const at::Tensor before = h;
        for (const WanResidualBlock& block : stage.blocks)
            h = block(h, memory);
        if (!stage.up)
            continue;
        h = (*stage.up)(h, isFirst, memory);  // twice the size, stages 0 and 1 twice the frames
        if (hasShortcuts(m_kind))
            h = h + repeatedUp(before, stage.outWidth, kDoublesTime[s] ? 2 : 1, 2, isFirst);
    }
    const at::Tensor made = m_out.ofActivated(m_norm, h, memory).to(at::kFloat);  // [4t or 4t-3,.,.,.]
    const at::Tensor frames = fromPatches(made.mul(0.5).add_(0.5), patchOf(m_kind));
    if (!isFirst)
        return frames;
    return at::cat({frames.narrow(0, 0, 1).expand({kLeadFrames, -1, -1, -1}), frames});
}

std::map<std::string, std::int64_t> publishedWanVaeWidths(WanVaeKind kind) {
    constexpr std::array<std::int64_t, kWanVaeStages> kMultipliers{1, 2, 4, 4};
    const std::int64_t encoder = kind == WanVaeKind::wan21 ? 96 : 160, decoder = kind == WanVaeKind::wan21 ? 96 : 256;
    std::map<std::string, std::int64_t> widths{{"encoder.conv1.weight", encoder * kMultipliers.front()},
                                               {"decoder.conv1.weight", decoder * kMultipliers.back()}};
    for (std::size_t s = 0; s < kWanVaeStages; ++s) {
        const std::int64_t up = decoder * kMultipliers[kWanVaeStages - 1 - s];
        widths[blockName(kind, "encoder", "downsamples", s, firstOfStage(s, kEncoderBlocks), 0) +
               ".residual.2.weight"] = encoder * kMultipliers[s];
        widths[blockName(kind, "decoder", "upsamples", s, firstOfStage(s, kDecoderBlocks), 0) + ".residual.2.weight"] =
            up;
        widths[blockName(kind, "decoder", "upsamples", s, firstOfStage(s, kDecoderBlocks), kDecoderBlocks) +
               ".resample.1.weight"] = kind == WanVaeKind::wan21 ? up / 2 : up;
    }
    return widths;
}

Result<WanVaeNetwork> takeWanVae(WeightStore& store, const Placement& placement, WanVaeKind kind) {
    WanVaeNetwork network;
    network.device = placement.device;
    network.pixelsPerPass = kPixelsPerPass;
    network.traits = {.latentChannels = latentChannelsOf(kind),
                      .spatial = 8 * int(patchOf(kind)),
                      .temporal = kTemporal,
                      .leadFrames = int(kLeadFrames),
                      .guided = false};
    LayerSource source{store, placement};
    const double element = double(c10::elementSize(placement.dtype));
    network.encodeBytesPerPixel = encodingValues(kind, outChannels(store, "encoder.conv1")) * element;
    network.decodeBytesPerPixel =
        decodingValues(kind, outChannels(store, blockName(kind, "decoder", "upsamples", kWanVaeStages - 1,
                                                          firstOfStage(kWanVaeStages - 1, kDecoderBlocks), 0) +
                                                    ".residual.2")) *
        element;
    LIPAR_ASSIGN(network.encoder, WanVaeEncoder::take(source, kind));
    LIPAR_ASSIGN(network.decoder, WanVaeDecoder::take(source, kind));
    return network;
}

}  // namespace lipar::models
