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

void chosenToHeads(const ChosenRows& chosen, const at::Tensor& cos, const at::Tensor& sin, at::Tensor& destination,
                   const at::Tensor& rows) {
    const std::int64_t tokens = chosen.index.numel(), heads = destination.size(0), width = destination.size(2);
    TORCH_CHECK(chosen.index.scalar_type() == at::kLong && chosen.index.is_contiguous());
    for (const at::Tensor& source : {chosen.before, chosen.after})
        TORCH_CHECK(source.dim() == 2 && source.stride(1) == 1 && source.size(1) == heads * width &&
                    source.scalar_type() == destination.scalar_type());
    TORCH_CHECK(destination.dim() == 3 && destination.is_contiguous());
    TORCH_CHECK(!rows.defined() || (rows.scalar_type() == at::kLong && rows.is_contiguous() && rows.numel() == tokens));
    TORCH_CHECK(!cos.defined() || (cos.is_contiguous() && sin.is_contiguous() && cos.size(0) == tokens && cos.size(1) * 2 == width &&
                                   cos.sizes() == sin.sizes()));
    const KernelTable& backend = backendOf(destination);
    const RowChoice choice{chosen.before.const_data_ptr(), chosen.before.size(0),   chosen.before.stride(0),
                           chosen.after.const_data_ptr(),  chosen.after.stride(0), chosen.index.const_data_ptr<std::int64_t>()};
    backend.chosenToHeads(elementOf(destination), choice, cos.defined() ? cos.const_data_ptr<float>() : nullptr,
                          sin.defined() ? sin.const_data_ptr<float>() : nullptr, width / 2, destination.data_ptr(), destination.size(1),
                          rows.defined() ? rows.const_data_ptr<std::int64_t>() : nullptr, tokens, heads, width,
                          streamOf(backend, destination));
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
