#include "engine/service/model_conversion.h"

#include <c10/core/GradMode.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "engine/kernels/fp8.h"
#include "engine/models/autoencoder.h"
#include "engine/models/dit/stored_precision.h"
#include "engine/models/dit/wan_dit.h"
#include "engine/models/text_encoder.h"
#include "engine/models/weight_store.h"
#include "engine/weights/finite.h"
#include "engine/weights/hash.h"
#include "engine/weights/key_map.h"
#include "engine/weights/model_files.h"

namespace lipar::service {
namespace {
namespace fs = std::filesystem;

using weights::DType;

constexpr std::size_t kEnd = std::size_t(1) << 20;  // of a file, for its digest

// The source's matrix as the network takes it: rounded to bfloat16.
at::Tensor roundedOf(const weights::TensorView& view) {
    at::Tensor tensor;
    const auto copy = [&](at::ScalarType type) {
        tensor = at::empty(view.shape, at::TensorOptions().dtype(type));  // the mapping need not be aligned
        std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
    };
    switch (view.dtype) {
        case DType::f64: copy(at::kDouble); break;
        case DType::f16: copy(at::kHalf); break;
        case DType::bf16: copy(at::kBFloat16); break;
        default: copy(at::kFloat); break;
    }
    return tensor.to(at::kBFloat16);
}

// Names of the published text encoder (models.md), all of which and no other must be there. Sizes are the first
// layer's.
Result<> checkTextEncoder(const weights::ModelManifest& manifest) {
    LIPAR_ASSIGN(models::WeightStore store, models::WeightStore::open(manifest.directory, manifest.text->files));
    const auto sizeOf = [&](const std::string& name, std::size_t axis) {
        const auto shape = store.shapeOf(name);
        return axis < shape.size() ? shape[axis] : 0;
    };
    const std::int64_t vocabulary = sizeOf("token_embedding.weight", 0), dim = sizeOf("token_embedding.weight", 1);
    const std::int64_t attention = sizeOf("blocks.0.attn.q.weight", 0), ffn = sizeOf("blocks.0.ffn.fc1.weight", 0);
    const std::int64_t buckets = sizeOf("blocks.0.pos_embedding.embedding.weight", 0);
    const std::int64_t heads = sizeOf("blocks.0.pos_embedding.embedding.weight", 1);
    const auto require = [&](const std::string& name, std::initializer_list<std::int64_t> shape) -> Result<> {
        LIPAR_TRY(store.take(name + ".weight", shape, at::kBFloat16, at::kMeta));
        return {};
    };
    LIPAR_TRY(require("token_embedding", {vocabulary, dim}));
    LIPAR_TRY(require("norm", {dim}));
    int layers = 0;
    do {
        const std::string block = "blocks." + std::to_string(layers) + ".";
        for (const char* const name : {"norm1", "norm2"})
            LIPAR_TRY(require(block + name, {dim}));
        for (const char* const name : {"attn.q", "attn.k", "attn.v"})
            LIPAR_TRY(require(block + name, {attention, dim}));
        LIPAR_TRY(require(block + "attn.o", {dim, attention}));
        for (const char* const name : {"ffn.gate.0", "ffn.fc1"})
            LIPAR_TRY(require(block + name, {ffn, dim}));
        LIPAR_TRY(require(block + "ffn.fc2", {dim, ffn}));
        LIPAR_TRY(require(block + "pos_embedding.embedding", {buckets, heads}));
        ++layers;
    } while (store.contains("blocks." + std::to_string(layers) + ".norm1.weight"));
    return store.checkAllTaken();
}

}  // namespace

Result<FileConversion> FileConversion::plan(const fs::path& source, const std::vector<std::string>& files,
                                            std::string target, bool isTransformer, Precision precision) {
    FileConversion conversion;
    conversion.m_target = std::move(target);
    LIPAR_ASSIGN(conversion.m_files, weights::openTensorFiles(source, files));
    std::vector<std::string_view> names;
    for (const weights::TensorFile& file : conversion.m_files)
        for (const auto& [name, view] : file.tensors())
            names.push_back(name);
    const weights::KeyMap map = weights::KeyMap::detect(names);
    for (std::size_t i = 0; i < conversion.m_files.size(); ++i)
        for (const auto& [name, view] : conversion.m_files[i].tensors())
            conversion.add(i, name, map.officialName(name), view, isTransformer, precision);
    return conversion;
}

void FileConversion::add(std::size_t file, const std::string& storedName, const std::string& name,
                         const weights::TensorView& view, bool isTransformer, Precision precision) {
    const auto put = [&](const std::string& target, Form form, DType dtype, std::vector<std::int64_t> shape) {
        // A tensor that is stored under two names is one; WeightStore has seen that both are the same.
        m_targets.try_emplace(target, Target{&view, file, storedName, form, {target, dtype, std::move(shape)}});
    };
    const models::StoredForm form = isTransformer ? models::storedFormOf(name, view) : models::StoredForm::unchanged;
    if (form == models::StoredForm::unchanged)
        return put(name, Form::unchanged, view.dtype, view.shape);
    if (form == models::StoredForm::bfloat16 || precision != Precision::fp8)
        return put(name, Form::bfloat16, DType::bf16, view.shape);
    put(name, Form::fp8Codes, DType::f8e4m3, view.shape);
    put(name + "_scale", Form::fp8Scale, DType::f32, {view.shape[0]});
}

std::vector<weights::TensorSpec> FileConversion::tensors() const {
    std::vector<weights::TensorSpec> specs;
    for (const auto& [name, target] : m_targets)
        specs.push_back(target.spec);
    return specs;
}

std::uint64_t FileConversion::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& [name, target] : m_targets) {
        std::uint64_t size = weights::dtypeSize(target.spec.dtype);
        for (const std::int64_t axis : target.spec.shape)
            size *= std::uint64_t(axis);
        sum += size;
    }
    return sum;
}

Result<std::string> FileConversion::origin() const {
    std::string text;
    for (const weights::TensorFile& file : m_files) {
        std::error_code ignored;
        const auto time = fs::last_write_time(file.path(), ignored).time_since_epoch().count();
        LIPAR_ASSIGN(const std::string ends, weights::sha256OfEnds(file.path(), kEnd));
        text += fs::absolute(file.path(), ignored).string() + " " +
                std::to_string(fs::file_size(file.path(), ignored)) + " " + std::to_string(time) + " " + ends + "\n";
    }
    return text;
}

Result<std::span<const std::byte>> FileConversion::convert(const std::string& name) {
    const c10::NoGradGuard noGradients;
    const Target& target = m_targets.at(name);
    if (!weights::allFinite(*target.view))
        return fail(ErrorCode::modelDamaged,
                    "model file " + m_files[target.file].path().filename().string() + " is damaged: tensor " +
                        target.storedName + " holds values that are not finite",
                    "download the model again");
    if (target.form == Form::unchanged || (target.form == Form::bfloat16 && target.view->dtype == DType::bf16))
        return target.view->bytes;
    m_current = roundedOf(*target.view);
    if (target.form != Form::bfloat16) {
        const kernels::Fp8Rows rows =
            kernels::toFp8(m_current);  // of a matrix [out,in], as WanDit makes them when it loads
        m_current = target.form == Form::fp8Codes ? rows.codes : rows.scale;
    }
    return std::span(static_cast<const std::byte*>(m_current.const_data_ptr()), m_current.nbytes());
}

Result<> checkStructure(const weights::ModelManifest& manifest) {
    const c10::NoGradGuard noGradients;
    LIPAR_TRY(models::WanDit::load(manifest, at::kBFloat16, at::kMeta));
    if (manifest.vae)
        LIPAR_TRY(models::loadAutoencoder(manifest, at::kFloat, at::kCPU));
    if (manifest.text && manifest.text->kind == "umt5")
        return checkTextEncoder(manifest);
    if (manifest.text)
        LIPAR_TRY(models::loadTextEncoder(manifest));
    return {};
}

}  // namespace lipar::service
