// The LIF keep mask: which tokens of a clip are computed and which are reused (paper sections 4-5, appendix 15).
//
// A token is kept when it differs from the frame before (short term, tau1), or from the memory frame: what it looked
// like when it was last kept, as of the end of the block before (long term, tau2). The raw decision is then cleaned by
// a median, an opening, a closing and a dilation by 3x5x5. Frame 0 of a clip is kept whole. The mask is made from the
// *clean* source latents as the DiT sees them (normalised, widened to float32) and does not depend on the prompt.
//
// Here: masks of whole clips. keep_mask_stream.h makes the same masks block by block.
// Shapes: latents [T,C,h,w] float32, contiguous, finite; masks [T, h/patch, w/patch], 1 = kept. T is at least 1 and
// need not be a multiple of the block; the token grid may be odd. Ownership: nothing is retained. Errors: checkGrid()
// says whether a grid will do, the rest then cannot fail. Thread: any; no state.
#pragma once

#include <vector>

#include "engine/core/result.h"
#include "engine/core/token_mask.h"
#include "engine/kernels/lif.h"

namespace lipar::method {

using kernels::LatentGrid;

// In units of the normalised latents; a difference must be strictly greater to keep its token. At least 0.
struct MaskThresholds {
    float tau1 = 0.15F;  // short term
    float tau2 = 0.3F;   // long term
};

// Error: invalidArgument when a size is not positive, height or width is not a multiple of the patch, or a token has
// fewer than two values.
[[nodiscard]] Result<> checkGrid(const LatentGrid& grid);

// The short-term differences after both filters. They do not depend on the thresholds.
struct FilteredDifferences {
    LatentGrid grid;
    int frames = 0;             // T of the clip
    std::vector<float> values;  // [T-1, rows, columns]: frame t against t-1, for t = 1..T-1
};

// Steps that do not need thresholds: token differences, median 3x3x3, causal Gaussian.
[[nodiscard]] FilteredDifferences filteredDifferences(const float* latents, int frames, const LatentGrid& grid);

// The steps that do: short and long term, cleaning. `latents` are those the differences were made from; they are read
// again because the memory frame depends on both thresholds. blockFrames >= 1.
[[nodiscard]] TokenMask applyThresholds(const FilteredDifferences& differences, const float* latents, int blockFrames,
                                        MaskThresholds thresholds);

// Both in one.
[[nodiscard]] TokenMask keepMask(const float* latents, int frames, const LatentGrid& grid, int blockFrames,
                                 MaskThresholds thresholds);

// Grows every frame that keeps at least one token by 3x3 dilations until it keeps the share `ratio` (0..1) of its
// tokens. Frames without a kept token are left alone.
void enforceMinimumKept(TokenMask& mask, double ratio);

struct RatioMatch {
    MaskThresholds thresholds;
    TokenMask mask;
};

// The thresholds, with tau2 = 2 * tau1, whose mask comes closest to keeping the share `ratio` (0..1) of all tokens.
// Found by bisection: about 30 runs of applyThresholds(). How close it gets is up to the clip: a mask changes by whole
// patches of tokens, frame 0 is always kept, and a token that never changes at all never is.
[[nodiscard]] RatioMatch thresholdsForKeptRatio(const FilteredDifferences& differences, const float* latents,
                                                int blockFrames, double ratio);

}  // namespace lipar::method
