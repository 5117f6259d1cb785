// What was computed and what was reused, painted over the source.
#pragma once

#include <cstdint>
#include <span>

#include "engine/core/picture.h"

namespace lipar::pipeline {

// keep and age [rows*columns] of the picture's latent frame; each token covers `pixelsPerToken` pixels each way.
// Computed tokens are tinted amber; reused ones go from teal to deep blue with age (latent frames since last computed).
[[nodiscard]] Picture renderHeatmap(const Picture& source, std::span<const std::uint8_t> keep, std::span<const std::uint16_t> age,
                                    int columns, int pixelsPerToken);

}  // namespace lipar::pipeline
