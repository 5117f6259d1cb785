#include "engine/lipar/keep_mask_stages.h"

#include <numeric>

#include "engine/kernels/lif.h"

namespace lipar::method {

namespace {

// The box's extent in time. A replicated edge adds nothing to a union, so outside the clip counts as pruned.
MaskFrame unite(const MaskFrame& before, const MaskFrame& at, const MaskFrame& after) {
    MaskFrame united(at.size());
    for (std::size_t i = 0; i < at.size(); ++i)
        united[i] = before[i] | at[i] | after[i];
    return united;
}

}  // namespace

DifferenceFilter::DifferenceFilter(const LatentGrid& grid) : m_grid(grid), m_tokens(std::size_t(grid.tokens())) {
    std::iota(m_tokens.begin(), m_tokens.end(), 0);
}

std::optional<TokenPlane> DifferenceFilter::push(const float* previous, const float* current) {
    TokenPlane difference(m_tokens.size());
    kernels::tokenDifferences(current, previous, m_grid, m_tokens, difference.data());
    std::optional<TokenPlane> filtered;
    m_differences.push(std::move(difference), [&](const auto& before, const auto& at, const auto& after) {
        filtered = filter(before, at, after);
    });
    return filtered;
}

std::optional<TokenPlane> DifferenceFilter::finish() {
    std::optional<TokenPlane> filtered;
    m_differences.finish(
        [&](const auto& before, const auto& at, const auto& after) { filtered = filter(before, at, after); });
    return filtered;
}

TokenPlane DifferenceFilter::filter(const TokenPlane& before, const TokenPlane& at, const TokenPlane& after) {
    const int rows = m_grid.rows();
    const int columns = m_grid.columns();
    TokenPlane median(at.size());
    kernels::medianFilter(before.data(), at.data(), after.data(), rows, columns, median.data());
    const TokenPlane& past = m_previousMedian.empty() ? median : m_previousMedian;
    TokenPlane smooth(at.size());
    kernels::gaussianFilter(past.data(), median.data(), rows, columns, smooth.data());
    m_previousMedian = std::move(median);
    return smooth;
}

KeepDecision::KeepDecision(const LatentGrid& grid, int blockFrames, const float* firstFrame)
    : m_grid(grid),
      m_blockFrames(blockFrames),
      m_memory(firstFrame, firstFrame + grid.frameSize()),
      m_running(m_memory) {}

MaskFrame KeepDecision::decide(const float* filtered, const float* latent, MaskThresholds thresholds) {
    ++m_frame;
    MaskFrame keep(std::size_t(m_grid.tokens()));
    for (std::size_t i = 0; i < keep.size(); ++i)
        keep[i] = filtered[i] > thresholds.tau1 ? 1 : 0;

    // The memory frame only matters to tokens that the short term would drop.
    if (m_frame >= m_blockFrames) {
        std::vector<int> pruned;
        for (std::size_t i = 0; i < keep.size(); ++i)
            if (!keep[i])
                pruned.push_back(int(i));
        std::vector<float> distance(pruned.size());
        kernels::tokenDifferences(m_memory.data(), latent, m_grid, pruned, distance.data());
        for (std::size_t i = 0; i < pruned.size(); ++i)
            keep[std::size_t(pruned[i])] = distance[i] > thresholds.tau2 ? 1 : 0;
    }

    kernels::copyTokens(latent, keep.data(), 1, m_grid, m_running.data());
    if (m_frame % m_blockFrames == m_blockFrames - 1)
        m_memory = m_running;
    return keep;
}

MaskCleaner::MaskCleaner(const LatentGrid& grid) : m_rows(grid.rows()), m_columns(grid.columns()) {}

void MaskCleaner::push(MaskFrame keep, std::vector<MaskFrame>& out) {
    const auto emit = [&](const auto& before, const auto& at, const auto& after) {
        out.push_back(unite(before, at, after));
    };
    m_decisions.push(std::move(keep), [&](const auto& before, const auto& at, const auto& after) {
        m_dilated.push(clean(before, at, after), emit);
    });
}

void MaskCleaner::finish(std::vector<MaskFrame>& out) {
    const auto emit = [&](const auto& before, const auto& at, const auto& after) {
        out.push_back(unite(before, at, after));
    };
    m_decisions.finish(
        [&](const auto& before, const auto& at, const auto& after) { m_dilated.push(clean(before, at, after), emit); });
    m_dilated.finish(emit);
}

MaskFrame MaskCleaner::clean(const MaskFrame& before, const MaskFrame& at, const MaskFrame& after) const {
    MaskFrame mask(at.size());
    kernels::cleanMask(before.data(), at.data(), after.data(), m_rows, m_columns, mask.data());
    return mask;
}

}  // namespace lipar::method
