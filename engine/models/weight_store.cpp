#include "engine/models/weight_store.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>
#include <string_view>

#include "engine/weights/finite.h"
#include "engine/weights/model_files.h"

namespace lipar::models {
namespace {

at::ScalarType scalarType(weights::DType type) {
    switch (type) {
        case weights::DType::f64: return at::kDouble;
        case weights::DType::f32: return at::kFloat;
        case weights::DType::f16: return at::kHalf;
        case weights::DType::bf16: return at::kBFloat16;
        case weights::DType::f8e4m3: return at::kFloat8_e4m3fn;
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

// Elements that are checked and converted at a time: few enough to stay in the cache between the two.
constexpr std::int64_t kChunk = std::int64_t(1) << 15;

// The elements [start, start + count) of a tensor as a flat one.
weights::TensorView flatPart(const weights::TensorView& view, std::int64_t start, std::int64_t count) {
    const std::size_t size = weights::dtypeSize(view.dtype);
    return {view.dtype, {count}, view.bytes.subspan(std::size_t(start) * size, std::size_t(count) * size)};
}

// Refers to the mapping where that is aligned, as it is in published files.
at::Tensor flatTensor(const weights::TensorView& view) {
    const auto options = at::TensorOptions().dtype(scalarType(view.dtype));
    if (reinterpret_cast<std::uintptr_t>(view.bytes.data()) % weights::dtypeSize(view.dtype) == 0)
        return at::from_blob(const_cast<std::byte*>(view.bytes.data()), view.shape, options);  // nobody writes through it
    at::Tensor copied = at::empty(view.shape, options);
    std::memcpy(copied.data_ptr(), view.bytes.data(), view.bytes.size());
    return copied;
}

// On the CPU, in `dtype`, in one pass over the file. Empty when a value is not finite.
std::optional<at::Tensor> readFinite(const weights::TensorView& view, at::ScalarType dtype) {
    at::Tensor tensor = at::empty(view.shape, at::TensorOptions().dtype(dtype));
    const at::Tensor flat = tensor.view({-1});
    const std::int64_t elements = view.elementCount();
    for (std::int64_t start = 0; start < elements; start += kChunk) {
        const std::int64_t count = std::min(kChunk, elements - start);
        const weights::TensorView part = flatPart(view, start, count);
        if (!weights::allFinite(part))
            return std::nullopt;
        flat.narrow(0, start, count).copy_(flatTensor(part));  // on all threads
    }
    return tensor;
}

}  // namespace

Result<WeightStore> WeightStore::open(const std::filesystem::path& directory, const std::vector<std::string>& files) {
    WeightStore store;
    LIPAR_ASSIGN(store.m_files, weights::openTensorFiles(directory, files));
    std::vector<std::string_view> names;
    for (const auto& file : store.m_files)
        for (const auto& [name, view] : file.tensors())
            names.push_back(name);
    store.m_keyMap = weights::KeyMap::detect(names);
    for (std::size_t i = 0; i < store.m_files.size(); ++i)
        for (const auto& [name, view] : store.m_files[i].tensors())
            LIPAR_TRY(store.add(i, name, view));
    return store;
}

Result<> WeightStore::add(std::size_t file, const std::string& storedName, const weights::TensorView& view) {
    const std::string name = m_keyMap->officialName(storedName);
    const auto [found, isNew] = m_entries.try_emplace(name, Entry{&view, file, storedName});
    if (isNew)
        return {};
    const Entry& other = found->second;
    const std::string fileName = m_files[file].path().filename().string();
    if (other.storedName == storedName)
        return fail(ErrorCode::modelDamaged, "model file " + fileName + " is damaged: tensor " + storedName + " is in another file as well",
                    "check that model.json names the files of one network");
    const bool same = other.view->dtype == view.dtype && other.view->shape == view.shape && std::ranges::equal(other.view->bytes, view.bytes);
    if (same)
        return {};
    return fail(ErrorCode::modelDamaged,
                "model file " + fileName + " is damaged: tensors " + other.storedName + " and " + storedName + " are one tensor of the model but differ",
                "install the model again");
}

WeightStore WeightStore::random(std::map<std::string, std::int64_t> outChannels, std::uint64_t seed) {
    WeightStore store;
    store.m_outChannels = std::move(outChannels);
    store.m_generator = at::detail::createCPUGenerator(seed);
    return store;
}

const WeightStore::Entry* WeightStore::find(const std::string& name) const {
    const auto found = m_entries.find(name);
    return found == m_entries.end() ? nullptr : &found->second;
}

Result<at::Tensor> WeightStore::view(const std::string& name, at::IntArrayRef shape) {
    const Entry* const entry = find(name);
    const bool isPlain = entry && entry->view->dtype != weights::DType::f8e4m3 && at::isFloatingType(scalarType(entry->view->dtype));
    if (!isPlain || reinterpret_cast<std::uintptr_t>(entry->view->bytes.data()) % weights::dtypeSize(entry->view->dtype) != 0)
        return take(name, shape, at::kFloat, at::kCPU);
    LIPAR_TRY(claim(name, shape));
    return flatTensor(*entry->view);
}

bool WeightStore::contains(const std::string& name) const {
    return find(name) != nullptr;
}

std::vector<std::int64_t> WeightStore::shapeOf(const std::string& name) const {
    if (const Entry* entry = find(name))
        return entry->view->shape;
    if (const auto known = m_outChannels.find(name); known != m_outChannels.end())
        return {known->second};
    return {};
}

std::unexpected<Error> WeightStore::damaged(const Entry& entry, const std::string& name, const std::string& why) const {
    const std::string shown = entry.storedName == name ? name : name + " (" + entry.storedName + " in the file)";
    return fail(ErrorCode::modelDamaged, "model file " + fileNameOf(entry) + " is damaged: tensor " + shown + " " + why, "install the model again");
}

Result<at::Tensor> WeightStore::take(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype, at::Device device) {
    if (m_generator) {
        m_parameters += c10::multiply_integers(shape);
        if (shape.size() < 2)
            return at::zeros(shape, at::TensorOptions().dtype(dtype).device(device));
        const double deviation = 1.0 / std::sqrt(double(c10::multiply_integers(shape.slice(1))));
        return (at::randn(shape, *m_generator, at::TensorOptions().dtype(at::kFloat)) * deviation).to(device, dtype);
    }
    LIPAR_ASSIGN(const Entry* const entry, claim(name, shape));
    const weights::DType stored = entry->view->dtype;
    if (stored == weights::DType::i8 || stored == weights::DType::f8e4m3) {
        LIPAR_ASSIGN(const at::Tensor codes, read(*entry, name, at::kFloat, device));
        LIPAR_ASSIGN(const at::Tensor scale, readScale(*entry, name, shape.empty() ? 0 : shape[0], device));
        std::vector<std::int64_t> perChannel(shape.size(), 1);
        perChannel[0] = shape[0];
        return (codes * scale.view(perChannel)).to(dtype);
    }
    if (!at::isFloatingType(scalarType(stored)))
        return damaged(*entry, name, "has type " + std::string(weights::dtypeName(stored)) + ", expected a floating-point type");
    return read(*entry, name, dtype, device);
}

Result<const WeightStore::Entry*> WeightStore::claim(const std::string& name, at::IntArrayRef shape) {
    const Entry* const entry = find(name);
    if (!entry) {
        const std::string stored = m_keyMap->storedName(name);
        return fail(ErrorCode::modelDamaged,
                    "model is incomplete: tensor " + name + (stored == name ? "" : " (" + stored + " in its files)") + " is missing",
                    "install the model again");
    }
    const weights::TensorView& view = *entry->view;
    if (at::IntArrayRef(view.shape) != shape)
        return damaged(*entry, name, "has shape " + shapeText(view.shape) + ", expected " + shapeText(shape));
    m_taken.insert(name);
    m_parameters += view.elementCount();
    return entry;
}

Result<at::Tensor> WeightStore::read(const Entry& entry, const std::string& name, at::ScalarType dtype, at::Device device) const {
    const weights::TensorView& view = *entry.view;
    if (device.is_meta())
        return at::empty(view.shape, at::TensorOptions().dtype(dtype).device(device));
    const std::optional<at::Tensor> tensor = readFinite(view, dtype);
    if (!tensor)
        return damaged(entry, name, "holds values that are not finite");
    return tensor->to(device);
}

Result<at::Tensor> WeightStore::readScale(const Entry& codes, const std::string& name, std::int64_t rows, at::Device device) {
    const std::string scaleName = name + "_scale";
    const Entry* const scale = find(scaleName);
    if (!scale || scale->view->dtype != weights::DType::f32 || scale->view->shape != std::vector<std::int64_t>{rows})
        return damaged(codes, name, "is 8-bit but " + scaleName + " is not " + std::to_string(rows) + " float32 values");
    m_taken.insert(scaleName);
    return read(*scale, scaleName, at::kFloat, device);
}

bool WeightStore::isFp8(const std::string& name) const {
    const Entry* const entry = find(name);
    return entry && entry->view->dtype == weights::DType::f8e4m3;
}

Result<kernels::Fp8Rows> WeightStore::takeFp8(const std::string& name, std::int64_t rows, std::int64_t columns, at::Device device) {
    LIPAR_ASSIGN(const Entry* const entry, claim(name, {rows, columns}));
    if (entry->view->dtype != weights::DType::f8e4m3)
        return damaged(*entry, name, "has type " + std::string(weights::dtypeName(entry->view->dtype)) + ", expected F8_E4M3");
    LIPAR_ASSIGN(at::Tensor codes, read(*entry, name, at::kFloat8_e4m3fn, device));
    LIPAR_ASSIGN(at::Tensor scale, readScale(*entry, name, rows, device));
    return kernels::Fp8Rows{std::move(codes), std::move(scale)};
}

Result<> WeightStore::checkAllTaken() const {
    for (const auto& [name, entry] : m_entries)
        if (!m_taken.contains(name))
            return fail(ErrorCode::modelDamaged, "model file " + fileNameOf(entry) + " does not fit: tensor " + entry.storedName + " is not part of this model",
                        "check that model.json describes these files");
    return {};
}

}  // namespace lipar::models
