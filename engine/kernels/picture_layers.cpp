#include "engine/kernels/picture_layers.h"

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

bool isChannelsLast(const at::Tensor& x) {
    return x.is_contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

bool hasPictureLayers(const at::Tensor& x, std::int64_t features) {
    return x.is_cuda() && x.scalar_type() == at::kBFloat16 && features == kPictureFeatures;
}

at::Tensor pairedPictureFeatures(const at::Tensor& frames, const at::Tensor& weight, const at::Tensor& bias) {
    TORCH_CHECK(frames.size(0) % 2 == 0 && frames.size(1) == 3 && isChannelsLast(frames) && isChannelsLast(weight));
    TORCH_CHECK(weight.sizes() == at::IntArrayRef({kPictureFeatures, 3, 3, 3}) && bias.is_contiguous() &&
                bias.numel() == kPictureFeatures);
    at::Tensor out = at::empty({frames.size(0) / 2, 2 * kPictureFeatures, frames.size(2), frames.size(3)},
                               frames.options(), at::MemoryFormat::ChannelsLast);
    const KernelTable& backend = backendOf(frames);
    backend.pairedPictureFeatures(elementOf(frames), frames.const_data_ptr(), weight.const_data_ptr(),
                                  bias.const_data_ptr(), out.data_ptr(), frames.size(0), frames.size(2), frames.size(3),
                                  streamOf(backend, frames));
    return out;
}

void picturesOfFeatures(const at::Tensor& features, const at::Tensor& weight, const at::Tensor& bias,
                        at::Tensor& pictures, std::int64_t first, std::int64_t step) {
    const std::int64_t frames = features.size(0), height = features.size(2), width = features.size(3);
    TORCH_CHECK(features.size(1) == 4 * kPictureFeatures && isChannelsLast(features) && isChannelsLast(weight) &&
                isChannelsLast(pictures));
    TORCH_CHECK(weight.sizes() == at::IntArrayRef({3, kPictureFeatures, 3, 3}) && bias.is_contiguous() &&
                bias.numel() == 3);
    TORCH_CHECK(pictures.size(1) == 3 && pictures.size(2) == 2 * height && pictures.size(3) == 2 * width &&
                (frames == 0 || first + (frames - 1) * step < pictures.size(0)));
    const KernelTable& backend = backendOf(features);
    backend.picturesOfFeatures(elementOf(features), features.const_data_ptr(), weight.const_data_ptr(),
                               bias.const_data_ptr(), pictures.narrow(0, first, pictures.size(0) - first).data_ptr(),
                               frames, height, width, step, streamOf(backend, features));
}

}  // namespace lipar::kernels
