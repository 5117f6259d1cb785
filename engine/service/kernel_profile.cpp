#include "engine/service/kernel_profile.h"

#include <torch/csrc/autograd/profiler_kineto.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <string_view>

namespace lipar::service {
namespace {

namespace impl = torch::profiler::impl;
using torch::autograd::profiler::KinetoEvent;

struct Family {
    std::string_view part;  // of the kernel's or the operator's name
    std::string_view family;
};

// The first that fits counts. Names of cuDNN, cuBLASLt, CUTLASS, CUPTI, ATen and of engine/kernels/cuda.
constexpr std::array kDeviceFamilies = std::to_array<Family>({
    {"sdpa", "attention"},
    {"fmha", "attention"},
    {"flash", "attention"},
    {"mergeAttention", "attention"},
    {"LifState", "keep mask"},
    {"quantize", "rounding to 8 bits"},
    {"lipar::kernels", "norms, rotation, gates"},
    {"fprop", "convolutions"},
    {"conv", "convolutions"},
    {"nvjet", "matrix products"},
    {"gemm", "matrix products"},
    {"splitK", "matrix products"},
    {"HtoD", "copies from the host"},
    {"DtoH", "copies to the host"},
    {"Memcpy", "copies on the device"},
    {"Memset", "copies on the device"},
    {"copy", "copies on the device"},
    {"Copy", "copies on the device"},
    {"Cat", "copies on the device"},
    {"index", "gather and scatter"},
    {"gather", "gather and scatter"},
    {"", "elementwise"},
});

constexpr std::array kHostFamilies = std::to_array<Family>({
    {"convolution", "convolutions"},
    {"softmax", "attention"},
    {"attention", "attention"},
    {"bmm", "attention"},
    {"mm", "matrix products"},
    {"linear", "matrix products"},
    {"copy", "copies"},
    {"cat", "copies"},
    {"clone", "copies"},
    {"index", "gather and scatter"},
    {"randn", "noise"},
    {"normal", "noise"},
    {"", "elementwise"},
});

template <std::size_t N>
std::string familyOf(const std::string& name, const std::array<Family, N>& families) {
    return std::string(
        std::ranges::find_if(families, [&](const Family& entry) { return name.contains(entry.part); })->family);
}

// Operators call operators: what counts is an operator's time without that of those inside it.
std::map<std::string, double> ownTimes(std::vector<const KinetoEvent*> events) {
    std::ranges::sort(events, [](const KinetoEvent* a, const KinetoEvent* b) {
        return a->startNs() != b->startNs() ? a->startNs() < b->startNs() : a->durationNs() > b->durationNs();
    });
    std::map<std::string, double> families;
    std::map<std::uint64_t, std::vector<const KinetoEvent*>> open;  // by thread
    for (const KinetoEvent* event : events) {
        std::vector<const KinetoEvent*>& outer = open[event->startThreadId()];
        while (!outer.empty() && outer.back()->endNs() <= event->startNs())
            outer.pop_back();
        const double ms = double(event->durationNs()) * 1e-6;
        if (!outer.empty())
            families[familyOf(outer.back()->name(), kHostFamilies)] -= ms;
        families[familyOf(event->name(), kHostFamilies)] += ms;
        outer.push_back(event);
    }
    return families;
}

}  // namespace

Result<KernelProfile> profileKernels(at::Device device, const std::function<Result<>()>& work) {
    const impl::ProfilerConfig config(impl::ProfilerState::KINETO);
    const std::set<impl::ActivityType> activities{device.is_cuda() ? impl::ActivityType::CUDA
                                                                   : impl::ActivityType::CPU};
    try {
        torch::autograd::profiler::prepareProfiler(config, activities);
        torch::autograd::profiler::enableProfiler(config, activities);
    } catch (const c10::Error& error) {
        return fail(ErrorCode::deviceUnavailable,
                    std::string("kernels cannot be profiled: ") + error.what_without_backtrace(),
                    "end other profilers, or measure without --profile");
    }
    const auto start = std::chrono::steady_clock::now();
    const Result<> outcome = work();
    const double passedMs = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    const auto trace = torch::autograd::profiler::disableProfiler();  // waits for the device
    LIPAR_TRY(outcome);

    std::map<std::string, double> families;
    if (device.is_cuda()) {
        for (const KinetoEvent& event : trace->events())
            if (event.deviceType() == c10::DeviceType::CUDA)
                families[familyOf(event.name(), kDeviceFamilies)] += double(event.durationNs()) * 1e-6;
    } else {
        std::vector<const KinetoEvent*> operators;
        for (const KinetoEvent& event : trace->events())
            if (event.name().starts_with("aten::"))
                operators.push_back(&event);
        families = ownTimes(std::move(operators));
        double known = 0;
        for (const auto& [family, ms] : families)
            known += ms;
        families["the rest"] = std::max(0.0, passedMs - known);
    }
    KernelProfile profile(families.begin(), families.end());
    std::ranges::stable_sort(profile, std::greater(), &KernelProfile::value_type::second);
    return profile;
}

}  // namespace lipar::service
