// The twins of the CUDA kernels, for comparison: on the CPU the networks use the library's convolutions.
#include <ATen/ATen.h>

#include "engine/kernels/cpu/cpu_kernels.h"

namespace lipar::kernels::cpu {
namespace {

at::Tensor view(Element type, const void* data, at::IntArrayRef shape) {
    return at::from_blob(const_cast<void*>(data), shape, type == Element::float32 ? at::kFloat : at::kBFloat16);
}

// In float32, rounded once: what the CUDA kernels do. x [T,H,W,in], weight [out,3,3,in], bias [out] -> [T,out,H,W]
at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    return at::conv2d(x.permute({0, 3, 1, 2}).to(at::kFloat), weight.permute({0, 3, 1, 2}).to(at::kFloat),
                      bias.to(at::kFloat), 1, 1);
}

}  // namespace

void pairedPictureFeatures(Element type, const void* frames, const void* weight, const void* bias, void* out,
                           std::int64_t frameCount, std::int64_t height, std::int64_t width, void*) {
    constexpr std::int64_t n = kPictureFeatures;
    const at::Tensor features = convolve(view(type, frames, {frameCount, height, width, 3}),
                                         view(type, weight, {n, 3, 3, 3}), view(type, bias, {n}))
                                    .relu_();
    view(type, out, {frameCount / 2, height, width, 2, n})
        .copy_(features.view({frameCount / 2, 2, n, height, width}).permute({0, 3, 4, 1, 2}));
}

void picturesOfFeatures(Element type, const void* features, const void* weight, const void* bias, void* out,
                        std::int64_t frameCount, std::int64_t height, std::int64_t width, std::int64_t step, void*) {
    constexpr std::int64_t n = kPictureFeatures;
    const at::Tensor pixels = view(type, features, {frameCount, height, width, 2, 2, n})
                                  .permute({0, 1, 3, 2, 4, 5})  // [T,h,2,w,2,C]
                                  .reshape({frameCount, 2 * height, 2 * width, n});
    const at::Tensor pictures =
        convolve(pixels, view(type, weight, {3, 3, 3, n}), view(type, bias, {3}));  // [T,3,2h,2w]
    for (std::int64_t t = 0; t < frameCount; ++t) {
        void* frame =
            static_cast<std::byte*>(out) + t * step * pictures[t].numel() * (type == Element::float32 ? 4 : 2);
        view(type, frame, {2 * height, 2 * width, 3}).copy_(pictures[t].permute({1, 2, 0}));
    }
}

}  // namespace lipar::kernels::cpu
