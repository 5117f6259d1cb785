#include "engine/media/plane_split.h"

namespace lipar::media {

template <class Sample>
void splitChroma(const std::uint8_t* pairs, std::ptrdiff_t pairStride, std::uint8_t* cb, std::ptrdiff_t cbStride,
                 std::uint8_t* cr, std::ptrdiff_t crStride, int columns, int rows, int shift) {
    for (int y = 0; y < rows; ++y) {
        const auto* in = reinterpret_cast<const Sample*>(pairs + y * pairStride);
        auto* blue = reinterpret_cast<Sample*>(cb + y * cbStride);
        auto* red = reinterpret_cast<Sample*>(cr + y * crStride);
        for (int x = 0; x < columns; ++x) {
            blue[x] = Sample(in[2 * x] >> shift);
            red[x] = Sample(in[2 * x + 1] >> shift);
        }
    }
}

template void splitChroma<std::uint8_t>(const std::uint8_t*, std::ptrdiff_t, std::uint8_t*, std::ptrdiff_t,
                                        std::uint8_t*, std::ptrdiff_t, int, int, int);
template void splitChroma<std::uint16_t>(const std::uint8_t*, std::ptrdiff_t, std::uint8_t*, std::ptrdiff_t,
                                         std::uint8_t*, std::ptrdiff_t, int, int, int);

void lowerSamples(std::uint8_t* plane, std::ptrdiff_t stride, int columns, int rows, int shift) {
    for (int y = 0; y < rows; ++y) {
        auto* row = reinterpret_cast<std::uint16_t*>(plane + y * stride);
        for (int x = 0; x < columns; ++x)
            row[x] = std::uint16_t(row[x] >> shift);
    }
}

}  // namespace lipar::media
