#include "app/project/exact_time.h"

#include <limits>

namespace lipar::project {
namespace {

using Wide = __int128;

std::optional<Rational> reduced(Wide num, Wide den) {
    Wide a = num < 0 ? -num : num;
    Wide b = den;
    while (b != 0) {
        const Wide rest = a % b;
        a = b;
        b = rest;
    }
    constexpr Wide limit = std::numeric_limits<std::int64_t>::max();
    num /= a;
    den /= a;
    if (num > limit || num < -limit || den > limit)
        return std::nullopt;
    return Rational{static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

}  // namespace

std::optional<Rational> exactSum(const Rational& a, const Rational& b) {
    Wide left = 0;
    Wide right = 0;
    Wide sum = 0;
    if (__builtin_mul_overflow(Wide(a.num), Wide(b.den), &left) || __builtin_mul_overflow(Wide(b.num), Wide(a.den), &right) ||
        __builtin_add_overflow(left, right, &sum))
        return std::nullopt;
    return reduced(sum, Wide(a.den) * b.den);
}

std::optional<Rational> exactProduct(const Rational& a, const Rational& b) {
    return reduced(Wide(a.num) * b.num, Wide(a.den) * b.den);
}

}  // namespace lipar::project
