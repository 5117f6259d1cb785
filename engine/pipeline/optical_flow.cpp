#include "engine/pipeline/optical_flow.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lipar::pipeline {
namespace {

constexpr int kWindowRadius = 4;
constexpr int kSmallestSide = 16;  // of the coarsest level
constexpr int kFineIterations = 3;
constexpr int kCoarseIterations = 5;
constexpr float kLongestUpdate = 1.0F;  // pixels an iteration
// Added to the tensor's diagonal: squared gradients this small, summed over the window, are noise of 8-bit pictures.
constexpr float kRidge = 81 * 2e-5F;

// Binomial blur (1 4 6 4 1) / 16 of every other column and row.
Plane halved(const Plane& plane) {
    constexpr std::array<float, 5> kWeights{0.0625F, 0.25F, 0.375F, 0.25F, 0.0625F};
    const int width = (plane.width + 1) / 2;
    const int height = (plane.height + 1) / 2;
    Plane narrow(width, plane.height);
    for (int y = 0; y < plane.height; ++y) {
        const float* const in = plane.row(y);
        for (int x = 0; x < width; ++x) {
            float sum = 0;
            for (int k = 0; k < 5; ++k)
                sum += kWeights[std::size_t(k)] * in[std::clamp(2 * x + k - 2, 0, plane.width - 1)];
            narrow.row(y)[x] = sum;
        }
    }
    Plane result(width, height);
    for (int y = 0; y < height; ++y) {
        for (int k = 0; k < 5; ++k) {
            const float* const in = narrow.row(std::clamp(2 * y + k - 2, 0, plane.height - 1));
            for (int x = 0; x < width; ++x)
                result.row(y)[x] += kWeights[std::size_t(k)] * in[x];
        }
    }
    return result;
}

// Sums over the window, cut off at the borders.
Plane windowSums(const Plane& plane) {
    const int width = plane.width;
    const int height = plane.height;
    Plane result(width, height);
    std::vector<float> columns(std::size_t(width), 0.0F);
    for (int y = -kWindowRadius; y < height; ++y) {
        if (const int entering = y + kWindowRadius; entering < height) {
            const float* const in = plane.row(entering);
            for (int x = 0; x < width; ++x)
                columns[std::size_t(x)] += in[x];
        }
        if (const int leaving = y - kWindowRadius - 1; leaving >= 0) {
            const float* const in = plane.row(leaving);
            for (int x = 0; x < width; ++x)
                columns[std::size_t(x)] -= in[x];
        }
        if (y < 0)
            continue;
        float* const out = result.row(y);
        float sum = 0;
        for (int x = 0; x < std::min(kWindowRadius, width); ++x)
            sum += columns[std::size_t(x)];
        for (int x = 0; x < width; ++x) {
            if (x + kWindowRadius < width)
                sum += columns[std::size_t(x + kWindowRadius)];
            if (x - kWindowRadius - 1 >= 0)
                sum -= columns[std::size_t(x - kWindowRadius - 1)];
            out[x] = sum;
        }
    }
    return result;
}

Plane product(const Plane& a, const Plane& b) {
    Plane result(a.width, a.height);
    for (std::size_t i = 0; i < result.values.size(); ++i)
        result.values[i] = a.values[i] * b.values[i];
    return result;
}

void computeGradients(const Plane& luma, Plane& gradientX, Plane& gradientY) {
    gradientX = Plane(luma.width, luma.height);
    gradientY = Plane(luma.width, luma.height);
    for (int y = 0; y < luma.height; ++y) {
        const float* const above = luma.row(std::max(y - 1, 0));
        const float* const here = luma.row(y);
        const float* const below = luma.row(std::min(y + 1, luma.height - 1));
        for (int x = 0; x < luma.width; ++x) {
            gradientX.row(y)[x] = 0.5F * (here[std::min(x + 1, luma.width - 1)] - here[std::max(x - 1, 0)]);
            gradientY.row(y)[x] = 0.5F * (below[x] - above[x]);
        }
    }
}

void order(float& low, float& high) {
    const float smaller = std::min(low, high);
    high = std::max(low, high);
    low = smaller;
}

// 3x3 median; the border pixels stay.
Plane medianFiltered(const Plane& plane) {
    Plane result = plane;
    for (int y = 1; y + 1 < plane.height; ++y) {
        const float* const a = plane.row(y - 1);
        const float* const b = plane.row(y);
        const float* const c = plane.row(y + 1);
        float* const out = result.row(y);
        for (int x = 1; x + 1 < plane.width; ++x) {
            // Sort the three columns, then the median of (largest low, median middle, smallest high).
            float low0 = a[x - 1], mid0 = b[x - 1], high0 = c[x - 1];
            float low1 = a[x], mid1 = b[x], high1 = c[x];
            float low2 = a[x + 1], mid2 = b[x + 1], high2 = c[x + 1];
            order(low0, mid0), order(mid0, high0), order(low0, mid0);
            order(low1, mid1), order(mid1, high1), order(low1, mid1);
            order(low2, mid2), order(mid2, high2), order(low2, mid2);
            float low = std::max(low0, std::max(low1, low2));
            float high = std::min(high0, std::min(high1, high2));
            order(mid0, mid1);
            const float middle = std::max(mid0, std::min(mid1, mid2));
            order(low, high);
            out[x] = std::max(low, std::min(middle, high));
        }
    }
    return result;
}

// The flow of the next finer level, from this one's.
Plane doubled(const Plane& plane, int width, int height) {
    Plane result(width, height);
    for (int y = 0; y < height; ++y) {
        const float sourceY = std::min(float(y) * 0.5F, float(plane.height - 1));
        for (int x = 0; x < width; ++x)
            result.row(y)[x] = 2 * bilinear(plane, std::min(float(x) * 0.5F, float(plane.width - 1)), sourceY);
    }
    return result;
}

}  // namespace

float bilinear(const Plane& plane, float x, float y) noexcept {
    const int x0 = std::min(int(x), plane.width - 1);
    const int y0 = std::min(int(y), plane.height - 1);
    const int x1 = std::min(x0 + 1, plane.width - 1);
    const int y1 = std::min(y0 + 1, plane.height - 1);
    const float fx = x - float(x0);
    const float fy = y - float(y0);
    const float* const top = plane.row(y0);
    const float* const bottom = plane.row(y1);
    const float upper = top[x0] + fx * (top[x1] - top[x0]);
    const float lower = bottom[x0] + fx * (bottom[x1] - bottom[x0]);
    return upper + fy * (lower - upper);
}

Plane lumaOf(const Picture& picture) {
    Plane luma(picture.width, picture.height);
    const std::uint8_t* in = picture.rgb.data();
    for (float& value : luma.values) {
        value = (0.299F * in[0] + 0.587F * in[1] + 0.114F * in[2]) / 255.0F;
        in += 3;
    }
    return luma;
}

FlowFrame::FlowFrame(Plane luma) {
    for (;;) {
        Level level;
        level.luma = std::move(luma);
        computeGradients(level.luma, level.gradientX, level.gradientY);
        level.sumXX = windowSums(product(level.gradientX, level.gradientX));
        level.sumXY = windowSums(product(level.gradientX, level.gradientY));
        level.sumYY = windowSums(product(level.gradientY, level.gradientY));
        m_levels.push_back(std::move(level));
        const Plane& finest = m_levels.back().luma;
        if (std::min(finest.width, finest.height) < 2 * kSmallestSide)
            return;
        luma = halved(finest);
    }
}

struct FlowSolver {
    static FlowField solve(const FlowFrame& from, const FlowFrame& to) {
        FlowField flow;
        for (std::size_t level = from.m_levels.size(); level-- > 0;) {
            const FlowFrame::Level& still = from.m_levels[level];
            const int width = still.luma.width;
            const int height = still.luma.height;
            const bool coarsest = level + 1 == from.m_levels.size();
            flow.x = coarsest ? Plane(width, height) : doubled(flow.x, width, height);
            flow.y = coarsest ? Plane(width, height) : doubled(flow.y, width, height);
            const int iterations = level == 0 ? kFineIterations : kCoarseIterations;
            for (int i = 0; i < iterations; ++i)
                improve(still, to.m_levels[level].luma, flow);
        }
        return flow;
    }

private:
    // One Gauss-Newton step of every pixel, then the median.
    static void improve(const FlowFrame::Level& still, const Plane& moving, FlowField& flow) {
        const int width = moving.width;
        const int height = moving.height;
        Plane errorX(width, height);
        Plane errorY(width, height);
        for (int y = 0; y < height; ++y) {
            const std::size_t start = std::size_t(y) * std::size_t(width);
            for (int x = 0; x < width; ++x) {
                const std::size_t i = start + std::size_t(x);
                const float seenX = float(x) + flow.x.values[i];
                const float seenY = float(y) + flow.y.values[i];
                if (!(seenX >= 0 && seenY >= 0 && seenX <= float(width - 1) && seenY <= float(height - 1)))
                    continue;  // what left the picture says nothing; the neighbours in the window decide
                const float error = bilinear(moving, seenX, seenY) - still.luma.values[i];
                errorX.values[i] = error * still.gradientX.values[i];
                errorY.values[i] = error * still.gradientY.values[i];
            }
        }
        errorX = windowSums(errorX);
        errorY = windowSums(errorY);
        for (std::size_t i = 0; i < errorX.values.size(); ++i) {
            const float xx = still.sumXX.values[i] + kRidge;
            const float yy = still.sumYY.values[i] + kRidge;
            const float xy = still.sumXY.values[i];
            const float scale = 1 / (xx * yy - xy * xy);
            const float stepX = (yy * errorX.values[i] - xy * errorY.values[i]) * scale;
            const float stepY = (xx * errorY.values[i] - xy * errorX.values[i]) * scale;
            flow.x.values[i] -= std::clamp(stepX, -kLongestUpdate, kLongestUpdate);
            flow.y.values[i] -= std::clamp(stepY, -kLongestUpdate, kLongestUpdate);
        }
        flow.x = medianFiltered(flow.x);
        flow.y = medianFiltered(flow.y);
    }
};

FlowField estimateFlow(const FlowFrame& from, const FlowFrame& to) { return FlowSolver::solve(from, to); }

}  // namespace lipar::pipeline
