#include "engine/lipar/restoration.h"

#include <cstddef>

namespace lipar::method {

void restorePruned(float* latents, const TokenMask& mask, const float* previousRestoredLastFrame,
                   const kernels::LatentGrid& grid) {
    const float* source = previousRestoredLastFrame;
    for (int f = 0; f < mask.frames; ++f) {
        float* frame = latents + std::size_t(f) * grid.frameSize();
        if (source)
            kernels::copyTokens(source, mask.frame(f), 0, grid, frame);
        source = frame;
    }
}

}  // namespace lipar::method
