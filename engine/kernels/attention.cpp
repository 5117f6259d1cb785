#include "engine/kernels/attention.h"

#include <ATen/Context.h>

#include <algorithm>
#include <cmath>

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

// Queries that cuDNN's fused kernel gives to one multiprocessor at a time, of one head.
constexpr std::int64_t kQueryTile = 128;
constexpr std::int64_t kFewestKeysOfSplit = 512;
// Measured on an NVIDIA H100, 2026-11-27: nanoseconds that a tile takes for a key (heads 128 wide); what each further
// split adds to that, as a share; bytes a nanosecond of the merge and of a copy; nanoseconds of a launch.
constexpr double kTileKey = 13.7, kSplitShare = 0.0145, kMergeRate = 2500, kLaunch = 3000;

struct Shape {
    std::int64_t heads, queries, keys, width;
    int multiprocessors;

    // Of every head.
    [[nodiscard]] std::int64_t tiles() const { return (queries + kQueryTile - 1) / kQueryTile; }
    // Waves that `tiles` of every head need, each in so many pieces; and tiles of every head that waves hold.
    [[nodiscard]] std::int64_t wavesOf(std::int64_t tiles, int splits = 1) const {
        return (tiles * heads * splits + multiprocessors - 1) / multiprocessors;
    }
    [[nodiscard]] std::int64_t tilesOf(std::int64_t waves, int splits = 1) const { return waves * multiprocessors / (heads * splits); }
};

// The first `wholeTiles` of every head attend to all keys at once, the rest over `splits` parts of the keys.
struct Division {
    std::int64_t wholeTiles = 0, restTiles = 0;
    int splits = 1;
};

// Of moving what `tiles` of every head attended to, `times` over.
double movingTime(std::int64_t tiles, int times, const Shape& shape) {
    return 2.0 * double(times) * double(tiles * kQueryTile * shape.heads * shape.width) / kMergeRate + kLaunch;
}

double restTime(std::int64_t tiles, int splits, const Shape& shape) {
    const auto waves = double(shape.wavesOf(tiles, splits));
    return waves / splits * (1 + kSplitShare * (splits - 1)) * kTileKey * double(shape.keys) + kLaunch +
           movingTime(tiles, 1 + splits, shape);
}

// Tiles fill the multiprocessors in waves, and the last wave may be nearly empty: 12 heads fill 132 multiprocessors
// with 1408, 2816 and 4224 queries. Parts of the keys, attended to apart, are smaller pieces that fill them better, but
// more work; so the queries of whole waves are taken as they are where that pays, and only the rest is divided.
//
// cuDNN takes 70 ms to make a plan for each number of queries that it has not seen, so these are few: as many as waves hold,
// since what would be left of a wave costs nothing.
Division divide(const Shape& shape) {
    const std::int64_t waves = shape.wavesOf(shape.tiles());
    Division best{shape.tilesOf(waves)};
    double bestTime = double(waves) * kTileKey * double(shape.keys) + kLaunch;
    const std::int64_t wholeWaves = waves - 1, wholeTiles = shape.tilesOf(wholeWaves);
    double wholeTime = 0;
    if (wholeTiles > 0)
        wholeTime = double(wholeWaves) * kTileKey * double(shape.keys) + kLaunch + movingTime(wholeTiles, 2, shape);
    for (int splits = 2; splits <= kMostAttentionSplits; ++splits) {
        if (shape.keys % splits != 0 || shape.keys / splits < kFewestKeysOfSplit)
            continue;
        const std::int64_t restTiles = shape.tilesOf(shape.wavesOf(shape.tiles() - wholeTiles, splits), splits);
        if (const double time = wholeTime + restTime(restTiles, splits, shape); time < bestTime) {
            best = {wholeTiles, restTiles, splits};
            bestTime = time;
        }
    }
    return best;
}

// q with so many queries, where its memory goes on behind the last one; else q.
at::Tensor withRoom(const at::Tensor& q, std::int64_t queries) {
    const std::int64_t heads = q.size(0), width = q.size(2), end = q.storage_offset() + queries * heads * width;
    const bool isTokenMajor = q.stride(0) == width && q.stride(1) == heads * width && q.stride(2) == 1;
    if (!isTokenMajor || std::size_t(end) * q.element_size() > q.storage().nbytes())
        return q;
    return q.as_strided({heads, queries, width}, q.strides(), q.storage_offset());
}

// -> [Nq, H*d], a copy only where the queries do not lie so.
at::Tensor attendAtOnce(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    const auto attended = at::_scaled_dot_product_cudnn_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), {},
                                                                  /*compute_log_sumexp=*/false);
    return std::get<0>(attended)[0].transpose(0, 1).reshape({q.size(1), q.size(0) * q.size(2)});
}

// The keys in `splits` parts as a batch over the same queries. output [Nq, H*d]
void attendInParts(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int splits,
                   const at::Tensor& output) {
    const std::int64_t heads = q.size(0), queries = q.size(1), width = q.size(2);
    const auto parts = [&](const at::Tensor& x) {
        return x.unflatten(1, {splits, x.size(1) / splits}).transpose(0, 1);  // [splits,H,Nk/splits,d]
    };
    const auto attended =
        at::_scaled_dot_product_cudnn_attention(q.unsqueeze(0).expand({splits, heads, queries, width}), parts(k),
                                                parts(v), {}, /*compute_log_sumexp=*/true);
    const at::Tensor partial = std::get<0>(attended).transpose(1, 2).contiguous();                   // [splits,Nq,H,d]
    const at::Tensor logSumExp = std::get<1>(attended).view({splits, heads, queries}).contiguous();  // float32
    const KernelTable& backend = backendOf(q);
    backend.mergeAttention(elementOf(q), partial.const_data_ptr(), logSumExp.const_data_ptr<float>(), output.data_ptr(),
                           splits, heads, queries, width, streamOf(backend, q));
}

at::Tensor dividedAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int multiprocessors) {
    const std::int64_t heads = q.size(0), queries = q.size(1), width = q.size(2);
    const Division division = divide({heads, queries, k.size(1), width, multiprocessors});
    const at::Tensor roomy = withRoom(q, (division.wholeTiles + division.restTiles) * kQueryTile);
    if (division.restTiles == 0)
        return attendAtOnce(roomy, k, v).narrow(0, 0, queries);
    const std::int64_t whole = division.wholeTiles * kQueryTile, rest = roomy.size(1) - whole;
    const at::Tensor output = at::empty({whole + rest, heads * width}, q.options());
    if (whole > 0)
        output.narrow(0, 0, whole).copy_(attendAtOnce(roomy.narrow(1, 0, whole), k, v));
    attendInParts(roomy.narrow(1, whole, rest), k, v, division.splits, output.narrow(0, whole, rest));
    return output.narrow(0, 0, queries);
}

// Scores of one slice stay near the size of a last-level cache.
constexpr std::int64_t kScoreElements = 4 << 20;

at::Tensor slicedAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    const std::int64_t heads = q.size(0), queries = q.size(1), width = q.size(2), keys = k.size(1);
    const at::Tensor scaled = q * (1.0 / std::sqrt(double(width)));
    const at::Tensor transposed = k.transpose(1, 2);  // [H,d,Nk]
    at::Tensor output = at::empty({queries, heads, width}, q.options());
    const std::int64_t slice =
        std::clamp<std::int64_t>(kScoreElements / std::max<std::int64_t>(1, heads * keys), 1, queries);
    for (std::int64_t first = 0; first < queries; first += slice) {
        const std::int64_t count = std::min(slice, queries - first);
        const at::Tensor weights = at::_softmax(at::bmm(scaled.narrow(1, first, count), transposed), -1, false);
        output.narrow(0, first, count).copy_(at::bmm(weights, v).transpose(0, 1));  // [n,H,d]
    }
    return output.view({queries, heads * width});
}

}  // namespace

at::Tensor emptyQueries(std::int64_t queries, std::int64_t heads, std::int64_t width, const at::TensorOptions& options) {
    std::int64_t rows = queries;
    if (options.device().is_cuda() && queries > 0 && cudaKernels()) {
        const int multiprocessors = cudaKernels()->multiprocessorCount(options.device().index());
        const Shape shape{heads, queries, 0, width, multiprocessors};
        rows = std::max(shape.tilesOf(shape.wavesOf(shape.tiles())), shape.tiles()) * kQueryTile;
    }
    return at::empty({rows, heads, width}, options).narrow(0, 0, queries).transpose(0, 1);
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    if (q.is_cpu() && q.scalar_type() == at::kBFloat16)
        return slicedAttention(q, k, v);
    if (q.is_cuda() && q.scalar_type() == at::kBFloat16 && q.size(1) > 0 && at::globalContext().userEnabledCuDNNSDP())
        return dividedAttention(q, k, v, backendOf(q).multiprocessorCount(q.get_device()));
    const at::Tensor output = at::scaled_dot_product_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0));
    return output[0].transpose(0, 1).reshape({q.size(1), q.size(0) * q.size(2)});
}

}  // namespace lipar::kernels
