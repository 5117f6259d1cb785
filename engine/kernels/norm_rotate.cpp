#include "engine/kernels/norm_rotate.h"

#include <array>

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {

void normRotateToHeads(std::span<const HeadsWrite> writes, const at::Tensor& cos, const at::Tensor& sin, double eps) {
    TORCH_CHECK(!writes.empty() && writes.size() <= std::size_t(kMostHeadsParts));
    const at::Tensor& first = writes[0].x;
    const std::int64_t tokens = first.size(0), heads = writes[0].destination.size(0), width = writes[0].destination.size(2);
    TORCH_CHECK(cos.is_contiguous() && sin.is_contiguous() && cos.sizes() == sin.sizes() && cos.size(-1) * 2 == width);
    const std::int64_t angleRows = cos.numel() / cos.size(-1);
    TORCH_CHECK(angleRows == tokens || angleRows == 1, "one row of angles a token, or one for all");

    std::array<HeadsPart, kMostHeadsParts> parts{};
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const auto& [x, weight, destination, rows] = writes[i];
        TORCH_CHECK(x.dim() == 2 && x.stride(1) == 1 && x.size(0) == tokens && x.size(1) == heads * width, "x is [N,H*d]");
        TORCH_CHECK(destination.dim() == 3 && destination.stride(2) == 1 && destination.size(0) == heads &&
                    destination.size(2) == width);
        TORCH_CHECK(x.scalar_type() == first.scalar_type() && destination.scalar_type() == first.scalar_type());
        TORCH_CHECK(!weight.defined() || (weight.is_contiguous() && weight.numel() == heads * width));
        TORCH_CHECK(!rows.defined() || (rows.scalar_type() == at::kLong && rows.is_contiguous() && rows.numel() == tokens));
        parts[i] = {.x = x.const_data_ptr(),
                    .stride = x.stride(0),
                    .weight = weight.defined() ? weight.const_data_ptr<float>() : nullptr,
                    .destination = destination.data_ptr(),
                    .headStride = destination.stride(0),
                    .rowStride = destination.stride(1),
                    .rowIndex = rows.defined() ? rows.const_data_ptr<std::int64_t>() : nullptr};
    }
    const KernelTable& backend = backendOf(first);
    backend.normRotateToHeads(elementOf(first), parts.data(), int(writes.size()), cos.const_data_ptr<float>(),
                              sin.const_data_ptr<float>(), angleRows == 1 ? 0 : cos.size(-1), tokens, heads, width, float(eps),
                              streamOf(backend, first));
}

}  // namespace lipar::kernels
