// LayerNorm, with the gated residual before it, and RMSNorm: every element is read once and written once.
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/held_row.cuh"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

// norm(x) * (1 + scale) + shift, norm(x) * scale + shift, x / rms(x) * scale
enum class Norm { modulate, affine, rms };

struct NormArguments {
    void* x;
    AddedRows added;
    std::int64_t stride;
    const float* scale;
    const float* shift;
    void* out;
    std::int64_t rows;
    int width;
    float eps;
};

template <class T, int N, class Shape, Norm kind, bool isAdded>
__global__ void __launch_bounds__(kMostThreads) normalizeRows(NormArguments arguments, RowLayout layout) {
    constexpr bool kAligned = N == kVector<T>;
    const int threads = layout.warps * kWarp;
    const std::int64_t rowNumber = std::int64_t(blockIdx.x) * layout.rowsPerBlock() + int(threadIdx.x) / threads;
    if (rowNumber >= arguments.rows)
        return;
    T* source = static_cast<T*>(arguments.x) + rowNumber * arguments.stride;
    T* target = static_cast<T*>(arguments.out) + rowNumber * arguments.width;

    const int lane = int(threadIdx.x) % threads;
    const HeldRow<T, N, Shape> row = [&] {
        if constexpr (isAdded)
            return HeldRow<T, N, Shape>(source, static_cast<const T*>(arguments.added.y) + rowNumber * arguments.width,
                                        arguments.added.gate, layout.chunks, lane, threads);
        else
            return HeldRow<T, N, Shape>(source, layout.chunks, lane, threads);
    }();
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

template <class T, int N, Norm kind, bool isAdded>
void launchNorm(const NormArguments& arguments, cudaStream_t stream) {
    const RowLayout layout = rowLayout(arguments.width / N, N > 1);
    const unsigned blocks = blocksFor(arguments.rows, layout.rowsPerBlock());
    if constexpr (N > 1) {
        withRowShape(layout, [&]<class Shape>() {
            normalizeRows<T, N, Shape, kind, isAdded><<<blocks, layout.threadsPerBlock(), 0, stream>>>(arguments, layout);
        });
    } else {
        normalizeRows<T, 1, AnyRow, kind, isAdded><<<blocks, layout.threadsPerBlock(), 0, stream>>>(arguments, layout);
    }
}

template <Norm kind, bool isAdded = false>
void normalize(Element type, const NormArguments& arguments, const char* name, void* stream) {
    if (arguments.rows == 0 || arguments.width == 0)
        return;
    withElement(type, [&]<class T>() {
        const bool isVectorised = arguments.width % kVector<T> == 0 && arguments.stride % kVector<T> == 0 &&
                                  areAligned16(arguments.x, arguments.scale, arguments.shift, arguments.out,
                                               arguments.added.y, arguments.added.gate);
        if (isVectorised)
            launchNorm<T, kVector<T>, kind, isAdded>(arguments, static_cast<cudaStream_t>(stream));
        else
            launchNorm<T, 1, kind, isAdded>(arguments, static_cast<cudaStream_t>(stream));
    });
    checkLaunch(name);
}

}  // namespace

void layerNorm(Element type, void* x, const AddedRows& added, const float* scale, const float* shift, void* out,
               std::int64_t rows, std::int64_t width, float eps, bool modulate, void* stream) {
    const NormArguments arguments{x, added, width, scale, shift, out, rows, int(width), eps};
    const auto run = [&]<Norm kind>() {
        if (added.y)
            normalize<kind, true>(type, arguments, "layerNorm", stream);
        else
            normalize<kind>(type, arguments, "layerNorm", stream);
    };
    if (modulate)
        run.template operator()<Norm::modulate>();
    else
        run.template operator()<Norm::affine>();
}

void rmsNorm(Element type, const void* x, std::int64_t stride, const float* weight, void* out, std::int64_t rows,
             std::int64_t width, float eps, void* stream) {
    normalize<Norm::rms>(type, {const_cast<void*>(x), {}, stride, weight, nullptr, out, rows, int(width), eps}, "rmsNorm", stream);
}

}  // namespace lipar::kernels::cuda
