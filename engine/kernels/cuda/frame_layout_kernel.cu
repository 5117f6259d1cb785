// Frames between bytes and numbers, and beside the frame before: one read and one write of everything.
#include "engine/kernels/cuda/chunk.cuh"
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kBytes = 8;  // of a thread: one access

template <class T>
__device__ T narrowed(float value) {
    if constexpr (sizeof(T) == sizeof(float))
        return value;
    else
        return __float2bfloat16_rn(value);
}

template <class T>
__global__ void __launch_bounds__(kThreads) widenBytes(const std::uint8_t* bytes, T* out, std::int64_t count) {
    const std::int64_t first = (std::int64_t(blockIdx.x) * kThreads + threadIdx.x) * kBytes;
    constexpr float kUnit = 1.0f / 255.0f;
    if (first + kBytes <= count) {
        const uint2 packed = *reinterpret_cast<const uint2*>(bytes + first);
#pragma unroll
        for (int i = 0; i < kBytes; ++i) {
            const unsigned word = i < 4 ? packed.x : packed.y;
            out[first + i] = narrowed<T>(float((word >> (8 * (i % 4))) & 255u) * kUnit);
        }
    } else {
        for (std::int64_t i = first; i < count; ++i)
            out[i] = narrowed<T>(float(bytes[i]) * kUnit);
    }
}

// The product is rounded before the sum, as on the CPU.
template <class T>
__device__ unsigned byteOf(T value) {
    const float scaled = __fadd_rn(__fmul_rn(float(value), 255.0f), 0.5f);
    return unsigned(fminf(fmaxf(scaled, 0.0f), 255.0f));
}

// A thread's bytes lie in one row.
template <class T>
__global__ void __launch_bounds__(kThreads)
    roundToBytes(const T* frames, int rows, int rowLength, std::uint8_t* out, int outRows, int outLength,
                 int chunksPerRow, std::int64_t chunks) {
    const std::int64_t item = std::int64_t(blockIdx.x) * kThreads + threadIdx.x;
    if (item >= chunks)
        return;
    const std::int64_t row = item / chunksPerRow;
    const int first = int(item - row * chunksPerRow) * kBytes;
    const T* from = frames + ((row / outRows) * rows + row % outRows) * rowLength + first;
    std::uint8_t* to = out + row * outLength + first;
    const int count = min(kBytes, outLength - first);
    if (count == kBytes && outLength % kBytes == 0) {
        uint2 packed = {0, 0};
#pragma unroll
        for (int i = 0; i < kBytes; ++i)
            (i < 4 ? packed.x : packed.y) |= byteOf(from[i]) << (8 * (i % 4));
        *reinterpret_cast<uint2*>(to) = packed;
    } else {
        for (int i = 0; i < count; ++i)
            to[i] = std::uint8_t(byteOf(from[i]));
    }
}

// Each piece is read once and written twice: beside itself and beside what comes after it.
template <class Piece>
__global__ void __launch_bounds__(kThreads) writePairs(const Piece* x, const Piece* before, Piece* pairs, Piece* last,
                                                       int frames, std::int64_t pieces, int piecesPerPixel) {
    const std::int64_t item = std::int64_t(blockIdx.x) * kThreads + threadIdx.x;
    if (item >= pieces * frames)
        return;
    const std::int64_t frame = item / pieces, place = item - frame * pieces;
    const std::int64_t pixel = place / piecesPerPixel;
    const std::int64_t inPair = 2 * pixel * piecesPerPixel + (place - pixel * piecesPerPixel);
    const Piece piece = x[item];
    Piece* pair = pairs + 2 * frame * pieces + inPair;
    pair[0] = piece;
    if (frame + 1 < frames)
        pair[2 * pieces + piecesPerPixel] = piece;
    else
        last[place] = piece;
    if (frame == 0)
        pair[piecesPerPixel] = before ? before[place] : Piece{};
}

template <class Piece>
void launchPairs(const void* x, const void* before, void* pairs, void* last, std::int64_t frames, std::int64_t pixels,
                 std::int64_t pixelBytes, cudaStream_t stream) {
    const std::int64_t perPixel = pixelBytes / std::int64_t(sizeof(Piece));
    writePairs<<<blocksFor(frames * pixels * perPixel, kThreads), kThreads, 0, stream>>>(
        static_cast<const Piece*>(x), static_cast<const Piece*>(before), static_cast<Piece*>(pairs),
        static_cast<Piece*>(last), int(frames), pixels * perPixel, int(perPixel));
}

}  // namespace

void unitOfBytes(Element type, const std::uint8_t* bytes, void* out, std::int64_t count, void* stream) {
    if (count == 0)
        return;
    withElement(type, [&]<class T>() {
        widenBytes<<<blocksFor(count, kThreads * kBytes), kThreads, 0, static_cast<cudaStream_t>(stream)>>>(
            bytes, static_cast<T*>(out), count);
    });
    checkLaunch("unitOfBytes");
}

void bytesOfUnit(Element type, const void* frames, std::int64_t rows, std::int64_t rowLength, std::uint8_t* out,
                 std::int64_t frameCount, std::int64_t outRows, std::int64_t outLength, void* stream) {
    const std::int64_t chunksPerRow = (outLength + kBytes - 1) / kBytes, chunks = frameCount * outRows * chunksPerRow;
    if (chunks == 0)
        return;
    withElement(type, [&]<class T>() {
        roundToBytes<<<blocksFor(chunks, kThreads), kThreads, 0, static_cast<cudaStream_t>(stream)>>>(
            static_cast<const T*>(frames), int(rows), int(rowLength), out, int(outRows), int(outLength),
            int(chunksPerRow), chunks);
    });
    checkLaunch("bytesOfUnit");
}

void withPreviousFrame(const void* x, const void* before, void* pairs, void* last, std::int64_t frameCount,
                       std::int64_t pixels, std::int64_t pixelBytes, void* stream) {
    if (frameCount * pixels * pixelBytes == 0)
        return;
    const auto onStream = static_cast<cudaStream_t>(stream);
    if (pixelBytes % 16 == 0 && areAligned16(x, before, pairs, last))
        launchPairs<uint4>(x, before, pairs, last, frameCount, pixels, pixelBytes, onStream);
    else if (pixelBytes % 4 == 0)
        launchPairs<unsigned>(x, before, pairs, last, frameCount, pixels, pixelBytes, onStream);
    else
        launchPairs<std::uint8_t>(x, before, pairs, last, frameCount, pixels, pixelBytes, onStream);
    checkLaunch("withPreviousFrame");
}

}  // namespace lipar::kernels::cuda
