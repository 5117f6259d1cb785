#include "engine/service/device.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <dlfcn.h>
#include <malloc.h>

#include <array>
#include <charconv>
#include <fstream>

#include "engine/kernels/cuda_module.h"
#include "engine/kernels/fp8.h"

namespace lipar::service {
namespace {

// "key: value" or "key value kB" lines of /proc.
std::string procValue(const char* path, std::string_view key) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(key))
            continue;
        const std::size_t colon = line.find(':');
        const std::size_t first = line.find_first_not_of(" \t", colon + 1);
        return first == std::string::npos ? "" : line.substr(first);
    }
    return {};
}

std::uint64_t procBytes(const char* path, std::string_view key) {
    const std::string value = procValue(path, key);
    std::uint64_t kilobytes = 0;
    std::from_chars(value.data(), value.data() + value.size(), kilobytes);
    return kilobytes * 1024;
}

bool cpuHasBfloat16() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

std::string gpuName(int index) {
    void* driver = ::dlopen("libcuda.so.1", RTLD_LAZY);
    if (!driver)
        return "NVIDIA GPU";
    const auto deviceGet = reinterpret_cast<int (*)(int*, int)>(::dlsym(driver, "cuDeviceGet"));
    const auto deviceName = reinterpret_cast<int (*)(char*, int, int)>(::dlsym(driver, "cuDeviceGetName"));
    std::array<char, 256> name{};
    int handle = 0;
    if (deviceGet && deviceName && deviceGet(&handle, index) == 0 && deviceName(name.data(), int(name.size()), handle) == 0)
        return name.data();
    return "NVIDIA GPU";
}

Result<at::Device> parseDevice(const std::string& name) {
    if (name == "cpu")
        return at::Device(at::kCPU);
    int index = 0;
    if (name != "auto" && name != "cuda") {
        const std::string_view digits = std::string_view(name).substr(std::min<std::size_t>(5, name.size()));
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (!name.starts_with("cuda:") || error != std::errc() || end != digits.data() + digits.size() || index < 0 || index > 127)
            return fail(ErrorCode::invalidArgument, "unknown device \"" + name + "\"", "use auto, cpu, cuda or cuda:N");
    }
    const Result<> opened = kernels::openCudaModule();
    const int count = opened && at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
    if (index < count)
        return at::Device(at::kCUDA, at::DeviceIndex(index));
    if (name == "auto")
        return at::Device(at::kCPU);
    if (!opened)
        return std::unexpected(opened.error());
    return fail(ErrorCode::deviceUnavailable, "device " + name + " is not there: " + std::to_string(count) + " GPUs were found",
                "choose another device, or --device cpu");
}

}  // namespace

Result<Device> chooseDevice(const std::string& name, Precision precision) {
    Device chosen;
    LIPAR_ASSIGN(chosen.device, parseDevice(name));
    const bool cuda = chosen.device.is_cuda();
    const bool eighth = precision == Precision::fp8;
    if (eighth && !kernels::hasFp8Products(chosen.device))
        return fail(ErrorCode::deviceUnavailable,
                    "precision fp8 cannot be used: " + (cuda ? gpuName(chosen.device.index()) : std::string("the CPU")) + " does not multiply 8-bit floating point numbers",
                    "use --precision bf16, or a GPU of NVIDIA's Ada or Hopper generation or newer");
    const bool half = eighth || precision == Precision::bf16 || (precision == Precision::automatic && (cuda || cpuHasBfloat16()));
    chosen.dtype = half ? at::kBFloat16 : at::kFloat;
    chosen.hostType = half && cpuHasBfloat16() ? at::kBFloat16 : at::kFloat;
    chosen.wide = eighth ? models::WideProducts::fp8 : models::WideProducts::dtype;
    chosen.info.precision = eighth ? "fp8" : half ? "bf16" : "fp32";
    chosen.info.kind = cuda ? "cuda" : "cpu";
    if (cuda) {
        at::globalContext().lazyInitDevice(at::kCUDA);  // the allocator's figures may be asked for before the first tensor
        // float32 means float32: cuDNN would round convolutions to ten bits by default.
        at::globalContext().setAllowTF32CuDNN(half);
        chosen.info.name = gpuName(chosen.device.index());
        const auto [free, total] = c10::getDeviceAllocator(at::kCUDA)->getMemoryInfo(chosen.device.index());
        chosen.info.memoryFree = free;
        chosen.info.memoryTotal = total;
    } else {
        const std::string cpu = procValue("/proc/cpuinfo", "model name");
        chosen.info.name = cpu.empty() ? "CPU" : cpu;
        chosen.info.memoryFree = procBytes("/proc/meminfo", "MemAvailable");
        chosen.info.memoryTotal = procBytes("/proc/meminfo", "MemTotal");
    }
    return chosen;
}

Result<Device> chooseDevice(const EngineChoice& engine) {
    LIPAR_ASSIGN(Device chosen, chooseDevice(engine.device, engine.precision));
    switch (engine.textEncoder) {
        case TextEncoderPlace::automatic: chosen.text = models::TextPlacement::automatic; break;
        case TextEncoderPlace::gpu: chosen.text = models::TextPlacement::gpu; break;
        case TextEncoderPlace::cpu: chosen.text = models::TextPlacement::cpu; break;
        case TextEncoderPlace::streamed: chosen.text = models::TextPlacement::streamed; break;
    }
    const bool needsGpu =
        engine.textEncoder == TextEncoderPlace::gpu || engine.textEncoder == TextEncoderPlace::streamed;
    if (needsGpu && !chosen.device.is_cuda())
        return fail(ErrorCode::deviceUnavailable,
                    "the text encoder cannot be on a GPU: the model runs on " + chosen.info.name,
                    "use --text-encoder auto or cpu, or a GPU with --device");
    return chosen;
}

std::optional<int> decodingDevice(at::Device device) {
    return device.is_cuda() ? std::optional<int>(device.index()) : std::nullopt;
}

MemoryUse memoryUse(at::Device device) {
    MemoryUse use;
    use.hostNow = procBytes("/proc/self/status", "VmRSS");
    use.hostPeak = procBytes("/proc/self/status", "VmHWM");
    if (device.is_cuda()) {
        const auto stats = c10::getDeviceAllocator(at::kCUDA)->getDeviceStats(device.index()).reserved_bytes[0];
        use.deviceNow = std::uint64_t(stats.current);
        use.devicePeak = std::uint64_t(stats.peak);
    }
    return use;
}

void resetPeak(at::Device device) {
    if (device.is_cuda())
        c10::getDeviceAllocator(at::kCUDA)->resetPeakStats(device.index());
}

void releaseCachedMemory() {
    ::malloc_trim(0);
    if (kernels::cudaModuleIsOpen() && at::hasCUDA())
        c10::getDeviceAllocator(at::kCUDA)->emptyCache();
}

std::uint64_t freeMemory(at::Device device) {
    if (device.is_cuda())
        return c10::getDeviceAllocator(at::kCUDA)->getMemoryInfo(device.index()).first;
    return procBytes("/proc/meminfo", "MemAvailable");
}

}  // namespace lipar::service
