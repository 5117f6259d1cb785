#include "engine/models/wan_vae/causal_layers.h"

#include "engine/kernels/normalization.h"
#include "engine/kernels/transfer.h"

namespace lipar::models {
namespace {

constexpr std::int64_t kFrames = 3;  // that a convolution over time sees
constexpr std::int64_t kRemembered = kFrames - 1;
constexpr double kNormEpsilon = 1e-24;  // only keeps rows of zeros from dividing by zero
// Tensor cores take 16-byte rows.
constexpr std::int64_t kChannelMultiple = 8;

std::int64_t filledUp(std::int64_t channels) {
    return (channels + kChannelMultiple - 1) / kChannelMultiple * kChannelMultiple;
}

at::Tensor filledUp(const at::Tensor& tensor, std::int64_t axis) {
    const std::int64_t missing = filledUp(tensor.size(axis)) - tensor.size(axis);
    if (missing == 0)
        return tensor;
    std::vector<std::int64_t> shape = tensor.sizes().vec();
    shape[std::size_t(axis)] = missing;
    return at::cat({tensor, at::zeros(shape, tensor.options())}, axis);
}

}  // namespace

void FrameMemory::moveTo(at::Device device) {
    for (at::Tensor& frames : m_frames) {
        if (!frames.defined())
            continue;
        const at::Tensor rows = frames.permute({0, 2, 3, 1});  // [2,h,w,C], as it lies in memory
        frames =
            (device.is_cuda() ? kernels::toDevice(rows, device) : kernels::toHostLater(rows)).permute({0, 3, 1, 2});
    }
}

Result<ChannelNorm> ChannelNorm::take(LayerSource& source, const std::string& name, std::int64_t channels, int ones) {
    std::vector<std::int64_t> shape(std::size_t(ones) + 1, 1);
    shape[0] = channels;
    ChannelNorm norm;
    LIPAR_ASSIGN(const at::Tensor gamma,
                 source.store.take(name + ".gamma", shape, at::kFloat, source.placement.device));
    norm.m_gamma = gamma.reshape({channels}).contiguous();
    return norm;
}

at::Tensor ChannelNorm::operator()(const at::Tensor& x) const {
    const at::Tensor rows = channelsLast(x).permute({0, 2, 3, 1});  // [T,h,w,C]
    return kernels::rmsNorm(rows.reshape({-1, x.size(1)}), m_gamma, kNormEpsilon)
        .view(rows.sizes())
        .permute({0, 3, 1, 2});
}

Result<CausalConv> CausalConv::take(LayerSource& source, const std::string& name, std::int64_t in, std::int64_t out,
                                    std::int64_t places, std::int64_t frameStride) {
    LIPAR_ASSIGN(const at::Tensor weight,
                 source.store.take(name + ".weight", {out, in, kFrames, places, places}, at::kFloat, at::kCPU));
    LIPAR_ASSIGN(const at::Tensor bias, source.store.take(name + ".bias", {out}, at::kFloat, at::kCPU));
    return CausalConv(source, weight, bias, frameStride);
}

CausalConv::CausalConv(LayerSource& source, const at::Tensor& weight, const at::Tensor& bias, std::int64_t frameStride)
    : m_weight(filledUp(filledUp(weight, 0), 1)
                   .to(source.placement.device, source.placement.dtype)
                   .contiguous(at::MemoryFormat::ChannelsLast3d)),
      m_bias(filledUp(bias, 0).to(source.placement.device, source.placement.dtype)),
      m_in(weight.size(1)),
      m_out(weight.size(0)),
      m_frameStride(frameStride),
      m_slot(source.nextSlot()) {}

at::Tensor CausalConv::window(const at::Tensor& x, FrameMemory& memory) const {
    const std::int64_t channels = m_weight.size(1);
    at::Tensor frames = at::empty({kRemembered + x.size(0), channels, x.size(2), x.size(3)}, x.options(),
                                  at::MemoryFormat::ChannelsLast);
    at::Tensor remembered = frames.narrow(0, 0, kRemembered);
    if (const at::Tensor& last = memory[m_slot]; last.defined())
        remembered.copy_(last);
    else
        remembered.zero_();
    if (channels != m_in)
        frames.narrow(0, kRemembered, x.size(0)).narrow(1, m_in, channels - m_in).zero_();
    return frames;
}

void CausalConv::remember(const at::Tensor& window, FrameMemory& memory) const {
    memory[m_slot] = window.narrow(0, window.size(0) - kRemembered, kRemembered).clone();
}

at::Tensor CausalConv::operator()(const at::Tensor& x, FrameMemory& memory) const {
    at::Tensor frames = window(x, memory);
    frames.narrow(0, kRemembered, x.size(0)).narrow(1, 0, m_in).copy_(x);
    remember(frames, memory);
    return onFrames(frames);
}

at::Tensor CausalConv::ofActivated(const ChannelNorm& norm, const at::Tensor& x, FrameMemory& memory) const {
    at::Tensor frames = window(x, memory);
    at::Tensor present = frames.narrow(0, kRemembered, x.size(0)).narrow(1, 0, m_in);
    at::silu_out(present, norm(x));  // straight to where the convolution reads it
    remember(frames, memory);
    return onFrames(frames);
}

void CausalConv::beginAfter(const at::Tensor& x, FrameMemory& memory) const {
    memory[m_slot] = at::zeros({kRemembered, m_weight.size(1), x.size(2), x.size(3)},
                               x.options().memory_format(at::MemoryFormat::ChannelsLast));
}

at::Tensor CausalConv::onFrames(const at::Tensor& frames) const {
    const std::int64_t padding = m_weight.size(4) / 2;
    const std::int64_t missing = m_weight.size(1) - frames.size(1);
    const at::Tensor filled = missing > 0 ? at::constant_pad_nd(frames, {0, 0, 0, 0, 0, missing}) : frames;
    const at::Tensor clip = filled.unsqueeze(0).transpose(1, 2);  // [1,in,T,h,w]
    const at::Tensor made = at::conv3d(clip, m_weight, m_bias, {m_frameStride, 1, 1}, {0, padding, padding});
    return channelsLast(made.squeeze(0).transpose(0, 1)).narrow(1, 0, m_out);  // [T,out,h,w]
}

}  // namespace lipar::models
