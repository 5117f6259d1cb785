// Clips made from a seed in integers alone, the same here and in tests/oracle/make_mask_goldens.py. Without Qt:
// programs that run where only the engine does use them too.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/lipar/keep_mask.h"

namespace lipar::test {

// A smooth background that may be cut once, up to three textured rectangles that move and rest, brightness that drifts
// at the left, noise that comes and goes by places and times. [T,C,h,w], in units of 2^-20.
[[nodiscard]] std::vector<std::int64_t> randomClip(std::uint64_t seed, int frames, const method::LatentGrid& grid);
[[nodiscard]] std::uint64_t checksum(const std::vector<std::int64_t>& clip);
// The clip as latents, exactly.
[[nodiscard]] std::vector<float> toLatents(const std::vector<std::int64_t>& clip);

}  // namespace lipar::test
