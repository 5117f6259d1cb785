#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/cpu/row_math.h"

namespace lipar::kernels::cpu {
namespace {

constexpr std::int64_t kGrain = 1 << 15;  // values worth a thread

// A number rounds away from what a fused multiply and add would give: the two steps are the contract.
std::uint8_t byteOf(float value) noexcept {
    const float scaled = value * 255.0f;
    return std::uint8_t(std::clamp(scaled + 0.5f, 0.0f, 255.0f));
}

}  // namespace

void unitOfBytes(Element type, const std::uint8_t* bytes, void* out, std::int64_t count, void*) {
    at::parallel_for(0, count, kGrain, [&](std::int64_t begin, std::int64_t end) {
        constexpr float kUnit = 1.0f / 255.0f;
        if (type == Element::float32) {
            auto* values = static_cast<float*>(out);
            for (std::int64_t i = begin; i < end; ++i)
                values[i] = float(bytes[i]) * kUnit;
        } else {
            auto* values = static_cast<std::uint16_t*>(out);
            for (std::int64_t i = begin; i < end; ++i)
                values[i] = bfloat16FromFloat(float(bytes[i]) * kUnit);
        }
    });
}

void bytesOfUnit(Element type, const void* frames, std::int64_t rows, std::int64_t rowLength, std::uint8_t* out,
                 std::int64_t frameCount, std::int64_t outRows, std::int64_t outLength, void*) {
    at::parallel_for(0, frameCount * outRows, std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, outLength)),
                     [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t row = begin; row < end; ++row) {
                             const void* from = rowAt(type, frames, (row / outRows * rows + row % outRows) * rowLength);
                             std::uint8_t* to = out + row * outLength;
                             if (type == Element::float32)
                                 std::transform(static_cast<const float*>(from),
                                                static_cast<const float*>(from) + outLength, to, byteOf);
                             else
                                 std::transform(static_cast<const std::uint16_t*>(from),
                                                static_cast<const std::uint16_t*>(from) + outLength, to,
                                                [](std::uint16_t value) { return byteOf(floatFromBfloat16(value)); });
                         }
                     });
}

void withPreviousFrame(const void* x, const void* before, void* pairs, void* last, std::int64_t frameCount,
                       std::int64_t pixels, std::int64_t pixelBytes, void*) {
    const auto size = std::size_t(pixelBytes);
    const auto* frames = static_cast<const std::byte*>(x);
    at::parallel_for(
        0, frameCount * pixels, std::max<std::int64_t>(1, 2 * kGrain / std::max<std::int64_t>(1, pixelBytes)),
        [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
                std::byte* pair = static_cast<std::byte*>(pairs) + 2 * std::size_t(i) * size;
                std::memcpy(pair, frames + std::size_t(i) * size, size);
                if (i >= pixels)
                    std::memcpy(pair + size, frames + std::size_t(i - pixels) * size, size);
                else if (before)
                    std::memcpy(pair + size, static_cast<const std::byte*>(before) + std::size_t(i) * size, size);
                else
                    std::memset(pair + size, 0, size);
            }
        });
    if (frameCount > 0)
        std::memcpy(last, frames + std::size_t((frameCount - 1) * pixels) * size, std::size_t(pixels) * size);
}

}  // namespace lipar::kernels::cpu
