// The causal Wan diffusion transformer of any size (models.md, "Causal Wan DiT"), one block of latent frames at a time.
//
// The network knows nothing of pruning: it runs on whatever tokens it is given, and hands self-attention's queries, keys
// and values to a SelfAttention (engine/pipeline/kv_cache.h), which owns positions, the cache and recovery.
// Works in float32 or bfloat16; modulation, norms, positions and the time embedding are float32 throughout.
// Thread: immutable once loaded; a forward pass belongs to one thread.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/kernels/fp8.h"
#include "engine/kernels/linear.h"
#include "engine/kernels/normalization.h"
#include "engine/weights/manifest.h"

namespace lipar::models {

// Queries, keys and values of the N tokens in hand as a layer's projection gives them, before the q/k norms and rotation:
// slices of one tensor, so that rows lie apart.
struct AttentionInput {
    at::Tensor q, k, v;       // [N, H*d]
    at::Tensor normQ, normK;  // [H*d] float32, weights of the RMS norms
    double eps = 1e-6;
};

// What a block's tokens attend to.
class SelfAttention {
public:
    virtual ~SelfAttention() = default;
    // Stores this pass's keys and values of a layer, also for N = 0; then, unless only they are wanted, -> [N, H*d].
    virtual at::Tensor attend(int layer, const AttentionInput& input, bool keysOnly) = 0;
};

// Keys and values of the prompt, made once per prompt.
struct PromptContext {
    std::vector<at::Tensor> keys;    // per layer [H,L,d]
    std::vector<at::Tensor> values;

    // As Modulation::assign().
    void assign(const PromptContext& other) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            keys[i].copy_(other.keys[i]);
            values[i].copy_(other.values[i]);
        }
    }
};

// Everything that depends on the timestep alone; few timesteps exist, so it is made once for each.
struct Modulation {
    at::Tensor blocks;  // [layers, 6, dim] float32: shift, scale, gate of attention, then of the FFN
    at::Tensor head;    // [2, dim] float32: shift, scale

    // Takes the other's values, in place: what reads this one goes on reading the same memory.
    void assign(const Modulation& other) {
        blocks.copy_(other.blocks);
        head.copy_(other.head);
    }
};

// What the layers' wide products (q/k/v and both of the FFN) are computed in. The others gain nothing from 8 bits, and
// embeddings, modulation and head would lose by it.
enum class WideProducts {
    dtype,  // the network's own type
    fp8,    // E4M3 with a scale for each row of both operands (kernels/fp8.h); the network's type is bfloat16
};

class WanDit {
public:
    // Errors: modelMissing, modelDamaged (tensor named). On the meta device nothing is read: names, shapes and types are checked.
    [[nodiscard]] static Result<WanDit> load(const weights::ModelManifest& manifest, at::ScalarType dtype, at::Device device,
                                             WideProducts wide = WideProducts::dtype);
    // Random weights of the right shapes and a sane scale, for `lipar bench`.
    [[nodiscard]] static WanDit random(const weights::DitConfig& config, at::ScalarType dtype, at::Device device, std::uint64_t seed,
                                       WideProducts wide = WideProducts::dtype);

    [[nodiscard]] const weights::DitConfig& config() const noexcept { return m_config; }
    [[nodiscard]] std::int64_t parameterCount() const noexcept { return m_parameters; }
    [[nodiscard]] at::ScalarType dtype() const noexcept { return m_dtype; }
    [[nodiscard]] at::Device device() const noexcept { return m_device; }

    // embeddings [L, text_dim], L <= text_len; rows up to text_len are zero.
    [[nodiscard]] PromptContext encodePrompt(const at::Tensor& embeddings) const;
    // timestep = 1000 * sigma.
    [[nodiscard]] Modulation modulationAt(double timestep) const;

    // Latents [F,C,h,w] <-> patch vectors [F*n, patchArea*C], n row-major over the token grid, a vector in the order
    // patch h, patch w, channel.
    [[nodiscard]] at::Tensor toPatches(const at::Tensor& latents) const;
    [[nodiscard]] at::Tensor fromPatches(const at::Tensor& patches, std::int64_t frames, std::int64_t height, std::int64_t width) const;

    // One denoising pass. noisy [N, patchArea*C] of the kept tokens; source likewise for source_concat models, else
    // undefined -> velocity [N, patchArea*C] float32. Undefined when cancelled (polled before every layer).
    [[nodiscard]] at::Tensor forward(const at::Tensor& noisy, const at::Tensor& source, const Modulation& modulation,
                                     const PromptContext& prompt, SelfAttention& attention, const CancelToken& cancel = {}) const;
    // The t = 0 pass: only keys and values are wanted, so it ends with the last layer's. False when cancelled.
    bool writeCache(const at::Tensor& clean, const at::Tensor& source, const Modulation& modulation, const PromptContext& prompt,
                    SelfAttention& attention, const CancelToken& cancel = {}) const;

private:
    struct Linear {
        at::Tensor weight;  // [out, in]
        at::Tensor bias;    // [out]
        [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const { return kernels::linear(x, weight, bias); }
    };
    // A wide product: as a Linear, or in 8 bits.
    struct WideLinear : Linear {
        kernels::Fp8Rows fp8;  // in place of the weight
        [[nodiscard]] bool isFp8() const { return fp8.codes.defined(); }
    };
    struct Layer {
        WideLinear qkv;                     // self-attention, q, k and v joined
        Linear output;
        at::Tensor normQ, normK;            // [dim] float32
        at::Tensor norm3Weight, norm3Bias;  // [dim] float32
        Linear crossQ, crossKv, crossOutput;
        at::Tensor crossNormQ, crossNormK;
        WideLinear ffnIn, ffnOut;
        at::Tensor modulation;  // [6, dim] float32
    };
    class Source;
    class FileSource;
    class RandomSource;

    WanDit(weights::DitConfig config, at::ScalarType dtype, at::Device device, WideProducts wide)
        : m_config(std::move(config)), m_dtype(dtype), m_device(device), m_wide(wide) {}
    [[nodiscard]] Result<> build(Source& source);
    [[nodiscard]] Result<Layer> buildLayer(Source& source, const std::string& prefix) const;
    [[nodiscard]] at::Tensor embed(const at::Tensor& latents, const at::Tensor& source) const;
    // Runs the layers over x in place -> what of the last one is still to be added to x; none when cancelled.
    // keysOnly: stops after the last layer's keys and values.
    [[nodiscard]] std::optional<kernels::Residual> runLayers(at::Tensor& x, const Modulation& modulation, const PromptContext& prompt,
                                                             SelfAttention& attention, const CancelToken& cancel, bool keysOnly) const;
    // Linear maps PREFIX + NAME of one input [in] to [out] each, joined to one wide product.
    [[nodiscard]] Result<WideLinear> takeWide(Source& source, const std::string& prefix, std::initializer_list<const char*> names,
                                              std::int64_t out, std::int64_t in) const;
    // linear(layerNorm(x) * (1 + scale) + shift), once the residual is added to x
    [[nodiscard]] at::Tensor modulated(const WideLinear& linear, at::Tensor& x, const kernels::Residual& residual, const at::Tensor& shift,
                                       const at::Tensor& scale) const;
    [[nodiscard]] at::Tensor feedForward(const Layer& layer, at::Tensor& x, const kernels::Residual& residual, const at::Tensor& shift,
                                         const at::Tensor& scale) const;
    [[nodiscard]] at::Tensor splitHeads(const at::Tensor& x) const;  // [N,dim] -> [N,H,d]

    weights::DitConfig m_config;
    at::ScalarType m_dtype;
    at::Device m_device;
    WideProducts m_wide;
    std::int64_t m_parameters = 0;
    Linear m_patchEmbedding, m_textIn, m_textOut, m_timeIn, m_timeOut, m_timeProjection, m_head;
    at::Tensor m_headModulation;  // [2, dim] float32
    std::vector<Layer> m_layers;
};

}  // namespace lipar::models
