// Private to engine/kernels/cuda: a row that a group of warps reads once and keeps in registers.
#pragma once

#include "engine/kernels/cuda/chunk.cuh"

namespace lipar::kernels::cuda {

constexpr int kWarp = 32;
// Chunks that a thread keeps, in the 128 registers that blocks of kMostThreads leave it.
constexpr int kMostHeld = 6;
constexpr int kMostWarps = 16;
constexpr int kMostThreads = kWarp * kMostWarps;

// How rows are shared out. One warp a row where that is enough (no barrier is needed then), else a block a row.
struct RowLayout {
    int chunks = 0;        // of a row
    int warps = 1;         // of a row
    int held = 0;          // chunks a thread keeps; 0: the row is too wide and is read again where it is needed
    bool isWhole = false;  // every thread has `held` chunks

    [[nodiscard]] constexpr int rowsPerBlock() const { return warps == 1 ? 4 : 1; }
    [[nodiscard]] constexpr int threadsPerBlock() const { return kWarp * warps * rowsPerBlock(); }
};

// A row of `chunks` 16-byte chunks, or (not vectorised) of so many small ones.
inline RowLayout rowLayout(int chunks, bool vectorised) {
    RowLayout layout{chunks};
    if (!vectorised) {
        while (layout.warps < 8 && layout.warps * kWarp < chunks)
            layout.warps *= 2;
        return layout;
    }
    while (layout.warps < kMostWarps && layout.warps * kWarp * kMostHeld < chunks)
        layout.warps *= 2;
    const int held = (chunks + layout.warps * kWarp - 1) / (layout.warps * kWarp);
    layout.held = held <= kMostHeld ? held : 0;
    layout.isWhole = layout.held * layout.warps * kWarp == chunks;
    return layout;
}

// How a kernel is compiled for rows: RowLayout's held and isWhole.
template <int held, bool isWhole>
struct RowShape {
    static constexpr int kHeld = held;
    static constexpr bool kIsWhole = isWhole;
};
using AnyRow = RowShape<0, false>;

// Calls launch<RowShape<...>>().
template <int held = kMostHeld, class Launch>
void withRowShape(const RowLayout& layout, Launch launch) {
    if constexpr (held == 0) {
        launch.template operator()<AnyRow>();
    } else {
        if (layout.held != held)
            withRowShape<held - 1>(layout, launch);
        else if (layout.isWhole)
            launch.template operator()<RowShape<held, true>>();
        else
            launch.template operator()<RowShape<held, false>>();
    }
}

// One thread's part of a row: chunks lane, lane + threads, lane + 2 * threads, ... of it.
template <class T, int N, class Shape>
class HeldRow {
    static constexpr int kHeld = Shape::kHeld;

public:
    // All loads are issued here, before the first is used.
    __device__ HeldRow(const T* row, int chunks, int lane, int threads)
        : m_row(row), m_chunks(chunks), m_lane(lane), m_threads(threads) {
#pragma unroll
        for (int i = 0; i < kHeld; ++i) {
            if (Shape::kIsWhole || lane + i * threads < chunks)
                m_held[i] = Chunk<T, N>::load(row + (lane + i * threads) * N);
        }
    }

    // The row after `target` += y * gate, rounded as it is stored there; gate null: ones.
    __device__ HeldRow(T* target, const T* y, const float* gate, int chunks, int lane, int threads)
        : m_row(target), m_chunks(chunks), m_lane(lane), m_threads(threads) {
        Chunk<T, N> terms[kHeld > 0 ? kHeld : 1];
#pragma unroll
        for (int i = 0; i < kHeld; ++i) {
            if (const int index = lane + i * threads; Shape::kIsWhole || index < chunks) {
                m_held[i] = Chunk<T, N>::load(target + index * N);
                terms[i] = Chunk<T, N>::load(y + index * N);
            }
        }
#pragma unroll
        for (int i = 0; i < kHeld; ++i) {
            if (const int index = lane + i * threads; Shape::kIsWhole || index < chunks) {
                m_held[i] = sum(m_held[i], terms[i], gate, index);
                m_held[i].store(target + index * N);
            }
        }
        if constexpr (kHeld == 0) {
            for (int index = lane; index < chunks; index += threads)
                sum(Chunk<T, N>::load(target + index * N), Chunk<T, N>::load(y + index * N), gate, index).store(target + index * N);
        }
    }

    // visit(chunk index, its N values as float32)
    template <class Visit>
    __device__ void forEach(Visit visit) const {
        float values[N];
        if constexpr (kHeld > 0) {
#pragma unroll
            for (int i = 0; i < kHeld; ++i) {
                const int index = m_lane + i * m_threads;
                if (Shape::kIsWhole || index < m_chunks) {
                    m_held[i].widen(values);
                    visit(index, values);
                }
            }
        } else {
            for (int index = m_lane; index < m_chunks; index += m_threads) {
                Chunk<T, N>::load(m_row + index * N).widen(values);
                visit(index, values);
            }
        }
    }

private:
    __device__ static Chunk<T, N> sum(const Chunk<T, N>& x, const Chunk<T, N>& y, const float* gate, int index) {
        float values[N], terms[N];
        x.widen(values);
        y.widen(terms);
        if (gate) {
            float factors[N];
            loadFloats<N == kVector<T>>(gate + index * N, factors);
#pragma unroll
            for (int i = 0; i < N; ++i)
                values[i] += terms[i] * factors[i];
        } else {
#pragma unroll
            for (int i = 0; i < N; ++i)
                values[i] += terms[i];
        }
        return Chunk<T, N>::narrow(values);
    }

    const T* m_row;
    int m_chunks;
    int m_lane;
    int m_threads;
    Chunk<T, N> m_held[kHeld > 0 ? kHeld : 1];
};

__device__ inline float warpSum(float value) {
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value += __shfl_xor_sync(0xffffffffu, value, distance);
    return value;
}

// The sum over a row's threads, in every one of them. With several warps the row is a whole block.
__device__ inline float rowSum(float value, int warps) {
    value = warpSum(value);
    if (warps == 1)
        return value;
    __shared__ float partial[kMostWarps];
    const int lane = int(threadIdx.x) % kWarp;
    __syncthreads();  // the sum before this one has been read
    if (lane == 0)
        partial[int(threadIdx.x) / kWarp] = value;
    __syncthreads();
    return warpSum(lane < warps ? partial[lane] : 0.0f);
}

// Likewise the largest.
__device__ inline float rowMaximum(float value, int warps) {
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, distance));
    if (warps == 1)
        return value;
    __shared__ float partial[kMostWarps];
    __syncthreads();
    if (int(threadIdx.x) % kWarp == 0)
        partial[int(threadIdx.x) / kWarp] = value;
    __syncthreads();
    value = partial[0];
    for (int warp = 1; warp < warps; ++warp)
        value = fmaxf(value, partial[warp]);
    return value;
}

// 1 / sqrt(mean((x - mean)^2) + eps)
template <class T, int N, class Shape>
__device__ float inverseDeviation(const HeldRow<T, N, Shape>& row, float mean, int width, float eps, int warps) {
    float squares = 0.0f;
    row.forEach([&](int, const float(&x)[N]) {
#pragma unroll
        for (int i = 0; i < N; ++i)
            squares += (x[i] - mean) * (x[i] - mean);
    });
    return 1.0f / sqrtf(rowSum(squares, warps) / float(width) + eps);
}

}  // namespace lipar::kernels::cuda
