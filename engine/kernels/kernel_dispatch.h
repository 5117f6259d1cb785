// Private to engine/kernels: from a tensor to its back end.
#pragma once

#include <ATen/ATen.h>

#include "engine/kernels/kernel_table.h"
#include "engine/kernels/normalization.h"

namespace lipar::kernels {

inline Element elementOf(const at::Tensor& tensor) {
    TORCH_CHECK(tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kBFloat16, "kernels take float32 or bfloat16");
    return tensor.scalar_type() == at::kFloat ? Element::float32 : Element::bfloat16;
}

inline const KernelTable& backendOf(const at::Tensor& tensor) {
    if (tensor.is_cpu())
        return cpuKernels();
    const KernelTable* table = cudaKernels();
    TORCH_CHECK(table, "the CUDA kernels are not loaded");
    return *table;
}

inline void* streamOf(const KernelTable& backend, const at::Tensor& tensor) {
    return tensor.is_cpu() ? nullptr : backend.currentStream(tensor.get_device());
}

inline AddedRows addedRows(const at::Tensor& x, const Residual& residual) {
    const auto& [y, gate] = residual;
    if (!y.defined())
        return {};
    TORCH_CHECK(y.is_contiguous() && y.sizes() == x.sizes() && y.scalar_type() == x.scalar_type());
    TORCH_CHECK(!gate.defined() || (gate.is_contiguous() && gate.numel() == x.size(1) && gate.scalar_type() == at::kFloat));
    return {y.const_data_ptr(), gate.defined() ? gate.const_data_ptr<float>() : nullptr};
}

}  // namespace lipar::kernels
