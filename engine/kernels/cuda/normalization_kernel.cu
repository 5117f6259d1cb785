// LayerNorm, RMSNorm and the gated residual: every element is read once and written once.
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/held_row.cuh"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

// norm(x) * (1 + scale) + shift, norm(x) * scale + shift, x / rms(x) * scale
enum class Norm { modulate, affine, rms };

struct NormArguments {
    const void* x;
    std::int64_t stride;
    const float* scale;
    const float* shift;
    void* out;
    std::int64_t rows;
    int width;
    float eps;
};

template <class T, int N, class Shape, Norm kind>
__global__ void __launch_bounds__(kMostThreads) normalizeRows(NormArguments arguments, RowLayout layout) {
    constexpr bool kAligned = N == kVector<T>;
    const int threads = layout.warps * kWarp;
    const std::int64_t rowNumber = std::int64_t(blockIdx.x) * layout.rowsPerBlock() + int(threadIdx.x) / threads;
    if (rowNumber >= arguments.rows)
        return;
    const T* source = static_cast<const T*>(arguments.x) + rowNumber * arguments.stride;
    T* target = static_cast<T*>(arguments.out) + rowNumber * arguments.width;

    const HeldRow<T, N, Shape> row(source, layout.chunks, int(threadIdx.x) % threads, threads);
    float mean = 0.0f;
    if constexpr (kind != Norm::rms) {
        float total = 0.0f;
        row.forEach([&](int, const float(&x)[N]) {
#pragma unroll
            for (int i = 0; i < N; ++i)
                total += x[i];
        });
        mean = rowSum(total, layout.warps) / float(arguments.width);
    }
    const float inverse = inverseDeviation(row, mean, arguments.width, arguments.eps, layout.warps);
    row.forEach([&](int index, float(&x)[N]) {
        float scale[N];
        loadFloats<kAligned>(arguments.scale + index * N, scale);
        if constexpr (kind == Norm::rms) {
#pragma unroll
            for (int i = 0; i < N; ++i)
                x[i] = x[i] * inverse * scale[i];
        } else {
            float shift[N];
            loadFloats<kAligned>(arguments.shift + index * N, shift);
            constexpr float kBase = kind == Norm::modulate ? 1.0f : 0.0f;
#pragma unroll
            for (int i = 0; i < N; ++i)
                x[i] = (x[i] - mean) * inverse * (kBase + scale[i]) + shift[i];
        }
        Chunk<T, N>::narrow(x).store(target + index * N);
    });
}

template <class T, int N, Norm kind>
void launchNorm(const NormArguments& arguments, cudaStream_t stream) {
    const RowLayout layout = rowLayout(arguments.width / N, N > 1);
    const unsigned blocks = blocksFor(arguments.rows, layout.rowsPerBlock());
    if constexpr (N > 1) {
        withRowShape(layout, [&]<class Shape>() {
            normalizeRows<T, N, Shape, kind><<<blocks, layout.threadsPerBlock(), 0, stream>>>(arguments, layout);
        });
    } else {
        normalizeRows<T, 1, AnyRow, kind><<<blocks, layout.threadsPerBlock(), 0, stream>>>(arguments, layout);
    }
}

template <Norm kind>
void normalize(Element type, const NormArguments& arguments, const char* name, void* stream) {
    if (arguments.rows == 0 || arguments.width == 0)
        return;
    withElement(type, [&]<class T>() {
        const bool isVectorised = arguments.width % kVector<T> == 0 && arguments.stride % kVector<T> == 0 &&
                                  areAligned16(arguments.x, arguments.scale, arguments.shift, arguments.out);
        if (isVectorised)
            launchNorm<T, kVector<T>, kind>(arguments, static_cast<cudaStream_t>(stream));
        else
            launchNorm<T, 1, kind>(arguments, static_cast<cudaStream_t>(stream));
    });
    checkLaunch(name);
}

// Rows that a thread updates: their loads are in flight together, and the gate is read once for them.
constexpr int kGatedRows = 4;
constexpr int kGatedThreads = 64;

template <class T, int N>
__global__ void __launch_bounds__(kGatedThreads)
    addGatedRows(T* x, const T* y, const float* gate, std::int64_t rows, int width, int columnBlocks) {
    const int column = (int(blockIdx.x) % columnBlocks * kGatedThreads + int(threadIdx.x)) * N;
    if (column >= width)
        return;
    const std::int64_t first = std::int64_t(blockIdx.x / columnBlocks) * kGatedRows;
    Chunk<T, N> sums[kGatedRows], terms[kGatedRows];
#pragma unroll
    for (int i = 0; i < kGatedRows; ++i) {
        if (first + i < rows) {
            sums[i] = Chunk<T, N>::load(x + (first + i) * width + column);
            terms[i] = Chunk<T, N>::load(y + (first + i) * width + column);
        }
    }
    float factors[N];
    loadFloats<N == kVector<T>>(gate + column, factors);
#pragma unroll
    for (int i = 0; i < kGatedRows; ++i) {
        if (first + i < rows) {
            float sum[N], term[N];
            sums[i].widen(sum);
            terms[i].widen(term);
#pragma unroll
            for (int j = 0; j < N; ++j)
                sum[j] += term[j] * factors[j];
            Chunk<T, N>::narrow(sum).store(x + (first + i) * width + column);
        }
    }
}

template <class T, int N>
void launchAddGated(void* x, const void* y, const float* gate, std::int64_t rows, int width, cudaStream_t stream) {
    const int columnBlocks = int(blocksFor(width / N, kGatedThreads));
    const std::int64_t rowBlocks = blocksFor(rows, kGatedRows);
    addGatedRows<T, N><<<blocksFor(rowBlocks * columnBlocks, 1), kGatedThreads, 0, stream>>>(
        static_cast<T*>(x), static_cast<const T*>(y), gate, rows, width, columnBlocks);
}

}  // namespace

void layerNorm(Element type, const void* x, const float* scale, const float* shift, void* out, std::int64_t rows,
               std::int64_t width, float eps, bool modulate, void* stream) {
    const NormArguments arguments{x, width, scale, shift, out, rows, int(width), eps};
    if (modulate)
        normalize<Norm::modulate>(type, arguments, "layerNorm", stream);
    else
        normalize<Norm::affine>(type, arguments, "layerNorm", stream);
}

void rmsNorm(Element type, const void* x, std::int64_t stride, const float* weight, void* out, std::int64_t rows,
             std::int64_t width, float eps, void* stream) {
    normalize<Norm::rms>(type, {x, stride, weight, nullptr, out, rows, int(width), eps}, "rmsNorm", stream);
}

void addGated(Element type, void* x, const void* y, const float* gate, std::int64_t rows, std::int64_t width,
              void* stream) {
    if (rows == 0 || width == 0)
        return;
    withElement(type, [&]<class T>() {
        if (width % kVector<T> == 0 && areAligned16(x, y, gate))
            launchAddGated<T, kVector<T>>(x, y, gate, rows, int(width), static_cast<cudaStream_t>(stream));
        else
            launchAddGated<T, 1>(x, y, gate, rows, int(width), static_cast<cudaStream_t>(stream));
    });
    checkLaunch("addGated");
}

}  // namespace lipar::kernels::cuda
