#include "engine/kernels/normalization.h"

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

at::Tensor layerNorm(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, double eps, bool modulate) {
    TORCH_CHECK(x.dim() == 2 && x.is_contiguous() && scale.numel() == x.size(1) && shift.numel() == x.size(1));
    at::Tensor out = at::empty_like(x);
    const KernelTable& backend = backendOf(x);
    const at::Tensor scaleRow = scale.contiguous(), shiftRow = shift.contiguous();
    backend.layerNorm(elementOf(x), x.const_data_ptr(), scaleRow.const_data_ptr<float>(), shiftRow.const_data_ptr<float>(),
                      out.data_ptr(), x.size(0), x.size(1), float(eps), modulate, streamOf(backend, x));
    return out;
}

}  // namespace

at::Tensor layerNormModulate(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps) {
    return layerNorm(x, scale, shift, eps, true);
}

at::Tensor layerNormAffine(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps) {
    return layerNorm(x, weight, bias, eps, false);
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps) {
    TORCH_CHECK(x.dim() == 2 && x.stride(1) == 1 && weight.is_contiguous() && weight.numel() == x.size(1));
    at::Tensor out = at::empty(x.sizes(), x.options());
    const KernelTable& backend = backendOf(x);
    backend.rmsNorm(elementOf(x), x.const_data_ptr(), x.stride(0), weight.const_data_ptr<float>(), out.data_ptr(), x.size(0),
                    x.size(1), float(eps), streamOf(backend, x));
    return out;
}

void addGated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate) {
    TORCH_CHECK(x.is_contiguous() && y.is_contiguous() && x.sizes() == y.sizes() && x.scalar_type() == y.scalar_type());
    TORCH_CHECK(gate.is_contiguous() && gate.numel() == x.size(1));
    const KernelTable& backend = backendOf(x);
    backend.addGated(elementOf(x), x.data_ptr(), y.const_data_ptr(), gate.const_data_ptr<float>(), x.size(0), x.size(1),
                     streamOf(backend, x));
}

}  // namespace lipar::kernels
