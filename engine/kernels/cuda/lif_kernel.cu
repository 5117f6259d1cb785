// The three steps of the keep mask. A thread owns a token and does what the CPU does for it, in the same order: its
// values are a column of shared memory, the selection network a list of comparators. No product is fused with a sum, so
// the twins are equal.
#include <algorithm>

#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/lif_block.h"

namespace lipar::kernels::cuda {
namespace {

constexpr int kLoads = 16;  // of one latent frame by one thread, in flight together

struct Token {
    int row, column, index;
    int corner;  // its first value in a latent frame
};

__device__ Token tokenAt(const LatentGrid& grid, int row, int column) {
    return {row, column, row * grid.columns() + column, row * grid.patchHeight * grid.width + column * grid.patchWidth};
}

template <class T>
__device__ T* slotOf(const LifState& state, T* ring, int frame) {
    return ring + std::int64_t(frame % state.slots) * state.grid.tokens();
}

// Calls use(i, place) for the values of a token, kLoads at a time: load() before, so that its accesses overlap.
template <class Load, class Use>
__device__ void forEachValue(const LifState& state, const Token& token, Load load, Use use) {
    const int count = state.grid.tokenValues();
    for (int first = 0; first < count; first += kLoads) {
        int places[kLoads];
#pragma unroll
        for (int j = 0; j < kLoads; ++j)
            places[j] = token.corner + (first + j < count ? __ldg(state.places + first + j) : 0);
#pragma unroll
        for (int j = 0; j < kLoads; ++j)
            load(j, places[j]);
#pragma unroll
        for (int j = 0; j < kLoads; ++j) {
            if (first + j < count)
                use(j, first + j, places[j]);
        }
    }
}

// Runs a network of `count` places on a column whose places lie Stride apart; place `count` is free for it.
template <int Stride>
__device__ void select(const LifNetwork& network, int count, float* column) {
    static_assert(kLifBatch == 8);
    column[count * Stride] = 0;
    const uint4* list = reinterpret_cast<const uint4*>(network.comparators);
    uint4 nextA = __ldg(list), nextB = __ldg(list + 1);
    for (int i = kLifBatch; i <= network.size; i += kLifBatch) {
        const unsigned run[kLifBatch] = {nextA.x, nextA.y, nextA.z, nextA.w, nextB.x, nextB.y, nextB.z, nextB.w};
        if (i < network.size) {
            nextA = __ldg(list + i / 4);
            nextB = __ldg(list + i / 4 + 1);
        }
        float a[kLifBatch], b[kLifBatch];
#pragma unroll
        for (int j = 0; j < kLifBatch; ++j) {
            a[j] = column[int(run[j] & 0xffffu) * Stride];
            b[j] = column[int(run[j] >> 16) * Stride];
        }
#pragma unroll
        for (int j = 0; j < kLifBatch; ++j) {
            column[int(run[j] & 0xffffu) * Stride] = fminf(a[j], b[j]);
            column[int(run[j] >> 16) * Stride] = fmaxf(a[j], b[j]);
        }
    }
}

// Step 1 once the column holds absolute differences.
template <int Stride>
__device__ float trimmedMean(const LifState& state, float* column) {
    const int from = state.grid.trimmedFrom(), to = state.grid.trimmedTo();
    select<Stride>(state.trimming, state.grid.tokenValues(), column);
    float sum = 0;
    for (int i = from; i < to; ++i)
        sum = __fadd_rn(sum, column[i * Stride]);
    return __fdiv_rn(sum, float(to - from));
}

constexpr int kDifferenceThreads = 32;

__global__ void __launch_bounds__(kDifferenceThreads) findDifferences(LifState state, LifBlock block, float* last) {
    extern __shared__ float columns[];
    const int index = int(blockIdx.x) * kDifferenceThreads + int(threadIdx.x);
    if (index >= state.grid.tokens())
        return;
    const Token token = tokenAt(state.grid, index / state.grid.columns(), index % state.grid.columns());
    const int i = int(blockIdx.y), frame = block.first + i;
    const std::int64_t size = std::int64_t(state.grid.frameSize());
    const float* current = block.frames + i * size;
    const float* before = frame == 0 ? current : i == 0 ? block.previous : current - size;
    const bool isLast = i == block.count - 1;
    float* column = columns + threadIdx.x;
    float now[kLoads], then[kLoads];
    forEachValue(
        state, token,
        [&](int j, int place) {
            now[j] = __ldg(current + place);
            then[j] = __ldg(before + place);
        },
        [&](int j, int value, int place) {
            column[value * kDifferenceThreads] = fabsf(now[j] - then[j]);
            if (frame == 0)
                state.memory[place] = state.running[place] = now[j];
            if (isLast)
                last[place] = now[j];
        });
    if (frame > 0)
        slotOf(state, state.differences, frame)[index] = trimmedMean<kDifferenceThreads>(state, column);
}

// A block decides a tile of tokens, one a thread of its first warp, frame after frame; medians are needed one token
// further.
constexpr int kTileRows = 4, kTileColumns = 8;
constexpr int kTile = kTileRows * kTileColumns;
constexpr int kHaloRows = kTileRows + 2, kHaloColumns = kTileColumns + 2;
constexpr int kHalo = kHaloRows * kHaloColumns;
constexpr int kDecisionThreads = 64;
static_assert(kTile == 32 && kHalo <= kDecisionThreads);

__device__ int clampTo(int value, int low, int high) {
    return min(max(value, low), high);
}

// Step 3 at one token.
__device__ float medianAt(const LifState& state, int row, int column, int frame, int known, float* values) {
    const LatentGrid& grid = state.grid;
    float* value = values;
#pragma unroll
    for (int dt = -1; dt <= 1; ++dt) {
        const float* plane = slotOf(state, state.differences, clampTo(frame + dt, 1, known - 1));
#pragma unroll
        for (int dy = -1; dy <= 1; ++dy) {
            const float* line = plane + clampTo(row + dy, 0, grid.rows() - 1) * grid.columns();
#pragma unroll
            for (int dx = -1; dx <= 1; ++dx, value += kDecisionThreads)
                *value = line[clampTo(column + dx, 0, grid.columns() - 1)];
        }
    }
    select<kDecisionThreads>(state.median, kLifWindow, values);
    return values[kLifWindow / 2 * kDecisionThreads];
}

// Step 4 in the middle of 3x3 medians, whose lines are kHaloColumns apart.
__device__ float gaussianAt(const GaussianTaps& taps, const float* past, const float* present) {
    float overRows[3];
#pragma unroll
    for (int dx = -1; dx <= 1; ++dx) {
        float overTime[3];
#pragma unroll
        for (int dy = -1; dy <= 1; ++dy) {
            const int place = dy * kHaloColumns + dx;
            overTime[dy + 1] = __fadd_rn(__fmul_rn(taps.past, past[place]), __fmul_rn(taps.present, present[place]));
        }
        overRows[dx + 1] =
            __fadd_rn(__fmul_rn(taps.side, __fadd_rn(overTime[0], overTime[2])), __fmul_rn(taps.centre, overTime[1]));
    }
    return __fadd_rn(__fmul_rn(taps.side, __fadd_rn(overRows[0], overRows[2])), __fmul_rn(taps.centre, overRows[1]));
}

// d(M, X_t).
__device__ float distanceToMemory(const LifState& state, const Token& token, const float* latent, float* column) {
    float now[kLoads], then[kLoads];
    forEachValue(
        state, token,
        [&](int j, int place) {
            now[j] = latent[place];
            then[j] = state.memory[place];
        },
        [&](int j, int value, int) { column[value * kTile] = fabsf(then[j] - now[j]); });
    return trimmedMean<kTile>(state, column);
}

__device__ void updateMemory(const LifState& state, const Token& token, const float* latent, bool isKept,
                             bool endsBlock) {
    float now[kLoads];
    const float* source = isKept ? latent : state.running;
    forEachValue(
        state, token, [&](int j, int place) { now[j] = source[place]; },
        [&](int j, int, int place) {
            if (isKept)
                state.running[place] = now[j];
            if (endsBlock)
                state.memory[place] = now[j];
        });
}

__global__ void __launch_bounds__(kDecisionThreads)
    decideTokens(LifState state, LifBlock block, LifDecisions decisions) {
    extern __shared__ float columns[];
    __shared__ float medians[2][kHalo];
    const LatentGrid& grid = state.grid;
    const int thread = int(threadIdx.x);
    const int firstRow = int(blockIdx.y) * kTileRows, firstColumn = int(blockIdx.x) * kTileColumns;
    const int haloRow = clampTo(firstRow - 1 + thread / kHaloColumns, 0, grid.rows() - 1);
    const int haloColumn = clampTo(firstColumn - 1 + thread % kHaloColumns, 0, grid.columns() - 1);
    const int row = thread / kTileColumns, column = thread % kTileColumns;
    const bool hasToken = thread < kTile && firstRow + row < grid.rows() && firstColumn + column < grid.columns();
    const Token token = tokenAt(grid, firstRow + row, firstColumn + column);
    const int known = block.first + block.count;

    // The Gaussian reads the median of the frame before as well.
    for (int t = max(decisions.first - 1, 1); t < decisions.first + decisions.count; ++t) {
        if (thread < kHalo)
            medians[t % 2][thread] = medianAt(state, haloRow, haloColumn, t, known, columns + thread);
        __syncthreads();
        const int i = t - decisions.first;
        if (i >= 0 && hasToken) {
            const int centre = (row + 1) * kHaloColumns + column + 1;
            const float* present = medians[t % 2] + centre;
            const float* past = t > 1 ? medians[(t + 1) % 2] + centre : present;
            const float* latent = t < block.first
                                      ? block.previous
                                      : block.frames + std::int64_t(t - block.first) * std::int64_t(grid.frameSize());
            bool isKept = gaussianAt(state.taps, past, present) > decisions.tau1;
            if (!isKept && t >= state.blockFrames)
                isKept = distanceToMemory(state, token, latent, columns + thread) > decisions.tau2;
            slotOf(state, state.decisions, t)[token.index] = isKept ? 1 : 0;
            const bool endsBlock = t % state.blockFrames == state.blockFrames - 1;
            if (i < decisions.committed && (isKept || endsBlock))
                updateMemory(state, token, latent, isKept, endsBlock);
        }
        __syncthreads();
    }
}

// A block makes a tile of one frame's mask. The steps between the median and the last dilation each read further: 1 + 2
// + 1 + 2 tokens, so that many around the tile are worked out with it; past the region's rim nothing decides, as past
// the frame's.
constexpr int kMaskRows = 16, kMaskColumns = 32;
constexpr int kRim = 6;
constexpr int kMostPlaces = (kMaskRows + 2 * kRim) * (kMaskColumns + 2 * kRim);
constexpr int kMaskThreads = 512;

struct Region {
    int firstRow, firstColumn, rows, columns;
    __device__ int places() const { return rows * columns; }
};

// Step 7's median at one token; decisions are clamped to frames 1..lastDecided.
__device__ bool isMajority(const LifState& state, int row, int column, int frame, int lastDecided) {
    const LatentGrid& grid = state.grid;
    int kept = 0;
#pragma unroll
    for (int dt = -1; dt <= 1; ++dt) {
        const std::uint8_t* plane = slotOf(state, state.decisions, clampTo(frame + dt, 1, lastDecided));
#pragma unroll
        for (int dy = -1; dy <= 1; ++dy) {
            const std::uint8_t* line = plane + clampTo(row + dy, 0, grid.rows() - 1) * grid.columns();
#pragma unroll
            for (int dx = -1; dx <= 1; ++dx)
                kept += __ldg(line + clampTo(column + dx, 0, grid.columns() - 1));
        }
    }
    return kept > kLifWindow / 2;
}

// Dilation (any place kept) or erosion (all of them) by a square, in place by way of `half`: along the columns, then
// the rows. All threads call it; it ends at a barrier.
template <bool IsDilation>
__device__ void slideSquare(const Region& region, int radius, std::uint8_t* mask, std::uint8_t* half) {
    const auto window = [](const std::uint8_t* line, int at, int length, int step, int reach) {
        int value = line[at * step];
        for (int k = max(at - reach, 0); k <= min(at + reach, length - 1); ++k)
            value = IsDilation ? value | line[k * step] : value & line[k * step];
        return std::uint8_t(value);
    };
    for (int i = int(threadIdx.x); i < region.places(); i += kMaskThreads) {
        const int row = i / region.columns;
        half[i] = window(mask + row * region.columns, i - row * region.columns, region.columns, 1, radius);
    }
    __syncthreads();
    for (int i = int(threadIdx.x); i < region.places(); i += kMaskThreads) {
        const int row = i / region.columns;
        mask[i] = window(half + (i - row * region.columns), row, region.rows, region.columns, radius);
    }
    __syncthreads();
}

__global__ void __launch_bounds__(kMaskThreads)
    finishMasks(LifState state, int first, int lastDecided, std::uint8_t* out) {
    __shared__ std::uint8_t mask[kMostPlaces], half[kMostPlaces], united[kMostPlaces];
    const LatentGrid& grid = state.grid;
    const int tileRow = int(blockIdx.y) * kMaskRows, tileColumn = int(blockIdx.x) * kMaskColumns;
    const int tileRows = min(kMaskRows, grid.rows() - tileRow),
              tileColumns = min(kMaskColumns, grid.columns() - tileColumn);
    const int frame = first + int(blockIdx.z);
    Region region;
    region.firstRow = max(tileRow - kRim, 0);
    region.firstColumn = max(tileColumn - kRim, 0);
    region.rows = min(tileRow + tileRows + kRim, grid.rows()) - region.firstRow;
    region.columns = min(tileColumn + tileColumns + kRim, grid.columns()) - region.firstColumn;

    for (int i = int(threadIdx.x); i < region.places(); i += kMaskThreads)
        united[i] = 0;
    // The box's extent in time: its 5x5 dilation may as well follow the union. Frame 0 is whole.
    for (int t = max(frame - 1, 1); frame > 0 && t <= min(frame + 1, lastDecided); ++t) {
        for (int i = int(threadIdx.x); i < region.places(); i += kMaskThreads) {
            const int row = i / region.columns;
            mask[i] =
                isMajority(state, region.firstRow + row, region.firstColumn + i - row * region.columns, t, lastDecided);
        }
        __syncthreads();
        slideSquare<false>(region, 1, mask, half);
        slideSquare<true>(region, 2, mask, half);  // the opening's by 3x3, and the closing's
        slideSquare<false>(region, 1, mask, half);
        for (int i = int(threadIdx.x); i < region.places(); i += kMaskThreads)
            united[i] |= mask[i];
    }
    __syncthreads();
    slideSquare<true>(region, 2, united, half);

    std::uint8_t* plane = out + std::int64_t(blockIdx.z) * grid.tokens();
    for (int i = int(threadIdx.x); i < tileRows * tileColumns; i += kMaskThreads) {
        const int row = tileRow + i / tileColumns, column = tileColumn + i % tileColumns;
        const int place = (row - region.firstRow) * region.columns + column - region.firstColumn;
        plane[row * grid.columns() + column] = frame == 0 ? 1 : united[place];
    }
}

unsigned tilesFor(int length, int tile) {
    return unsigned((length + tile - 1) / tile);
}

// A column a thread, with the place that a network fills its runs with.
std::size_t columnBytes(int values, int threads) {
    return std::size_t(values + 1) * std::size_t(threads) * sizeof(float);
}

}  // namespace

void lifDifferences(const LifState& state, const LifBlock& block, float* last, void* stream) {
    const dim3 blocks(tilesFor(state.grid.tokens(), kDifferenceThreads), unsigned(block.count));
    findDifferences<<<blocks, kDifferenceThreads, columnBytes(state.grid.tokenValues(), kDifferenceThreads),
                      static_cast<cudaStream_t>(stream)>>>(state, block, last);
    checkLaunch("lifDifferences");
}

void lifDecisions(const LifState& state, const LifBlock& block, const LifDecisions& decisions, void* stream) {
    const dim3 blocks(tilesFor(state.grid.columns(), kTileColumns), tilesFor(state.grid.rows(), kTileRows));
    const std::size_t bytes =
        std::max(columnBytes(kLifWindow, kDecisionThreads), columnBytes(state.grid.tokenValues(), kTile));
    decideTokens<<<blocks, kDecisionThreads, bytes, static_cast<cudaStream_t>(stream)>>>(state, block, decisions);
    checkLaunch("lifDecisions");
}

void lifMasks(const LifState& state, int first, int count, int lastDecided, std::uint8_t* out, void* stream) {
    const dim3 blocks(tilesFor(state.grid.columns(), kMaskColumns), tilesFor(state.grid.rows(), kMaskRows),
                      unsigned(count));
    finishMasks<<<blocks, kMaskThreads, 0, static_cast<cudaStream_t>(stream)>>>(state, first, lastDecided, out);
    checkLaunch("lifMasks");
}

}  // namespace lipar::kernels::cuda
