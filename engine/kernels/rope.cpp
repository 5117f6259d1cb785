#include "engine/kernels/rope.h"

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

void toHeads(const at::Tensor& x, const float* cos, const float* sin, std::int64_t tableStride, at::Tensor& destination,
             const at::Tensor& rows) {
    TORCH_CHECK(x.dim() == 3 && x.stride(2) == 1 && x.stride(1) == x.size(2), "x is [N,H,d]");
    TORCH_CHECK(destination.dim() == 3 && destination.is_contiguous() && destination.size(0) == x.size(1) &&
                destination.size(2) == x.size(2) && destination.scalar_type() == x.scalar_type());
    TORCH_CHECK(!rows.defined() || (rows.scalar_type() == at::kLong && rows.is_contiguous() && rows.numel() == x.size(0)));
    if (x.size(0) == 0)
        return;
    const KernelTable& backend = backendOf(x);
    backend.toHeads(elementOf(x), x.const_data_ptr(), x.stride(0), cos, sin, tableStride, destination.data_ptr(), destination.size(1),
                    rows.defined() ? rows.const_data_ptr<std::int64_t>() : nullptr, x.size(0), x.size(1), x.size(2),
                    streamOf(backend, x));
}

}  // namespace

void rotateToHeads(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, at::Tensor& destination,
                   const at::Tensor& rows) {
    TORCH_CHECK(cos.is_contiguous() && sin.is_contiguous() && cos.size(-1) * 2 == x.size(2) && cos.sizes() == sin.sizes());
    const std::int64_t angleRows = cos.numel() / cos.size(-1);
    TORCH_CHECK(angleRows == x.size(0) || angleRows == 1, "one row of angles a token, or one for all");
    const std::int64_t tableStride = angleRows == 1 ? 0 : cos.size(-1);
    toHeads(x, cos.const_data_ptr<float>(), sin.const_data_ptr<float>(), tableStride, destination, rows);
}

void copyToHeads(const at::Tensor& x, at::Tensor& destination, const at::Tensor& rows) {
    toHeads(x, nullptr, nullptr, 0, destination, rows);
}

void rotateRowsInPlace(at::Tensor& destination, std::int64_t first, std::int64_t count, const at::Tensor& cos, const at::Tensor& sin) {
    TORCH_CHECK(destination.is_contiguous() && first >= 0 && first + count <= destination.size(1));
    TORCH_CHECK(cos.is_contiguous() && sin.is_contiguous() && cos.numel() * 2 == destination.size(2));
    if (count == 0)
        return;
    const KernelTable& backend = backendOf(destination);
    backend.rotateRows(elementOf(destination), destination.data_ptr(), destination.size(1), first, count, cos.const_data_ptr<float>(),
                       sin.const_data_ptr<float>(), destination.size(0), destination.size(2), streamOf(backend, destination));
}

}  // namespace lipar::kernels
