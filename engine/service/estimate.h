// Private to engine/service: how long an edit will take here, from a short measurement on this device.
#pragma once

#include <vector>

#include "engine/pipeline/block_editor.h"
#include "engine/service/clip_setup.h"

namespace lipar::service {

// A block's cost is linear in its kept tokens (lipar.md section 2).
struct BlockCost {
    double fixedMs = 0;     // decoding, and what a block costs with nothing kept
    double perTokenMs = 0;  // of every kept token, all passes together
    [[nodiscard]] double blockMs(std::int64_t kept) const noexcept { return fixedMs + perTokenMs * double(kept); }
};

// Denoises and decodes a few random blocks at this size, whole and half kept. Error: cancelled.
[[nodiscard]] Result<BlockCost> measureBlockCost(const ClipSetup& setup, const CancelToken& cancel);

struct MaskedBlock {
    int frames = 0;
    std::int64_t kept = 0, total = 0;
    double encodeMs = 0;  // mask included
};

[[nodiscard]] Estimate estimateOf(const std::vector<MaskedBlock>& blocks, const BlockCost& cost, const ClipSetup& setup);

}  // namespace lipar::service
