// Rotary positions and the write to heads. A thread keeps the angles of a few pairs and applies them to several rows.
#include "engine/kernels/cuda/chunk.cuh"
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

constexpr int kThreads = 128;
// Heads, or rows, that share a thread's angles; their loads are in flight together.
constexpr int kShared = 4;

struct HeadsArguments {
    RowChoice choice;
    const float* cos;
    const float* sin;
    std::int64_t tableStride;
    void* destination;
    std::int64_t destinationRows;
    const std::int64_t* rowIndex;
    int tokens;
    int heads;
    int width;
};

// Angles of the pairs in a chunk; none where nothing is rotated.
template <int N, bool Rotate>
struct Angles {
    float cos[N / 2], sin[N / 2];
    template <bool Aligned>
    __device__ void load(const float* cosines, const float* sines) {
        loadFloats<Aligned>(cosines, cos);
        loadFloats<Aligned>(sines, sin);
    }
    template <class T>
    __device__ Chunk<T, N> apply(const Chunk<T, N>& chunk) const {
        float values[N];
        chunk.widen(values);
        rotatePairs(values, cos, sin);
        return Chunk<T, N>::narrow(values);
    }
};

template <int N>
struct Angles<N, false> {
    template <bool Aligned>
    __device__ void load(const float*, const float*) {}
    template <class T>
    __device__ Chunk<T, N> apply(const Chunk<T, N>& chunk) const {
        return chunk;
    }
};

// Thread order: chunk of the head, group of heads, token.
template <class T, int N, bool Rotate>
__global__ void __launch_bounds__(kThreads) writeHeads(HeadsArguments arguments, int chunks, int groups) {
    const int thread = int(blockIdx.x) * kThreads + int(threadIdx.x);
    const int token = thread / chunks / groups;
    if (token >= arguments.tokens)
        return;
    const std::int64_t row = arguments.rowIndex ? arguments.rowIndex[token] : token;
    if (row < 0)
        return;
    const int place = thread % chunks * N;
    const int firstHead = thread / chunks % groups * kShared;

    const RowChoice& choice = arguments.choice;
    const std::int64_t chosen = choice.index ? choice.index[token] : choice.beforeRows + token;
    const T* source = (chosen < choice.beforeRows
                           ? static_cast<const T*>(choice.before) + chosen * choice.beforeStride
                           : static_cast<const T*>(choice.x) + (chosen - choice.beforeRows) * choice.stride) +
                      place;
    Chunk<T, N> held[kShared];
#pragma unroll
    for (int i = 0; i < kShared; ++i) {
        if (firstHead + i < arguments.heads)
            held[i] = Chunk<T, N>::load(source + (firstHead + i) * arguments.width);
    }
    Angles<N, Rotate> angles;
    const std::int64_t angle = token * arguments.tableStride + place / 2;
    angles.template load<N == kVector<T>>(arguments.cos + angle, arguments.sin + angle);
    T* target = static_cast<T*>(arguments.destination) + row * arguments.width + place;
#pragma unroll
    for (int i = 0; i < kShared; ++i) {
        if (firstHead + i < arguments.heads)
            angles.apply(held[i]).store(target + (firstHead + i) * arguments.destinationRows * arguments.width);
    }
}

template <class T, int N, bool Rotate>
void launchWriteHeads(const HeadsArguments& arguments, cudaStream_t stream) {
    const int chunks = arguments.width / N;
    const int groups = (arguments.heads + kShared - 1) / kShared;
    const unsigned blocks = blocksFor(std::int64_t(arguments.tokens) * groups * chunks, kThreads);
    writeHeads<T, N, Rotate><<<blocks, kThreads, 0, stream>>>(arguments, chunks, groups);
}

struct RowsArguments {
    void* destination;
    std::int64_t destinationRows;
    std::int64_t first;
    int count;
    const float* cos;
    const float* sin;
    int rows;  // of all heads
    int width;
};

// Thread order: chunk of the row, row; the rows of a thread lie `rowStep` apart.
template <class T, int N>
__global__ void __launch_bounds__(kThreads) rotateHeadRows(RowsArguments arguments, int chunks, int rowStep) {
    const int thread = int(blockIdx.x) * kThreads + int(threadIdx.x);
    const int firstRow = thread / chunks;
    if (firstRow >= rowStep)
        return;
    const int place = thread % chunks * N;
    Chunk<T, N> held[kShared];
    T* targets[kShared];
#pragma unroll
    for (int i = 0; i < kShared; ++i) {
        const int row = firstRow + i * rowStep;
        if (row < arguments.rows) {
            const std::int64_t place64 =
                (row / arguments.count) * arguments.destinationRows + arguments.first + row % arguments.count;
            targets[i] = static_cast<T*>(arguments.destination) + place64 * arguments.width + place;
            held[i] = Chunk<T, N>::load(targets[i]);
        }
    }
    Angles<N, true> angles;
    angles.template load<N == kVector<T>>(arguments.cos + place / 2, arguments.sin + place / 2);
#pragma unroll
    for (int i = 0; i < kShared; ++i) {
        if (firstRow + i * rowStep < arguments.rows)
            angles.apply(held[i]).store(targets[i]);
    }
}

template <class T, int N>
void launchRotateRows(const RowsArguments& arguments, cudaStream_t stream) {
    const int chunks = arguments.width / N;
    const int rowStep = (arguments.rows + kShared - 1) / kShared;
    rotateHeadRows<T, N>
        <<<blocksFor(std::int64_t(rowStep) * chunks, kThreads), kThreads, 0, stream>>>(arguments, chunks, rowStep);
}

}  // namespace

void toHeads(Element type, const void* x, std::int64_t stride, const float* cos, const float* sin,
             std::int64_t tableStride, void* destination, std::int64_t destinationRows, const std::int64_t* rowIndex,
             std::int64_t tokens, std::int64_t heads, std::int64_t width, void* stream) {
    chosenToHeads(type, {nullptr, 0, 0, x, stride, nullptr}, cos, sin, tableStride, destination, destinationRows, rowIndex,
                  tokens, heads, width, stream);
}

void chosenToHeads(Element type, const RowChoice& choice, const float* cos, const float* sin, std::int64_t tableStride,
                   void* destination, std::int64_t destinationRows, const std::int64_t* rowIndex, std::int64_t tokens,
                   std::int64_t heads, std::int64_t width, void* stream) {
    if (tokens == 0 || heads == 0 || width == 0)
        return;
    const HeadsArguments arguments{
        choice, cos, sin, tableStride, destination, destinationRows, rowIndex, int(tokens), int(heads), int(width)};
    const auto work = static_cast<cudaStream_t>(stream);
    withElement(type, [&]<class T>() {
        const bool isVectorised = width % kVector<T> == 0 && choice.stride % kVector<T> == 0 &&
                                  choice.beforeStride % kVector<T> == 0 && tableStride % (kVector<T> / 2) == 0 &&
                                  areAligned16(choice.before, choice.x, cos, sin, destination);
        if (cos && isVectorised)
            launchWriteHeads<T, kVector<T>, true>(arguments, work);
        else if (cos)
            launchWriteHeads<T, 2, true>(arguments, work);
        else if (isVectorised)
            launchWriteHeads<T, kVector<T>, false>(arguments, work);
        else
            launchWriteHeads<T, 1, false>(arguments, work);
    });
    checkLaunch("toHeads");
}

void rotateRows(Element type, void* destination, std::int64_t destinationRows, std::int64_t first, std::int64_t count,
                const float* cos, const float* sin, std::int64_t heads, std::int64_t width, void* stream) {
    if (count == 0 || heads == 0 || width == 0)
        return;
    const RowsArguments arguments{destination, destinationRows,    first,     int(count), cos,
                                  sin,         int(heads * count), int(width)};
    withElement(type, [&]<class T>() {
        if (width % kVector<T> == 0 && areAligned16(destination, cos, sin))
            launchRotateRows<T, kVector<T>>(arguments, static_cast<cudaStream_t>(stream));
        else
            launchRotateRows<T, 2>(arguments, static_cast<cudaStream_t>(stream));
    });
    checkLaunch("rotateRows");
}

}  // namespace lipar::kernels::cuda
