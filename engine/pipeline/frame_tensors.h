// Pictures to tensors and back.
#pragma once

#include <ATen/ATen.h>

#include <span>
#include <vector>

#include "engine/core/picture.h"

namespace lipar::pipeline {

// Pictures of one size -> [T,3,H,W] in [0,1], padded to height x width by repeating the last row and column.
[[nodiscard]] at::Tensor picturesToTensor(std::span<const PicturePtr> pictures, int width, int height, at::ScalarType dtype, at::Device device);

// Frames [T,3,H,W], any float type, not clamped -> the upper left width x height, rounded to 8 bits: [T,height,width,3] on the
// host, whole once what the thread's lane has been given by now is done.
[[nodiscard]] at::Tensor tensorToBytes(const at::Tensor& frames, int width, int height);
// The bytes as pictures.
[[nodiscard]] std::vector<PicturePtr> bytesToPictures(const at::Tensor& bytes);

// frames [T,3,H,W] towards their BT.601 luma: saturation 1 leaves them as they are, 0 makes them grey.
[[nodiscard]] at::Tensor withSaturation(const at::Tensor& frames, double saturation);

}  // namespace lipar::pipeline
