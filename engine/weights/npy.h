// Keep masks as NumPy .npy files: bool [T, gh, gw], C order (cli.md: --mask-in, --mask-out).
#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/core/token_mask.h"

namespace lipar::weights {

// Accepts |b1 and |u1 (anything but 0 = kept). Errors: inputMissing, inputDamaged (any other type, rank or order, or a wrong length).
[[nodiscard]] Result<TokenMask> readMaskNpy(const std::filesystem::path& path);
// Written beside and renamed. Errors: invalidArgument (an empty mask, or not frames * rows * columns values), diskFull,
// outputFailed.
[[nodiscard]] Result<> writeMaskNpy(const std::filesystem::path& path, const TokenMask& mask);

}  // namespace lipar::weights
