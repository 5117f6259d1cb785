#include "engine/kernels/normalization.h"

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

at::Tensor layerNorm(at::Tensor& x, const Residual& residual, const at::Tensor& scale, const at::Tensor& shift, double eps,
                     bool modulate) {
    TORCH_CHECK(x.dim() == 2 && x.is_contiguous() && scale.numel() == x.size(1) && shift.numel() == x.size(1));
    at::Tensor out = at::empty_like(x);
    const KernelTable& backend = backendOf(x);
    const at::Tensor scaleRow = scale.contiguous(), shiftRow = shift.contiguous();
    backend.layerNorm(elementOf(x), x.data_ptr(), addedRows(x, residual), scaleRow.const_data_ptr<float>(), shiftRow.const_data_ptr<float>(),
                      out.data_ptr(), x.size(0), x.size(1), float(eps), modulate, streamOf(backend, x));
    return out;
}

}  // namespace

at::Tensor layerNormModulate(at::Tensor& x, const Residual& residual, const at::Tensor& shift, const at::Tensor& scale, double eps) {
    return layerNorm(x, residual, scale, shift, eps, true);
}

at::Tensor layerNormAffine(at::Tensor& x, const Residual& residual, const at::Tensor& weight, const at::Tensor& bias, double eps) {
    return layerNorm(x, residual, weight, bias, eps, false);
}

void rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps, const at::Tensor& out) {
    TORCH_CHECK(x.dim() == 2 && x.stride(1) == 1 && weight.is_contiguous() && weight.numel() == x.size(1));
    TORCH_CHECK(out.is_contiguous() && out.sizes() == x.sizes() && out.scalar_type() == x.scalar_type());
    const KernelTable& backend = backendOf(x);
    backend.rmsNorm(elementOf(x), x.const_data_ptr(), x.stride(0), weight.const_data_ptr<float>(), out.data_ptr(), x.size(0),
                    x.size(1), float(eps), streamOf(backend, x));
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps) {
    const at::Tensor out = at::empty(x.sizes(), x.options());
    rmsNorm(x, weight, eps, out);
    return out;
}

}  // namespace lipar::kernels
