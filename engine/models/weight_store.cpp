#include "engine/models/weight_store.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <sstream>

namespace lipar::models {
namespace {

at::ScalarType scalarType(weights::DType type) {
    switch (type) {
        case weights::DType::f64: return at::kDouble;
        case weights::DType::f32: return at::kFloat;
        case weights::DType::f16: return at::kHalf;
        case weights::DType::bf16: return at::kBFloat16;
        case weights::DType::i64: return at::kLong;
        case weights::DType::i32: return at::kInt;
        case weights::DType::i16: return at::kShort;
        case weights::DType::i8: return at::kChar;
        case weights::DType::u8: return at::kByte;
        case weights::DType::boolean: return at::kBool;
    }
    return at::kFloat;
}

std::string shapeText(at::IntArrayRef shape) {
    std::ostringstream text;
    text << shape;
    return text.str();
}

// The mapping need not be aligned, so the bytes are copied, once.
at::Tensor copyOf(const weights::TensorView& view) {
    at::Tensor tensor = at::empty(view.shape, at::TensorOptions().dtype(scalarType(view.dtype)));
    if (!view.bytes.empty())
        std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
    return tensor;
}

}  // namespace

Result<WeightStore> WeightStore::open(const std::filesystem::path& directory, const std::vector<std::string>& files) {
    WeightStore store;
    for (const auto& file : files) {
        LIPAR_ASSIGN(weights::TensorFile opened, weights::TensorFile::open(directory / file));
        for (const auto& [name, view] : opened.tensors())
            if (store.contains(name))
                return fail(ErrorCode::modelDamaged, "model file " + file + " is damaged: tensor " + name + " is in another file as well");
        store.m_files.push_back(std::move(opened));
    }
    return store;
}

WeightStore WeightStore::random(std::map<std::string, std::int64_t> outChannels, std::uint64_t seed) {
    WeightStore store;
    store.m_outChannels = std::move(outChannels);
    store.m_generator = at::detail::createCPUGenerator(seed);
    return store;
}

bool WeightStore::contains(const std::string& name) const {
    for (const auto& file : m_files)
        if (file.find(name))
            return true;
    return false;
}

std::vector<std::int64_t> WeightStore::shapeOf(const std::string& name) const {
    for (const auto& file : m_files)
        if (const auto* view = file.find(name))
            return view->shape;
    if (const auto known = m_outChannels.find(name); known != m_outChannels.end())
        return {known->second};
    return {};
}

Result<at::Tensor> WeightStore::take(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype, at::Device device) {
    if (m_generator) {
        m_parameters += c10::multiply_integers(shape);
        if (shape.size() < 2)
            return at::zeros(shape, at::TensorOptions().dtype(dtype).device(device));
        const double deviation = 1.0 / std::sqrt(double(c10::multiply_integers(shape.slice(1))));
        return (at::randn(shape, *m_generator, at::TensorOptions().dtype(at::kFloat)) * deviation).to(device, dtype);
    }
    for (const auto& file : m_files) {
        const weights::TensorView* view = file.find(name);
        if (!view)
            continue;
        const auto damaged = [&](const std::string& why) {
            return fail(ErrorCode::modelDamaged, "model file " + file.path().filename().string() + " is damaged: tensor " + name + " " + why,
                        "install the model again");
        };
        if (at::IntArrayRef(view->shape) != shape)
            return damaged("has shape " + shapeText(view->shape) + ", expected " + shapeText(shape));
        at::Tensor tensor = copyOf(*view);
        m_taken.insert(name);
        m_parameters += tensor.numel();
        if (view->dtype == weights::DType::i8) {
            const std::string scaleName = name + "_scale";
            const weights::TensorView* scale = file.find(scaleName);
            if (!scale || scale->dtype != weights::DType::f32 || scale->shape != std::vector<std::int64_t>{shape[0]})
                return damaged("is 8-bit but " + scaleName + " is not " + std::to_string(shape[0]) + " float32 values");
            m_taken.insert(scaleName);
            std::vector<std::int64_t> perChannel(shape.size(), 1);
            perChannel[0] = shape[0];
            tensor = tensor.to(at::kFloat) * copyOf(*scale).view(perChannel);
        } else if (!at::isFloatingType(tensor.scalar_type())) {
            return damaged("has type " + std::string(weights::dtypeName(view->dtype)) + ", expected a floating-point type");
        }
        if (!tensor.isfinite().all().item<bool>())
            return damaged("holds values that are not finite");
        return tensor.to(device, dtype);
    }
    return fail(ErrorCode::modelDamaged, "model is incomplete: tensor " + name + " is missing", "install the model again");
}

Result<> WeightStore::checkAllTaken() const {
    for (const auto& file : m_files)
        for (const auto& [name, view] : file.tensors())
            if (!m_taken.contains(name))
                return fail(ErrorCode::modelDamaged,
                            "model file " + file.path().filename().string() + " does not fit: tensor " + name + " is not part of this model",
                            "check that model.json describes these files");
    return {};
}

}  // namespace lipar::models
