#include "engine/pipeline/quality_metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

namespace lipar::pipeline {
namespace {

constexpr int kSsimWindow = 7;
constexpr double kSsimC1 = 1e-4;  // 0.01^2
constexpr double kSsimC2 = 9e-4;  // 0.03^2
constexpr double kWhite = 255.0;

std::string sizeText(const Picture& picture) {
    return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

// Mean over all values, 0..1.
double meanSquaredError(const Picture& a, const Picture& b) {
    constexpr std::size_t kChunk = 16384;  // whose sum of squares fits 32 bits
    std::uint64_t total = 0;
    for (std::size_t start = 0; start < a.rgb.size(); start += kChunk) {
        const std::size_t end = std::min(start + kChunk, a.rgb.size());
        std::uint32_t sum = 0;
        for (std::size_t i = start; i < end; ++i) {
            const int difference = int(a.rgb[i]) - int(b.rgb[i]);
            sum += std::uint32_t(difference * difference);
        }
        total += sum;
    }
    return double(total) / (double(a.rgb.size()) * kWhite * kWhite);
}

double psnrOf(double meanSquaredError) {
    return -10 * std::log10(meanSquaredError);  // infinity at 0
}

// Sums over one window of a, b, a^2, b^2 and a b.
using Moments = std::array<double, 5>;

Moments momentsOf(double a, double b) { return {a, b, a * a, b * b, a * b}; }

double ssimOf(const Moments& sums) {
    constexpr double kArea = double(kSsimWindow) * kSsimWindow;
    const double meanA = sums[0] / kArea;
    const double meanB = sums[1] / kArea;
    const double varianceA = sums[2] / kArea - meanA * meanA;
    const double varianceB = sums[3] / kArea - meanB * meanB;
    const double covariance = sums[4] / kArea - meanA * meanB;
    return (2 * meanA * meanB + kSsimC1) * (2 * covariance + kSsimC2) /
           ((meanA * meanA + meanB * meanB + kSsimC1) * (varianceA + varianceB + kSsimC2));
}

// Mean over every place of the window, kept as running sums by column and then by row.
double meanSsim(const Plane& a, const Plane& b) {
    const int width = a.width;
    std::vector<Moments> columns(std::size_t(width), Moments{});
    const auto accumulate = [&](int y, double sign) {
        for (int x = 0; x < width; ++x) {
            const Moments values = momentsOf(a.row(y)[x], b.row(y)[x]);
            for (std::size_t k = 0; k < values.size(); ++k)
                columns[std::size_t(x)][k] += sign * values[k];
        }
    };
    double total = 0;
    for (int y = 0; y < a.height; ++y) {
        accumulate(y, 1);
        if (y >= kSsimWindow)
            accumulate(y - kSsimWindow, -1);
        if (y + 1 < kSsimWindow)
            continue;
        Moments sums{};
        for (int x = 0; x < width; ++x) {
            for (std::size_t k = 0; k < sums.size(); ++k)
                sums[k] +=
                    columns[std::size_t(x)][k] - (x >= kSsimWindow ? columns[std::size_t(x - kSsimWindow)][k] : 0);
            if (x + 1 >= kSsimWindow)
                total += ssimOf(sums);
        }
    }
    return total / (double(width - kSsimWindow + 1) * double(a.height - kSsimWindow + 1));
}

// Mean |(b1 - b0) - (a1 - a0)|, values 0..1.
double meanFlicker(const Picture& a0, const Picture& a1, const Picture& b0, const Picture& b1) {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < a0.rgb.size(); ++i)
        total += std::abs((int(b1.rgb[i]) - int(b0.rgb[i])) - (int(a1.rgb[i]) - int(a0.rgb[i])));
    return double(total) / (double(a0.rgb.size()) * kWhite);
}

const std::uint8_t* pixelAt(const Picture& picture, int x, int y) {
    return &picture.rgb[3 * (std::size_t(y) * std::size_t(picture.width) + std::size_t(x))];
}

// One channel of a picture between the four nearest pixels; x and y lie within it.
double bilinearChannel(const Picture& picture, float x, float y, int channel) {
    const int x0 = int(x);
    const int y0 = int(y);
    const int x1 = std::min(x0 + 1, picture.width - 1);
    const int y1 = std::min(y0 + 1, picture.height - 1);
    const auto at = [&](int column, int row) { return double(*(pixelAt(picture, column, row) + channel)); };
    const double fx = x - float(x0);
    const double upper = at(x0, y0) + fx * (at(x1, y0) - at(x0, y0));
    const double lower = at(x0, y1) + fx * (at(x1, y1) - at(x0, y1));
    return upper + double(y - float(y0)) * (lower - upper);
}

// Squared error of `current` against `previous` moved along `backward`, over the pixels whose flow returns to where it
// began. Nothing when there are none (a cut).
std::optional<double> warpError(const Picture& previous, const Picture& current, const FlowField& backward,
                                const FlowField& forward) {
    double total = 0;
    std::int64_t valid = 0;
    for (int y = 0; y < current.height; ++y) {
        for (int x = 0; x < current.width; ++x) {
            const float moveX = backward.x.row(y)[x];
            const float moveY = backward.y.row(y)[x];
            const float fromX = float(x) + moveX;
            const float fromY = float(y) + moveY;
            const bool inX = fromX >= 0 && fromX <= float(current.width - 1);
            const bool inY = fromY >= 0 && fromY <= float(current.height - 1);
            if (!inX || !inY)
                continue;
            const float returnX = bilinear(forward.x, fromX, fromY);
            const float returnY = bilinear(forward.y, fromX, fromY);
            const float missX = moveX + returnX;
            const float missY = moveY + returnY;
            const float lengths = moveX * moveX + moveY * moveY + returnX * returnX + returnY * returnY;
            if (missX * missX + missY * missY > 0.01F * lengths + 0.5F)
                continue;
            ++valid;
            const std::uint8_t* const pixel = pixelAt(current, x, y);
            for (int channel = 0; channel < 3; ++channel) {
                const double difference = (bilinearChannel(previous, fromX, fromY, channel) - pixel[channel]) / kWhite;
                total += difference * difference;
            }
        }
    }
    if (valid == 0)
        return std::nullopt;
    return total / (3 * double(valid));
}

}  // namespace

Result<> ClipComparison::add(const Picture& reference, const Picture& distorted) {
    const auto sameSize = [](const Picture& a, const Picture& b) { return a.width == b.width && a.height == b.height; };
    if (!sameSize(reference, distorted)) {
        return fail(
            ErrorCode::invalidArgument,
            "the clips cannot be compared: one is " + sizeText(reference) + ", the other " + sizeText(distorted),
            "scale one of them first");
    }
    if (m_previousFlowFrame && !sameSize(reference, m_previousReference)) {
        return fail(ErrorCode::invalidArgument,
                    "the clips cannot be compared: the size changes from " + sizeText(m_previousReference) + " to " +
                        sizeText(reference),
                    "cut the clips where the size changes");
    }
    if (std::min(reference.width, reference.height) < kSsimWindow) {
        return fail(ErrorCode::invalidArgument,
                    "the clips cannot be compared: " + sizeText(reference) + " is too small",
                    "at least 7x7 pixels are needed");
    }
    const Plane lumaReference = lumaOf(reference);
    m_squaredErrors.push_back(meanSquaredError(reference, distorted));
    m_ssimSum += meanSsim(lumaReference, lumaOf(distorted));
    FlowFrame flowFrame(lumaReference);
    if (m_previousFlowFrame)
        addPair(reference, distorted, flowFrame);
    m_previousFlowFrame = std::move(flowFrame);
    m_previousReference = reference;
    m_previousDistorted = distorted;
    return {};
}

void ClipComparison::addPair(const Picture& reference, const Picture& distorted, const FlowFrame& current) {
    m_flickerSum += meanFlicker(m_previousReference, reference, m_previousDistorted, distorted);
    const FlowField backward = estimateFlow(current, *m_previousFlowFrame);
    const FlowField forward = estimateFlow(*m_previousFlowFrame, current);
    if (const auto error = warpError(m_previousDistorted, distorted, backward, forward)) {
        m_warpSum += *error;
        ++m_warpPairs;
    }
}

ClipQuality ClipComparison::result() const {
    ClipQuality result;
    if (m_squaredErrors.empty())
        return result;
    const auto frames = double(m_squaredErrors.size());
    result.frames = std::int64_t(m_squaredErrors.size());
    result.psnr = psnrOf(std::accumulate(m_squaredErrors.begin(), m_squaredErrors.end(), 0.0) / frames);
    result.ssim = m_ssimSum / frames;
    result.flicker = frames > 1 ? 1000 * m_flickerSum / (frames - 1) : 0;
    result.warpError = m_warpPairs > 0 ? 1e4 * m_warpSum / double(m_warpPairs) : 0;
    result.psnrPerFrame.reserve(m_squaredErrors.size());
    for (const double error : m_squaredErrors)
        result.psnrPerFrame.push_back(psnrOf(error));
    return result;
}

}  // namespace lipar::pipeline
