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
// What a further split costs, and that there is a merge at all, as shares of the attention; measured on an H200.
constexpr double kSplitCost = 0.025, kMergeCost = 0.02;

// Tiles fill the multiprocessors in waves, and the last wave may be nearly empty: 12 heads fill 132 multiprocessors with 1408,
// 2816 and 4224 queries. Parts of the keys, attended to apart, are smaller pieces that fill them better.
int chooseSplits(std::int64_t heads, std::int64_t queries, std::int64_t keys, int multiprocessors) {
    const std::int64_t tiles = heads * ((queries + kQueryTile - 1) / kQueryTile);
    int best = 1;
    double bestCost = 0;
    for (int splits = 1; splits <= kMostAttentionSplits; ++splits) {
        if (keys % splits != 0 || (splits > 1 && keys / splits < kFewestKeysOfSplit))
            continue;
        const std::int64_t waves = (tiles * splits + multiprocessors - 1) / multiprocessors;
        const double cost = double(waves) / splits * (1.0 + kSplitCost * (splits - 1) + (splits > 1 ? kMergeCost : 0.0));
        if (splits == 1 || cost < bestCost) {
            best = splits;
            bestCost = cost;
        }
    }
    return best;
}

// The keys in `splits` parts as a batch over the same queries.
at::Tensor splitAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int splits) {
    const std::int64_t heads = q.size(0), queries = q.size(1), width = q.size(2);
    const auto parts = [&](const at::Tensor& x) {
        return x.unflatten(1, {splits, x.size(1) / splits}).transpose(0, 1);  // [splits,H,Nk/splits,d]
    };
    const auto attended = at::_scaled_dot_product_cudnn_attention(q.unsqueeze(0).expand({splits, heads, queries, width}), parts(k), parts(v),
                                                                  {}, /*compute_log_sumexp=*/true);
    const at::Tensor partial = std::get<0>(attended).contiguous();                                    // [splits,H,Nq,d]
    const at::Tensor logSumExp = std::get<1>(attended).view({splits, heads, queries}).contiguous();  // float32
    at::Tensor output = at::empty({queries, heads * width}, q.options());
    const KernelTable& backend = backendOf(q);
    backend.mergeAttention(elementOf(q), partial.const_data_ptr(), logSumExp.const_data_ptr<float>(), output.data_ptr(), splits, heads,
                           queries, width, streamOf(backend, q));
    return output;
}

// Scores of one slice stay near the size of a last-level cache.
constexpr std::int64_t kScoreElements = 4 << 20;

at::Tensor slicedAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    const std::int64_t heads = q.size(0), queries = q.size(1), width = q.size(2), keys = k.size(1);
    const at::Tensor scaled = q * (1.0 / std::sqrt(double(width)));
    const at::Tensor transposed = k.transpose(1, 2);                     // [H,d,Nk]
    at::Tensor output = at::empty({queries, heads, width}, q.options());
    const std::int64_t slice = std::clamp<std::int64_t>(kScoreElements / std::max<std::int64_t>(1, heads * keys), 1, queries);
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
    if (q.is_cuda() && q.scalar_type() == at::kBFloat16 && q.size(1) > 0 && at::globalContext().userEnabledCuDNNSDP()) {
        const int multiprocessors = backendOf(q).multiprocessorCount(q.get_device());
        if (const int splits = chooseSplits(q.size(0), q.size(1), k.size(1), multiprocessors); splits > 1)
            return splitAttention(q, k, v, splits);
    }
    const at::Tensor output = at::scaled_dot_product_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0));
    return output[0].transpose(0, 1).reshape({q.size(1), q.size(0) * q.size(2)});
}

}  // namespace lipar::kernels
