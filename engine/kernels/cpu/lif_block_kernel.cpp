// The three steps of lif_block.h, put together from the kernels of single frames.
#include "engine/kernels/lif_block.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/kernels/cpu/cpu_kernels.h"

namespace lipar::kernels::cpu {
namespace {

using Plane = std::vector<float>;
using MaskFrame = std::vector<std::uint8_t>;

template <class T>
T* slotOf(const LifState& state, T* ring, int frame) {
    return ring + std::size_t(frame % state.slots) * std::size_t(state.grid.tokens());
}

const float* latentOf(const LifState& state, const LifBlock& block, int frame) {
    return frame < block.first ? block.previous
                               : block.frames + std::size_t(frame - block.first) * state.grid.frameSize();
}

// Step 3 for one frame; differences are there for the frames before `known`.
Plane medianOf(const LifState& state, int frame, int known) {
    Plane median(std::size_t(state.grid.tokens()));
    const auto plane = [&](int t) { return slotOf(state, state.differences, std::clamp(t, 1, known - 1)); };
    medianFilter(plane(frame - 1), plane(frame), plane(frame + 1), state.grid.rows(), state.grid.columns(),
                 median.data());
    return median;
}

// The memory frame only matters to tokens that the short term would drop.
void addLongTerm(const LifState& state, const float* latent, float tau2, std::uint8_t* keep) {
    std::vector<int> pruned;
    for (int i = 0; i < state.grid.tokens(); ++i)
        if (!keep[i])
            pruned.push_back(i);
    Plane distance(pruned.size());
    tokenDifferences(state.memory, latent, state.grid, pruned, distance.data());
    for (std::size_t i = 0; i < pruned.size(); ++i)
        keep[pruned[i]] = distance[i] > tau2 ? 1 : 0;
}

}  // namespace

void lifDifferences(const LifState& state, const LifBlock& block, float* last, void*) {
    const std::size_t size = state.grid.frameSize();
    std::vector<int> tokens(std::size_t(state.grid.tokens()));
    std::iota(tokens.begin(), tokens.end(), 0);
    for (int t = block.first; t < block.first + block.count; ++t) {
        const float* current = latentOf(state, block, t);
        if (t == 0) {
            std::copy_n(current, size, state.memory);
            std::copy_n(current, size, state.running);
        } else {
            tokenDifferences(current, latentOf(state, block, t - 1), state.grid, tokens,
                             slotOf(state, state.differences, t));
        }
    }
    std::copy_n(latentOf(state, block, block.first + block.count - 1), size, last);
}

void lifDecisions(const LifState& state, const LifBlock& block, const LifDecisions& decisions, void*) {
    const LatentGrid& grid = state.grid;
    const int known = block.first + block.count;
    Plane past;
    if (decisions.first > 1)
        past = medianOf(state, decisions.first - 1, known);
    Plane smooth(std::size_t(grid.tokens()));
    for (int i = 0; i < decisions.count; ++i) {
        const int t = decisions.first + i;
        Plane median = medianOf(state, t, known);
        gaussianFilter(t > 1 ? past.data() : median.data(), median.data(), grid.rows(), grid.columns(), smooth.data());
        past = std::move(median);

        std::uint8_t* keep = slotOf(state, state.decisions, t);
        std::ranges::transform(smooth, keep, [&](float value) { return value > decisions.tau1 ? 1 : 0; });
        const float* latent = latentOf(state, block, t);
        if (t >= state.blockFrames)
            addLongTerm(state, latent, decisions.tau2, keep);
        if (i >= decisions.committed)
            continue;
        copyTokens(latent, keep, 1, grid, state.running);
        if (t % state.blockFrames == state.blockFrames - 1)
            std::copy_n(state.running, grid.frameSize(), state.memory);
    }
}

void lifMasks(const LifState& state, int first, int count, int lastDecided, std::uint8_t* out, void*) {
    const int rows = state.grid.rows();
    const int columns = state.grid.columns();
    const auto tokens = std::size_t(state.grid.tokens());
    const auto decision = [&](int t) { return slotOf(state, state.decisions, std::clamp(t, 1, lastDecided)); };
    std::fill_n(out, tokens * std::size_t(count), std::uint8_t(0));
    MaskFrame clean(tokens);
    for (int t = std::max(first - 1, 1); t <= std::min(first + count, lastDecided); ++t) {
        cleanMask(decision(t - 1), decision(t), decision(t + 1), rows, columns, clean.data());
        // The box's extent in time.
        for (int f = std::max(t - 1, first); f <= std::min(t + 1, first + count - 1); ++f) {
            std::uint8_t* mask = out + std::size_t(f - first) * tokens;
            std::transform(clean.begin(), clean.end(), mask, mask, [](auto a, auto b) { return std::uint8_t(a | b); });
        }
    }
    if (first == 0)
        std::fill_n(out, tokens, std::uint8_t(1));
}

}  // namespace lipar::kernels::cpu
