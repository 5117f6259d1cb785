#include "engine/kernels/attention.h"

#include <ATen/Context.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

// Queries that cuDNN's fused kernel gives to one multiprocessor at a time, of one head.
constexpr std::int64_t kQueryTile = 128;
constexpr std::int64_t kFewestKeysOfSplit = 512;
// Measured on an NVIDIA H100, 2026-11-27: nanoseconds that a tile takes for a key (heads 128 wide); what each further
// split adds to that, as a share; bytes a nanosecond of the merge, or of the copy to its place where there is nothing to
// merge; nanoseconds of a launch.
constexpr double kTileKey = 13.7, kSplitShare = 0.0145, kMergeRate = 2500, kLaunch = 3000;

// The first `tiles` of every head, with their keys in `splits` parts.
struct QueryPart {
    std::int64_t tiles = 0;
    int splits = 1;
};

struct Shape {
    std::int64_t heads, queries, keys, width;
    int multiprocessors;
};

// Of a part that is computed by itself: of all queries, or of some.
enum class Scope { all, some };

double nanoseconds(const QueryPart& part, const Shape& shape, Scope scope) {
    const std::int64_t pieces = shape.heads * part.tiles * part.splits;
    const auto waves = double((pieces + shape.multiprocessors - 1) / shape.multiprocessors);
    const double attended = waves / part.splits * (1 + kSplitShare * (part.splits - 1)) * kTileKey * double(shape.keys) + kLaunch;
    if (scope == Scope::all && part.splits == 1)
        return attended;  // what it leaves is the result
    const double bytes = 2.0 * double(1 + part.splits) * double(part.tiles * kQueryTile * shape.heads * shape.width);
    return attended + bytes / kMergeRate + kLaunch;
}

QueryPart cheapest(std::int64_t tiles, const Shape& shape, Scope scope) {
    QueryPart best{tiles, 1};
    for (int splits = 2; splits <= kMostAttentionSplits; ++splits)
        if (const QueryPart part{tiles, splits}; shape.keys % splits == 0 &&
                                                 shape.keys / splits >= kFewestKeysOfSplit &&
                                                 nanoseconds(part, shape, scope) < nanoseconds(best, shape, scope))
            best = part;
    return best;
}

// Tiles fill the multiprocessors in waves, and the last wave may be nearly empty: 12 heads fill 132 multiprocessors
// with 1408, 2816 and 4224 queries. Parts of the keys, attended to apart, are smaller pieces that fill them better, but
// more work; so the queries of whole waves are taken as they are where that pays, and only the rest is divided.
std::vector<QueryPart> divide(const Shape& shape) {
    const std::int64_t tiles = (shape.queries + kQueryTile - 1) / kQueryTile;
    std::vector<QueryPart> best{cheapest(tiles, shape, Scope::all)};
    double bestTime = nanoseconds(best.front(), shape, Scope::all);
    for (std::int64_t waves = 1; waves * shape.multiprocessors < tiles * shape.heads; ++waves) {
        const QueryPart whole{waves * shape.multiprocessors / shape.heads, 1};
        if (whole.tiles == 0)
            continue;
        const QueryPart rest = cheapest(tiles - whole.tiles, shape, Scope::some);
        const double time = nanoseconds(whole, shape, Scope::some) + nanoseconds(rest, shape, Scope::some);
        if (time < bestTime) {
            best = {whole, rest};
            bestTime = time;
        }
    }
    return best;
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
    const std::vector<QueryPart> division = divide({heads, queries, k.size(1), width, multiprocessors});
    if (division.size() == 1 && division.front().splits == 1)
        return attendAtOnce(q, k, v);
    at::Tensor output = at::empty({queries, heads * width}, q.options());
    std::int64_t first = 0;
    for (const QueryPart& part : division) {
        const std::int64_t count = std::min(part.tiles * kQueryTile, queries - first);
        const at::Tensor some = q.narrow(1, first, count), target = output.narrow(0, first, count);
        if (part.splits == 1)
            target.copy_(attendAtOnce(some, k, v));
        else
            attendInParts(some, k, v, part.splits, target);
        first += count;
    }
    return output;
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

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    if (q.is_cpu() && q.scalar_type() == at::kBFloat16)
        return slicedAttention(q, k, v);
    if (q.is_cuda() && q.scalar_type() == at::kBFloat16 && q.size(1) > 0 && at::globalContext().userEnabledCuDNNSDP())
        return dividedAttention(q, k, v, backendOf(q).multiprocessorCount(q.get_device()));
    const at::Tensor output = at::scaled_dot_product_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0));
    return output[0].transpose(0, 1).reshape({q.size(1), q.size(0) * q.size(2)});
}

}  // namespace lipar::kernels
