// What every reader of this folder fills, and the checked arithmetic they share.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "engine/weights/tensor_file.h"

namespace lipar::weights {

struct TensorTable {
    std::map<std::string, TensorView, std::less<>> tensors;
    std::map<std::string, std::string> metadata;
};

// Product of the dimensions; empty when one is negative or the product passes 2^63 - 1. A zero dimension does not hide
// an overflow among the others: such a shape is damage, too.
[[nodiscard]] std::optional<std::int64_t> elementCountOf(std::span<const std::int64_t> shape) noexcept;
// elements * dtypeSize(dtype), or empty when it passes 2^63 - 1.
[[nodiscard]] std::optional<std::int64_t> byteCountOf(std::int64_t elements, DType dtype) noexcept;

}  // namespace lipar::weights
