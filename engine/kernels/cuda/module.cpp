// What the engine finds in liblipar_cuda.so. The only source that includes torch's CUDA headers.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>

#include <map>
#include <memory>

#include "engine/kernels/cuda/cuda_kernels.h"

namespace lipar::kernels {

struct RecordedGraph {
    at::cuda::CUDAGraph graph;
};

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

int multiprocessorCount(int device) {
    return at::cuda::getDeviceProperties(static_cast<c10::DeviceIndex>(device))->multiProcessorCount;
}

int computeCapability(int device) {
    const auto* properties = at::cuda::getDeviceProperties(static_cast<c10::DeviceIndex>(device));
    return 10 * properties->major + properties->minor;
}

void useOwnStream(int device) {
    const auto index = static_cast<c10::DeviceIndex>(device);
    // Who waits for the device sleeps: by default it would keep a core busy.
    c10::cuda::set_device(index);
    C10_CUDA_CHECK(cudaSetDeviceFlags(cudaDeviceScheduleBlockingSync));
    if (c10::cuda::getCurrentCUDAStream(index) == c10::cuda::getDefaultCUDAStream(index))
        c10::cuda::setCurrentCUDAStream(c10::cuda::getStreamFromPool(true, index));
}

// One pool of a device for all its graphs, as long as the process lives: they run one after the other, and what one
// leaves is used before the next begins. The allocator would forget a pool with the last of its graphs, and keep its
// memory from everybody; so there is one graph, of next to nothing, that is never destroyed. Graphs belong to one
// thread, the engine's.
at::cuda::MempoolId_t graphPool() {
    static std::map<c10::DeviceIndex, at::cuda::MempoolId_t> pools;
    const c10::DeviceIndex device = c10::cuda::current_device();
    if (const auto known = pools.find(device); known != pools.end())
        return known->second;
    const at::cuda::MempoolId_t pool = at::cuda::graph_pool_handle();
    auto* keeper = new RecordedGraph;  // outlives the CUDA context, which must not be asked to destroy it
    keeper->graph.capture_begin(pool, cudaStreamCaptureModeThreadLocal);
    at::zeros({1}, at::TensorOptions().device(at::kCUDA, device));
    keeper->graph.capture_end();
    return pools[device] = pool;
}

RecordedGraph* recordGraph(void (*body)(void* context), void* context) {
    auto recorded = std::make_unique<RecordedGraph>();
    // Other threads may use the device meanwhile (decoding of frames, memory queries).
    recorded->graph.capture_begin(graphPool(), cudaStreamCaptureModeThreadLocal);
    try {
        body(context);
    } catch (...) {
        try {
            recorded->graph.capture_end();  // else the stream would stay in recording
        } catch (...) {
        }
        throw;
    }
    recorded->graph.capture_end();
    return recorded.release();
}

void replayGraph(RecordedGraph* recorded) {
    recorded->graph.replay();
}

void destroyGraph(RecordedGraph* recorded) {
    delete recorded;
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
            .linear = cuda::linear,
            .toHeads = cuda::toHeads,
            .chosenToHeads = cuda::chosenToHeads,
            .rotateRows = cuda::rotateRows,
            .normRotateToHeads = cuda::normRotateToHeads,
            .geluTanh = cuda::geluTanh,
            .mergeAttention = cuda::mergeAttention,
            .quantizeRows = cuda::quantizeRows,
            .layerNormQuantizeRows = cuda::layerNormQuantizeRows,
            .pairedPictureFeatures = cuda::pairedPictureFeatures,
            .picturesOfFeatures = cuda::picturesOfFeatures,
            .unitOfBytes = cuda::unitOfBytes,
            .bytesOfUnit = cuda::bytesOfUnit,
            .withPreviousFrame = cuda::withPreviousFrame,
            .lifDifferences = cuda::lifDifferences,
            .lifDecisions = cuda::lifDecisions,
            .lifMasks = cuda::lifMasks,
            .currentStream = kernels::currentStream,
            .multiprocessorCount = kernels::multiprocessorCount,
            .computeCapability = kernels::computeCapability,
            .useOwnStream = kernels::useOwnStream,
            .recordGraph = kernels::recordGraph,
            .replayGraph = kernels::replayGraph,
            .destroyGraph = kernels::destroyGraph,
        };
    }();
    return &table;
}
