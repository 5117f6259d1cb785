#include "engine/lipar/keep_mask.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>

#include "engine/lipar/keep_mask_stages.h"

namespace lipar::method {

Result<> checkGrid(const LatentGrid& grid) {
    const std::string size =
        std::to_string(grid.channels) + "x" + std::to_string(grid.height) + "x" + std::to_string(grid.width);
    const std::string patch = std::to_string(grid.patchHeight) + "x" + std::to_string(grid.patchWidth);
    if (grid.channels < 1 || grid.height < 1 || grid.width < 1 || grid.patchHeight < 1 || grid.patchWidth < 1)
        return fail(ErrorCode::invalidArgument,
                    "no keep mask for latents of " + size + " in patches of " + patch + ": a size is not positive");
    if (grid.height % grid.patchHeight != 0 || grid.width % grid.patchWidth != 0)
        return fail(ErrorCode::invalidArgument,
                    "no keep mask for latents of " + size + ": they do not divide into patches of " + patch,
                    "choose a processing size that does");
    if (grid.tokenValues() < 2)
        return fail(ErrorCode::invalidArgument, "no keep mask for latents of " + size + ": a token has only one value");
    return {};
}

FilteredDifferences filteredDifferences(const float* latents, int frames, const LatentGrid& grid) {
    FilteredDifferences differences{grid, frames, {}};
    differences.values.reserve(std::size_t(frames - 1) * std::size_t(grid.tokens()));
    const auto append = [&](const std::optional<TokenPlane>& plane) {
        if (plane)
            differences.values.insert(differences.values.end(), plane->begin(), plane->end());
    };

    DifferenceFilter filter(grid);
    for (int t = 1; t < frames; ++t) {
        const float* current = latents + std::size_t(t) * grid.frameSize();
        append(filter.push(current - grid.frameSize(), current));
    }
    append(filter.finish());
    return differences;
}

TokenMask applyThresholds(const FilteredDifferences& differences, const float* latents, int blockFrames,
                          MaskThresholds thresholds) {
    const LatentGrid& grid = differences.grid;
    KeepDecision decision(grid, blockFrames, latents);
    MaskCleaner cleaner(grid);
    std::vector<MaskFrame> cleaned;  // frames 1..T-1
    for (int t = 1; t < differences.frames; ++t) {
        const float* filtered = differences.values.data() + std::size_t(t - 1) * std::size_t(grid.tokens());
        cleaner.push(decision.decide(filtered, latents + std::size_t(t) * grid.frameSize(), thresholds), cleaned);
    }
    cleaner.finish(cleaned);

    TokenMask mask(differences.frames, grid.rows(), grid.columns());
    for (std::size_t i = 0; i < cleaned.size(); ++i)
        std::ranges::copy(cleaned[i], mask.frame(int(i) + 1));
    return mask;
}

TokenMask keepMask(const float* latents, int frames, const LatentGrid& grid, int blockFrames,
                   MaskThresholds thresholds) {
    return applyThresholds(filteredDifferences(latents, frames, grid), latents, blockFrames, thresholds);
}

void enforceMinimumKept(TokenMask& mask, double ratio) {
    const double wanted = std::min(ratio, 1.0) * double(mask.frameSize());
    for (int f = 0; f < mask.frames; ++f) {
        std::uint8_t* frame = mask.frame(f);
        const auto kept = [&] { return std::count(frame, frame + mask.frameSize(), 1); };
        if (kept() == 0)
            continue;
        while (double(kept()) < wanted)
            kernels::dilateMask(frame, mask.rows, mask.columns, 1, frame);
    }
}

RatioMatch thresholdsForKeptRatio(const FilteredDifferences& differences, const float* latents, int blockFrames,
                                  double ratio) {
    constexpr int halvings = 24;
    std::optional<RatioMatch> best;
    // Tries tau1 and returns what it keeps.
    const auto kept = [&](float tau1) {
        const MaskThresholds thresholds{tau1, 2.0F * tau1};
        TokenMask mask = applyThresholds(differences, latents, blockFrames, thresholds);
        const double keptRatio = mask.keptRatio();
        if (!best || std::abs(keptRatio - ratio) < std::abs(best->mask.keptRatio() - ratio))
            best = RatioMatch{thresholds, std::move(mask)};
        return keptRatio;
    };

    float low = 0.0F;   // keeps too much, or as much as there is to keep
    float high = 1.0F;  // keeps too little
    if (kept(low) <= ratio)
        return *std::move(best);
    // Differences of finite latents end somewhere; most end below 1.
    while (kept(high) > ratio && high < 1e6F) {
        low = high;
        high *= 2.0F;
    }
    for (int i = 0; i < halvings && best->mask.keptRatio() != ratio; ++i) {
        const float middle = std::midpoint(low, high);
        (kept(middle) > ratio ? low : high) = middle;
    }
    return *std::move(best);
}

}  // namespace lipar::method
