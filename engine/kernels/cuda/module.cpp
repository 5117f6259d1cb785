// What the engine finds in liblipar_cuda.so. The only source that includes torch's CUDA headers.
#include <ATen/Context.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>

#include "engine/kernels/cuda/cuda_kernels.h"

namespace lipar::kernels {
namespace {

// cuDNN's fused attention gives wrong results below 9.15.1 for lengths that are not multiples of 128.
constexpr long kSoundCudnn = 91501;

// On Hopper cuDNN's attention is twice as fast as FlashAttention-2, which ATen would take.
void preferCudnnAttention() {
    using at::SDPBackend;
    at::Context& context = at::globalContext();
    const bool isSound = at::Context::hasCuDNN() && at::Context::versionRuntimeCuDNN() >= kSoundCudnn;
    context.setSDPUseCuDNN(isSound);
    context.setSDPPriorityOrder({std::int64_t(SDPBackend::cudnn_attention), std::int64_t(SDPBackend::flash_attention),
                                 std::int64_t(SDPBackend::efficient_attention), std::int64_t(SDPBackend::math),
                                 std::int64_t(SDPBackend::overrideable)});
}

// A stream can only be given work while its device is the current one.
void* currentStream(int device) {
    const auto index = static_cast<c10::DeviceIndex>(device);
    if (c10::cuda::current_device() != index)
        c10::cuda::set_device(index);
    return c10::cuda::getCurrentCUDAStream(index).stream();
}

}  // namespace
}  // namespace lipar::kernels

extern "C" __attribute__((visibility("default"))) const lipar::kernels::KernelTable* liparCudaKernels() {
    namespace kernels = lipar::kernels;
    namespace cuda = lipar::kernels::cuda;
    static const kernels::KernelTable table = [] {
        kernels::preferCudnnAttention();
        return kernels::KernelTable{
            .layerNorm = cuda::layerNorm,
            .rmsNorm = cuda::rmsNorm,
            .addGated = cuda::addGated,
            .toHeads = cuda::toHeads,
            .rotateRows = cuda::rotateRows,
            .normRotateToHeads = cuda::normRotateToHeads,
            .geluTanh = cuda::geluTanh,
            .currentStream = kernels::currentStream,
        };
    }();
    return &table;
}
