// Rows in 8-bit floating point with a scale each: every element is read once, written once, and stays in registers between
// the search for the row's largest magnitude and the rounding.
#include <cuda_fp8.h>

#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/gelu.cuh"
#include "engine/kernels/cuda/held_row.cuh"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

enum class Before { nothing, gelu, layerNorm, sumAndLayerNorm };

struct Fp8Arguments {
    void* x;
    AddedRows added;  // before the layer norm
    const float* scale;  // of the layer norm, as shift
    const float* shift;
    std::uint8_t* codes;
    float* rowScale;
    std::int64_t rows;
    int width;
    float eps;
};

template <int N>
__device__ void storeCodes(const float (&x)[N], float inverse, std::uint8_t* target) {
    if constexpr (N % 4 == 0) {
        std::uint32_t words[N / 4];
#pragma unroll
        for (int i = 0; i < N / 4; ++i) {
            const auto low = __nv_cvt_float2_to_fp8x2({x[4 * i] * inverse, x[4 * i + 1] * inverse}, __NV_SATFINITE, __NV_E4M3);
            const auto high = __nv_cvt_float2_to_fp8x2({x[4 * i + 2] * inverse, x[4 * i + 3] * inverse}, __NV_SATFINITE, __NV_E4M3);
            words[i] = std::uint32_t(low) | std::uint32_t(high) << 16;
        }
        if constexpr (N == 8)
            *reinterpret_cast<uint2*>(target) = {words[0], words[1]};
        else
            *reinterpret_cast<std::uint32_t*>(target) = words[0];
    } else {
#pragma unroll
        for (int i = 0; i < N; ++i)
            target[i] = __nv_cvt_float_to_fp8(x[i] * inverse, __NV_SATFINITE, __NV_E4M3);
    }
}

template <class T, int N, class Shape, Before before>
__global__ void __launch_bounds__(kMostThreads) quantize(Fp8Arguments arguments, RowLayout layout) {
    constexpr bool kAligned = N == kVector<T>;
    const int threads = layout.warps * kWarp;
    const std::int64_t rowNumber = std::int64_t(blockIdx.x) * layout.rowsPerBlock() + int(threadIdx.x) / threads;
    if (rowNumber >= arguments.rows)
        return;
    constexpr bool kIsNormed = before == Before::layerNorm || before == Before::sumAndLayerNorm;
    const int lane = int(threadIdx.x) % threads;
    T* source = static_cast<T*>(arguments.x) + rowNumber * arguments.width;
    const HeldRow<T, N, Shape> row = [&] {
        if constexpr (before == Before::sumAndLayerNorm)
            return HeldRow<T, N, Shape>(source, static_cast<const T*>(arguments.added.y) + rowNumber * arguments.width,
                                        arguments.added.gate, layout.chunks, lane, threads);
        else
            return HeldRow<T, N, Shape>(source, layout.chunks, lane, threads);
    }();
    float mean = 0.0f, inverseNorm = 1.0f;
    if constexpr (kIsNormed) {
        float total = 0.0f;
        row.forEach([&](int, const float(&x)[N]) {
#pragma unroll
            for (int i = 0; i < N; ++i)
                total += x[i];
        });
        mean = rowSum(total, layout.warps) / float(arguments.width);
        inverseNorm = inverseDeviation(row, mean, arguments.width, arguments.eps, layout.warps);
    }
    const auto prepare = [&](int index, float(&x)[N]) {
        if constexpr (before == Before::gelu) {
#pragma unroll
            for (int i = 0; i < N; ++i)
                x[i] = gelu<T>(x[i]);
        } else if constexpr (kIsNormed) {
            float scale[N], shift[N];
            loadFloats<kAligned>(arguments.scale + index * N, scale);
            loadFloats<kAligned>(arguments.shift + index * N, shift);
#pragma unroll
            for (int i = 0; i < N; ++i)
                x[i] = (x[i] - mean) * inverseNorm * (1.0f + scale[i]) + shift[i];
        }
    };
    float largest = kSmallestFp8Row;
    row.forEach([&](int index, float(&x)[N]) {
        prepare(index, x);
#pragma unroll
        for (int i = 0; i < N; ++i)
            largest = fmaxf(largest, fabsf(x[i]));
    });
    largest = rowMaximum(largest, layout.warps);
    const float inverse = kLargestFp8 / largest;
    std::uint8_t* target = arguments.codes + rowNumber * arguments.width;
    row.forEach([&](int index, float(&x)[N]) {
        prepare(index, x);
        storeCodes(x, inverse, target + index * N);
    });
    if (int(threadIdx.x) % threads == 0)
        arguments.rowScale[rowNumber] = largest / kLargestFp8;
}

template <class T, int N, Before before>
void launchQuantize(const Fp8Arguments& arguments, cudaStream_t stream) {
    const RowLayout layout = rowLayout(arguments.width / N, N > 1);
    const unsigned blocks = blocksFor(arguments.rows, layout.rowsPerBlock());
    if constexpr (N > 1) {
        withRowShape(layout, [&]<class Shape>() {
            quantize<T, N, Shape, before><<<blocks, layout.threadsPerBlock(), 0, stream>>>(arguments, layout);
        });
    } else {
        quantize<T, 1, AnyRow, before><<<blocks, layout.threadsPerBlock(), 0, stream>>>(arguments, layout);
    }
}

template <Before before>
void quantizeAfter(Element type, const Fp8Arguments& arguments, const char* name, void* stream) {
    if (arguments.rows == 0 || arguments.width == 0)
        return;
    withElement(type, [&]<class T>() {
        if (arguments.width % kVector<T> == 0 && areAligned16(arguments.x, arguments.scale, arguments.shift, arguments.codes,
                                                              arguments.added.y, arguments.added.gate))
            launchQuantize<T, kVector<T>, before>(arguments, static_cast<cudaStream_t>(stream));
        else
            launchQuantize<T, 1, before>(arguments, static_cast<cudaStream_t>(stream));
    });
    checkLaunch(name);
}

}  // namespace

void quantizeRows(Element type, const void* x, std::uint8_t* codes, float* rowScale, std::int64_t rows, std::int64_t width, bool gelu,
                  void* stream) {
    const Fp8Arguments arguments{const_cast<void*>(x), {}, nullptr, nullptr, codes, rowScale, rows, int(width), 0.0f};
    if (gelu)
        quantizeAfter<Before::gelu>(type, arguments, "quantizeRows", stream);
    else
        quantizeAfter<Before::nothing>(type, arguments, "quantizeRows", stream);
}

void layerNormQuantizeRows(Element type, void* x, const AddedRows& added, const float* scale, const float* shift,
                           std::uint8_t* codes, float* rowScale, std::int64_t rows, std::int64_t width, float eps,
                           void* stream) {
    const Fp8Arguments arguments{x, added, scale, shift, codes, rowScale, rows, int(width), eps};
    if (added.y)
        quantizeAfter<Before::sumAndLayerNorm>(type, arguments, "layerNormQuantizeRows", stream);
    else
        quantizeAfter<Before::layerNorm>(type, arguments, "layerNormQuantizeRows", stream);
}

}  // namespace lipar::kernels::cuda
