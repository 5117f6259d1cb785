// Private to engine/service: where the time of some work goes, by family of kernels.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"

namespace lipar::service {

// Milliseconds of each family, the longest first. On a GPU: of the kernels and copies, which may overlap, so that the
// sum can be more than the time that passed. On the CPU: of ATen's operators, without those they call; our own kernels
// are no operators and count as "the rest", which is what is missing to the time that passed.
using KernelProfile = std::vector<std::pair<std::string, double>>;

// Runs `work` under torch's profiler (CUPTI on NVIDIA). Thread: one at a time in a process.
// Errors: those of `work`; deviceUnavailable where the profiler does not start, as when another one holds the device.
[[nodiscard]] Result<KernelProfile> profileKernels(at::Device device, const std::function<Result<>()>& work);

}  // namespace lipar::service
