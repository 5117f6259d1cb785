// The few-step flow-matching schedule (lipar.md section 5): steps of 1000, warped by a shift.
#pragma once

#include <vector>

namespace lipar::pipeline {

class FlowSchedule {
public:
    // steps descending in 1..1000.
    FlowSchedule(std::vector<int> steps, double shift);

    // sigma(s) = shift s / (1 + (shift - 1) s) for s = step / 1000, one a step.
    [[nodiscard]] const std::vector<double>& sigmas() const noexcept { return m_sigmas; }
    [[nodiscard]] std::size_t stepCount() const noexcept { return m_sigmas.size(); }
    // What the network's time embedding is given.
    [[nodiscard]] static double timestep(double sigma) noexcept { return 1000.0 * sigma; }

private:
    std::vector<double> m_sigmas;
};

// The steps for a strength in 0..1: the first step is 1000 * strength, the others are thinned or scaled in proportion,
// so that a weaker edit starts from less noise. `steps` are the model's own.
[[nodiscard]] std::vector<int> stepsForStrength(const std::vector<int>& steps, double strength);

}  // namespace lipar::pipeline
