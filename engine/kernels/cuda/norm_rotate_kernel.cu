// q/k RMSNorm, rotation and the write to heads in one pass: normed rows never reach device memory.
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/held_row.cuh"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

struct Parts {
    HeadsPart part[kMostHeadsParts];
    int count;
};

struct NormRotateArguments {
    const float* cos;
    const float* sin;
    std::int64_t tableStride;
    int tokens;
    int heads;
    int width;  // of a head
    float eps;
};

// A row of x is a token of one part; the parts of a token are neighbours, so that they share its angles in the cache.
template <class T, int N, class Shape>
__global__ void __launch_bounds__(kMostThreads)
    normRotateRows(Parts parts, NormRotateArguments arguments, RowLayout layout) {
    constexpr bool kAligned = N == kVector<T>;
    const int threads = layout.warps * kWarp;
    const int number = int(blockIdx.x) * layout.rowsPerBlock() + int(threadIdx.x) / threads;
    const int token = number / parts.count;
    if (token >= arguments.tokens)
        return;
    const HeadsPart& part = parts.part[number % parts.count];
    const HeldRow<T, N, Shape> row(static_cast<const T*>(part.x) + token * part.stride, layout.chunks,
                                   int(threadIdx.x) % threads, threads);
    const std::int64_t targetRow = part.rowIndex ? part.rowIndex[token] : token;
    const int chunksPerHead = arguments.width / N;
    const auto target = [&](int index) {
        const int head = index / chunksPerHead;
        return static_cast<T*>(part.destination) + head * part.headStride + targetRow * part.rowStride +
               (index - head * chunksPerHead) * N;
    };
    if (!part.weight) {
        row.forEach([&](int index, const float(&x)[N]) { Chunk<T, N>::narrow(x).store(target(index)); });
        return;
    }
    const float inverse = inverseDeviation(row, 0.0f, arguments.heads * arguments.width, arguments.eps, layout.warps);
    row.forEach([&](int index, float(&x)[N]) {
        float weight[N], cos[N / 2], sin[N / 2];
        loadFloats<kAligned>(part.weight + index * N, weight);
        const std::int64_t angle = token * arguments.tableStride + index % chunksPerHead * (N / 2);
        loadFloats<kAligned>(arguments.cos + angle, cos);
        loadFloats<kAligned>(arguments.sin + angle, sin);
#pragma unroll
        for (int i = 0; i < N; ++i)
            x[i] = x[i] * inverse * weight[i];
        rotatePairs(x, cos, sin);
        Chunk<T, N>::narrow(x).store(target(index));
    });
}

template <class T, int N>
void launchNormRotate(const Parts& parts, const NormRotateArguments& arguments, cudaStream_t stream) {
    constexpr bool kIsVectorised = N == kVector<T>;
    const RowLayout layout = rowLayout(arguments.heads * arguments.width / N, kIsVectorised);
    const unsigned blocks = blocksFor(std::int64_t(arguments.tokens) * parts.count, layout.rowsPerBlock());
    if constexpr (kIsVectorised) {
        withRowShape(layout, [&]<class Shape>() {
            normRotateRows<T, N, Shape><<<blocks, layout.threadsPerBlock(), 0, stream>>>(parts, arguments, layout);
        });
    } else {
        normRotateRows<T, N, AnyRow><<<blocks, layout.threadsPerBlock(), 0, stream>>>(parts, arguments, layout);
    }
}

}  // namespace

void normRotateToHeads(Element type, const HeadsPart* parts, int partCount, const float* cos, const float* sin,
                       std::int64_t tableStride, std::int64_t tokens, std::int64_t heads, std::int64_t width, float eps,
                       void* stream) {
    if (partCount == 0 || tokens == 0 || heads == 0 || width == 0)
        return;
    Parts all{};
    all.count = partCount;
    for (int i = 0; i < partCount; ++i)
        all.part[i] = parts[i];
    const NormRotateArguments arguments{cos, sin, tableStride, int(tokens), int(heads), int(width), eps};
    withElement(type, [&]<class T>() {
        bool isVectorised = width % kVector<T> == 0 && tableStride % (kVector<T> / 2) == 0 && areAligned16(cos, sin);
        for (int i = 0; i < partCount; ++i)
            isVectorised = isVectorised && parts[i].stride % kVector<T> == 0 && parts[i].headStride % kVector<T> == 0 &&
                           parts[i].rowStride % kVector<T> == 0 &&
                           areAligned16(parts[i].x, parts[i].weight, parts[i].destination);
        if (isVectorised)
            launchNormRotate<T, kVector<T>>(all, arguments, static_cast<cudaStream_t>(stream));
        else
            launchNormRotate<T, 2>(all, arguments, static_cast<cudaStream_t>(stream));
    });
    checkLaunch("normRotateToHeads");
}

}  // namespace lipar::kernels::cuda
