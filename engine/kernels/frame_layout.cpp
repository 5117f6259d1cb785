#include "engine/kernels/frame_layout.h"

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {

at::Tensor framesOfBytes(const at::Tensor& bytes, at::ScalarType dtype) {
    TORCH_CHECK(bytes.scalar_type() == at::kByte && bytes.dim() == 4 && bytes.size(3) == 3 && bytes.is_contiguous());
    at::Tensor frames = at::empty(bytes.sizes(), bytes.options().dtype(dtype));  // [T,H,W,3]
    const KernelTable& backend = backendOf(bytes);
    backend.unitOfBytes(elementOf(frames), bytes.const_data_ptr<std::uint8_t>(), frames.data_ptr(), bytes.numel(),
                        streamOf(backend, bytes));
    return frames.permute({0, 3, 1, 2});
}

at::Tensor bytesOfFrames(const at::Tensor& frames, std::int64_t height, std::int64_t width) {
    TORCH_CHECK(frames.dim() == 4 && frames.size(1) == 3 && height <= frames.size(2) && width <= frames.size(3));
    const at::Tensor rows = frames.permute({0, 2, 3, 1}).contiguous();  // [T,H,W,3]
    at::Tensor bytes = at::empty({frames.size(0), height, width, 3}, frames.options().dtype(at::kByte));
    const KernelTable& backend = backendOf(frames);
    backend.bytesOfUnit(elementOf(frames), rows.const_data_ptr(), frames.size(2), 3 * frames.size(3),
                        bytes.data_ptr<std::uint8_t>(), frames.size(0), height, 3 * width, streamOf(backend, frames));
    return bytes;
}

at::Tensor withPreviousFrame(const at::Tensor& frames, at::Tensor& last) {
    const at::Tensor x = frames.contiguous(at::MemoryFormat::ChannelsLast);
    const std::int64_t count = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
    at::Tensor pairs = at::empty({count, 2 * channels, height, width}, x.options(), at::MemoryFormat::ChannelsLast);
    at::Tensor newest = at::empty({1, channels, height, width}, x.options(), at::MemoryFormat::ChannelsLast);
    const KernelTable& backend = backendOf(x);
    backend.withPreviousFrame(x.const_data_ptr(), last.defined() ? last.const_data_ptr() : nullptr, pairs.data_ptr(),
                              newest.data_ptr(), count, height * width, channels * x.element_size(),
                              streamOf(backend, x));
    last = std::move(newest);
    return pairs;
}

}  // namespace lipar::kernels
