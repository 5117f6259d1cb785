#include "engine/kernels/activation.h"

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {

void geluTanhInPlace(at::Tensor& x) {
    TORCH_CHECK(x.is_contiguous());
    const KernelTable& backend = backendOf(x);
    backend.geluTanh(elementOf(x), x.data_ptr(), x.numel(), streamOf(backend, x));
}

}  // namespace lipar::kernels
