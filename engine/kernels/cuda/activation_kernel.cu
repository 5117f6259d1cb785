// GELU in place.
#include "engine/kernels/cuda/chunk.cuh"
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/gelu.cuh"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kChunks = 4;  // of a thread, in flight together

template <class T, int N>
__global__ void __launch_bounds__(kThreads) geluInPlace(T* x, std::int64_t chunks) {
    const std::int64_t first = std::int64_t(blockIdx.x) * (kThreads * kChunks) + threadIdx.x;
    Chunk<T, N> held[kChunks];
#pragma unroll
    for (int i = 0; i < kChunks; ++i) {
        if (first + i * kThreads < chunks)
            held[i] = Chunk<T, N>::load(x + (first + i * kThreads) * N);
    }
#pragma unroll
    for (int i = 0; i < kChunks; ++i) {
        if (first + i * kThreads < chunks) {
            float values[N];
            held[i].widen(values);
#pragma unroll
            for (int j = 0; j < N; ++j)
                values[j] = gelu<T>(values[j]);
            Chunk<T, N>::narrow(values).store(x + (first + i * kThreads) * N);
        }
    }
}

template <class T, int N>
void launchGelu(void* x, std::int64_t count, cudaStream_t stream) {
    geluInPlace<T, N><<<blocksFor(count / N, kThreads * kChunks), kThreads, 0, stream>>>(static_cast<T*>(x), count / N);
}

}  // namespace

void geluTanh(Element type, void* x, std::int64_t count, void* stream) {
    if (count == 0)
        return;
    withElement(type, [&]<class T>() {
        if (count % kVector<T> == 0 && areAligned16(x))
            launchGelu<T, kVector<T>>(x, count, static_cast<cudaStream_t>(stream));
        else
            launchGelu<T, 1>(x, count, static_cast<cudaStream_t>(stream));
    });
    checkLaunch("geluTanh");
}

}  // namespace lipar::kernels::cuda
