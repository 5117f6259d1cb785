// The CPU's twin of cuda/linear_kernel.cpp: the definition that the other is compared with.
#include <ATen/ATen.h>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/product_tile.h"

namespace lipar::kernels::cpu {

bool linear(const void* x, const void* weight, const void* bias, void* out, const ProductShape& shape, const ProductTile&, void*) {
    const auto wide = [](const void* data, at::IntArrayRef sizes) {
        return at::from_blob(const_cast<void*>(data), sizes, at::kBFloat16).to(at::kFloat);
    };
    at::Tensor product = at::linear(wide(x, {shape.rows, shape.inWidth}), wide(weight, {shape.outWidth, shape.inWidth}),
                                    wide(bias, {shape.outWidth}));
    if (shape.gelu)
        product = at::gelu(product, "tanh");
    at::from_blob(out, {shape.rows, shape.outWidth}, at::kBFloat16).copy_(product);
    return true;
}

}  // namespace lipar::kernels::cpu
