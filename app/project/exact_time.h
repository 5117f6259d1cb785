// Arithmetic on times that come out of files: nothing where the result has no place in 64 bits.
#pragma once

#include <optional>

#include "engine/core/rational.h"

namespace lipar::project {

[[nodiscard]] std::optional<Rational> exactSum(const Rational& a, const Rational& b);
[[nodiscard]] std::optional<Rational> exactProduct(const Rational& a, const Rational& b);

}  // namespace lipar::project
