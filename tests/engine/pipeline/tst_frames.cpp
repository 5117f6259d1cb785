// What surrounds the networks: sizes, pictures and tensors, regions, the heatmap, the schedule.
#include <QTest>

#include <ATen/ATen.h>

#include <random>

#include "engine/pipeline/flow_schedule.h"
#include "engine/pipeline/frame_tensors.h"
#include "engine/pipeline/heatmap.h"
#include "engine/pipeline/processing_size.h"
#include "engine/pipeline/region_mask.h"

using namespace lipar;
using namespace lipar::pipeline;

class TestFrames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void automaticSizeKeepsTheShape();
    void picturesSurviveTheTripThroughTensors();
    void paddingRepeatsTheEdge();
    void valuesAreClampedAndRounded();
    void saturationZeroIsGrey();
    void regionsBecomeTokens();
    void sourcePixelsComeBack();
    void heatmapTellsKeptFromReused();
    void scheduleIsTheShiftedOne();
    void strengthScalesTheSteps();
};

namespace {

PicturePtr noisePicture(int width, int height, unsigned seed) {
    auto picture = std::make_shared<Picture>(width, height);
    std::mt19937 generator(seed);
    for (auto& value : picture->rgb)
        value = std::uint8_t(generator() & 255);
    return picture;
}

Picture plain(int width, int height, std::uint8_t value) {
    Picture picture(width, height);
    std::ranges::fill(picture.rgb, value);
    return picture;
}

}  // namespace

void TestFrames::automaticSizeKeepsTheShape() {
    QCOMPARE(automaticSize(832, 480, 320 * 192, 16), (PixelSize{320, 192}));
    QCOMPARE(automaticSize(480, 832, 320 * 192, 16), (PixelSize{192, 320}));
    QCOMPARE(automaticSize(3840, 2160, 832 * 480, 16), (PixelSize{848, 480}));
    QCOMPARE(automaticSize(64, 48, 320 * 192, 16), (PixelSize{64, 48}));  // never larger than the source
    QCOMPARE(automaticSize(4000, 40, 320 * 192, 16), (PixelSize{2480, 32}));
    QCOMPARE(automaticSize(1, 1, 320 * 192, 16), (PixelSize{16, 16}));
    QCOMPARE(paddedSize({321, 192}, 16), (PixelSize{336, 192}));
}

void TestFrames::picturesSurviveTheTripThroughTensors() {
    const std::vector<PicturePtr> pictures{noisePicture(18, 10, 1), noisePicture(18, 10, 2)};
    const at::Tensor tensor = picturesToTensor(pictures, 32, 16, at::kFloat, at::kCPU);
    QCOMPARE(tensor.sizes().vec(), (std::vector<std::int64_t>{2, 3, 16, 32}));
    QCOMPARE(tensor[1][2][9][17].item<float>(), float(pictures[1]->rgb[3 * (9 * 18 + 17) + 2]) / 255.0f);
    const std::vector<PicturePtr> back = bytesToPictures(tensorToBytes(tensor, 18, 10));
    QCOMPARE(back.size(), std::size_t(2));
    for (std::size_t i = 0; i < 2; ++i)
        QVERIFY(back[i]->rgb == pictures[i]->rgb);
}

void TestFrames::paddingRepeatsTheEdge() {
    const at::Tensor tensor = picturesToTensor(std::vector<PicturePtr>{noisePicture(5, 3, 3)}, 8, 6, at::kFloat, at::kCPU);
    QVERIFY(at::equal(tensor[0].select(2, 7), tensor[0].select(2, 4)));
    QVERIFY(at::equal(tensor[0].select(1, 5), tensor[0].select(1, 2)));
}

void TestFrames::valuesAreClampedAndRounded() {
    const at::Tensor frames = at::tensor({-0.5f, 1.5f, 0.501f}).view({1, 3, 1, 1});
    const PicturePtr picture = bytesToPictures(tensorToBytes(frames, 1, 1)).front();
    QCOMPARE(int(picture->rgb[0]), 0);
    QCOMPARE(int(picture->rgb[1]), 255);
    QCOMPARE(int(picture->rgb[2]), 128);
}

void TestFrames::saturationZeroIsGrey() {
    const at::Tensor frames = at::rand({2, 3, 4, 4});
    QVERIFY(at::equal(withSaturation(frames, 1.0), frames));
    const at::Tensor grey = withSaturation(frames, 0.0);
    QVERIFY(at::allclose(grey.select(1, 0), grey.select(1, 2)));
    const at::Tensor luma = 0.299 * frames.select(1, 0) + 0.587 * frames.select(1, 1) + 0.114 * frames.select(1, 2);
    QVERIFY(at::allclose(grey.select(1, 1), luma, 1e-5, 1e-6));
}

void TestFrames::regionsBecomeTokens() {
    Picture picture = plain(32, 16, 0);
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 20; ++x)
            for (int c = 0; c < 3; ++c)
                picture.rgb[std::size_t(3 * (y * 32 + x) + c)] = 255;
    const RegionMask region = regionFromPicture(picture, 32, 16);
    QCOMPARE(tokensWhollyInside(region, 1, 2, 16), (std::vector<std::uint8_t>{1, 0}));
    QCOMPARE(tokensTouched(region, 1, 2, 16), (std::vector<std::uint8_t>{1, 1}));
    const RegionMask half = regionFromPicture(picture, 16, 8);
    QCOMPARE(half.inside.size(), std::size_t(128));
    QCOMPARE(int(half.inside[9]), 1);
    QCOMPARE(int(half.inside[10]), 0);
}

void TestFrames::sourcePixelsComeBack() {
    RegionMask region{2, 1, {1, 0}};
    const PicturePtr mixed = withSourcePixels(plain(2, 1, 10), plain(2, 1, 200), region);
    QCOMPARE(int(mixed->rgb[0]), 200);
    QCOMPARE(int(mixed->rgb[3]), 10);
}

void TestFrames::heatmapTellsKeptFromReused() {
    const Picture source = plain(32, 16, 128);
    const std::vector<std::uint8_t> keep{1, 0};
    const std::vector<std::uint16_t> fresh{0, 1}, old{0, 100};
    const Picture a = renderHeatmap(source, keep, fresh, 2, 16), b = renderHeatmap(source, keep, old, 2, 16);
    QVERIFY(a.rgb[0] > a.rgb[2]);                   // computed: warm
    QVERIFY(a.rgb[3 * 16] < a.rgb[3 * 16 + 2]);     // reused: cool
    QVERIFY(a.rgb[3 * 16 + 1] > b.rgb[3 * 16 + 1]);  // and bluer with age
    QVERIFY(std::equal(a.rgb.begin(), a.rgb.begin() + 3 * 16, b.rgb.begin()));
}

void TestFrames::scheduleIsTheShiftedOne() {
    const FlowSchedule schedule({400, 350, 250}, 5.0);
    const std::vector<double> expected{0.7692307692307693, 0.7291666666666666, 0.625};
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY(std::abs(schedule.sigmas()[i] - expected[i]) < 1e-12);
    QCOMPARE(FlowSchedule::timestep(0.625), 625.0);
}

void TestFrames::strengthScalesTheSteps() {
    QCOMPARE(stepsForStrength({400, 350, 250}, 0.4), (std::vector<int>{400, 350, 250}));
    QCOMPARE(stepsForStrength({400, 350, 250}, 0.8), (std::vector<int>{800, 700, 500}));
    QCOMPARE(stepsForStrength({400}, 1.0), (std::vector<int>{1000}));
    QCOMPARE(stepsForStrength({400, 350, 250}, 0.001), (std::vector<int>{1}));
}

QTEST_GUILESS_MAIN(TestFrames)
#include "tst_frames.moc"
