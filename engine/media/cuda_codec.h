// Private to engine/media: NVIDIA's decoder (NVDEC) through FFmpeg's hwaccel, for streams of which it gives the very
// samples that the CPU's decoders give.
#pragma once

#include <memory>

#include "engine/core/result.h"
#include "engine/media/video_codec.h"

namespace lipar::media {

// The decoder of this FFmpeg that drives NVDEC for a codec; none: null. It may be another than the one for the CPU
// (AV1).
[[nodiscard]] const AVCodec* nvdecDecoder(AVCodecID codec);
// Whether NVDEC decodes exactly what such a stream's standard says and FFmpeg hands that out: 4:2:0 of 8 or 10 bits, in
// the profiles whose every tool it has. `format`: of the decoded frame on the CPU.
[[nodiscard]] bool isExactOnNvdec(AVCodecID codec, int profile, AVPixelFormat format);

// A decoder on this CUDA device. Frames are like the CPU's, in format, samples and all they carry. Damage cannot be
// told from what the hardware does not take (a size, a profile, a change of size, film grain), nor from its failures:
// each is a negative code of send() or receive(), and the object is of no use afterwards.
// Errors: inputUnsupported (not a stream for NVDEC), deviceUnavailable.
[[nodiscard]] Result<std::unique_ptr<VideoCodec>> openCudaCodec(const AVStream& stream, int device);

}  // namespace lipar::media
