// Rotary angles of the three axes (models.md, "RoPE"): a head's pairs are split t, h, w; each axis has its own widths.
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace lipar::models {

struct RotaryAngles {
    at::Tensor cos;  // [tokens, headDim/2] float32, contiguous
    at::Tensor sin;
    // Rows of both, for gathered tokens.
    [[nodiscard]] RotaryAngles rows(const at::Tensor& index) const { return {cos.index_select(0, index), sin.index_select(0, index)}; }
};

class RotaryTable {
public:
    // headDim even; token grid rows x columns. Tables are made in float64 and handed out as float32 on `device`.
    RotaryTable(int headDim, int rows, int columns, at::Device device);

    // Angles of every token of frames whose temporal positions are `positions`, frame-major: [positions * rows * columns, headDim/2].
    [[nodiscard]] RotaryAngles frames(const std::vector<std::int64_t>& positions) const;
    // Angles that move a key by `frames` in time and nothing in space: [headDim/2].
    [[nodiscard]] RotaryAngles timeShift(std::int64_t frames) const;

private:
    int m_timePairs;
    int m_spacePairs;  // of each of the two axes
    at::Tensor m_spaceCos;  // [rows * columns, 2 * spacePairs] float32
    at::Tensor m_spaceSin;
    at::Device m_device;
};

}  // namespace lipar::models
