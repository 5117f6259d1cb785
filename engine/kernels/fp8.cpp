#include "engine/kernels/fp8.h"

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

constexpr int kFirstCapability = 89;

Fp8Rows emptyRows(const at::Tensor& x) {
    TORCH_CHECK(x.dim() == 2 && x.is_contiguous());
    return {at::empty(x.sizes(), x.options().dtype(at::kFloat8_e4m3fn)), at::empty({x.size(0)}, x.options().dtype(at::kFloat))};
}

std::uint8_t* codesOf(const Fp8Rows& rows) { return static_cast<std::uint8_t*>(rows.codes.data_ptr()); }

Fp8Rows quantized(const at::Tensor& x, bool gelu) {
    const Fp8Rows rows = emptyRows(x);
    const KernelTable& backend = backendOf(x);
    backend.quantizeRows(elementOf(x), x.const_data_ptr(), codesOf(rows), rows.scale.data_ptr<float>(), x.size(0), x.size(1), gelu,
                         streamOf(backend, x));
    return rows;
}

}  // namespace

bool hasFp8Products(at::Device device) {
    return device.is_cuda() && cudaKernels() && cudaKernels()->computeCapability(device.index()) >= kFirstCapability;
}

Fp8Rows toFp8(const at::Tensor& x) { return quantized(x, false); }

Fp8Rows geluToFp8(const at::Tensor& x) { return quantized(x, true); }

Fp8Rows layerNormModulateToFp8(at::Tensor& x, const Residual& residual, const at::Tensor& shift, const at::Tensor& scale, double eps) {
    TORCH_CHECK(scale.is_contiguous() && shift.is_contiguous() && scale.numel() == x.size(1) && shift.numel() == x.size(1));
    const Fp8Rows rows = emptyRows(x);
    const KernelTable& backend = backendOf(x);
    backend.layerNormQuantizeRows(elementOf(x), x.data_ptr(), addedRows(x, residual), scale.const_data_ptr<float>(),
                                  shift.const_data_ptr<float>(), codesOf(rows), rows.scale.data_ptr<float>(), x.size(0), x.size(1), float(eps), streamOf(backend, x));
    return rows;
}

at::Tensor linearFp8(const Fp8Rows& x, const Fp8Rows& weight, const at::Tensor& bias) {
    const std::int64_t rows = x.codes.size(0), out = weight.codes.size(0);
    if (rows == 0)
        return at::empty({0, out}, bias.options());
    if (x.codes.is_cuda())
        return at::_scaled_mm(x.codes, weight.codes.t(), x.scale.view({rows, 1}), weight.scale.view({1, out}), bias, {}, at::kBFloat16,
                              /*use_fast_accum=*/true);
    const at::Tensor product = at::matmul(x.codes.to(at::kFloat), weight.codes.to(at::kFloat).t());  // [N,out]
    return (product * x.scale.unsqueeze(1) * weight.scale + bias).to(at::kBFloat16);
}

}  // namespace lipar::kernels
