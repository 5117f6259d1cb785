// lipar-kernel-comparison [--bench] [--require-device] [--seed N] [--kernel TEXT]: the CUDA kernels against their CPU
// twins, and what they reach of the device's memory bandwidth. Without Qt, so that it runs where only the engine does.
//
// Exit code: 0 all agree, or no device; 1 a difference, or no device with --require-device; 2 wrong arguments.
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "engine/kernels/cuda_module.h"
#include "kernel_cases.h"

using lipar::kernels::KernelTable;
using lipar::tests::KernelCase;

namespace {

struct Options {
    bool isBenchmark = false;
    bool isDeviceRequired = false;
    std::uint64_t seed = 1;
    std::string kernel;  // part of a name; empty: all
};

const at::Device device(at::kCUDA, 0);

std::vector<at::Tensor> copiesOn(const std::vector<at::Tensor>& tensors, at::Device target) {
    std::vector<at::Tensor> copies;
    for (const at::Tensor& tensor : tensors)
        copies.push_back(tensor.defined() ? tensor.to(target, tensor.scalar_type(), false, true) : at::Tensor());
    return copies;
}

// The largest difference in units of what is allowed, and the largest at all. NaN counts as infinite.
struct Difference {
    double share = 0;
    double largest = 0;
};

Difference compare(const at::Tensor& actual, const at::Tensor& expected, const KernelCase& limits) {
    if (expected.numel() == 0)
        return {};
    const at::Tensor wanted = expected.to(at::kDouble);
    const at::Tensor error = (actual.to(at::kDouble) - wanted).abs().nan_to_num(INFINITY, INFINITY);
    const at::Tensor allowed = wanted.abs().mul_(limits.relative).add_(limits.absolute);
    // 0 of 0 allowed is no difference.
    const at::Tensor share = (error / allowed).nan_to_num(0.0, INFINITY);
    return {share.max().item<double>(), error.max().item<double>()};
}

const char* typeName(const KernelCase& each) {
    return each.type == at::kFloat ? "fp32" : "bf16";
}

// Cases too large for a CPU are only timed.
constexpr double kMostOperations = 4e10;

bool runComparison(const std::vector<KernelCase>& cases, const KernelTable& cpu, const KernelTable& cuda) {
    std::printf("%-28s %-24s %-5s %12s %12s\n", "kernel", "shape", "type", "difference", "of allowed");
    int misses = 0, count = 0;
    for (const KernelCase& each : cases) {
        if (each.operations > kMostOperations)
            continue;
        std::vector<at::Tensor> expected = copiesOn(each.tensors, at::kCPU);
        each.launch(cpu, expected, nullptr);
        std::vector<at::Tensor> actual = copiesOn(each.tensors, device);
        each.launch(cuda, actual, cuda.currentStream(device.index()));
        const Difference difference = compare(actual[each.output].cpu(), expected[each.output], each);
        const bool passes = difference.share <= 1.0;
        misses += passes ? 0 : 1;
        ++count;
        std::printf("%-28s %-24s %-5s %12.3g %12.3g%s\n", each.kernel.c_str(), each.shape.c_str(), typeName(each),
                    difference.largest, difference.share, passes ? "" : "  MISS");
    }
    std::printf("%d cases, %d misses\n", count, misses);
    return misses == 0;
}

std::string deviceName() {
    char name[256] = "unknown";
    using NameFunction = int (*)(char*, int, int);
    if (void* driver = ::dlopen("libcuda.so.1", RTLD_LAZY))
        if (const auto ask = reinterpret_cast<NameFunction>(::dlsym(driver, "cuDeviceGetName")))
            ask(name, int(sizeof name), device.index());
    return name;
}

// Of the data sheet, bytes a second; 0 where unknown.
double memoryBandwidth(const std::string& name) {
    if (name.find("H200") != std::string::npos)
        return 4.8e12;
    if (name.find("H100") != std::string::npos)
        return 3.35e12;
    return 0;
}

// Median seconds of a launch, from batches between two events. The launches go round over several sets of tensors,
// which together do not fit in the device's cache.
double medianSeconds(const KernelCase& each, const KernelTable& cuda) {
    constexpr int kLaunches = 60, kBatches = 21;
    constexpr double kBeyondCache = 2.5e8;
    const int setCount = std::clamp(int(kBeyondCache / each.bytes), 2, 64);
    std::vector<std::vector<at::Tensor>> sets;
    for (int i = 0; i < setCount; ++i)
        sets.push_back(copiesOn(each.tensors, device));
    const c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
    const c10::Stream stream = guard.getStream(device);
    void* raw = cuda.currentStream(device.index());
    std::size_t next = 0;
    const auto launchBatch = [&] {
        for (int i = 0; i < kLaunches; ++i)
            each.launch(cuda, sets[next++ % sets.size()], raw);
    };
    launchBatch();
    guard.synchronizeDevice(device.index());
    std::vector<double> seconds;
    for (int batch = 0; batch < kBatches; ++batch) {
        c10::Event begin(c10::DeviceType::CUDA, c10::EventFlag::BACKEND_DEFAULT);
        c10::Event end(c10::DeviceType::CUDA, c10::EventFlag::BACKEND_DEFAULT);
        begin.record(stream);
        launchBatch();
        end.record(stream);
        guard.synchronizeDevice(device.index());
        seconds.push_back(begin.elapsedTime(end) * 1e-3 / kLaunches);
    }
    std::nth_element(seconds.begin(), seconds.begin() + kBatches / 2, seconds.end());
    return seconds[kBatches / 2];
}

void runBenchmark(const std::vector<KernelCase>& cases, const KernelTable& cuda) {
    const std::string name = deviceName();
    const double bandwidth = memoryBandwidth(name);
    std::printf("\n%s, data sheet %.2f TB/s\n", name.c_str(), bandwidth * 1e-12);
    std::printf("%-28s %-24s %-5s %10s %10s %9s %8s %10s\n", "kernel", "shape", "type", "MB", "us", "GB/s", "share",
                "TFLOP/s");
    for (const KernelCase& each : cases) {
        if (!each.isBenchmark)
            continue;
        const double seconds = medianSeconds(each, cuda);
        std::printf("%-28s %-24s %-5s %10.2f %10.2f %9.0f", each.kernel.c_str(), each.shape.c_str(), typeName(each),
                    each.bytes * 1e-6, seconds * 1e6, each.bytes / seconds * 1e-9);
        if (bandwidth > 0)
            std::printf(" %7.0f%%", 100 * each.bytes / seconds / bandwidth);
        else
            std::printf(" %8s", "-");
        if (each.operations > 0)
            std::printf(" %10.0f", each.operations / seconds * 1e-12);
        std::printf("\n");
    }
}

bool parse(int count, char** arguments, Options& options) {
    for (int i = 1; i < count; ++i) {
        if (!std::strcmp(arguments[i], "--bench"))
            options.isBenchmark = true;
        else if (!std::strcmp(arguments[i], "--require-device"))
            options.isDeviceRequired = true;
        else if (!std::strcmp(arguments[i], "--seed") && i + 1 < count)
            options.seed = std::strtoull(arguments[++i], nullptr, 10);
        else if (!std::strcmp(arguments[i], "--kernel") && i + 1 < count)
            options.kernel = arguments[++i];
        else
            return false;
    }
    return true;
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
        std::fprintf(stderr, "usage: %s [--bench] [--require-device] [--seed N] [--kernel TEXT]\n", argv[0]);
        return 2;
    }
    try {
        if (const std::string reason = obstacle(); !reason.empty()) {
            std::printf("skipped: no CUDA device: %s\n", reason.c_str());
            return options.isDeviceRequired ? 1 : 0;
        }
        const KernelTable& cuda = *lipar::kernels::cudaKernels();
        std::vector<KernelCase> cases = lipar::tests::kernelCases(options.seed);
        std::erase_if(cases, [&](const KernelCase& each) { return !each.kernel.contains(options.kernel); });
        const bool agrees = runComparison(cases, lipar::kernels::cpuKernels(), cuda);
        if (options.isBenchmark)
            runBenchmark(cases, cuda);
        return agrees ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 1;
    }
}
