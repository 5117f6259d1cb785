// lipar-mask-comparison [--bench] [--require-device] [--clips N] [--seed N]: keep masks of whole random clips, made
// block by block on the CPU and on a CUDA device, must be equal bit for bit; --bench: how long a block's mask takes.
// Without Qt, so that it runs where only the engine does.
//
// Exit code: 0 all equal, or no device; 1 a difference, or no device with --require-device; 2 wrong arguments.
#include <ATen/ATen.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "engine/kernels/cuda_module.h"
#include "engine/lipar/keep_mask_stream.h"
#include "tests/engine/lipar/random_clip.h"

using lipar::TokenMask;
using lipar::method::KeepMaskStream;
using lipar::method::LatentGrid;
using lipar::method::LookAhead;
using lipar::method::MaskThresholds;

namespace {

struct Options {
    bool isBenchmark = false;
    bool isDeviceRequired = false;
    int clips = 300;
    std::uint64_t seed = 1;
};

const at::Device cudaDevice(at::kCUDA, 0);

struct StreamCase {
    std::uint64_t clipSeed = 0;
    LatentGrid grid;
    int frames = 0;
    int blockFrames = 0;
    LookAhead lookAhead = LookAhead::none;
    std::vector<MaskThresholds> thresholds;  // of each block
};

StreamCase randomCase(std::uint64_t seed) {
    std::mt19937_64 generator(seed);
    const auto choose = [&](int low, int high) { return low + int(generator() % std::uint64_t(high - low + 1)); };
    const auto oneOf = [&](std::initializer_list<int> values) {
        return values.begin()[choose(0, int(values.size()) - 1)];
    };
    StreamCase c;
    c.clipSeed = generator();
    const int channels = oneOf({16, 16, 32, 48});
    // Mostly small; the large ones take several thread blocks both ways.
    const bool isLarge = choose(0, 9) == 0;
    const int rows = choose(1, isLarge ? 40 : 13), columns = choose(1, isLarge ? 70 : 15);
    c.grid = {channels, rows * 2, columns * 2, 2, 2};
    c.frames = choose(1, isLarge ? 8 : 40);
    c.blockFrames = oneOf({3, 3, 3, 1, 2, 4, 5});
    c.lookAhead = choose(0, 2) == 0 ? LookAhead::none : LookAhead::oneBlock;
    const bool isGoverned = choose(0, 2) == 0;
    MaskThresholds thresholds{0.02F + 0.002F * float(choose(0, 100)), 0};
    thresholds.tau2 = thresholds.tau1 * (1.0F + 0.02F * float(choose(0, 100)));
    for (int first = 0; first < c.frames; first += c.blockFrames) {
        if (isGoverned) {
            const float factor = 0.7F + 0.006F * float(choose(0, 100));
            thresholds = {thresholds.tau1 * factor, thresholds.tau2 * factor};
        }
        c.thresholds.push_back(thresholds);
    }
    return c;
}

// The clip, in numbers whose differences and sums are rounded.
at::Tensor latentsOf(const StreamCase& c) {
    const std::vector<float> exact = lipar::test::toLatents(lipar::test::randomClip(c.clipSeed, c.frames, c.grid));
    at::Tensor latents = at::empty({c.frames, c.grid.channels, c.grid.height, c.grid.width});
    std::transform(exact.begin(), exact.end(), latents.data_ptr<float>(),
                   [](float value) { return value * 0.937113F; });
    return latents;
}

// The masks of a stream as they come; one without frames where none comes.
std::vector<TokenMask> streamed(const StreamCase& c, const at::Tensor& latents) {
    KeepMaskStream stream(c.grid, c.blockFrames, c.thresholds.front(), c.lookAhead);
    std::vector<TokenMask> masks;
    for (int first = 0; first < c.frames; first += c.blockFrames) {
        stream.setThresholds(c.thresholds[std::size_t(first / c.blockFrames)]);
        masks.push_back(
            stream.push(latents.narrow(0, first, std::min(c.blockFrames, c.frames - first))).value_or(TokenMask()));
    }
    masks.push_back(stream.finish().value_or(TokenMask()));
    return masks;
}

bool runComparison(const Options& options) {
    int misses = 0, frames = 0;
    std::size_t kept = 0, tokens = 0;
    for (int i = 0; i < options.clips; ++i) {
        const StreamCase c = randomCase(options.seed + std::uint64_t(i));
        const at::Tensor latents = latentsOf(c);
        const std::vector<TokenMask> expected = streamed(c, latents);
        const bool isEqual = streamed(c, latents.to(cudaDevice)) == expected;
        if (!isEqual) {
            ++misses;
            std::printf("seed %llu: %d frames %dx%dx%d in blocks of %d, %s: MISS\n",
                        static_cast<unsigned long long>(options.seed) + i, c.frames, c.grid.channels, c.grid.height,
                        c.grid.width, c.blockFrames,
                        c.lookAhead == LookAhead::none ? "no look-ahead" : "a block of look-ahead");
        }
        for (const TokenMask& mask : expected) {
            frames += mask.frames;
            kept += mask.keptCount();
            tokens += mask.keep.size();
        }
    }
    std::printf("%d clips, %d mask frames, kept %.3f: %d clips differ\n", options.clips, frames,
                double(kept) / double(tokens), misses);
    return misses == 0;
}

// Median milliseconds from a block of latents that is ready on the device to its mask on the host.
double medianMilliseconds(const LatentGrid& grid, at::Device device) {
    constexpr int kBlockFrames = 3, kWarmUp = 5, kBlocks = 50;
    using Clock = std::chrono::steady_clock;
    // Noise that stays below the thresholds in half of the picture, so that both terms have work.
    at::Tensor clip = at::randn({4 * kBlockFrames, grid.channels, grid.height, grid.width}).mul_(0.3);
    clip.narrow(3, 0, grid.width / 2).mul_(0.1);
    clip = clip.to(device);
    KeepMaskStream stream(grid, kBlockFrames, {}, LookAhead::oneBlock);
    std::vector<double> times;
    for (int i = 0; i < kWarmUp + kBlocks; ++i) {
        const at::Tensor block = clip.narrow(0, i % 4 * kBlockFrames, kBlockFrames);
        if (device.is_cuda())
            at::detail::getCUDAHooks().deviceSynchronize(device.index());
        const auto start = Clock::now();
        (void)stream.push(block);
        if (i >= kWarmUp)
            times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + kBlocks / 2, times.end());
    return times[kBlocks / 2];
}

void runBenchmark() {
    std::printf("\n%-28s %12s %12s\n", "a block's mask, ms", "CUDA", "CPU");
    for (const LatentGrid& grid :
         {LatentGrid{16, 60, 104}, LatentGrid{32, 60, 104}, LatentGrid{48, 44, 80}, LatentGrid{16, 90, 160}}) {
        const std::string shape =
            "3x" + std::to_string(grid.channels) + "x" + std::to_string(grid.height) + "x" + std::to_string(grid.width);
        std::printf("%-28s %12.3f %12.3f\n", shape.c_str(), medianMilliseconds(grid, cudaDevice),
                    medianMilliseconds(grid, at::kCPU));
    }
}

bool parse(int count, char** arguments, Options& options) {
    for (int i = 1; i < count; ++i) {
        if (!std::strcmp(arguments[i], "--bench"))
            options.isBenchmark = true;
        else if (!std::strcmp(arguments[i], "--require-device"))
            options.isDeviceRequired = true;
        else if (!std::strcmp(arguments[i], "--clips") && i + 1 < count)
            options.clips = std::atoi(arguments[++i]);
        else if (!std::strcmp(arguments[i], "--seed") && i + 1 < count)
            options.seed = std::strtoull(arguments[++i], nullptr, 10);
        else
            return false;
    }
    return options.clips > 0;
}

// Why the comparison cannot run; empty when it can.
std::string obstacle() {
    if (const lipar::Result<> opened = lipar::kernels::openCudaModule(); !opened)
        return opened.error().message;
    if (c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount() == 0)
        return "the driver shows none";
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!parse(argc, argv, options)) {
        std::fprintf(stderr, "usage: %s [--bench] [--require-device] [--clips N] [--seed N]\n", argv[0]);
        return 2;
    }
    try {
        if (const std::string reason = obstacle(); !reason.empty()) {
            std::printf("skipped: no CUDA device: %s\n", reason.c_str());
            return options.isDeviceRequired ? 1 : 0;
        }
        const bool areEqual = runComparison(options);
        if (options.isBenchmark)
            runBenchmark();
        return areEqual ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 1;
    }
}
