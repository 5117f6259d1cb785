// JSON out of files nobody vouches for: no name twice in one object, bounded depth and size.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string_view>

#include "engine/core/result.h"

namespace lipar::weights {

struct JsonLimits {
    std::size_t depth = 16;
    std::size_t values = 4'000'000;  // names, values and brackets: some 200 bytes of memory each at worst
};

// Error: modelDamaged with the bare reason (line and column of a syntax error, the doubled name).
[[nodiscard]] Result<nlohmann::json> parseStrictJson(std::string_view text, JsonLimits limits = {});

}  // namespace lipar::weights
