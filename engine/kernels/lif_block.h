// The keep mask of a stream, a block at a time, in three steps that KernelTable provides for every device; the twins
// are equal bit for bit. engine/lipar/keep_mask_stream.h owns the memory and says which frames are due.
//
// Frames are numbered over the whole clip; d, M, tau1 and tau2 are those of engine/lipar/README.md. All memory belongs
// to the caller and lies on the step's device; nothing is retained. Sources: cpu/lif_block_kernel.cpp,
// cuda/lif_kernel.cu. Errors: as kernel_table.h says; preconditions are the caller's.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/kernels/lif.h"

namespace lipar::kernels {

// The CUDA twins hold a token's values in shared memory: larger tokens are for the CPU's.
inline constexpr int kMostLifTokenValues = 256;

// The comparators of a selection network for a device: lower place in the low 16 bits, higher place in the others, in
// the CPU's order, so that sums over the selected places have the same order as well. Each run of kLifBatch touches a
// place once at most; what is missing in a run compares place `count` with itself.
inline constexpr int kLifBatch = 8;
struct LifNetwork {
    const std::uint32_t* comparators = nullptr;  // a multiple of 16 bytes from address 0
    int size = 0;                                // a multiple of kLifBatch
};
[[nodiscard]] std::vector<std::uint32_t> lifComparators(int count, int low, int high);
// Those of tokens: to sum what is left of the sorted differences when both ends are cut off.
[[nodiscard]] std::vector<std::uint32_t> lifTrimming(const LatentGrid& grid);
// Those of the median of 27, which is place 13 afterwards.
inline constexpr int kLifWindow = 27;
[[nodiscard]] std::vector<std::uint32_t> lifMedian();
// Where in a latent frame the values of a token lie, in the CPU's order, counted from its first one.
[[nodiscard]] std::vector<std::int32_t> lifPlaces(const LatentGrid& grid);

// What a stream carries from block to block. Frame t of a ring is in slot t % slots.
struct LifState {
    LatentGrid grid;
    int blockFrames = 0;                // S
    int slots = 0;                      // at least 2 S + 4
    float* differences = nullptr;       // [slots, tokens] step 2: d(X_t, X_{t-1}), t >= 1
    std::uint8_t* decisions = nullptr;  // [slots, tokens] steps 5 and 6: 1 = kept, t >= 1
    float* memory = nullptr;            // [C,h,w] M: every token when last kept, as of the end of the block before
    float* running = nullptr;           // [C,h,w] the same as of the last frame that was decided for good

    GaussianTaps taps;
    // For the CUDA twins alone.
    const std::int32_t* places = nullptr;  // [n] lifPlaces()
    LifNetwork trimming, median;           // lifTrimming(), lifMedian()
};

// Frames first .. first + count - 1 of the clip, and the one before them.
struct LifBlock {
    const float* previous = nullptr;  // [C,h,w] frame first - 1; not read when first = 0
    const float* frames = nullptr;    // [count,C,h,w]; not read when count = 0
    int first = 0;
    int count = 0;
};

// Which frames are decided, and by what. Those from the one before the block on can be: the others' latents are gone.
struct LifDecisions {
    int first = 1;  // >= 1 and >= the block's first - 1
    int count = 0;  // up to the block's last frame: its neighbour after it is then itself
    int committed =
        0;  // so many of them move the memory; the others are asked for again, when the frame after them is there
    float tau1 = 0;
    float tau2 = 0;
};

// The steps, in this order for every block; `stream` as in kernel_table.h.
//
// lifDifferences: steps 1 and 2 for the block's frames; frame 0 becomes both memories instead. `last` [C,h,w] receives
// the block's last frame, the next block's `previous`; it is not the memory of this block's one. count >= 1.
// lifDecisions: steps 3 to 6. count >= 1.
// lifMasks: steps 7 and 8 for frames first .. first + count - 1 -> out [count, tokens]. Decisions up to `lastDecided`
// are there, and that frame is taken for the clip's last. count >= 1.

}  // namespace lipar::kernels
