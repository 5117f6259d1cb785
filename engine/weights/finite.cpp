#include "engine/weights/finite.h"

#include <algorithm>
#include <cstring>

namespace lipar::weights {
namespace {

// An exponent of ones alone marks infinities and what is no number. Blocks, so that the inner loop has no exit and is
// vectorised, and a damaged tensor is still found early.
template <class Bits>
bool noneHas(std::span<const std::byte> bytes, Bits exponent) noexcept {
    constexpr std::size_t kBlock = 4096 / sizeof(Bits);
    const std::size_t count = bytes.size() / sizeof(Bits);
    for (std::size_t start = 0; start < count; start += kBlock) {
        const std::size_t length = std::min(kBlock, count - start);
        Bits block[kBlock];
        std::memcpy(block, bytes.data() + start * sizeof(Bits), length * sizeof(Bits));
        Bits found = 0;
        for (std::size_t i = 0; i < length; ++i)
            found |= Bits((block[i] & exponent) == exponent);
        if (found != 0)
            return false;
    }
    return true;
}

}  // namespace

bool allFinite(const TensorView& tensor) noexcept {
    switch (tensor.dtype) {
        case DType::f64: return noneHas<std::uint64_t>(tensor.bytes, 0x7ff0'0000'0000'0000);
        case DType::f32: return noneHas<std::uint32_t>(tensor.bytes, 0x7f80'0000);
        case DType::f16: return noneHas<std::uint16_t>(tensor.bytes, 0x7c00);
        case DType::bf16: return noneHas<std::uint16_t>(tensor.bytes, 0x7f80);
        case DType::f8e4m3: return noneHas<std::uint8_t>(tensor.bytes, 0x7f);  // has no infinities, and one bit pattern that is no number
        case DType::i64:
        case DType::i32:
        case DType::i16:
        case DType::i8:
        case DType::u8:
        case DType::boolean: return true;
    }
    return true;
}

}  // namespace lipar::weights
