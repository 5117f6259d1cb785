// Private to the LIF kernels: order statistics of many small columns at once.
#pragma once

#include <cstdint>
#include <vector>

namespace lipar::kernels::cpu {

// A sorting network for `count` values, reduced to what it takes to separate the order statistics low..high-1 from the
// lower and the higher ones. It runs on `lanes` columns side by side, without branches on data.
class SelectionNetwork {
public:
    static constexpr int lanes = 16;

    // 0 <= low < high <= count <= 65536.
    SelectionNetwork(int count, int low, int high);

    // values [count, lanes]: afterwards rows low..high-1 of a lane hold its order statistics low..high-1, in any order.
    // The other rows are left undefined.
    void select(float* values) const;

    struct Comparator {
        std::uint16_t lower;   // receives the smaller value
        std::uint16_t higher;  // receives the larger one
    };
    [[nodiscard]] const std::vector<Comparator>& comparators() const noexcept { return m_comparators; }

private:
    std::vector<Comparator> m_comparators;
};

}  // namespace lipar::kernels::cpu
