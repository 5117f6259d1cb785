// The CPU's twins of the kernels around the pictures, against the formula.
#include <ATen/ATen.h>

#include <QTest>

#include "engine/kernels/frame_layout.h"
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/picture_layers.h"

using namespace lipar;

namespace {

constexpr std::int64_t kFeatures = kernels::kPictureFeatures;

double largestDifference(const at::Tensor& a, const at::Tensor& b) {
    return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

}  // namespace

class TestPictureKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { at::manual_seed(7); }

    void everyByteComesBack() {
        const at::Tensor bytes = at::arange(256, at::kInt).to(at::kByte).repeat({3}).view({1, 16, 16, 3});
        for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
            const at::Tensor frames = kernels::framesOfBytes(bytes, type);
            QCOMPARE(frames.sizes(), at::IntArrayRef({1, 3, 16, 16}));
            QVERIFY(at::equal(frames, bytes.permute({0, 3, 1, 2}).to(type).mul(1.0 / 255.0)));
            QVERIFY(at::equal(kernels::bytesOfFrames(frames, 16, 16), bytes));
        }
    }

    void bytesAreRoundedAndCutOff() {
        const at::Tensor frames = at::tensor({-1.0, 0.0019, 0.002, 0.5, 0.9999, 7.0}, at::kFloat)
                                      .view({1, 3, 1, 2})
                                      .contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor expected = at::tensor({0, 1, 255, 0, 128, 255}, at::kInt)
                                        .to(at::kByte)
                                        .view({1, 1, 2, 3});  // 0.0019 * 255 < 0.5 < 0.002 * 255
        QVERIFY(at::equal(kernels::bytesOfFrames(frames, 1, 2), expected));
    }

    void aCornerIsCutOut() {
        const at::Tensor bytes = at::randint(0, 256, {2, 7, 9, 3}, at::kByte);
        const at::Tensor frames = kernels::framesOfBytes(bytes, at::kFloat);
        QVERIFY(at::equal(kernels::bytesOfFrames(frames, 5, 4), bytes.narrow(1, 0, 5).narrow(2, 0, 4)));
    }

    void eachFrameStandsBesideTheOneBefore() {
        const at::Tensor x = at::randn({5, 6, 3, 4}).contiguous(at::MemoryFormat::ChannelsLast);
        at::Tensor last;
        const at::Tensor first = kernels::withPreviousFrame(x.narrow(0, 0, 2), last);
        QVERIFY(at::equal(first[0], at::cat({x[0], at::zeros_like(x[0])})));
        QVERIFY(at::equal(first[1], at::cat({x[1], x[0]})));
        QVERIFY(at::equal(last[0], x[1]));
        const at::Tensor rest = kernels::withPreviousFrame(x.narrow(0, 2, 3), last);
        for (std::int64_t t = 2; t < 5; ++t)
            QVERIFY(at::equal(rest[t - 2], at::cat({x[t], x[t - 1]})));
        QVERIFY(at::equal(last[0], x[4]));
    }

    void picturesBecomePairsOfFeatures() {
        const at::Tensor frames = at::rand({4, 3, 6, 10}).contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor weight = at::randn({kFeatures, 3, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast),
                         bias = at::randn({kFeatures});
        const at::Tensor features = kernels::pairedPictureFeatures(frames, weight, bias);
        const at::Tensor expected =
            at::conv2d(frames.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble), 1, 1).relu();
        QCOMPARE(features.sizes(), at::IntArrayRef({2, 2 * kFeatures, 6, 10}));
        for (std::int64_t t = 0; t < 4; ++t)
            QVERIFY(largestDifference(features[t / 2].narrow(0, t % 2 * kFeatures, kFeatures), expected[t]) < 1e-5);
    }

    void quadsOfFeaturesBecomePictures() {
        const at::Tensor features = at::randn({3, kFeatures, 8, 6});  // as pixels
        const at::Tensor quads = features.view({3, kFeatures, 4, 2, 3, 2})
                                     .permute({0, 3, 5, 1, 2, 4})  // [T,2,2,C,h,w]
                                     .reshape({3, 4 * kFeatures, 4, 3})
                                     .contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor weight = at::randn({3, kFeatures, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast),
                         bias = at::randn({3});
        at::Tensor pictures = at::zeros({6, 3, 8, 6}).contiguous(at::MemoryFormat::ChannelsLast);
        kernels::picturesOfFeatures(quads, weight, bias, pictures, 1, 2);
        const at::Tensor expected =
            at::conv2d(features.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble), 1, 1);
        for (std::int64_t t = 0; t < 3; ++t) {
            QVERIFY(largestDifference(pictures[2 * t + 1], expected[t]) < 1e-4);
            QVERIFY(at::equal(pictures[2 * t], at::zeros({3, 8, 6})));  // another launch's
        }
    }
};

QTEST_APPLESS_MAIN(TestPictureKernels)
#include "tst_picture_kernels.moc"
