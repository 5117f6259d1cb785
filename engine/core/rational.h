// Exact fractions: times in seconds, frame rates, time bases and aspect ratios.
#pragma once

#include <compare>
#include <cstdint>

namespace lipar {

// A valid value has den > 0; results of the operators are in lowest terms. Terms are computed in 128 bits: exact as long
// as the reduced result fits 64, which sums of times at the field's frame and sample rates do by far.
struct Rational {
    std::int64_t num = 0;
    std::int64_t den = 1;

    [[nodiscard]] constexpr double value() const noexcept {
        return den == 0 ? 0.0 : static_cast<double>(num) / static_cast<double>(den);
    }
    // As a rate or an aspect ratio.
    [[nodiscard]] constexpr bool isValid() const noexcept { return num > 0 && den > 0; }

    // The whole number at or below, nearest to (halves away from zero), at or above.
    [[nodiscard]] constexpr std::int64_t floor() const noexcept { return num >= 0 ? num / den : -((-num + den - 1) / den); }
    [[nodiscard]] constexpr std::int64_t ceil() const noexcept { return -Rational{-num, den}.floor(); }
    [[nodiscard]] constexpr std::int64_t rounded() const noexcept {
        return num >= 0 ? reduced(__int128(2) * num + den, __int128(2) * den).floor() : -Rational{-num, den}.rounded();
    }

    friend constexpr Rational operator+(const Rational& a, const Rational& b) noexcept {
        return reduced(__int128(a.num) * b.den + __int128(b.num) * a.den, __int128(a.den) * b.den);
    }
    friend constexpr Rational operator-(const Rational& a, const Rational& b) noexcept { return a + Rational{-b.num, b.den}; }
    friend constexpr Rational operator*(const Rational& a, const Rational& b) noexcept {
        return reduced(__int128(a.num) * b.num, __int128(a.den) * b.den);
    }
    // `b` must not be 0.
    friend constexpr Rational operator/(const Rational& a, const Rational& b) noexcept {
        return b.num > 0 ? reduced(__int128(a.num) * b.den, __int128(a.den) * b.num)
                         : reduced(-__int128(a.num) * b.den, -__int128(a.den) * b.num);
    }
    friend constexpr Rational operator-(const Rational& a) noexcept { return {-a.num, a.den}; }
    constexpr Rational& operator+=(const Rational& other) noexcept { return *this = *this + other; }
    constexpr Rational& operator-=(const Rational& other) noexcept { return *this = *this - other; }

    friend constexpr bool operator==(const Rational& a, const Rational& b) noexcept {
        return __int128(a.num) * b.den == __int128(b.num) * a.den;
    }
    friend constexpr std::strong_ordering operator<=>(const Rational& a, const Rational& b) noexcept {
        return __int128(a.num) * b.den <=> __int128(b.num) * a.den;
    }

private:
    static constexpr Rational reduced(__int128 num, __int128 den) noexcept {
        __int128 a = num < 0 ? -num : num;
        __int128 b = den;
        while (b != 0) {
            const __int128 rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 0)
            return {0, 1};
        Rational result;
        result.num = static_cast<std::int64_t>(num / a);
        result.den = static_cast<std::int64_t>(den / a);
        return result;
    }
};

}  // namespace lipar
