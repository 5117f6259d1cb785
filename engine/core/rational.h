// Exact fractions for frame rates, time bases and aspect ratios.
#pragma once

#include <cstdint>

namespace lipar {

struct Rational {
    std::int64_t num = 0;
    std::int64_t den = 1;

    [[nodiscard]] constexpr double value() const noexcept {
        return den == 0 ? 0.0 : static_cast<double>(num) / static_cast<double>(den);
    }
    [[nodiscard]] constexpr bool isValid() const noexcept { return num > 0 && den > 0; }
    friend constexpr bool operator==(const Rational& a, const Rational& b) noexcept {
        return a.num * b.den == b.num * a.den;
    }
};

}  // namespace lipar
