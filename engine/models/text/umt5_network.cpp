#include "engine/models/text/umt5_network.h"

#include <cmath>

namespace lipar::models {
namespace {

constexpr double kEps = 1e-6;
constexpr double kLongestDistance = 128;

// [n, heads*d] -> [heads, n, d]
at::Tensor splitHeads(const at::Tensor& rows, std::int64_t heads) {
    return rows.view({rows.size(0), heads, -1}).transpose(0, 1);
}

// The products of attention are few beside those with the weights, and large scores suffer most from rounding: they are
// float32.
at::Tensor attend(const Umt5Config& config, const Umt5Layer& layer, const at::Tensor& rows, const at::Tensor& buckets) {
    const std::int64_t tokens = rows.size(0);
    const at::Tensor input = umt5Norm(rows, layer.norm1).to(layer.q.scalar_type());            // [n,dim]
    const at::Tensor q = splitHeads(at::linear(input, layer.q).to(at::kFloat), config.heads);  // [heads,n,d]
    const at::Tensor k = splitHeads(at::linear(input, layer.k).to(at::kFloat), config.heads);
    const at::Tensor v = splitHeads(at::linear(input, layer.v).to(at::kFloat), config.heads);
    const at::Tensor bias = layer.positions.index_select(0, buckets)
                                .view({tokens, tokens, config.heads})
                                .permute({2, 0, 1});                                    // [heads,n,n]
    const at::Tensor shares = at::matmul(q, k.transpose(1, 2)).add_(bias).softmax(-1);  // trained without 1/sqrt(d)
    const at::Tensor attended = at::matmul(shares, v).transpose(0, 1).reshape({tokens, -1});  // [n,heads*d]
    return at::linear(attended.to(layer.o.scalar_type()), layer.o);
}

at::Tensor feedForward(const Umt5Layer& layer, const at::Tensor& rows) {
    const at::Tensor input = umt5Norm(rows, layer.norm2).to(layer.up.scalar_type());         // [n,dim]
    const at::Tensor gate = at::gelu(at::linear(input, layer.gate).to(at::kFloat), "tanh");  // [n,ffn]
    const at::Tensor inner = at::linear(input, layer.up) * gate;
    return at::linear(inner.to(layer.down.scalar_type()), layer.down);
}

}  // namespace

at::Tensor umt5Buckets(std::int64_t tokens, std::int64_t buckets) {
    const std::int64_t perDirection = buckets / 2, exact = perDirection / 2;
    const at::Tensor places = at::arange(tokens, at::kLong);
    const at::Tensor relative = places.unsqueeze(0) - places.unsqueeze(1);  // [n,n] key - query
    const at::Tensor distance = relative.abs();
    // float32, as in training: the borders of the buckets lie where its rounding puts them.
    const at::Tensor share =
        at::log(distance.clamp_min(1).to(at::kFloat) / double(exact)) / std::log(kLongestDistance / double(exact));
    const at::Tensor logarithmic =
        ((share * double(perDirection - exact)).to(at::kLong) + exact).clamp_max(perDirection - 1);
    return at::where(distance < exact, distance, logarithmic) + (relative > 0).to(at::kLong) * perDirection;
}

at::Tensor umt5Norm(const at::Tensor& rows, const at::Tensor& weight) {
    return rows * at::rsqrt(rows.square().mean(-1, /*keepdim=*/true) + kEps) * weight;
}

at::Tensor umt5LayerForward(const Umt5Config& config, const Umt5Layer& layer, const at::Tensor& rows,
                            const at::Tensor& buckets) {
    at::Tensor result = rows + attend(config, layer, rows, buckets);
    return result.add_(feedForward(layer, result));
}

}  // namespace lipar::models
