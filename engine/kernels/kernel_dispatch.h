// Private to engine/kernels: from a tensor to its back end.
#pragma once

#include <ATen/ATen.h>

#include "engine/kernels/kernel_table.h"

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

}  // namespace lipar::kernels
