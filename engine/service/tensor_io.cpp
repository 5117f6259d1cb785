#include "engine/service/tensor_io.h"

#include <cstring>
#include <optional>

namespace lipar::service {
namespace {

std::optional<at::ScalarType> scalarType(weights::DType type) {
    switch (type) {
        case weights::DType::f64: return at::kDouble;
        case weights::DType::f32: return at::kFloat;
        case weights::DType::f16: return at::kHalf;
        case weights::DType::bf16: return at::kBFloat16;
        case weights::DType::u8:
        case weights::DType::boolean: return at::kBool;
        default: return std::nullopt;
    }
}

}  // namespace

Result<weights::TensorFile> openInput(const std::filesystem::path& path) {
    auto file = weights::TensorFile::open(path);
    if (file)
        return file;
    Error error = file.error();
    error.code = error.code == ErrorCode::modelMissing ? ErrorCode::inputMissing : ErrorCode::inputDamaged;
    return std::unexpected(error);
}

Result<at::Tensor> readTensor(const weights::TensorFile& file, const std::string& name, std::int64_t rank) {
    const auto damaged = [&](const std::string& why) {
        return fail(ErrorCode::inputDamaged, "cannot use " + file.path().string() + ": tensor " + name + " " + why);
    };
    const weights::TensorView* view = file.find(name);
    if (!view)
        return damaged("is missing");
    const auto type = scalarType(view->dtype);
    if (!type)
        return damaged("is of type " + std::string(weights::dtypeName(view->dtype)) + ", which is not expected here");
    if (std::int64_t(view->shape.size()) != rank)
        return damaged("has " + std::to_string(view->shape.size()) + " axes, expected " + std::to_string(rank));
    at::Tensor tensor = at::empty(view->shape, at::TensorOptions().dtype(*type));
    if (tensor.numel() == 0)
        return damaged("is empty");
    if (*type == at::kBool) {
        for (std::size_t i = 0; i < view->bytes.size(); ++i)
            tensor.mutable_data_ptr<bool>()[i] = view->bytes[i] != std::byte{0};
        return tensor;
    }
    std::memcpy(tensor.mutable_data_ptr(), view->bytes.data(), view->bytes.size());
    tensor = tensor.to(at::kFloat).contiguous();
    if (!tensor.isfinite().all().item<bool>())
        return damaged("holds values that are not finite");
    return tensor;
}

Result<> writeTensors(const std::filesystem::path& path, const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                      const std::map<std::string, std::string>& metadata) {
    std::vector<at::Tensor> kept;  // the views below point into these
    std::vector<weights::NamedTensor> named;
    for (const auto& [name, tensor] : tensors) {
        const bool boolean = tensor.scalar_type() == at::kBool;
        kept.push_back(tensor.to(at::kCPU, boolean ? at::kBool : at::kFloat).contiguous());
        const at::Tensor& data = kept.back();
        named.push_back({name, {boolean ? weights::DType::boolean : weights::DType::f32, data.sizes().vec(),
                                {static_cast<const std::byte*>(data.const_data_ptr()), data.nbytes()}}});
    }
    return weights::writeSafetensors(path, named, metadata);
}

}  // namespace lipar::service
