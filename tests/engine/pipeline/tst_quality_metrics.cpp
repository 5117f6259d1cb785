#include <QtTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "engine/pipeline/optical_flow.h"
#include "engine/pipeline/quality_metrics.h"

using namespace lipar;
using namespace lipar::pipeline;

namespace {

// Bytes of a linear congruential generator, the same in the Python that made the expected numbers.
class Noise {
public:
    explicit Noise(std::uint32_t seed) : m_state(seed) {}
    int next() {
        m_state = 1664525U * m_state + 1013904223U;
        return int(m_state >> 24U);
    }

private:
    std::uint32_t m_state;
};

Picture painted(int width, int height, const std::function<double(double x, double y)>& colour) {
    Picture picture(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto value = std::uint8_t(std::clamp(std::lround(colour(x, y)), 0L, 255L));
            std::fill_n(&picture.rgb[3 * std::size_t(y * width + x)], 3, value);
        }
    }
    return picture;
}

// Texture with detail in every direction and no period within 160 pixels.
double texture(double x, double y) {
    return 128 + 35 * std::sin(0.31 * x + 0.13 * y) + 30 * std::sin(0.23 * y - 0.17 * x) +
           20 * std::sin(0.071 * x * 1.3 + 0.41 * y) + 15 * std::cos(0.53 * x - 0.047 * y);
}

Picture brightened(Picture picture, int amount) {
    for (auto& value : picture.rgb)
        value = std::uint8_t(std::clamp(int(value) + amount, 0, 255));
    return picture;
}

ClipQuality compare(const std::vector<Picture>& reference, const std::vector<Picture>& distorted) {
    ClipComparison comparison;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const auto added = comparison.add(reference[i], distorted[i]);
        if (!added)
            qFatal("%s", added.error().sentence().c_str());
    }
    return comparison.result();
}

// A pattern that moves by (dx, dy) pixels a frame.
std::vector<Picture> movingTexture(int frames, double dx, double dy) {
    std::vector<Picture> clip;
    for (int t = 0; t < frames; ++t)
        clip.push_back(painted(160, 96, [&](double x, double y) { return texture(x - t * dx, y - t * dy); }));
    return clip;
}

// Mean distance of an estimated flow from the true one, 12 pixels off the border.
double meanEndpointError(const FlowField& flow, const std::function<std::pair<double, double>(int x, int y)>& truth) {
    double total = 0;
    int count = 0;
    for (int y = 12; y < flow.x.height - 12; ++y) {
        for (int x = 12; x < flow.x.width - 12; ++x) {
            const auto [dx, dy] = truth(x, y);
            total += std::hypot(flow.x.row(y)[x] - dx, flow.y.row(y)[x] - dy);
            ++count;
        }
    }
    return total / count;
}

}  // namespace

class TestQualityMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingAddedIsAllZero();
    void equalClipsHaveNoError();
    void constantOffset();
    void noiseAgreesWithPython();
    void flickerOfABlinkingClip();
    void warpErrorIgnoresMotion_data();
    void warpErrorIgnoresMotion();
    void warpErrorSeesBlinkingThroughMotion();
    void warpErrorSkipsCuts();
    void flowOfTranslation_data();
    void flowOfTranslation();
    void flowOfRotationAndZoom();
    void flowIsZeroWithoutTexture();
    void sizesMustAgree();
};

void TestQualityMetrics::nothingAddedIsAllZero() {
    const ClipQuality result = ClipComparison().result();
    QCOMPARE(result.frames, std::int64_t(0));
    QCOMPARE(result.psnr, 0.0);
    QVERIFY(result.psnrPerFrame.empty());
}

void TestQualityMetrics::equalClipsHaveNoError() {
    const auto clip = movingTexture(3, 0, 0);
    const ClipQuality result = compare(clip, clip);
    QCOMPARE(result.frames, std::int64_t(3));
    QVERIFY(std::isinf(result.psnr) && result.psnr > 0);
    QVERIFY(std::isinf(result.psnrPerFrame.at(2)));
    QVERIFY(std::abs(result.ssim - 1) < 1e-9);
    QCOMPARE(result.flicker, 0.0);
    QVERIFY(result.warpError < 1e-6);
}

void TestQualityMetrics::constantOffset() {
    const std::vector<Picture> clip(3, painted(64, 48, [](double x, double y) { return 60 + x + y; }));
    std::vector<Picture> brighter;
    for (const Picture& picture : clip)
        brighter.push_back(brightened(picture, 10));
    const ClipQuality result = compare(clip, brighter);
    const double expected = 20 * std::log10(255.0 / 10);
    QVERIFY(std::abs(result.psnr - expected) < 1e-9);
    QVERIFY(std::abs(result.psnrPerFrame.at(1) - expected) < 1e-9);
    QCOMPARE(result.flicker, 0.0);
    QVERIFY(result.warpError < 1e-6);
    QVERIFY(result.ssim > 0.97 && result.ssim < 1);
}

// Expected numbers: the same bytes in NumPy, then torch in float64 with avg_pool2d(7, stride 1) for the SSIM window.
void TestQualityMetrics::noiseAgreesWithPython() {
    std::vector<Picture> reference(4, Picture(32, 24));
    std::vector<Picture> distorted = reference;
    Noise values(1);
    Noise errors(2);
    for (std::size_t t = 0; t < reference.size(); ++t) {
        for (std::size_t i = 0; i < reference[t].rgb.size(); ++i) {
            const int value = values.next();
            reference[t].rgb[i] = std::uint8_t(value);
            distorted[t].rgb[i] = std::uint8_t(std::clamp(value + errors.next() % 17 - 8, 0, 255));
        }
    }
    const ClipQuality result = compare(reference, distorted);
    QVERIFY2(std::abs(result.psnr - 34.33873627760629) < 1e-9, qPrintable(QString::number(result.psnr, 'g', 12)));
    QVERIFY(std::abs(result.psnrPerFrame.at(2) - 34.41876161284822) < 1e-9);
    QVERIFY2(std::abs(result.ssim - 0.9976908036807423) < 1e-6, qPrintable(QString::number(result.ssim, 'g', 12)));
    QVERIFY2(std::abs(result.flicker - 22.14279230210603) < 1e-9, qPrintable(QString::number(result.flicker, 'g', 12)));
}

void TestQualityMetrics::flickerOfABlinkingClip() {
    const std::vector<Picture> still(5, painted(64, 48, texture));
    std::vector<Picture> blinking = still;
    for (std::size_t t = 1; t < blinking.size(); t += 2)
        blinking[t] = brightened(blinking[t], 5);
    const ClipQuality result = compare(still, blinking);
    QVERIFY(std::abs(result.flicker - 1000 * 5 / 255.0) < 1e-9);
    QVERIFY(std::abs(result.warpError - 1e4 * 25 / (255.0 * 255.0)) < 1e-3);
}

void TestQualityMetrics::warpErrorIgnoresMotion_data() {
    QTest::addColumn<double>("dx");
    QTest::addColumn<double>("dy");
    QTest::addColumn<double>("bound");  // 1e-4; without motion compensation these clips have 100 and more
    QTest::newRow("whole pixels") << 3.0 << -2.0 << 0.6;
    QTest::newRow("part of a pixel") << 1.25 << 0.5 << 0.6;
    QTest::newRow("fast") << 7.0 << 4.0 << 1.5;
}

void TestQualityMetrics::warpErrorIgnoresMotion() {
    QFETCH(double, dx);
    QFETCH(double, dy);
    QFETCH(double, bound);
    const auto clip = movingTexture(3, dx, dy);
    const double error = compare(clip, clip).warpError;
    QVERIFY2(error < bound, qPrintable(QString::number(error)));
}

void TestQualityMetrics::warpErrorSeesBlinkingThroughMotion() {
    const auto clip = movingTexture(4, 3, 1);
    auto blinking = clip;
    for (std::size_t t = 1; t < blinking.size(); t += 2)
        blinking[t] = brightened(blinking[t], 10);
    const double expected = 1e4 * 100 / (255.0 * 255.0);
    const double error = compare(clip, blinking).warpError;
    QVERIFY2(std::abs(error - expected) < 0.1 * expected, qPrintable(QString::number(error)));
}

void TestQualityMetrics::warpErrorSkipsCuts() {
    Noise before(3);
    Noise after(4);
    const std::vector<Picture> cut{painted(96, 64, [&](double, double) { return before.next(); }),
                                   painted(96, 64, [&](double, double) { return after.next(); })};
    const double uncompensated = 1e4 / 6;  // mean squared difference of two independent uniform values
    QVERIFY(compare(cut, cut).warpError < uncompensated);
}

void TestQualityMetrics::flowOfTranslation_data() {
    QTest::addColumn<double>("dx");
    QTest::addColumn<double>("dy");
    QTest::newRow("none") << 0.0 << 0.0;
    QTest::newRow("a third of a pixel") << 0.33 << -0.2;
    QTest::newRow("some pixels") << -4.0 << 2.5;
    QTest::newRow("many pixels") << 9.0 << -6.0;
}

void TestQualityMetrics::flowOfTranslation() {
    QFETCH(double, dx);
    QFETCH(double, dy);
    const auto clip = movingTexture(2, dx, dy);
    const FlowField flow = estimateFlow(FlowFrame(lumaOf(clip[0])), FlowFrame(lumaOf(clip[1])));
    const double error = meanEndpointError(flow, [&](int, int) { return std::pair(dx, dy); });
    QVERIFY2(error < 0.1, qPrintable(QString::number(error)));
}

void TestQualityMetrics::flowOfRotationAndZoom() {
    const double angle = 2 * std::numbers::pi / 180;
    const double zoom = 1.03;
    // Where the content at (x, y) of the first picture is in the second.
    const auto moved = [&](double x, double y) {
        const double u = x - 80;
        const double v = y - 48;
        return std::pair(80 + zoom * (std::cos(angle) * u - std::sin(angle) * v),
                         48 + zoom * (std::sin(angle) * u + std::cos(angle) * v));
    };
    const auto origin = [&](double x, double y) {
        const double u = (x - 80) / zoom;
        const double v = (y - 48) / zoom;
        return std::pair(80 + std::cos(angle) * u + std::sin(angle) * v,
                         48 - std::sin(angle) * u + std::cos(angle) * v);
    };
    const Picture first = painted(160, 96, texture);
    const Picture second = painted(160, 96, [&](double x, double y) {
        const auto [fromX, fromY] = origin(x, y);
        return texture(fromX, fromY);
    });
    const FlowField flow = estimateFlow(FlowFrame(lumaOf(first)), FlowFrame(lumaOf(second)));
    const double error = meanEndpointError(flow, [&](int x, int y) {
        const auto [toX, toY] = moved(x, y);
        return std::pair(toX - x, toY - y);
    });
    QVERIFY2(error < 0.15, qPrintable(QString::number(error)));
}

void TestQualityMetrics::flowIsZeroWithoutTexture() {
    const FlowFrame grey(lumaOf(painted(64, 48, [](double, double) { return 100; })));
    const FlowFrame white(lumaOf(painted(64, 48, [](double, double) { return 255; })));
    const FlowField flow = estimateFlow(grey, white);
    QVERIFY(std::ranges::all_of(flow.x.values, [](float value) { return value == 0; }));
    QVERIFY(std::ranges::all_of(flow.y.values, [](float value) { return value == 0; }));
}

void TestQualityMetrics::sizesMustAgree() {
    ClipComparison comparison;
    QCOMPARE(comparison.add(Picture(32, 24), Picture(24, 32)).error().code, ErrorCode::invalidArgument);
    QCOMPARE(comparison.add(Picture(6, 24), Picture(6, 24)).error().code, ErrorCode::invalidArgument);
    QVERIFY(comparison.add(Picture(32, 24), Picture(32, 24)).has_value());
    QCOMPARE(comparison.add(Picture(24, 32), Picture(24, 32)).error().code, ErrorCode::invalidArgument);
    QCOMPARE(comparison.result().frames, std::int64_t(1));
}

QTEST_GUILESS_MAIN(TestQualityMetrics)
#include "tst_quality_metrics.moc"
