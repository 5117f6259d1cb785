#include "engine/models/dit/stored_precision.h"

#include <algorithm>

namespace lipar::models {
namespace {

constexpr std::string_view kFloat32[] = {"time_embedding.", "time_projection.", "head.modulation"};
constexpr std::string_view kWide[] = {".self_attn.q.weight", ".self_attn.k.weight", ".self_attn.v.weight",
                                      ".ffn.0.weight", ".ffn.2.weight"};

}  // namespace

StoredForm storedFormOf(std::string_view name, const weights::TensorView& tensor) {
    using weights::DType;
    const bool isMatrix = tensor.shape.size() >= 2 && name.ends_with(".weight");
    const bool isFloat = tensor.dtype == DType::f64 || tensor.dtype == DType::f32 || tensor.dtype == DType::f16 ||
                         tensor.dtype == DType::bf16;
    if (!isMatrix || !isFloat || std::ranges::any_of(kFloat32, [&](auto start) { return name.starts_with(start); }))
        return StoredForm::unchanged;
    const bool isWide =
        name.starts_with("blocks.") && std::ranges::any_of(kWide, [&](auto end) { return name.ends_with(end); });
    return isWide ? StoredForm::wide : StoredForm::bfloat16;
}

}  // namespace lipar::models
