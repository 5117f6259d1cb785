#include "engine/models/wan_vae/wan_vae_blocks.h"

namespace lipar::models {

Result<ConvWeights> takePointwise(WeightStore& store, const std::string& name, std::int64_t in, std::int64_t out) {
    ConvWeights weights;
    LIPAR_ASSIGN(const at::Tensor stored, store.take(name + ".weight", {out, in, 1, 1, 1}, at::kFloat, at::kCPU));
    weights.weight = stored.squeeze(2);  // [out,in,1,1]
    LIPAR_ASSIGN(weights.bias, store.take(name + ".bias", {out}, at::kFloat, at::kCPU));
    return weights;
}

Result<WanResidualBlock> WanResidualBlock::take(LayerSource& source, const std::string& name, std::int64_t in,
                                                std::int64_t out) {
    WanResidualBlock block;
    LIPAR_ASSIGN(block.m_norm1, ChannelNorm::take(source, name + ".residual.0", in, 3));
    LIPAR_ASSIGN(block.m_conv1, CausalConv::take(source, name + ".residual.2", in, out, 3));
    LIPAR_ASSIGN(block.m_norm2, ChannelNorm::take(source, name + ".residual.3", out, 3));
    LIPAR_ASSIGN(block.m_conv2, CausalConv::take(source, name + ".residual.6", out, out, 3));
    if (in != out) {
        LIPAR_ASSIGN(const ConvWeights shortcut, takePointwise(source.store, name + ".shortcut", in, out));
        block.m_shortcut = ConvLayer(shortcut, source.placement);
    }
    return block;
}

at::Tensor WanResidualBlock::operator()(const at::Tensor& x, FrameMemory& memory) const {
    at::Tensor h = m_conv1.ofActivated(m_norm1, x, memory);
    h = m_conv2.ofActivated(m_norm2, h, memory);
    return h.add_(m_shortcut ? (*m_shortcut)(x) : x);
}

Result<WanAttentionBlock> WanAttentionBlock::take(LayerSource& source, const std::string& name, std::int64_t width) {
    WanAttentionBlock block;
    LIPAR_ASSIGN(block.m_norm, ChannelNorm::take(source, name + ".norm", width, 2));
    LIPAR_ASSIGN(block.m_qkv, takeConvLayer(source.store, source.placement, name + ".to_qkv", width, 3 * width, 1));
    LIPAR_ASSIGN(block.m_projection, takeConvLayer(source.store, source.placement, name + ".proj", width, width, 1));
    return block;
}

at::Tensor WanAttentionBlock::operator()(const at::Tensor& x) const {
    const std::int64_t frames = x.size(0), width = x.size(1), height = x.size(2), columns = x.size(3);
    const at::Tensor qkv = channelsLast(m_qkv(m_norm(x)))                           // [T,3C,h,w]
                               .permute({0, 2, 3, 1})                               // [T,h,w,3C]
                               .reshape({frames, 1, height * columns, 3 * width});  // [T,1,hw,3C]
    const auto parts = qkv.chunk(3, -1);
    const at::Tensor mixed = at::scaled_dot_product_attention(parts[0], parts[1], parts[2])  // [T,1,hw,C]
                                 .reshape({frames, height, columns, width})
                                 .permute({0, 3, 1, 2});  // [T,C,h,w]
    return m_projection(mixed).add_(x);
}

Result<WanMiddle> WanMiddle::take(LayerSource& source, const std::string& name, std::int64_t width) {
    WanMiddle middle;
    LIPAR_ASSIGN(middle.m_before, WanResidualBlock::take(source, name + ".0", width, width));
    LIPAR_ASSIGN(middle.m_attention, WanAttentionBlock::take(source, name + ".1", width));
    LIPAR_ASSIGN(middle.m_after, WanResidualBlock::take(source, name + ".2", width, width));
    return middle;
}

at::Tensor WanMiddle::operator()(const at::Tensor& x, FrameMemory& memory) const {
    return m_after(m_attention(m_before(x, memory)), memory);
}

Result<WanDownsampling> WanDownsampling::take(LayerSource& source, const std::string& name, std::int64_t width,
                                              bool halvesTime) {
    WanDownsampling down;
    LIPAR_ASSIGN(const ConvWeights conv, takeConv(source.store, name + ".resample.1", width, width, 3));
    down.m_conv = ConvLayer(conv, source.placement, 2, 0);
    if (halvesTime) {
        LIPAR_ASSIGN(down.m_timeConv, CausalConv::take(source, name + ".time_conv", width, width, 1, 2));
        down.m_slot = source.nextSlot();
    }
    return down;
}

at::Tensor WanDownsampling::operator()(const at::Tensor& x, bool isFirst, FrameMemory& memory) const {
    const at::Tensor half =
        channelsLast(m_conv(at::constant_pad_nd(x, {0, 1, 0, 1})));  // zeros right and below; [T,C,h/2,w/2]
    if (!m_timeConv)
        return half;
    at::Tensor& last = memory[m_slot];
    const at::Tensor before = last;
    last = half.narrow(0, half.size(0) - 1, 1).clone();
    if (!isFirst)
        return m_timeConv->onFrames(at::cat({before, half}));  // [T/2,C,h/2,w/2]
    if (half.size(0) == 1)
        return half;
    return at::cat({half.narrow(0, 0, 1), m_timeConv->onFrames(half)});
}

Result<WanUpsampling> WanUpsampling::take(LayerSource& source, const std::string& name, std::int64_t in,
                                          std::int64_t out, bool doublesTime) {
    WanUpsampling up;
    LIPAR_ASSIGN(up.m_conv, takeConvLayer(source.store, source.placement, name + ".resample.1", in, out, 3));
    if (doublesTime) {
        LIPAR_ASSIGN(up.m_timeConv, CausalConv::take(source, name + ".time_conv", in, 2 * in, 1));
    }
    return up;
}

at::Tensor WanUpsampling::operator()(const at::Tensor& x, bool isFirst, FrameMemory& memory) const {
    at::Tensor frames = x;
    if (m_timeConv && !isFirst) {
        frames = splitFrames((*m_timeConv)(x, memory), 2);  // [2T,in,h,w]
    } else if (m_timeConv) {
        // The first frame stays one, and those after it do not see it here.
        m_timeConv->beginAfter(x, memory);
        if (x.size(0) > 1)
            frames = at::cat({x.narrow(0, 0, 1), splitFrames((*m_timeConv)(x.narrow(0, 1, x.size(0) - 1), memory), 2)});
    }
    return m_conv(at::upsample_nearest2d(channelsLast(frames), {2 * x.size(2), 2 * x.size(3)}));  // [.,out,2h,2w]
}

at::Tensor averagedDown(const at::Tensor& x, std::int64_t out, std::int64_t time, std::int64_t space, bool isFirst) {
    const std::int64_t lead = isFirst ? time - 1 : 0;
    const at::Tensor frames = lead > 0 ? at::constant_pad_nd(x, {0, 0, 0, 0, 0, 0, lead, 0}) : x;
    const std::int64_t count = frames.size(0) / time, channels = x.size(1), height = x.size(2) / space,
                       width = x.size(3) / space;
    return frames
        .permute({0, 2, 3, 1})  // [T,h,w,C]
        .reshape({count, time, height, space, width, space, channels})
        .permute({0, 2, 4, 6, 1, 3, 5})  // [T/t,h/s,w/s,C,t,s,s]
        .reshape({count, height, width, out, channels * time * space * space / out})
        .mean(-1)  // [T/t,h/s,w/s,out]
        .permute({0, 3, 1, 2});
}

at::Tensor repeatedUp(const at::Tensor& x, std::int64_t out, std::int64_t time, std::int64_t space, bool isFirst) {
    const std::int64_t count = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
    const std::int64_t repeats = out * time * space * space / channels;
    const at::Tensor frames = x.permute({0, 2, 3, 1})  // [T,h,w,C]
                                  .unsqueeze(-1)
                                  .expand({count, height, width, channels, repeats})
                                  .reshape({count, height, width, out, time, space, space})
                                  .permute({0, 4, 1, 5, 2, 6, 3})  // [T,t,h,s,w,s,out]
                                  .reshape({count * time, height * space, width * space, out})
                                  .permute({0, 3, 1, 2});
    return isFirst ? frames.narrow(0, time - 1, frames.size(0) - (time - 1)) : frames;
}

}  // namespace lipar::models
