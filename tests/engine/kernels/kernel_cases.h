// What lipar-kernel-comparison runs: every function of KernelTable over several shapes.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/kernels/kernel_table.h"

namespace lipar::tests {

struct KernelCase {
    std::string kernel;
    std::string shape;
    at::ScalarType type = at::kFloat;

    // Random inputs, and outputs that hold random values before the run, on the CPU. Copied for every run.
    std::vector<at::Tensor> tensors;
    std::size_t output = 0;  // which of them is compared afterwards, whole
    std::function<void(const kernels::KernelTable&, std::vector<at::Tensor>&, void* stream)> launch;

    // A value passes when |a - b| <= absolute + relative * |b|.
    double absolute = 0;
    double relative = 0;

    bool isBenchmark = false;  // also timed with --bench
    double bytes = 0;          // that one run must move at least: every input read once, every output written once
    double operations = 0;     // floating point, where they are the limit
};

// Inputs depend on the seed alone.
[[nodiscard]] std::vector<KernelCase> kernelCases(std::uint64_t seed);
// Of these, those of lif_block.h.
[[nodiscard]] std::vector<KernelCase> lifCases(std::uint64_t seed);
// Of picture_layers.h and frame_layout.h.
[[nodiscard]] std::vector<KernelCase> pictureCases(std::uint64_t seed);

}  // namespace lipar::tests
