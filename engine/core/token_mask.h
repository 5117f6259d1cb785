// The keep mask as plain memory: which tokens of which latent frame are computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lipar {

// [frames, rows, columns], row-major; 1 = kept (computed), 0 = pruned (reused).
struct TokenMask {
    int frames = 0;
    int rows = 0;
    int columns = 0;
    std::vector<std::uint8_t> keep;

    TokenMask() = default;
    TokenMask(int f, int r, int c, bool kept = true)
        : frames(f), rows(r), columns(c), keep(std::size_t(f) * std::size_t(r) * std::size_t(c), kept ? 1 : 0) {}

    [[nodiscard]] std::size_t frameSize() const noexcept { return std::size_t(rows) * std::size_t(columns); }
    [[nodiscard]] std::uint8_t* frame(int f) noexcept { return keep.data() + std::size_t(f) * frameSize(); }
    [[nodiscard]] const std::uint8_t* frame(int f) const noexcept { return keep.data() + std::size_t(f) * frameSize(); }
    [[nodiscard]] std::size_t keptCount() const noexcept {
        std::size_t n = 0;
        for (auto k : keep)
            n += k;
        return n;
    }
    // 1.0 for an empty mask.
    [[nodiscard]] double keptRatio() const noexcept {
        return keep.empty() ? 1.0 : double(keptCount()) / double(keep.size());
    }
    friend bool operator==(const TokenMask&, const TokenMask&) = default;
};

}  // namespace lipar
