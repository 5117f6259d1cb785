// Private to engine/kernels/cuda: N neighbouring elements in one access, in and out of float32.
#pragma once

#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include "engine/kernels/kernel_table.h"

namespace lipar::kernels::cuda {

// Elements of one 16-byte access.
template <class T>
inline constexpr int kVector = int(16 / sizeof(T));

// N = kVector<T>: one 16-byte access, so addresses are multiples of 16. Any other N: element by element.
template <class T, int N>
struct alignas(N == kVector<T> ? 16 : alignof(T)) Chunk {
    T values[N];

    __device__ static Chunk load(const T* source) {
        Chunk chunk;
        if constexpr (N == kVector<T>) {
            chunk = *reinterpret_cast<const Chunk*>(source);
        } else {
#pragma unroll
            for (int i = 0; i < N; ++i)
                chunk.values[i] = source[i];
        }
        return chunk;
    }

    __device__ void store(T* target) const {
        if constexpr (N == kVector<T>) {
            *reinterpret_cast<Chunk*>(target) = *this;
        } else {
#pragma unroll
            for (int i = 0; i < N; ++i)
                target[i] = values[i];
        }
    }

    __device__ void widen(float (&out)[N]) const {
#pragma unroll
        for (int i = 0; i < N; ++i)
            out[i] = float(values[i]);
    }

    // Rounds to nearest even.
    __device__ static Chunk narrow(const float (&in)[N]) {
        Chunk chunk;
        if constexpr (sizeof(T) == sizeof(float)) {
#pragma unroll
            for (int i = 0; i < N; ++i)
                chunk.values[i] = in[i];
        } else if constexpr (N % 2 == 0) {
#pragma unroll
            for (int i = 0; i < N; i += 2) {
                const __nv_bfloat162 pair = __floats2bfloat162_rn(in[i], in[i + 1]);
                chunk.values[i] = pair.x;
                chunk.values[i + 1] = pair.y;
            }
        } else {
#pragma unroll
            for (int i = 0; i < N; ++i)
                chunk.values[i] = __float2bfloat16_rn(in[i]);
        }
        return chunk;
    }
};

// N float32 parameters that the kernel does not write, so that the compiler may read them before earlier stores.
// Aligned: the address is a multiple of 16, or of 8 for N = 2.
template <bool Aligned, int N>
__device__ void loadFloats(const float* source, float (&out)[N]) {
    if constexpr (Aligned && N % 4 == 0) {
#pragma unroll
        for (int i = 0; i < N; i += 4) {
            const float4 four = __ldg(reinterpret_cast<const float4*>(source + i));
            out[i] = four.x;
            out[i + 1] = four.y;
            out[i + 2] = four.z;
            out[i + 3] = four.w;
        }
    } else if constexpr (Aligned && N == 2) {
        const float2 two = __ldg(reinterpret_cast<const float2*>(source));
        out[0] = two.x;
        out[1] = two.y;
    } else {
#pragma unroll
        for (int i = 0; i < N; ++i)
            out[i] = __ldg(source + i);
    }
}

// Adjacent pairs by N/2 angles, in place.
template <int N>
__device__ void rotatePairs(float (&x)[N], const float (&cos)[N / 2], const float (&sin)[N / 2]) {
#pragma unroll
    for (int i = 0; i < N / 2; ++i) {
        const float a = x[2 * i], b = x[2 * i + 1];
        x[2 * i] = a * cos[i] - b * sin[i];
        x[2 * i + 1] = a * sin[i] + b * cos[i];
    }
}

// Calls launch<T>() for an Element.
template <class Launch>
void withElement(Element type, Launch launch) {
    if (type == Element::float32)
        launch.template operator()<float>();
    else
        launch.template operator()<__nv_bfloat16>();
}

}  // namespace lipar::kernels::cuda
