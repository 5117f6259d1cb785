#include "engine/kernels/lif_block.h"

#include "engine/kernels/cpu/lif_selection.h"

namespace lipar::kernels {

std::vector<std::uint32_t> lifComparators(int count, int low, int high) {
    const cpu::SelectionNetwork network(count, low, high);
    std::vector<std::uint32_t> comparators;
    std::vector<bool> touched(std::size_t(count), false);
    const auto closeRun = [&] {
        while (comparators.size() % kLifBatch != 0)
            comparators.push_back(std::uint32_t(count) << 16 | std::uint32_t(count));
        touched.assign(touched.size(), false);
    };
    for (const auto [lower, higher] : network.comparators()) {
        if (comparators.size() % kLifBatch == 0 || touched[lower] || touched[higher])
            closeRun();
        touched[lower] = touched[higher] = true;
        comparators.push_back(std::uint32_t(higher) << 16 | lower);
    }
    closeRun();
    return comparators;
}

std::vector<std::uint32_t> lifTrimming(const LatentGrid& grid) {
    return lifComparators(grid.tokenValues(), grid.trimmedFrom(), grid.trimmedTo());
}

std::vector<std::uint32_t> lifMedian() {
    return lifComparators(kLifWindow, kLifWindow / 2, kLifWindow / 2 + 1);
}

std::vector<std::int32_t> lifPlaces(const LatentGrid& grid) {
    std::vector<std::int32_t> places;
    for (int c = 0; c < grid.channels; ++c)
        for (int y = 0; y < grid.patchHeight; ++y)
            for (int x = 0; x < grid.patchWidth; ++x)
                places.push_back((c * grid.height + y) * grid.width + x);
    return places;
}

}  // namespace lipar::kernels
