#include "engine/weights/tensor_table.h"

#include <limits>

namespace lipar::weights {
namespace {

std::optional<std::int64_t> productOf(std::int64_t a, std::int64_t b) noexcept {
    if (b != 0 && a > std::numeric_limits<std::int64_t>::max() / b)
        return std::nullopt;
    return a * b;
}

}  // namespace

std::optional<std::int64_t> elementCountOf(std::span<const std::int64_t> shape) noexcept {
    std::int64_t count = 1;
    bool empty = false;
    for (const std::int64_t size : shape) {
        if (size < 0)
            return std::nullopt;
        empty = empty || size == 0;
        const auto product = productOf(count, size == 0 ? 1 : size);
        if (!product)
            return std::nullopt;
        count = *product;
    }
    return empty ? 0 : count;
}

std::optional<std::int64_t> byteCountOf(std::int64_t elements, DType dtype) noexcept {
    return productOf(elements, static_cast<std::int64_t>(dtypeSize(dtype)));
}

}  // namespace lipar::weights
