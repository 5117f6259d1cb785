// Decoding by a GPU's own decoder (NVIDIA's NVDEC), which leaves the CPU free for the rest of an edit or a render.
//
// ReaderOptions::cudaDevice and SourcePool ask for it. It is taken for H.264, HEVC, VP8, VP9 and AV1 of 4:2:0 with 8 or
// 10 bits, where driver and device can; the pictures are the very same, byte for byte. Everything else, and the rest of
// a file once something fails or damage is met, is decoded by the CPU, and the log says why. Of damage within a picture's
// coefficients the driver tells for H.264 and HEVC alone, when the picture is shown: what refers to it may have been shown
// before. In other codecs the hardware conceals it its own way.
// The environment variable LIPAR_NO_NVDEC switches it off, to compare or to look into a fault.
// Thread: any.
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"

namespace lipar::media {

[[nodiscard]] bool isHardwareDecodingOff() noexcept;
// The codecs ("h264", "hevc", ...) of which this FFmpeg and a CUDA device together decode 8 bits in hardware. Opens the
// driver. Error: deviceUnavailable (no driver, no such device, no library for decoding, switched off).
[[nodiscard]] Result<std::vector<std::string>> hardwareDecoders(int cudaDevice);

}  // namespace lipar::media
