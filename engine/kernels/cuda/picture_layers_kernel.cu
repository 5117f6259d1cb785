// TAEHV's layers at the pictures' own size, on the tensor cores: 16 pixels by 16 values by 8 outputs at a time
// (mma.m16n8k16). Which value is which of the sixteen, and which output which of the eight, is ours to choose: such
// that a thread reads and writes neighbours.
//
// In a warp, thread 4 g + q holds the rows g and g + 8 of a product.
#include <cuda_bf16.h>

#include <stdexcept>

#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/launch.cuh"

namespace lipar::kernels::cuda {
namespace {

using Half = __nv_bfloat16;

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kFeatures = int(kPictureFeatures);
constexpr int kTaps = 9;
constexpr int kChannels = 3;
constexpr int kOutputs = 8;  // of one product
constexpr int kValues = 16;  // summed over by one product
constexpr int kPixels = 16;  // of one product

__device__ unsigned packed(Half low, Half high) {
    return unsigned(__bfloat16_as_ushort(low)) | unsigned(__bfloat16_as_ushort(high)) << 16;
}

__device__ void multiplyAdd(float (&sum)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// ---- pictures to features: 27 values (three rows of a tile, nine neighbours each) by 64 outputs ----

constexpr int kTileRows = kWarps, kTileColumns = 64;
constexpr int kTileStride = (kTileColumns + 2) * kChannels + 2;
constexpr int kInputs = kTaps * kChannels, kInputSteps = (kInputs + kValues - 1) / kValues;
constexpr int kFeatureTiles = kFeatures / kOutputs;
constexpr int kFeaturesOfThread = kFeatures / 4;  // neighbours

__global__ void __launch_bounds__(kThreads)
    featuresOfPictures(const Half* frames, const Half* weight, const Half* bias, Half* out, int height, int width) {
    __shared__ Half tile[(kTileRows + 2) * kTileStride];
    const int firstRow = int(blockIdx.y) * kTileRows, firstColumn = int(blockIdx.x) * kTileColumns,
              frame = int(blockIdx.z);
    const Half* picture = frames + std::int64_t(frame) * height * width * kChannels;
    for (int i = int(threadIdx.x); i < (kTileRows + 2) * kTileStride; i += kThreads) {
        const int row = firstRow - 1 + i / kTileStride;
        const int value = (firstColumn - 1) * kChannels + i % kTileStride;
        const bool isInside = row >= 0 && row < height && value >= 0 && value < width * kChannels;
        tile[i] = isInside ? picture[std::int64_t(row) * width * kChannels + value] : Half(0.0f);
    }

    const int lane = int(threadIdx.x) % 32, g = lane / 4, q = lane % 4;
    // Output column n of product j is feature (n / 2) * 16 + 2 j + n % 2.
    unsigned b[kInputSteps][kFeatureTiles][2];
    int offset[kInputSteps][2][2];
#pragma unroll
    for (int s = 0; s < kInputSteps; ++s)
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int k = s * kValues + half * 8 + 2 * q;
#pragma unroll
            for (int i = 0; i < 2; ++i)
                offset[s][half][i] =
                    k + i < kInputs ? (k + i) / kTaps * kTileStride + (k + i) % kTaps : 0;  // times zero
#pragma unroll
            for (int j = 0; j < kFeatureTiles; ++j) {
                const Half* row = weight + ((g / 2) * kFeaturesOfThread + 2 * j + g % 2) * kInputs;
                b[s][j][half] = packed(k < kInputs ? row[k] : Half(0.0f), k + 1 < kInputs ? row[k + 1] : Half(0.0f));
            }
        }
    float start[kFeatureTiles][2];
#pragma unroll
    for (int j = 0; j < kFeatureTiles; ++j)
#pragma unroll
        for (int i = 0; i < 2; ++i)
            start[j][i] = float(bias[q * kFeaturesOfThread + 2 * j + i]);
    __syncthreads();

    const int tileRow = int(threadIdx.x) / 32, y = firstRow + tileRow;
    if (y >= height)
        return;
    for (int segment = 0; segment < kTileColumns; segment += kPixels) {
        if (firstColumn + segment >= width)
            return;
        float sum[kFeatureTiles][4];
#pragma unroll
        for (int j = 0; j < kFeatureTiles; ++j)
#pragma unroll
            for (int i = 0; i < 4; ++i)
                sum[j][i] = start[j][i % 2];
        const Half* low = tile + tileRow * kTileStride + (segment + g) * kChannels;
        const Half* high = low + 8 * kChannels;
#pragma unroll
        for (int s = 0; s < kInputSteps; ++s) {
            const unsigned a[4] = {packed(low[offset[s][0][0]], low[offset[s][0][1]]),
                                   packed(high[offset[s][0][0]], high[offset[s][0][1]]),
                                   packed(low[offset[s][1][0]], low[offset[s][1][1]]),
                                   packed(high[offset[s][1][0]], high[offset[s][1][1]])};
#pragma unroll
            for (int j = 0; j < kFeatureTiles; ++j)
                multiplyAdd(sum[j], a, b[s][j][0], b[s][j][1]);
        }
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int x = firstColumn + segment + g + 8 * half;
            if (x >= width)
                continue;
            Half* target = out + (((std::int64_t(frame / 2) * height + y) * width + x) * 2 + frame % 2) * kFeatures +
                           q * kFeaturesOfThread;
            unsigned words[kFeatureTiles];
#pragma unroll
            for (int j = 0; j < kFeatureTiles; ++j)
                words[j] = packed(__float2bfloat16_rn(fmaxf(sum[j][2 * half], 0.0f)),
                                  __float2bfloat16_rn(fmaxf(sum[j][2 * half + 1], 0.0f)));
            auto* chunks = reinterpret_cast<uint4*>(target);
            chunks[0] = make_uint4(words[0], words[1], words[2], words[3]);
            chunks[1] = make_uint4(words[4], words[5], words[6], words[7]);
        }
    }
}

// ---- features to pictures: what each pixel gives to the nine around it, 64 values by 27 outputs, then the sums ----

constexpr int kOutRows = 16, kOutColumns = 32;
constexpr int kGivingRows = kOutRows + 2, kGivingColumns = kOutColumns + 2, kGiving = kGivingRows * kGivingColumns;
constexpr int kGivingTiles = (kGiving + kPixels - 1) / kPixels;
constexpr int kGifts = kTaps * kChannels, kGiftTiles = (kGifts + kOutputs - 1) / kOutputs;
constexpr int kFeatureSteps = kFeatures / kValues;
constexpr int kSharedBytes = kGivingTiles * kPixels * kGifts * int(sizeof(float));

__global__ void __launch_bounds__(kThreads)
    picturesFromQuads(const Half* features, const Half* weight, const Half* bias, Half* out, int height, int width,
                      int step) {
    extern __shared__ float gifts[];  // [pixel][tap][channel]
    const int pictureHeight = 2 * height, pictureWidth = 2 * width, frame = int(blockIdx.z);
    const int firstRow = int(blockIdx.y) * kOutRows, firstColumn = int(blockIdx.x) * kOutColumns;
    const int lane = int(threadIdx.x) % 32, g = lane / 4, q = lane % 4;

    // A thread reads features 16 q to 16 q + 15 of its pixels; of those, four belong to each step.
    unsigned b[kFeatureSteps][kGiftTiles][2];
#pragma unroll
    for (int s = 0; s < kFeatureSteps; ++s)
#pragma unroll
        for (int j = 0; j < kGiftTiles; ++j) {
            const int gift = j * kOutputs + g;  // tap * 3 + channel
            const Half* row = weight + ((gift % kChannels) * kTaps + gift / kChannels) * kFeatures + q * 16 + 4 * s;
#pragma unroll
            for (int half = 0; half < 2; ++half)
                b[s][j][half] = gift < kGifts ? packed(row[2 * half], row[2 * half + 1]) : 0u;
        }

    for (int tile = int(threadIdx.x) / 32; tile < kGivingTiles; tile += kWarps) {
        uint4 values[2][2] = {};
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int pixel = tile * kPixels + g + 8 * half;
            const int y = firstRow - 1 + pixel / kGivingColumns, x = firstColumn - 1 + pixel % kGivingColumns;
            if (pixel < kGiving && y >= 0 && y < pictureHeight && x >= 0 && x < pictureWidth) {
                const Half* place =
                    features + ((std::int64_t(frame) * height + y / 2) * width + x / 2) * (4 * kFeatures);
                const auto* chunks = reinterpret_cast<const uint4*>(place + ((y % 2) * 2 + x % 2) * kFeatures + q * 16);
                values[half][0] = __ldg(chunks);
                values[half][1] = __ldg(chunks + 1);
            }
        }
        const auto word = [&](int half, int i) {
            const uint4& chunk = values[half][i / 4];
            return i % 4 == 0 ? chunk.x : i % 4 == 1 ? chunk.y : i % 4 == 2 ? chunk.z : chunk.w;
        };
        float sum[kGiftTiles][4] = {};
#pragma unroll
        for (int s = 0; s < kFeatureSteps; ++s) {
            const unsigned a[4] = {word(0, 2 * s), word(1, 2 * s), word(0, 2 * s + 1), word(1, 2 * s + 1)};
#pragma unroll
            for (int j = 0; j < kGiftTiles; ++j)
                multiplyAdd(sum[j], a, b[s][j][0], b[s][j][1]);
        }
#pragma unroll
        for (int j = 0; j < kGiftTiles; ++j)
#pragma unroll
            for (int i = 0; i < 4; ++i)
                if (const int gift = j * kOutputs + 2 * q + i % 2; gift < kGifts)
                    gifts[(tile * kPixels + g + 8 * (i / 2)) * kGifts + gift] = sum[j][i];
    }
    __syncthreads();

    for (int i = int(threadIdx.x); i < kOutRows * kOutColumns; i += kThreads) {
        const int row = i / kOutColumns, column = i % kOutColumns, y = firstRow + row, x = firstColumn + column;
        if (y >= pictureHeight || x >= pictureWidth)
            continue;
        float sum[kChannels];
#pragma unroll
        for (int c = 0; c < kChannels; ++c)
            sum[c] = float(bias[c]);
#pragma unroll
        for (int tap = 0; tap < kTaps; ++tap)
#pragma unroll
            for (int c = 0; c < kChannels; ++c)
                sum[c] += gifts[((row + tap / 3) * kGivingColumns + column + tap % 3) * kGifts + tap * kChannels + c];
        Half* target = out + ((std::int64_t(frame) * step * pictureHeight + y) * pictureWidth + x) * kChannels;
#pragma unroll
        for (int c = 0; c < kChannels; ++c)
            target[c] = __float2bfloat16_rn(sum[c]);
    }
}

void requireHalf(Element type, const char* kernel) {
    if (type != Element::bfloat16)
        throw std::runtime_error(std::string("CUDA kernel ") + kernel + " takes bfloat16 only");
}

}  // namespace

void pairedPictureFeatures(Element type, const void* frames, const void* weight, const void* bias, void* out,
                           std::int64_t frameCount, std::int64_t height, std::int64_t width, void* stream) {
    requireHalf(type, "pairedPictureFeatures");
    if (frameCount * height * width == 0)
        return;
    const dim3 grid(blocksFor(width, kTileColumns), blocksFor(height, kTileRows), unsigned(frameCount));
    featuresOfPictures<<<grid, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(
        static_cast<const Half*>(frames), static_cast<const Half*>(weight), static_cast<const Half*>(bias),
        static_cast<Half*>(out), int(height), int(width));
    checkLaunch("pairedPictureFeatures");
}

void picturesOfFeatures(Element type, const void* features, const void* weight, const void* bias, void* out,
                        std::int64_t frameCount, std::int64_t height, std::int64_t width, std::int64_t step,
                        void* stream) {
    requireHalf(type, "picturesOfFeatures");
    if (frameCount * height * width == 0)
        return;
    // For every device that is used; a call that repeats it costs next to nothing.
    if (cudaFuncSetAttribute(picturesFromQuads, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes) !=
        cudaSuccess)
        checkLaunch("picturesOfFeatures");
    const dim3 grid(blocksFor(2 * width, kOutColumns), blocksFor(2 * height, kOutRows), unsigned(frameCount));
    picturesFromQuads<<<grid, kThreads, kSharedBytes, static_cast<cudaStream_t>(stream)>>>(
        static_cast<const Half*>(features), static_cast<const Half*>(weight), static_cast<const Half*>(bias),
        static_cast<Half*>(out), int(height), int(width), int(step));
    checkLaunch("picturesOfFeatures");
}

}  // namespace lipar::kernels::cuda
