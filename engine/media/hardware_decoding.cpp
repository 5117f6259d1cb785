#include "engine/media/hardware_decoding.h"

#include <cstdlib>

#include "engine/media/cuda_codec.h"
#include "engine/media/cuda_device.h"

namespace lipar::media {

bool isHardwareDecodingOff() noexcept {
    static const bool isOff = std::getenv("LIPAR_NO_NVDEC") != nullptr;
    return isOff;
}

Result<std::vector<std::string>> hardwareDecoders(int cudaDevice) {
    if (isHardwareDecodingOff())
        return fail(ErrorCode::deviceUnavailable, "the GPU does not decode video: LIPAR_NO_NVDEC is set");
    LIPAR_ASSIGN(const CudaDevice device, CudaDevice::open(cudaDevice));
    std::vector<std::string> found;
    for (const AVCodecID codec :
         {AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1}) {
        if (!nvdecDecoder(codec))
            continue;
        LIPAR_ASSIGN(const bool takes8, device.decodes(codec, 8));
        if (takes8)
            found.emplace_back(avcodec_get_name(codec));
    }
    return found;
}

}  // namespace lipar::media
