// Private to engine/media: from NVDEC's surfaces to the planes that software decoders give. A surface has luma, then
// chroma with Cb and Cr side by side; samples of more than 8 bits lie at the high end of 16.
// Thread: any; no state.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lipar::media {

// `columns` pairs in each of `rows` rows go to two planes; every sample is moved down by `shift` bits. Strides in
// bytes.
template <class Sample>
void splitChroma(const std::uint8_t* pairs, std::ptrdiff_t pairStride, std::uint8_t* cb, std::ptrdiff_t cbStride,
                 std::uint8_t* cr, std::ptrdiff_t crStride, int columns, int rows, int shift);

// Moves every 16-bit sample of a plane down by `shift` bits, in place.
void lowerSamples(std::uint8_t* plane, std::ptrdiff_t stride, int columns, int rows, int shift);

}  // namespace lipar::media
