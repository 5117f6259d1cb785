#include "engine/kernels/cpu/lif_selection.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace lipar::kernels::cpu {

SelectionNetwork::SelectionNetwork(int count, int low, int high) {
    // Batcher's merge exchange (Knuth, TAOCP 5.2.2, algorithm M): sorts any count.
    const int top = count > 1 ? int(std::bit_ceil(unsigned(count))) / 2 : 0;
    for (int p = top; p > 0; p /= 2) {
        int remainder = 0;
        int distance = p;
        for (int q = top;; q /= 2) {
            for (int i = 0; i + distance < count; ++i)
                if ((i & p) == remainder)
                    m_comparators.push_back({std::uint16_t(i), std::uint16_t(i + distance)});
            if (q == p)
                break;
            distance = q - p;
            remainder = p;
        }
    }

    // From the outputs back: a comparator whose two outputs are both unread, or only summed together, changes nothing.
    enum class Use : std::uint8_t { discarded, selected, compared };
    std::vector<Use> use(std::size_t(count), Use::discarded);
    std::fill(use.begin() + low, use.begin() + high, Use::selected);
    std::vector<Comparator> needed;
    for (auto c = m_comparators.rbegin(); c != m_comparators.rend(); ++c) {
        if (use[c->lower] == use[c->higher] && use[c->lower] != Use::compared)
            continue;
        use[c->lower] = use[c->higher] = Use::compared;
        needed.push_back(*c);
    }
    m_comparators.assign(needed.rbegin(), needed.rend());
}

void SelectionNetwork::select(float* values) const {
    for (const Comparator c : m_comparators) {
        float* lower = values + std::size_t(c.lower) * lanes;
        float* higher = values + std::size_t(c.higher) * lanes;
        // Unrolled first, this loop would not be vectorised.
#pragma GCC ivdep
#pragma GCC unroll 1
        for (int lane = 0; lane < lanes; ++lane) {
            const float a = lower[lane];
            const float b = higher[lane];
            lower[lane] = std::min(a, b);
            higher[lane] = std::max(a, b);
        }
    }
}

}  // namespace lipar::kernels::cpu
