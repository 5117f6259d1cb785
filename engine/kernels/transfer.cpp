#include "engine/kernels/transfer.h"

namespace lipar::kernels {

// Copies from and to pinned memory do not wait; the allocator of pinned memory keeps it until the device has used it.
at::Tensor toDevice(const at::Tensor& host, at::Device device) {
    return device.is_cuda() ? host.pin_memory().to(device, /*non_blocking=*/true) : host;
}

void copyToDevice(const at::Tensor& host, at::Tensor& target) {
    if (target.is_cuda())
        target.copy_(host.pin_memory(), /*non_blocking=*/true);
    else
        target.copy_(host);
}

at::Tensor toHostLater(const at::Tensor& tensor) {
    if (!tensor.is_cuda())
        return tensor;
    at::Tensor host = at::empty(tensor.sizes(), tensor.options().device(at::kCPU).pinned_memory(true));
    return host.copy_(tensor, /*non_blocking=*/true);
}

}  // namespace lipar::kernels
