#include "engine/models/mini_vae/patches.h"

namespace lipar::models {
namespace {

constexpr std::int64_t kPatch = 4;
constexpr std::int64_t kColours = 3;

// The four pixels of a patch's row stay neighbours, so they are moved as 64-bit words: this many a row.
std::int64_t wordsPerRow(at::ScalarType dtype) {
    return kPatch * std::int64_t(c10::elementSize(dtype)) / std::int64_t(sizeof(std::int64_t));
}

}  // namespace

at::Tensor framesToPatches(const at::Tensor& frames, std::int64_t stack, at::ScalarType dtype) {
    const std::int64_t steps = frames.size(0) / stack, rows = frames.size(2) / kPatch, columns = frames.size(3) / kPatch;
    const std::int64_t words = wordsPerRow(dtype);
    return frames.to(at::kFloat)
        .mul(2)
        .sub_(1)
        .to(dtype)
        .contiguous()
        .view(at::kLong)
        .view({steps, stack, kColours, rows, kPatch, columns, words})
        .permute({0, 3, 5, 1, 2, 4, 6})  // [steps, rows, columns, stack, colour, patch row, words]
        .reshape({steps, rows, columns, stack * kColours * kPatch * words})
        .view(dtype)
        .permute({0, 3, 1, 2});          // [steps, stack*48, rows, columns]
}

at::Tensor patchesToFrames(const at::Tensor& patches) {
    const std::int64_t frames = patches.size(0), rows = patches.size(2), columns = patches.size(3);
    const std::int64_t words = wordsPerRow(patches.scalar_type());
    return patches.permute({0, 2, 3, 1})
        .contiguous()
        .view(at::kLong)
        .view({frames, rows, columns, kColours, kPatch, words})
        .permute({0, 3, 1, 4, 2, 5})     // [T, colour, rows, patch row, columns, words]
        .reshape({frames, kColours, rows * kPatch, columns * words})
        .view(patches.scalar_type());    // [T,3,4h,4w]
}

at::Tensor shuffle2(const at::Tensor& x) {
    const std::int64_t frames = x.size(0), channels = x.size(1) / 4, height = x.size(2), width = x.size(3);
    return x.permute({0, 2, 3, 1})       // [T,h,w,4C]
        .reshape({frames, height, width, 2, 2, channels})
        .permute({0, 1, 3, 2, 4, 5})     // [T,h,2,w,2,C]
        .reshape({frames, 2 * height, 2 * width, channels})
        .permute({0, 3, 1, 2});
}

}  // namespace lipar::models
