#include "engine/models/dit/wan_dit.h"

#include <cmath>

#include "engine/kernels/attention.h"
#include "engine/kernels/normalization.h"
#include "engine/kernels/rope.h"

namespace lipar::models {

namespace kernels = lipar::kernels;

at::Tensor WanDit::modulated(const WideLinear& linear, at::Tensor& x, const kernels::Residual& residual, const at::Tensor& shift,
                             const at::Tensor& scale) const {
    if (linear.isFp8())
        return kernels::linearFp8(kernels::layerNormModulateToFp8(x, residual, shift, scale, m_config.eps), linear.fp8, linear.bias);
    return linear(kernels::layerNormModulate(x, residual, shift, scale, m_config.eps));
}

at::Tensor WanDit::feedForward(const Layer& layer, at::Tensor& x, const kernels::Residual& residual, const at::Tensor& shift,
                               const at::Tensor& scale) const {
    if (layer.ffnIn.isFp8()) {
        const at::Tensor hidden = modulated(layer.ffnIn, x, residual, shift, scale);  // [N,ffn]
        return kernels::linearFp8(kernels::geluToFp8(hidden), layer.ffnOut.fp8, layer.ffnOut.bias);
    }
    return layer.ffnOut(
        kernels::linearGelu(kernels::layerNormModulate(x, residual, shift, scale, m_config.eps), layer.ffnIn.weight, layer.ffnIn.bias));
}

at::Tensor WanDit::splitHeads(const at::Tensor& x) const {
    return x.unflatten(-1, {m_config.numHeads, m_config.headDim()});  // [N,H,d]
}

PromptContext WanDit::encodePrompt(const at::Tensor& embeddings) const {
    at::Tensor padded = at::zeros({m_config.textLen, m_config.textDim}, at::TensorOptions().dtype(m_dtype).device(m_device));
    const std::int64_t length = std::min<std::int64_t>(embeddings.size(0), m_config.textLen);
    padded.narrow(0, 0, length).copy_(embeddings.narrow(0, 0, length));
    const at::Tensor text = m_textOut(at::gelu(m_textIn(padded), "tanh"));  // [L,dim]
    PromptContext context;
    for (const Layer& layer : m_layers) {
        const at::Tensor kv = layer.crossKv(text);  // [L,2*dim]
        const at::Tensor k = kernels::rmsNorm(kv.narrow(1, 0, m_config.dim), layer.crossNormK, m_config.eps);
        context.keys.push_back(splitHeads(k).transpose(0, 1).contiguous());  // [H,L,d]
        context.values.push_back(splitHeads(kv.narrow(1, m_config.dim, m_config.dim)).transpose(0, 1).contiguous());
    }
    return context;
}

Modulation WanDit::modulationAt(double timestep) const {
    const int half = m_config.freqDim / 2;
    const at::Tensor angles = timestep * at::pow(10000.0, -at::arange(half, at::kDouble) / double(half));
    const at::Tensor sinusoid = at::cat({angles.cos(), angles.sin()}).to(m_device, at::kFloat).unsqueeze(0);  // [1,freqDim]
    const at::Tensor e = m_timeOut(at::silu(m_timeIn(sinusoid)));                                              // [1,dim]
    const at::Tensor e0 = m_timeProjection(at::silu(e)).view({6, m_config.dim});
    std::vector<at::Tensor> blocks;
    for (const Layer& layer : m_layers)
        blocks.push_back(layer.modulation + e0);
    return {at::stack(blocks).contiguous(), (m_headModulation + e).contiguous()};
}

at::Tensor WanDit::toPatches(const at::Tensor& latents) const {
    const std::int64_t frames = latents.size(0), channels = latents.size(1), ph = m_config.patch[1], pw = m_config.patch[2];
    const std::int64_t rows = latents.size(2) / ph, columns = latents.size(3) / pw;
    return latents.reshape({frames, channels, rows, ph, columns, pw})
        .permute({0, 2, 4, 3, 5, 1})  // [F,rows,columns,ph,pw,C]
        .reshape({frames * rows * columns, ph * pw * channels});
}

at::Tensor WanDit::fromPatches(const at::Tensor& patches, std::int64_t frames, std::int64_t height, std::int64_t width) const {
    const std::int64_t ph = m_config.patch[1], pw = m_config.patch[2], channels = patches.size(1) / (ph * pw);
    return patches.view({frames, height / ph, width / pw, ph, pw, channels})
        .permute({0, 5, 1, 3, 2, 4})  // [F,C,rows,ph,columns,pw]
        .reshape({frames, channels, height, width});
}

at::Tensor WanDit::embed(const at::Tensor& latents, const at::Tensor& source) const {
    const at::Tensor vectors = m_config.sourceConcat ? at::cat({latents, source}, 1) : latents;
    return m_patchEmbedding(vectors.to(m_dtype));  // [N,dim]
}

std::optional<kernels::Residual> WanDit::runLayers(at::Tensor& x, const Modulation& modulation, const PromptContext& prompt,
                                                   SelfAttention& attention, const CancelToken& cancel, bool keysOnly) const {
    const std::int64_t dim = m_config.dim;
    const double eps = m_config.eps;
    const int last = int(m_layers.size()) - 1;
    kernels::Residual fed;  // of the layer before, not yet added
    for (int i = 0; i <= last; ++i) {
        if (cancel.isCancelled())
            return {};
        const Layer& layer = m_layers[std::size_t(i)];
        const at::Tensor rows = modulation.blocks[i];  // [6,dim]
        const at::Tensor qkv = modulated(layer.qkv, x, fed, rows[0], rows[1]);  // [N,3*dim]
        const AttentionInput input{qkv.narrow(1, 0, dim), qkv.narrow(1, dim, dim), qkv.narrow(1, 2 * dim, dim), layer.normQ, layer.normK, eps};
        const bool isEnd = (keysOnly && i == last) || x.size(0) == 0;
        const at::Tensor attended = attention.attend(i, input, isEnd);
        if (isEnd) {
            fed = {};
            continue;
        }
        const at::Tensor crossIn =
            kernels::layerNormAffine(x, {layer.output(attended), rows[2]}, layer.norm3Weight, layer.norm3Bias, eps);
        const at::Tensor crossQ = kernels::emptyQueries(x.size(0), m_config.numHeads, m_config.headDim(), x.options());  // [H,N,d]
        kernels::rmsNorm(layer.crossQ(crossIn), layer.crossNormQ, eps, crossQ.transpose(0, 1).flatten(1));
        const at::Tensor crossed = kernels::attention(crossQ, prompt.keys[std::size_t(i)], prompt.values[std::size_t(i)]);
        fed = {feedForward(layer, x, {layer.crossOutput(crossed), {}}, rows[3], rows[4]), rows[5]};
    }
    return fed;
}

at::Tensor WanDit::forward(const at::Tensor& noisy, const at::Tensor& source, const Modulation& modulation, const PromptContext& prompt,
                           SelfAttention& attention, const CancelToken& cancel) const {
    at::Tensor x = embed(noisy, source);
    const std::optional<kernels::Residual> fed = runLayers(x, modulation, prompt, attention, cancel, false);
    if (!fed)
        return {};
    return m_head(kernels::layerNormModulate(x, *fed, modulation.head[0], modulation.head[1], m_config.eps)).to(at::kFloat);
}

bool WanDit::writeCache(const at::Tensor& clean, const at::Tensor& source, const Modulation& modulation, const PromptContext& prompt,
                        SelfAttention& attention, const CancelToken& cancel) const {
    at::Tensor x = embed(clean, source);
    return runLayers(x, modulation, prompt, attention, cancel, true).has_value();
}

}  // namespace lipar::models
