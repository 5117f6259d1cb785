#include "engine/kernels/attention.h"

#include <algorithm>
#include <cmath>

namespace lipar::kernels {
namespace {

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
    const at::Tensor output = at::scaled_dot_product_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0));
    return output[0].transpose(0, 1).reshape({q.size(1), q.size(0) * q.size(2)});
}

}  // namespace lipar::kernels
