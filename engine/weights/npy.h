// Keep masks as NumPy .npy files: bool [T, gh, gw], C order (cli.md: --mask-in, --mask-out).
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "engine/core/result.h"
#include "engine/core/token_mask.h"

namespace lipar::weights {

// Accepts |b1 and |u1 (anything but 0 = kept). Errors: inputMissing, inputDamaged (any other type, rank or order, or a wrong length).
[[nodiscard]] Result<TokenMask> readMaskNpy(const std::filesystem::path& path);
// The same from a file's bytes. Error: inputDamaged with the bare reason.
[[nodiscard]] Result<TokenMask> parseMaskNpy(std::span<const std::byte> file);
// Written beside and renamed. Errors: invalidArgument (an empty mask, or not frames * rows * columns values), diskFull,
// outputFailed.
[[nodiscard]] Result<> writeMaskNpy(const std::filesystem::path& path, const TokenMask& mask);

}  // namespace lipar::weights
