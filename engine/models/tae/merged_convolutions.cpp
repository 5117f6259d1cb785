#include "engine/models/tae/merged_convolutions.h"

#include <array>
#include <utility>
#include <vector>

namespace lipar::models {
namespace {

// Of a 3x3 kernel after nearest upsampling, along one axis: which tap of the small picture each tap falls on, for the
// first and the second pixel of a place.
constexpr std::array<std::array<std::int64_t, 3>, 2> kTapAfterUpsampling{{{0, 1, 1}, {1, 1, 2}}};

// Floor of (pixel + tap) / 2 as a tap 0..2 around the place, and the pixel of that place.
std::pair<std::int64_t, std::int64_t> tapAndPixel(std::int64_t pixel, std::int64_t tap) {
    const std::int64_t shifted = pixel + tap + 1;  // one place up, so that nothing is negative: pixel + (tap - 1) + 2
    return {shifted / 2, shifted % 2};
}

}  // namespace

ConvWeights afterPointwise(const ConvWeights& pool, const ConvWeights& conv) {
    const at::Tensor pointwise = pool.weight.flatten(1).to(at::kDouble);  // [mid,in]
    return {at::einsum("omyx,mi->oiyx", {conv.weight.to(at::kDouble), pointwise}).to(at::kFloat).contiguous(), {}};
}

ConvWeights afterUpsampling(const ConvWeights& conv) {
    const std::int64_t out = conv.weight.size(0), in = conv.weight.size(1);
    const at::Tensor weight = conv.weight.to(at::kDouble);
    const at::Tensor merged = at::zeros({2, 2, out, in, 3, 3}, at::kDouble);
    for (std::int64_t py = 0; py < 2; ++py)
        for (std::int64_t px = 0; px < 2; ++px)
            for (std::size_t y = 0; y < 3; ++y)
                for (std::size_t x = 0; x < 3; ++x)
                    merged[py][px]
                        .select(3, kTapAfterUpsampling[std::size_t(px)][x])
                        .select(2, kTapAfterUpsampling[std::size_t(py)][y])
                        .add_(weight.select(3, std::int64_t(x)).select(2, std::int64_t(y)));
    return {merged.view({4 * out, in, 3, 3}).to(at::kFloat), {}};
}

ConvWeights onQuads(const ConvWeights& conv) {
    const std::int64_t out = conv.weight.size(0), in = conv.weight.size(1);
    const at::Tensor merged = at::zeros({2, 2, out, 2, 2, in, 3, 3}, conv.weight.options());
    for (std::int64_t py = 0; py < 2; ++py)
        for (std::int64_t px = 0; px < 2; ++px)
            for (std::int64_t y = 0; y < 3; ++y)
                for (std::int64_t x = 0; x < 3; ++x) {
                    const auto [tapY, pixelY] = tapAndPixel(py, y);
                    const auto [tapX, pixelX] = tapAndPixel(px, x);
                    merged[py][px].select(1, pixelY).select(1, pixelX).select(3, tapX).select(2, tapY).copy_(
                        conv.weight.select(3, x).select(2, y));
                }
    ConvWeights quads{merged.view({4 * out, 4 * in, 3, 3}), {}};
    if (conv.bias.defined())
        quads.bias = conv.bias.repeat({4});
    return quads;
}

at::Tensor quadsToPixels(const at::Tensor& x, std::int64_t frames) {
    const std::int64_t groups = x.size(0), channels = x.size(1) / (4 * frames), height = x.size(2), width = x.size(3);
    return x
        .permute({0, 2, 3, 1})                                     // [T,h,w,n*4*C]
        .reshape({groups, height, width, frames, 2, 2, channels})  // [T,h,w,n,2,2,C]
        .permute({0, 3, 1, 4, 2, 5, 6})                            // [T,n,h,2,w,2,C]
        .reshape({groups * frames, 2 * height, 2 * width, channels})
        .permute({0, 3, 1, 2});  // [T*n,C,2h,2w]
}

}  // namespace lipar::models
