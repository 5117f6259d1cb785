// The masks that the oracle (tests/oracle/make_mask_goldens.py) made of random clips.
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

}  // namespace lipar::test
