#include "engine/pipeline/flow_schedule.h"

#include <algorithm>
#include <cmath>

namespace lipar::pipeline {

FlowSchedule::FlowSchedule(std::vector<int> steps, double shift) {
    for (const int step : steps) {
        const double s = step / 1000.0;
        m_sigmas.push_back(shift * s / (1.0 + (shift - 1.0) * s));
    }
}

std::vector<int> stepsForStrength(const std::vector<int>& steps, double strength) {
    std::vector<int> scaled;
    const double factor = 1000.0 * strength / steps.front();
    for (const int step : steps) {
        const int value = std::clamp(int(std::lround(step * factor)), 1, 1000);
        if (scaled.empty() || value < scaled.back())
            scaled.push_back(value);
    }
    return scaled;
}

}  // namespace lipar::pipeline
