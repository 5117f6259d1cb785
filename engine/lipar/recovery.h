// Attention recovery: what stands in for the keys and values of pruned tokens (lipar.md section 3; paper 4.3, 5.3, eq. 10-12).
//
// The chain also restores latents: after the last step a pruned token takes the denoised latent of the same place in the
// frame before (section 4), so one index serves both. This file decides; engine/pipeline/kv_cache.h carries it out on tensors. Plain values, no state.
#pragma once

#include <cstdint>
#include <vector>

namespace lipar::method {

enum class Recovery {
    none,  // pruned keys are absent, also from the cache
    copy,  // M-degree: the token before it in time, as noisy as it is in this pass
    full,  // noise-aware: the previous block's clean token, turned to its own position
};

// Which keys a query attends to (the two readings of the M-degree approximation).
enum class KeySequence {
    window,    // every place of the window's frames
    perToken,  // of a static token only its most recent copies: per_token_keys.h
};

enum class Pass {
    denoise,  // a step on noisy tokens
    cache,    // the t = 0 pass on the denoised ones
};

// What the places of pruned tokens hold in a pass.
enum class PrunedKeys {
    absent,     // not among the keys
    duplicate,  // the previous block's last clean frame, the same in every denoising pass
    chain,      // frame i takes frame i-1 of this pass, frame 0 the previous block's last clean frame
};

[[nodiscard]] PrunedKeys prunedKeys(Recovery recovery, Pass pass, bool firstBlock);

// Which of a block's tokens are computed, and where the chain finds the others.
struct BlockSelection {
    std::vector<std::int64_t> kept;    // flat positions frame * tokens + token, ascending
    std::vector<std::int64_t> pruned;  // likewise
    // Per position the row of [previous clean frame (tokens rows), kept tokens in order] that stands there after the chain.
    std::vector<std::int64_t> chain;
    [[nodiscard]] bool isWhole() const noexcept { return pruned.empty(); }
};

// keep [frames, tokens], 1 = kept.
[[nodiscard]] BlockSelection selectTokens(const std::uint8_t* keep, int frames, int tokens);

}  // namespace lipar::method
