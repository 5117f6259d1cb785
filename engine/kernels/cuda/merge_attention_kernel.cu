// Parts of an attention over parts of its keys, put together: a weighted sum by the parts' log-sum-exp.
#include "engine/kernels/cuda/chunk.cuh"
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

constexpr int kThreads = 256;

// A thread merges one chunk of one query's head.
template <class T, int N>
__global__ void __launch_bounds__(kThreads)
    mergeParts(const T* partial, const float* logSumExp, T* out, int splits, int heads, int queries, int width) {
    const int chunksPerHead = width / N;
    const int item = int(blockIdx.x) * kThreads + int(threadIdx.x);
    if (item >= heads * queries * chunksPerHead)
        return;
    const int place = item / chunksPerHead;  // query * heads + head
    const int row = place % heads * queries + place / heads;
    const int rows = heads * queries;
    float weight[kMostAttentionSplits];
    float largest = -INFINITY;
#pragma unroll
    for (int i = 0; i < kMostAttentionSplits; ++i) {
        weight[i] = i < splits ? __ldg(logSumExp + std::int64_t(i) * rows + row) : -INFINITY;
        largest = fmaxf(largest, weight[i]);
    }
    float total = 0;
#pragma unroll
    for (int i = 0; i < kMostAttentionSplits; ++i) {
        weight[i] = __expf(weight[i] - largest);
        total += weight[i];
    }
    float sum[N] = {};
#pragma unroll
    for (int i = 0; i < kMostAttentionSplits; ++i) {
        if (i < splits) {
            float values[N];
            Chunk<T, N>::load(partial + std::int64_t(i) * rows * width + std::int64_t(item) * N).widen(values);
#pragma unroll
            for (int j = 0; j < N; ++j)
                sum[j] += weight[i] * values[j];
        }
    }
    const float inverse = 1.0f / total;
#pragma unroll
    for (int j = 0; j < N; ++j)
        sum[j] *= inverse;
    Chunk<T, N>::narrow(sum).store(out + std::int64_t(item) * N);
}

template <class T, int N>
void launchMerge(const void* partial, const float* logSumExp, void* out, int splits, std::int64_t heads, std::int64_t queries,
                 std::int64_t width, cudaStream_t stream) {
    mergeParts<T, N><<<blocksFor(heads * queries * (width / N), kThreads), kThreads, 0, stream>>>(
        static_cast<const T*>(partial), logSumExp, static_cast<T*>(out), splits, int(heads), int(queries), int(width));
}

}  // namespace

void mergeAttention(Element type, const void* partial, const float* logSumExp, void* out, int splits, std::int64_t heads,
                    std::int64_t queries, std::int64_t width, void* stream) {
    if (heads * queries * width == 0)
        return;
    withElement(type, [&]<class T>() {
        if (width % kVector<T> == 0 && areAligned16(partial, out))
            launchMerge<T, kVector<T>>(partial, logSumExp, out, splits, heads, queries, width, static_cast<cudaStream_t>(stream));
        else
            launchMerge<T, 1>(partial, logSumExp, out, splits, heads, queries, width, static_cast<cudaStream_t>(stream));
    });
    checkLaunch("mergeAttention");
}

}  // namespace lipar::kernels::cuda
