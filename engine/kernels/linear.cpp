#include "engine/kernels/linear.h"

#include "engine/kernels/kernel_dispatch.h"
#include "engine/kernels/product_tile.h"

namespace lipar::kernels {
namespace {

// The only GPUs whose tiles were measured.
constexpr int kTiledCapability = 90;
// Narrower products are too short for it to matter.
constexpr std::int64_t kNarrowestTiled = 1024;

// Undefined where the map is left to ATen.
at::Tensor tiled(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool gelu) {
    if (!x.is_cuda() || x.scalar_type() != at::kBFloat16 || x.dim() != 2 || x.size(1) < kNarrowestTiled || weight.size(0) < kNarrowestTiled ||
        x.size(1) % 8 != 0 || weight.size(0) % 8 != 0 || !x.is_contiguous() || !weight.is_contiguous())
        return {};
    const KernelTable& backend = backendOf(x);
    const int device = x.get_device();
    if (backend.computeCapability(device) != kTiledCapability)
        return {};
    TORCH_CHECK(weight.size(1) == x.size(1) && bias.numel() == weight.size(0) && bias.is_contiguous());
    const ProductShape shape{x.size(0), x.size(1), weight.size(0), gelu, backend.multiprocessorCount(device)};
    const std::optional<ProductTile> tile = chooseProductTile(shape);
    if (!tile)
        return {};
    at::Tensor out = at::empty({x.size(0), weight.size(0)}, x.options());
    const bool isDone = backend.linear(x.const_data_ptr(), weight.const_data_ptr(), bias.const_data_ptr(), out.data_ptr(), shape,
                                       *tile, streamOf(backend, x));
    return isDone ? out : at::Tensor();
}

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    if (const at::Tensor out = tiled(x, weight, bias, false); out.defined())
        return out;
    return at::linear(x, weight, bias);
}

at::Tensor linearGelu(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    if (const at::Tensor out = tiled(x, weight, bias, true); out.defined())
        return out;
    if (x.is_cuda() && x.scalar_type() == at::kBFloat16)
        return at::_addmm_activation(bias, x, weight.t(), 1, 1, /*use_gelu=*/true);
    return at::gelu(at::linear(x, weight, bias), "tanh");
}

}  // namespace lipar::kernels
