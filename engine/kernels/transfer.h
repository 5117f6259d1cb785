// Moving tensors between the host and a device without making either wait for the other.
#pragma once

#include <ATen/ATen.h>

namespace lipar::kernels {

// A copy of a host tensor on `device`, ordered with the current stream's work; the host goes on at once, and may change its own.
// On the CPU the tensor itself.
[[nodiscard]] at::Tensor toDevice(const at::Tensor& host, at::Device device);
// The same into a tensor that is there, of the same shape.
void copyToDevice(const at::Tensor& host, at::Tensor& target);
// A host copy of a device's tensor, whole once the current stream's work of now is done. On the CPU the tensor itself.
[[nodiscard]] at::Tensor toHostLater(const at::Tensor& tensor);

}  // namespace lipar::kernels
