#include "engine/media/cuda_device.h"

// The loader prints what it does not find; here the caller says it.
#define FFNV_LOG_FUNC(...)
#define FFNV_DEBUG_LOG_FUNC(...)
#include <ffnvcodec/dynlink_loader.h>

extern "C" {
#include <libavutil/hwcontext.h>
#include <libavutil/hwcontext_cuda.h>
}

#include <optional>
#include <utility>

namespace lipar::media {
namespace {

std::unexpected<Error> unavailable(const std::string& why) {
    return fail(ErrorCode::deviceUnavailable, "the GPU cannot decode video: " + why);
}

std::optional<cudaVideoCodec> cuvidCodec(AVCodecID codec) {
    switch (codec) {
        case AV_CODEC_ID_H264: return cudaVideoCodec_H264;
        case AV_CODEC_ID_HEVC: return cudaVideoCodec_HEVC;
        case AV_CODEC_ID_VP8: return cudaVideoCodec_VP8;
        case AV_CODEC_ID_VP9: return cudaVideoCodec_VP9;
        case AV_CODEC_ID_AV1: return cudaVideoCodec_AV1;
        default: return std::nullopt;
    }
}

CUDA_MEMCPY2D transferOf(const CudaDevice::PlaneCopy& plane) {
    CUDA_MEMCPY2D transfer{};
    transfer.srcMemoryType = CU_MEMORYTYPE_DEVICE;
    transfer.srcDevice = CUdeviceptr(plane.device);
    transfer.srcPitch = std::size_t(plane.devicePitch);
    transfer.dstMemoryType = CU_MEMORYTYPE_HOST;
    transfer.dstHost = plane.host;
    transfer.dstPitch = std::size_t(plane.hostPitch);
    transfer.WidthInBytes = std::size_t(plane.rowBytes);
    transfer.Height = std::size_t(plane.rows);
    return transfer;
}

}  // namespace

struct CudaDevice::State {
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        av_buffer_unref(&context);
        if (stream && cuda->cuCtxPushCurrent(primary) == CUDA_SUCCESS) {
            CUcontext popped = nullptr;
            cuda->cuStreamDestroy(stream);
            cuda->cuCtxPopCurrent(&popped);
        }
        if (primary)
            cuda->cuDevicePrimaryCtxRelease(device);
        cuvid_free_functions(&cuvid);
        cuda_free_functions(&cuda);
    }

    [[nodiscard]] Result<> check(CUresult result) const {
        if (result == CUDA_SUCCESS)
            return {};
        const char* text = nullptr;
        cuda->cuGetErrorString(result, &text);
        return unavailable(text ? text : "CUDA error " + std::to_string(int(result)));
    }
    // Calls `use` with the device's context current.
    template <class Use>
    [[nodiscard]] Result<> inContext(Use use) const {
        LIPAR_TRY(check(cuda->cuCtxPushCurrent(primary)));
        const Result<> outcome = use();
        CUcontext popped = nullptr;
        const CUresult left = cuda->cuCtxPopCurrent(&popped);
        return outcome ? check(left) : outcome;
    }
    [[nodiscard]] Result<> initialize(int index);

    CudaFunctions* cuda = nullptr;
    CuvidFunctions* cuvid = nullptr;
    CUdevice device = 0;
    CUcontext primary = nullptr;
    CUstream stream = nullptr;
    AVBufferRef* context = nullptr;
};

// FFmpeg's own way to the primary context refuses one that is in use with flags other than it wants: torch's.
Result<> CudaDevice::State::initialize(int index) {
    if (cuda_load_functions(&cuda, nullptr) < 0)
        return unavailable("NVIDIA's driver is not there");
    if (cuvid_load_functions(&cuvid, nullptr) < 0)
        return unavailable("the driver's library for it, libnvcuvid, is not there");
    LIPAR_TRY(check(cuda->cuInit(0)));
    LIPAR_TRY(check(cuda->cuDeviceGet(&device, index)));
    LIPAR_TRY(check(cuda->cuDevicePrimaryCtxRetain(&primary, device)));
    LIPAR_TRY(inContext([&] { return check(cuda->cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING)); }));

    context = av_hwdevice_ctx_alloc(AV_HWDEVICE_TYPE_CUDA);
    if (!context)
        return unavailable("this FFmpeg knows nothing of CUDA");
    auto* forDecoders = static_cast<AVCUDADeviceContext*>(reinterpret_cast<AVHWDeviceContext*>(context->data)->hwctx);
    forDecoders->cuda_ctx = primary;
    forDecoders->stream = stream;
    if (const int status = av_hwdevice_ctx_init(context); status < 0)
        return unavailable(av::errorText(status));
    return {};
}

CudaDevice::CudaDevice(std::unique_ptr<State> state) : m_state(std::move(state)) {}
CudaDevice::CudaDevice(CudaDevice&&) noexcept = default;
CudaDevice::~CudaDevice() = default;

Result<CudaDevice> CudaDevice::open(int index) {
    auto state = std::make_unique<State>();
    LIPAR_TRY(state->initialize(index));
    return CudaDevice(std::move(state));
}

AVBufferRef* CudaDevice::context() const noexcept {
    return m_state->context;
}

Result<> CudaDevice::copyToHost(const PlaneCopy& luma, const PlaneCopy& chroma) const {
    return m_state->inContext([&]() -> Result<> {
        for (const PlaneCopy* plane : {&luma, &chroma}) {
            const CUDA_MEMCPY2D transfer = transferOf(*plane);
            LIPAR_TRY(m_state->check(m_state->cuda->cuMemcpy2DAsync(&transfer, m_state->stream)));
        }
        return m_state->check(m_state->cuda->cuStreamSynchronize(m_state->stream));
    });
}

bool CudaDevice::hasConcealed(void* decoder, int surface) const {
    CUVIDGETDECODESTATUS status{};
    const Result<> asked = m_state->inContext(
        [&] { return m_state->check(m_state->cuvid->cuvidGetDecodeStatus(decoder, surface, &status)); });
    return asked &&
           (status.decodeStatus == cuvidDecodeStatus_Error || status.decodeStatus == cuvidDecodeStatus_Error_Concealed);
}

Result<bool> CudaDevice::decodes(AVCodecID codec, int bits) const {
    const auto known = cuvidCodec(codec);
    if (!known)
        return false;
    CUVIDDECODECAPS capabilities{};
    capabilities.eCodecType = *known;
    capabilities.eChromaFormat = cudaVideoChromaFormat_420;
    capabilities.nBitDepthMinus8 = unsigned(bits - 8);
    LIPAR_TRY(m_state->inContext([&] { return m_state->check(m_state->cuvid->cuvidGetDecoderCaps(&capabilities)); }));
    return capabilities.bIsSupported != 0;
}

}  // namespace lipar::media
