// The keep mask's steps: the twins are equal bit for bit.
#include <ATen/CPUGeneratorImpl.h>

#include <array>
#include <cstring>

#include "engine/kernels/lif_block.h"
#include "kernel_cases.h"

namespace lipar::tests {

using kernels::KernelTable;
using kernels::LatentGrid;
using kernels::LifBlock;
using kernels::LifState;

namespace {

using Tensors = std::vector<at::Tensor>;

// Places in KernelCase::tensors.
enum Place : std::size_t {
    previous,
    frames,
    last,
    differences,
    decisions,
    memory,
    running,
    trimming,
    median,
    places,
    masks
};

template <class T>
at::Tensor toTensor(const std::vector<T>& values) {
    static_assert(sizeof(T) == sizeof(std::int32_t));
    at::Tensor tensor = at::empty({std::int64_t(values.size())}, at::kInt);
    std::memcpy(tensor.data_ptr(), values.data(), values.size() * sizeof(T));
    return tensor;
}

// A block of a stream whose memory holds random values.
class Stream {
public:
    Stream(std::uint64_t seed, const LatentGrid& grid, int blockFrames, int first)
        : m_generator(at::detail::createCPUGenerator(seed)), m_grid(grid), m_blockFrames(blockFrames), m_first(first) {}

    [[nodiscard]] Tensors tensors() {
        const std::int64_t size = std::int64_t(m_grid.frameSize()), tokens = m_grid.tokens();
        const auto latents = [&](std::int64_t count) { return at::randn({count, size}, m_generator, at::kFloat); };
        // Around the middle of them the filtered differences are; the memory is about as far from the latents.
        const at::Tensor ring = at::rand({slots(), tokens}, m_generator, at::kFloat);
        const at::Tensor kept = at::rand({slots(), tokens}, m_generator, at::kFloat).gt(0.58).to(at::kByte);
        return {latents(1),
                latents(m_blockFrames),
                latents(1),
                ring,
                kept,
                latents(1),
                latents(1),
                toTensor(kernels::lifTrimming(m_grid)),
                toTensor(kernels::lifMedian()),
                toTensor(kernels::lifPlaces(m_grid)),
                at::zeros({m_blockFrames, tokens}, at::kByte)};
    }

    [[nodiscard]] LifState state(const Tensors& t) const {
        const auto network = [&](Place place) {
            return kernels::LifNetwork{static_cast<const std::uint32_t*>(t[place].const_data_ptr()),
                                       int(t[place].numel())};
        };
        return {m_grid,
                m_blockFrames,
                slots(),
                t[differences].data_ptr<float>(),
                t[decisions].data_ptr<std::uint8_t>(),
                t[memory].data_ptr<float>(),
                t[running].data_ptr<float>(),
                kernels::gaussianTaps(),
                t[places].const_data_ptr<std::int32_t>(),
                network(trimming),
                network(median)};
    }
    [[nodiscard]] LifBlock block(const Tensors& t) const {
        return {t[previous].const_data_ptr<float>(), t[frames].const_data_ptr<float>(), m_first, m_blockFrames};
    }

    [[nodiscard]] int slots() const { return 2 * m_blockFrames + 4; }

private:
    at::Generator m_generator;
    LatentGrid m_grid;
    int m_blockFrames;
    int m_first;
};

}  // namespace

std::vector<KernelCase> lifCases(std::uint64_t seed) {
    struct Shape {
        LatentGrid grid;
        int blockFrames;
        int first;
        bool isBenchmark;
    };
    // Wan2.1 at 480x832, its first block too; the built-in model's and Wan2.2's channels; odd grids, other patches and
    // blocks.
    const std::array<Shape, 8> shapes = {{{{16, 60, 104}, 3, 9, true},
                                          {{16, 60, 104}, 3, 0, false},
                                          {{32, 60, 104}, 3, 9, true},
                                          {{48, 44, 80}, 3, 6, true},
                                          {{16, 34, 130}, 3, 3, false},
                                          {{5, 7, 27, 1, 3}, 4, 8, false},
                                          {{64, 6, 2}, 1, 5, false},
                                          {{2, 1, 1, 1, 1}, 2, 2, false}}};
    std::vector<KernelCase> cases;
    for (const auto& [grid, blockFrames, first, isBenchmark] : shapes) {
        Stream stream(seed, grid, blockFrames, first);
        const Tensors tensors = stream.tensors();
        const double frame = double(grid.frameSize()) * 4, plane = double(grid.tokens()) * 4;
        const auto add = [&](const char* kernel, Place output, double bytes, auto launch) {
            KernelCase& added = cases.emplace_back();
            added.kernel = kernel;
            added.shape = std::to_string(blockFrames) + "x" + std::to_string(grid.channels) + "x" +
                          std::to_string(grid.height) + "x" + std::to_string(grid.width) +
                          (first == 0 ? ", first" : "");
            added.tensors = tensors;
            added.output = output;
            added.launch = [stream, launch](const KernelTable& table, Tensors& t, void* s) {
                launch(table, stream, t, s);
            };
            added.isBenchmark = isBenchmark && bytes > 0;
            added.bytes = bytes;
        };

        const auto findDifferences = [](const KernelTable& table, const Stream& of, Tensors& t, void* s) {
            table.lifDifferences(of.state(t), of.block(t), t[last].data_ptr<float>(), s);
        };
        add("lifDifferences", differences, (blockFrames + 2) * frame + blockFrames * plane, findDifferences);
        add("lifDifferences, last frame", last, 0, findDifferences);
        if (first == 0)
            add("lifDifferences, memory", memory, 0, findDifferences);

        // As with a block of look-ahead, and as without: there the last frame is decided too, but not for good.
        for (const bool isLastDecided : {false, true}) {
            const int from = std::max(first - 1, 1), count = first + blockFrames - 1 - from;
            const auto decide = [=](const KernelTable& table, const Stream& of, Tensors& t, void* s) {
                table.lifDecisions(of.state(t), of.block(t),
                                   {from, count + (isLastDecided ? 1 : 0), count, 0.5F, 0.95F}, s);
            };
            if (count < 1 && !isLastDecided)
                continue;
            add(isLastDecided ? "lifDecisions, to the end" : "lifDecisions", decisions,
                isLastDecided ? 0 : (count + 2) * frame, decide);
            add("lifDecisions, memory", memory, 0, decide);
            add("lifDecisions, running", running, 0, decide);
        }

        for (const bool isEnd : {false, true}) {
            const auto finishMasks = [=](const KernelTable& table, const Stream& of, Tensors& t, void* s) {
                table.lifMasks(of.state(t), first, blockFrames, first + blockFrames + (isEnd ? -1 : 1),
                               t[masks].data_ptr<std::uint8_t>(), s);
            };
            add(isEnd ? "lifMasks, clip's end" : "lifMasks", masks, isEnd ? 0 : (2 * blockFrames + 4) * plane / 4,
                finishMasks);
        }
    }
    return cases;
}

}  // namespace lipar::tests
