// Clips made from a seed in integers alone, the same here and in tests/oracle/make_mask_goldens.py, and the masks that
// the oracle made of them.
#pragma once

#include <cstdint>
#include <vector>

#include <QString>

#include "engine/core/token_mask.h"
#include "engine/lipar/keep_mask.h"

namespace lipar::test {

// One case of tests/golden/lipar/*.bin.
struct MaskCase {
    std::uint64_t seed = 0;
    std::uint64_t checksum = 0;  // of the clip's integers
    int frames = 0;
    method::LatentGrid grid;
    int blockFrames = 0;
    method::MaskThresholds thresholds;
    TokenMask expected;
};

// Empty when the file is missing or damaged.
[[nodiscard]] std::vector<MaskCase> readMaskCases(const QString& path);

// A smooth background that may be cut once, up to three textured rectangles that move and rest, brightness that drifts
// at the left, noise that comes and goes by places and times. [T,C,h,w], in units of 2^-20.
[[nodiscard]] std::vector<std::int64_t> randomClip(std::uint64_t seed, int frames, const method::LatentGrid& grid);
[[nodiscard]] std::uint64_t checksum(const std::vector<std::int64_t>& clip);
// The clip as latents, exactly.
[[nodiscard]] std::vector<float> toLatents(const std::vector<std::int64_t>& clip);

}  // namespace lipar::test
