// How a WanDit gets its weights: from a model's files, or at random for measurements. Both fill the same layout.
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <initializer_list>
#include <optional>

#include "engine/models/dit/wan_dit.h"
#include "engine/models/weight_store.h"

namespace lipar::models {

// Where tensors come from. Shapes are the file's; `dtype` is what the network computes in.
class WanDit::Source {
public:
    virtual ~Source() = default;
    [[nodiscard]] virtual Result<at::Tensor> take(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype) = 0;

    // NAME.weight and NAME.bias
    [[nodiscard]] Result<Linear> linear(const std::string& name, std::int64_t out, std::int64_t in, at::ScalarType dtype) {
        LIPAR_ASSIGN(at::Tensor weight, take(name + ".weight", {out, in}, dtype));
        LIPAR_ASSIGN(at::Tensor bias, take(name + ".bias", {out}, dtype));
        return Linear{std::move(weight), std::move(bias)};
    }
    // Matrices of a wide product that are stored in 8 bits, one below the other. Empty when they are not.
    [[nodiscard]] virtual Result<std::optional<kernels::Fp8Rows>> joinedFp8(const std::string& prefix, std::initializer_list<const char*> names,
                                                                            std::int64_t out, std::int64_t in) {
        return std::nullopt;
    }
    // Several linear maps of one input as one.
    [[nodiscard]] Result<Linear> joined(const std::string& prefix, std::initializer_list<const char*> names, std::int64_t out,
                                        std::int64_t in, at::ScalarType dtype) {
        std::vector<at::Tensor> weights, biases;
        if (names.size() == 1)
            return linear(prefix + *names.begin(), out, in, dtype);
        for (const char* name : names) {
            LIPAR_ASSIGN(Linear part, linear(prefix + name, out, in, dtype));
            weights.push_back(part.weight);
            biases.push_back(part.bias);
        }
        return Linear{at::cat(weights), at::cat(biases)};
    }
};

class WanDit::FileSource final : public Source {
public:
    FileSource(WeightStore store, at::Device device) : m_store(std::move(store)), m_device(device) {}
    Result<at::Tensor> take(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype) override {
        return m_store.take(name, shape, dtype, m_device);
    }
    Result<std::optional<kernels::Fp8Rows>> joinedFp8(const std::string& prefix, std::initializer_list<const char*> names, std::int64_t out,
                                                      std::int64_t in) override {
        std::vector<at::Tensor> codes, scales;
        for (const char* name : names)
            if (!m_store.isFp8(prefix + name + ".weight"))
                return std::nullopt;
        for (const char* name : names) {
            LIPAR_ASSIGN(const kernels::Fp8Rows rows, m_store.takeFp8(prefix + name + ".weight", out, in, m_device));
            codes.push_back(rows.codes.view(at::kByte));  // float8 itself cannot be joined
            scales.push_back(rows.scale);
        }
        return kernels::Fp8Rows{at::cat(codes).view(at::kFloat8_e4m3fn), at::cat(scales)};
    }
    [[nodiscard]] const WeightStore& store() const { return m_store; }

private:
    WeightStore m_store;
    at::Device m_device;
};

class WanDit::RandomSource final : public Source {
public:
    RandomSource(at::Device device, std::uint64_t seed) : m_device(device), m_generator(at::detail::createCPUGenerator(seed)) {}
    Result<at::Tensor> take(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype) override {
        const auto options = at::TensorOptions().dtype(dtype).device(m_device);
        if (name.find("norm") != std::string::npos && name.ends_with("weight"))
            return at::ones(shape, options);
        if (name.ends_with("bias"))
            return at::zeros(shape, options);
        // Unit variance through a layer; drawn where the weights live, since a billion draws on the CPU take minutes.
        const double deviation = 1.0 / std::sqrt(double(c10::multiply_integers(shape.slice(1))));
        if (m_device.is_cpu())
            return (at::randn(shape, m_generator, at::TensorOptions().dtype(at::kFloat)) * deviation).to(dtype);
        return at::randn(shape, options.dtype(at::kFloat)).mul_(deviation).to(dtype);
    }

private:
    at::Device m_device;
    at::Generator m_generator;
};

Result<WanDit::WideLinear> WanDit::takeWide(Source& source, const std::string& prefix, std::initializer_list<const char*> names,
                                            std::int64_t out, std::int64_t in) const {
    if (m_wide == WideProducts::fp8) {
        LIPAR_ASSIGN(std::optional<kernels::Fp8Rows> stored, source.joinedFp8(prefix, names, out, in));
        if (stored) {
            std::vector<at::Tensor> biases;
            for (const char* name : names) {
                LIPAR_ASSIGN(at::Tensor bias, source.take(prefix + name + ".bias", {out}, m_dtype));
                biases.push_back(std::move(bias));
            }
            return WideLinear{{{}, at::cat(biases)}, *std::move(stored)};
        }
    }
    LIPAR_ASSIGN(Linear linear, source.joined(prefix, names, out, in, m_dtype));
    if (m_wide == WideProducts::dtype)
        return WideLinear{std::move(linear), {}};
    return WideLinear{{{}, std::move(linear.bias)}, kernels::toFp8(linear.weight)};
}

Result<WanDit::Layer> WanDit::buildLayer(Source& source, const std::string& prefix) const {
    const std::int64_t dim = m_config.dim, ffn = m_config.ffnDim;
    const auto vector = [&](const std::string& name) { return source.take(prefix + name, {dim}, at::kFloat); };
    Layer layer;
    LIPAR_ASSIGN(layer.qkv, takeWide(source, prefix + "self_attn.", {"q", "k", "v"}, dim, dim));
    LIPAR_ASSIGN(layer.output, source.linear(prefix + "self_attn.o", dim, dim, m_dtype));
    LIPAR_ASSIGN(layer.normQ, vector("self_attn.norm_q.weight"));
    LIPAR_ASSIGN(layer.normK, vector("self_attn.norm_k.weight"));
    LIPAR_ASSIGN(layer.norm3Weight, vector("norm3.weight"));
    LIPAR_ASSIGN(layer.norm3Bias, vector("norm3.bias"));
    LIPAR_ASSIGN(layer.crossQ, source.linear(prefix + "cross_attn.q", dim, dim, m_dtype));
    LIPAR_ASSIGN(layer.crossKv, source.joined(prefix + "cross_attn.", {"k", "v"}, dim, dim, m_dtype));
    LIPAR_ASSIGN(layer.crossOutput, source.linear(prefix + "cross_attn.o", dim, dim, m_dtype));
    LIPAR_ASSIGN(layer.crossNormQ, vector("cross_attn.norm_q.weight"));
    LIPAR_ASSIGN(layer.crossNormK, vector("cross_attn.norm_k.weight"));
    LIPAR_ASSIGN(layer.ffnIn, takeWide(source, prefix, {"ffn.0"}, ffn, dim));
    LIPAR_ASSIGN(layer.ffnOut, takeWide(source, prefix, {"ffn.2"}, dim, ffn));
    LIPAR_ASSIGN(const at::Tensor modulation, source.take(prefix + "modulation", {1, 6, dim}, at::kFloat));
    layer.modulation = modulation[0];
    return layer;
}

Result<> WanDit::build(Source& source) {
    const std::int64_t dim = m_config.dim, in = m_config.inChannels, area = std::int64_t(m_config.patch[1]) * m_config.patch[2];
    LIPAR_ASSIGN(const at::Tensor patch, source.take("patch_embedding.weight", {dim, in, m_config.patch[0], m_config.patch[1], m_config.patch[2]}, m_dtype));
    // [dim,Cin,1,ph,pw] -> [dim, ph*pw*Cin] in patch-vector order; the two halves of a source_concat model side by side.
    const std::int64_t parts = m_config.sourceConcat ? 2 : 1;
    m_patchEmbedding.weight = patch.view({dim, parts, in / parts, area}).permute({0, 1, 3, 2}).reshape({dim, area * in}).contiguous();
    LIPAR_ASSIGN(m_patchEmbedding.bias, source.take("patch_embedding.bias", {dim}, m_dtype));
    LIPAR_ASSIGN(m_textIn, source.linear("text_embedding.0", dim, m_config.textDim, m_dtype));
    LIPAR_ASSIGN(m_textOut, source.linear("text_embedding.2", dim, dim, m_dtype));
    LIPAR_ASSIGN(m_timeIn, source.linear("time_embedding.0", dim, m_config.freqDim, at::kFloat));
    LIPAR_ASSIGN(m_timeOut, source.linear("time_embedding.2", dim, dim, at::kFloat));
    LIPAR_ASSIGN(m_timeProjection, source.linear("time_projection.1", 6 * dim, dim, at::kFloat));
    LIPAR_ASSIGN(m_head, source.linear("head.head", area * m_config.outChannels, dim, m_dtype));
    LIPAR_ASSIGN(const at::Tensor headModulation, source.take("head.modulation", {1, 2, dim}, at::kFloat));
    m_headModulation = headModulation[0];
    for (int i = 0; i < m_config.numLayers; ++i) {
        LIPAR_ASSIGN(Layer layer, buildLayer(source, "blocks." + std::to_string(i) + "."));
        m_layers.push_back(std::move(layer));
    }
    return {};
}

Result<WanDit> WanDit::load(const weights::ModelManifest& manifest, at::ScalarType dtype, at::Device device, WideProducts wide) {
    LIPAR_ASSIGN(WeightStore store, WeightStore::open(manifest.directory, manifest.dit.files));
    WanDit dit(manifest.dit, dtype, device, wide);
    FileSource source(std::move(store), device);
    LIPAR_TRY(dit.build(source));
    LIPAR_TRY(source.store().checkAllTaken());
    dit.m_parameters = source.store().parameterCount();
    return dit;
}

WanDit WanDit::random(const weights::DitConfig& config, at::ScalarType dtype, at::Device device, std::uint64_t seed, WideProducts wide) {
    WanDit dit(config, dtype, device, wide);
    RandomSource source(device, seed);
    [[maybe_unused]] const Result<> built = dit.build(source);  // a random source has every tensor
    return dit;
}

}  // namespace lipar::models
