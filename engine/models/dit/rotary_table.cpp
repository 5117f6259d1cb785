#include "engine/models/dit/rotary_table.h"

#include "engine/kernels/transfer.h"

namespace lipar::models {
namespace {

constexpr double kTheta = 10000.0;

at::Tensor frequencies(int pairs) {
    return at::pow(kTheta, -at::arange(pairs, at::kDouble) / double(std::max(pairs, 1)));
}

}  // namespace

RotaryTable::RotaryTable(int headDim, int rows, int columns, at::Device device)
    : m_timePairs(headDim / 2 - 2 * (headDim / 6)), m_spacePairs(headDim / 6), m_device(device) {
    const at::Tensor frequency = frequencies(m_spacePairs);
    const at::Tensor vertical = at::outer(at::arange(rows, at::kDouble), frequency);       // [rows, pairs]
    const at::Tensor horizontal = at::outer(at::arange(columns, at::kDouble), frequency);  // [columns, pairs]
    const at::Tensor angles = at::cat({vertical.unsqueeze(1).expand({rows, columns, m_spacePairs}),
                                       horizontal.unsqueeze(0).expand({rows, columns, m_spacePairs})}, -1)
                                  .reshape({std::int64_t(rows) * columns, 2 * m_spacePairs});
    m_spaceCos = angles.cos().to(at::kFloat);
    m_spaceSin = angles.sin().to(at::kFloat);
}

RotaryAngles RotaryTable::frames(const std::vector<std::int64_t>& positions) const {
    const std::int64_t count = std::int64_t(positions.size()), tokens = m_spaceCos.size(0);
    const at::Tensor time = at::outer(at::tensor(positions, at::kDouble), frequencies(m_timePairs));  // [frames, timePairs]
    const auto join = [&](const at::Tensor& temporal, const at::Tensor& spatial) {
        return at::cat({temporal.to(at::kFloat).unsqueeze(1).expand({count, tokens, m_timePairs}),
                        spatial.unsqueeze(0).expand({count, tokens, 2 * m_spacePairs})}, -1)
            .reshape({count * tokens, m_timePairs + 2 * m_spacePairs});
    };
    return {kernels::toDevice(join(time.cos(), m_spaceCos), m_device), kernels::toDevice(join(time.sin(), m_spaceSin), m_device)};
}

RotaryAngles RotaryTable::timeShift(std::int64_t frames) const {
    const at::Tensor time = frequencies(m_timePairs) * double(frames);
    return {kernels::toDevice(at::cat({time.cos(), at::ones(2 * m_spacePairs, at::kDouble)}).to(at::kFloat), m_device),
            kernels::toDevice(at::cat({time.sin(), at::zeros(2 * m_spacePairs, at::kDouble)}).to(at::kFloat), m_device)};
}

}  // namespace lipar::models
