#include "engine/pipeline/frame_tensors.h"

#include <cstring>

#include "engine/kernels/frame_layout.h"
#include "engine/kernels/transfer.h"

namespace lipar::pipeline {

at::Tensor picturesToTensor(std::span<const PicturePtr> pictures, int width, int height, at::ScalarType dtype,
                            at::Device device) {
    const int pictureWidth = pictures.front()->width, pictureHeight = pictures.front()->height;
    // Pinned, so that neither side waits for the other.
    at::Tensor bytes = at::empty({std::int64_t(pictures.size()), height, width, 3},
                                 at::TensorOptions().dtype(at::kByte).pinned_memory(device.is_cuda()));
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        std::uint8_t* target = bytes[std::int64_t(i)].data_ptr<std::uint8_t>();
        const std::size_t rowBytes = std::size_t(width) * 3, pictureRow = std::size_t(pictureWidth) * 3;
        for (int y = 0; y < height; ++y) {
            const std::uint8_t* source =
                pictures[i]->rgb.data() + std::size_t(std::min(y, pictureHeight - 1)) * pictureRow;
            std::uint8_t* row = target + std::size_t(y) * rowBytes;
            std::memcpy(row, source, pictureRow);
            for (std::size_t at = pictureRow; at < rowBytes; ++at)
                row[at] = row[at - 3];
        }
    }
    return kernels::framesOfBytes(bytes.to(device, /*non_blocking=*/true), dtype);  // [T,3,H,W]
}

at::Tensor tensorToBytes(const at::Tensor& frames, int width, int height) {
    return kernels::toHostLater(kernels::bytesOfFrames(frames, height, width));
}

std::vector<PicturePtr> bytesToPictures(const at::Tensor& bytes) {
    std::vector<PicturePtr> pictures;
    for (std::int64_t i = 0; i < bytes.size(0); ++i) {
        auto picture = std::make_shared<Picture>(int(bytes.size(2)), int(bytes.size(1)));
        std::memcpy(picture->rgb.data(), bytes[i].const_data_ptr<std::uint8_t>(), picture->rgb.size());
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

at::Tensor withSaturation(const at::Tensor& frames, double saturation) {
    if (saturation == 1.0)
        return frames;
    const at::Tensor weights =
        at::tensor({0.299, 0.587, 0.114}, at::kDouble).to(frames.device(), frames.scalar_type()).view({1, 3, 1, 1});
    const at::Tensor luma = (frames * weights).sum(1, true);
    return luma + (frames - luma) * saturation;
}

}  // namespace lipar::pipeline
