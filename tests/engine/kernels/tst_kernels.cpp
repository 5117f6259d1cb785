// The CPU back end against the formulas, written with ATen's plain operators in float64.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <QTest>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/kernels/activation.h"
#include "engine/kernels/attention.h"
#include "engine/kernels/fp8.h"
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/linear.h"
#include "engine/kernels/norm_rotate.h"
#include "engine/kernels/normalization.h"
#include "engine/kernels/product_tile.h"
#include "engine/kernels/rope.h"
#include "engine/kernels/seeded_normal.h"

using namespace lipar::kernels;

namespace {

constexpr double kEps = 1e-6;

class Random {
public:
    explicit Random(std::uint64_t seed) : m_generator(at::detail::createCPUGenerator(seed)) {}

    at::Tensor values(at::IntArrayRef shape, at::ScalarType type) {
        return at::randn(shape, m_generator, at::kFloat).to(type);
    }
    at::Tensor parameters(at::IntArrayRef shape) { return values(shape, at::kFloat); }
    // `count` different rows of 0..limit-1, in no order.
    at::Tensor rows(std::int64_t count, std::int64_t limit) {
        return at::randperm(limit, m_generator, at::kLong).narrow(0, 0, count).clone();
    }

private:
    at::Generator m_generator;
};

at::Tensor wide(const at::Tensor& x) {
    return x.to(at::kDouble);
}

// "" when every value is within half a unit in the last place of `type` from the exact one (which shows a single
// rounding), beside float32's own error.
QString difference(const at::Tensor& actual, const at::Tensor& exact, at::ScalarType type) {
    if (actual.sizes() != exact.sizes() || actual.scalar_type() != type)
        return QStringLiteral("wrong shape or type");
    if (actual.numel() == 0)
        return {};
    const double relative = 1e-5 + (type == at::kBFloat16 ? 1.0 / 256 : 0.0);
    const at::Tensor share = (wide(actual) - exact).abs() / (exact.abs() * relative + 1e-5);
    const double worst = share.max().item<double>();
    return worst <= 1.0 ? QString() : QStringLiteral("%1 of what is allowed").arg(worst);
}

at::Tensor exactLayerNorm(const at::Tensor& x) {
    const at::Tensor centred = wide(x) - wide(x).mean(-1, true);
    return centred / (centred.square().mean(-1, true) + kEps).sqrt();
}

at::Tensor exactRmsNorm(const at::Tensor& x, const at::Tensor& weight) {
    return wide(x) / (wide(x).square().mean(-1, true) + kEps).sqrt() * wide(weight);
}

// x [N,H,d], angles [N,d/2] or [1,d/2]
at::Tensor exactRotation(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
    const at::Tensor a = wide(x).slice(-1, 0, c10::nullopt, 2), b = wide(x).slice(-1, 1, c10::nullopt, 2);
    const at::Tensor c = wide(cos).unsqueeze(-2), s = wide(sin).unsqueeze(-2);
    return at::stack({a * c - b * s, a * s + b * c}, -1).flatten(-2);
}

// `destination` after x [N,H,d] was written to its rows.
at::Tensor exactWrite(const at::Tensor& destination, const at::Tensor& x, const at::Tensor& rows) {
    at::Tensor written = wide(destination);
    const at::Tensor places = rows.defined() ? rows : at::arange(x.size(0), at::kLong);
    written.index_copy_(1, places, wide(x).transpose(0, 1));
    return written;
}

void addRowSizes() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("isHalf");
    for (const auto& [rows, width] :
         {std::pair{0, 8}, {1, 1}, {1, 2}, {3, 7}, {33, 97}, {70, 384}, {19, 1536}, {2, 5120}})
        for (const bool isHalf : {false, true})
            QTest::addRow("%dx%d %s", rows, width, isHalf ? "bf16" : "fp32") << rows << width << isHalf;
}

void addHeadSizes() {
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("heads");
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("isHalf");
    for (const auto& [tokens, heads, width] :
         {std::array{0, 2, 8}, {1, 1, 2}, {5, 3, 6}, {77, 4, 96}, {40, 12, 128}, {9, 5, 10}})
        for (const bool isHalf : {false, true})
            QTest::addRow("%dx%dx%d %s", tokens, heads, width, isHalf ? "bf16" : "fp32")
                << tokens << heads << width << isHalf;
}

}  // namespace

#define COMPARE_TENSORS(actual, exact, type)                         \
    do {                                                             \
        const QString found = difference((actual), (exact), (type)); \
        QVERIFY2(found.isEmpty(), qPrintable(found));                \
    } while (false)

class TestKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layerNorms_data() { addRowSizes(); }
    void layerNorms();
    void rmsNormOfSlices_data() { addRowSizes(); }
    void rmsNormOfSlices();
    void residualsBeforeNorms_data() { addRowSizes(); }
    void residualsBeforeNorms();
    void gelu_data() { addRowSizes(); }
    void gelu();
    void eightBitRows_data() { addRowSizes(); }
    void eightBitRows();
    void productsOfEightBitRows();
    void linearMaps();
    void tilesComeInWholeWaves();
    void seededNumbersAreAtens();
    void writesToHeads_data() { addHeadSizes(); }
    void writesToHeads();
    void copiesOddHeads();
    void rotatesSomeRows_data() { addHeadSizes(); }
    void rotatesSomeRows();
    void normsAndRotatesAtOnce_data() { addHeadSizes(); }
    void normsAndRotatesAtOnce();
    void attention_data();
    void attention();
    void partsOfAttentionMerge_data();
    void partsOfAttentionMerge();
    void refusesWhatDoesNotFit();

private:
    static at::ScalarType typeOfRow() {
        QFETCH(bool, isHalf);
        return isHalf ? at::kBFloat16 : at::kFloat;
    }
};

void TestKernels::layerNorms() {
    QFETCH(int, rows);
    QFETCH(int, width);
    const at::ScalarType type = typeOfRow();
    Random random(1);
    // Away from zero, so that the mean counts.
    at::Tensor x = random.values({rows, width}, type).add_(3);
    const at::Tensor before = x.clone(), scale = random.parameters({width}), shift = random.parameters({width});
    COMPARE_TENSORS(layerNormModulate(x, {}, shift, scale, kEps), exactLayerNorm(x) * (1 + wide(scale)) + wide(shift),
                    type);
    COMPARE_TENSORS(layerNormAffine(x, {}, scale, shift, kEps), exactLayerNorm(x) * wide(scale) + wide(shift), type);
    QVERIFY(at::equal(x, before));
}

void TestKernels::rmsNormOfSlices() {
    QFETCH(int, rows);
    QFETCH(int, width);
    const at::ScalarType type = typeOfRow();
    Random random(2);
    const at::Tensor joined = random.values({rows, 3 * width}, type);
    const at::Tensor weight = random.parameters({width});
    for (const int slice : {0, 1, 2}) {
        const at::Tensor x = joined.narrow(1, slice * width, width);
        const at::Tensor normed = rmsNorm(x, weight, kEps);
        QVERIFY(normed.is_contiguous());
        COMPARE_TENSORS(normed, exactRmsNorm(x, weight), type);
    }
}

// What is normed is the sum as it is stored.
void TestKernels::residualsBeforeNorms() {
    QFETCH(int, rows);
    QFETCH(int, width);
    const at::ScalarType type = typeOfRow();
    Random random(3);
    const at::Tensor before = random.values({rows, width}, type).add_(3), y = random.values({rows, width}, type);
    const at::Tensor scale = random.parameters({width}), shift = random.parameters({width});
    for (const at::Tensor& gate : {random.parameters({width}), at::Tensor()}) {
        at::Tensor x = before.clone();
        const at::Tensor modulated = layerNormModulate(x, {y, gate}, shift, scale, kEps);
        COMPARE_TENSORS(x, wide(before) + wide(y) * (gate.defined() ? wide(gate) : at::ones({width}, at::kDouble)), type);
        QVERIFY(at::equal(modulated, layerNormModulate(x, {}, shift, scale, kEps)));

        at::Tensor again = before.clone();
        const at::Tensor affine = layerNormAffine(again, {y, gate}, scale, shift, kEps);
        QVERIFY(at::equal(again, x) && at::equal(affine, layerNormAffine(x, {}, scale, shift, kEps)));

        at::Tensor third = before.clone();
        const Fp8Rows codes = layerNormModulateToFp8(third, {y, gate}, shift, scale, kEps);
        const Fp8Rows expected = layerNormModulateToFp8(x, {}, shift, scale, kEps);
        QVERIFY(at::equal(third, x) && at::equal(codes.codes.to(at::kFloat), expected.codes.to(at::kFloat)) &&
                at::equal(codes.scale, expected.scale));
    }
}

void TestKernels::gelu() {
    QFETCH(int, rows);
    QFETCH(int, width);
    const at::ScalarType type = typeOfRow();
    at::Tensor x = Random(4).values({rows, width}, type).mul_(4);
    const at::Tensor v = wide(x);
    const at::Tensor exact = v / 2 * (1 + at::tanh(std::sqrt(2 / std::numbers::pi) * (v + 0.044715 * v.pow(3))));
    geluTanhInPlace(x);
    COMPARE_TENSORS(x, exact, type);
}

void TestKernels::writesToHeads() {
    QFETCH(int, tokens);
    QFETCH(int, heads);
    QFETCH(int, width);
    const at::ScalarType type = typeOfRow();
    Random random(5);
    // A slice of the joined projection: rows lie three times as far apart.
    const at::Tensor joined = random.values({tokens, 3 * heads * width}, type);
    const at::Tensor x = joined.narrow(1, heads * width, heads * width).unflatten(-1, {heads, width});
    const at::Tensor angles = random.parameters({tokens, width / 2});
    const at::Tensor cos = angles.cos(), sin = angles.sin();
    const at::Tensor before = random.values({heads, tokens + 6, width}, type);
    for (const at::Tensor& rows : {random.rows(tokens, tokens + 6), at::Tensor()}) {
        at::Tensor destination = before.clone();
        rotateToHeads(x, cos, sin, destination, rows);
        COMPARE_TENSORS(destination, exactWrite(before, exactRotation(x, cos, sin), rows), type);

        destination = before.clone();
        copyToHeads(x, destination, rows);
        QVERIFY(at::equal(wide(destination), exactWrite(before, x, rows)));
    }
    if (tokens > 1) {
        at::Tensor rows = random.rows(tokens, tokens + 6);
        rows[0] = -1;  // left out
        at::Tensor destination = before.clone();
        copyToHeads(x, destination, rows);
        QVERIFY(at::equal(wide(destination), exactWrite(before, x.narrow(0, 1, tokens - 1), rows.narrow(0, 1, tokens - 1))));
    }
    const at::Tensor oneCos = random.parameters({1, width / 2}).cos(), oneSin = random.parameters({1, width / 2}).sin();
    at::Tensor destination = before.clone();
    rotateToHeads(x, oneCos, oneSin, destination, {});
    COMPARE_TENSORS(destination, exactWrite(before, exactRotation(x, oneCos, oneSin), {}), type);
}

void TestKernels::copiesOddHeads() {
    Random random(6);
    const at::Tensor x = random.values({5, 3, 7}, at::kBFloat16), before = random.values({3, 9, 7}, at::kBFloat16);
    at::Tensor destination = before.clone();
    const at::Tensor rows = random.rows(5, 9);
    copyToHeads(x, destination, rows);
    QVERIFY(at::equal(wide(destination), exactWrite(before, x, rows)));
}

void TestKernels::rotatesSomeRows() {
    QFETCH(int, tokens);
    QFETCH(int, heads);
    QFETCH(int, width);
    const at::ScalarType type = typeOfRow();
    Random random(7);
    const at::Tensor before = random.values({heads, tokens + 5, width}, type);
    const at::Tensor angles = random.parameters({width / 2});
    const at::Tensor cos = angles.cos(), sin = angles.sin();
    at::Tensor destination = before.clone();
    rotateRowsInPlace(destination, 3, tokens, cos, sin);
    at::Tensor exact = wide(before);
    exact.narrow(1, 3, tokens).copy_(exactRotation(before.narrow(1, 3, tokens), cos, sin));
    COMPARE_TENSORS(destination, exact, type);
    QVERIFY(at::equal(destination.narrow(1, 0, 3), before.narrow(1, 0, 3)));
    QVERIFY(at::equal(destination.narrow(1, tokens + 3, 2), before.narrow(1, tokens + 3, 2)));
}

void TestKernels::normsAndRotatesAtOnce() {
    QFETCH(int, tokens);
    QFETCH(int, heads);
    QFETCH(int, width);
    const at::ScalarType type = typeOfRow();
    Random random(8);
    const int dim = heads * width, places = tokens + 4;
    const at::Tensor joined = random.values({tokens, 3 * dim}, type);
    const at::Tensor angles = random.parameters({tokens, width / 2});
    const at::Tensor cos = angles.cos(), sin = angles.sin(), rows = random.rows(tokens, places);
    // Heads of a token together, as attention wants its queries.
    const at::Tensor beforeQ = random.values({tokens, heads, width}, type).transpose(0, 1),
                     before = random.values({heads, places, width}, type);
    const std::array<HeadsWrite, 3> writes = {
        HeadsWrite{joined.narrow(1, 0, dim), random.parameters({dim}), beforeQ.clone(), {}},
        HeadsWrite{joined.narrow(1, dim, dim), random.parameters({dim}), before.clone(), rows},
        HeadsWrite{joined.narrow(1, 2 * dim, dim), {}, before.clone(), rows}};
    normRotateToHeads(writes, cos, sin, kEps);
    for (const std::size_t part : {0, 1}) {
        const HeadsWrite& write = writes[part];
        const at::Tensor normed = exactRmsNorm(write.x, write.weight).unflatten(-1, {heads, width});
        COMPARE_TENSORS(write.destination,
                        exactWrite(part == 0 ? beforeQ : before, exactRotation(normed, cos, sin), write.rows), type);
    }
    const at::Tensor copied = exactWrite(before, writes[2].x.unflatten(-1, {heads, width}), rows);
    QVERIFY(at::equal(wide(writes[2].destination), copied));
}

void TestKernels::attention_data() {
    QTest::addColumn<int>("queries");
    QTest::addColumn<int>("keys");
    QTest::addColumn<bool>("isHalf");
    for (const bool isHalf : {false, true}) {
        const char* type = isHalf ? "bf16" : "fp32";
        QTest::addRow("one %s", type) << 1 << 1 << isHalf;
        QTest::addRow("odd %s", type) << 37 << 101 << isHalf;
        // 4 heads x 3000 keys: more scores than one slice holds, and a last slice that is not full.
        QTest::addRow("several slices %s", type) << 500 << 3000 << isHalf;
    }
}

void TestKernels::attention() {
    QFETCH(int, queries);
    QFETCH(int, keys);
    const at::ScalarType type = typeOfRow();
    constexpr int kHeads = 4, kWidth = 16;
    Random random(9);
    const at::Tensor q = random.values({kHeads, queries, kWidth}, type);
    // Rows of a longer ring: heads lie apart.
    const at::Tensor k = random.values({kHeads, keys + 11, kWidth}, type).narrow(1, 0, keys);
    const at::Tensor v = random.values({kHeads, keys + 11, kWidth}, type).narrow(1, 0, keys);
    const at::Tensor weights =
        at::softmax(at::matmul(wide(q), wide(k).transpose(1, 2)) / std::sqrt(double(kWidth)), -1);
    const at::Tensor exact = at::matmul(weights, wide(v)).transpose(0, 1).reshape({queries, kHeads * kWidth});

    const at::Tensor actual = lipar::kernels::attention(q, k, v);
    QCOMPARE(actual.scalar_type(), type);
    QCOMPARE(actual.sizes().vec(), exact.sizes().vec());
    // bfloat16 rounds the scores and the weights too.
    const double error = ((wide(actual) - exact).norm() / exact.norm()).item<double>();
    QVERIFY2(error < (type == at::kFloat ? 1e-5 : 1e-2), qPrintable(QString::number(error)));
}

void TestKernels::partsOfAttentionMerge_data() {
    QTest::addColumn<bool>("isHalf");
    QTest::newRow("float32") << false;
    QTest::newRow("bfloat16") << true;
}

// Every code within half a step of the exact value: a sixteenth of it, or half of the smallest step.
void TestKernels::eightBitRows() {
    const at::ScalarType type = typeOfRow();
    QFETCH(int, rows);
    QFETCH(int, width);
    Random random(11);
    at::Tensor x = random.values({rows, width}, type);
    const at::Tensor scale = random.parameters({width}), shift = random.parameters({width});
    const auto check = [&](const Fp8Rows& actual, const at::Tensor& exact) {
        QCOMPARE(actual.codes.sizes(), x.sizes());
        const at::Tensor step = wide(actual.scale).unsqueeze(1);  // [N,1]
        const at::Tensor share = (wide(actual.codes) * step - exact).abs() / (exact.abs() * (1.0 / 16 + 1e-5) + step * (1.0 / 1024 + 1e-5));
        if (rows > 0)
            QVERIFY2(share.max().item<double>() <= 1.0, qPrintable(QString::number(share.max().item<double>())));
        const at::Tensor largest = exact.abs().amax(-1) / 448.0;
        QVERIFY(at::allclose(wide(actual.scale), largest, 1e-5));
    };
    check(toFp8(x), wide(x));
    check(geluToFp8(x), at::gelu(wide(x), "tanh"));
    check(layerNormModulateToFp8(x, {}, shift, scale, kEps), exactLayerNorm(x) * (1.0 + wide(scale)) + wide(shift));

    const Fp8Rows nothing = toFp8(at::zeros({2, 16}, type));
    QVERIFY(at::equal(nothing.codes.to(at::kFloat), at::zeros({2, 16})) && nothing.scale.gt(0).all().item<bool>());
}

void TestKernels::productsOfEightBitRows() {
    Random random(12);
    const Fp8Rows x = toFp8(random.parameters({5, 64})), weight = toFp8(random.parameters({32, 64}));
    const at::Tensor bias = random.values({32}, at::kBFloat16);
    const auto exactly = [](const Fp8Rows& rows) { return wide(rows.codes) * wide(rows.scale).unsqueeze(1); };
    const at::Tensor exact = at::matmul(exactly(x), exactly(weight).t()) + wide(bias);
    QCOMPARE(difference(linearFp8(x, weight, bias), exact, at::kBFloat16), QString());
    QCOMPARE(linearFp8(toFp8(at::zeros({0, 64})), weight, bias).sizes(), (std::vector<std::int64_t>{0, 32}));
    QVERIFY(!hasFp8Products(at::kCPU));
}

void TestKernels::linearMaps() {
    Random random(13);
    const at::Tensor x = random.values({5, 64}, at::kBFloat16), weight = random.values({32, 64}, at::kBFloat16);
    const at::Tensor bias = random.values({32}, at::kBFloat16);
    const at::Tensor sums = at::matmul(wide(x), wide(weight).t()) + wide(bias);
    for (const bool gelu : {false, true}) {
        const at::Tensor exact = gelu ? at::gelu(sums, "tanh") : sums, out = at::empty({5, 32}, at::kBFloat16);
        const ProductShape shape{5, 64, 32, gelu, 1};
        QVERIFY(cpuKernels().linear(x.const_data_ptr(), weight.const_data_ptr(), bias.const_data_ptr(), out.data_ptr(), shape, {}, nullptr));
        QCOMPARE(difference(out, exact, at::kBFloat16), QString());
        const at::Tensor front = gelu ? linearGelu(x.to(at::kFloat), weight.to(at::kFloat), bias.to(at::kFloat))
                                      : linear(x.to(at::kFloat), weight.to(at::kFloat), bias.to(at::kFloat));
        QCOMPARE(difference(front, exact, at::kFloat), QString());
    }
}

void TestKernels::tilesComeInWholeWaves() {
    constexpr int kMultiprocessors = 132;
    for (const auto& [inWidth, outWidth] : {std::pair(1536, 4608), {1536, 1536}, {8960, 1536}, {1536, 8960}}) {
        double least = 1;
        for (std::int64_t rows = 1280; rows <= 4736; rows += 64) {
            const std::optional<ProductTile> tile = chooseProductTile({rows, inWidth, outWidth, outWidth == 8960, kMultiprocessors});
            QVERIFY(tile && (tile->outs == 128 || tile->outs == 256) && tile->rows % 8 == 0);
            const std::int64_t tiles = (outWidth + tile->outs - 1) / tile->outs * ((rows + tile->rows - 1) / tile->rows);
            const std::int64_t waves = (tiles + kMultiprocessors - 1) / kMultiprocessors;
            least = std::min(least, double(rows * outWidth) / double(waves * kMultiprocessors * tile->outs * tile->rows));
        }
        QVERIFY2(least > 0.86, qPrintable(QString::number(least)));
    }
    // 84 tiles of 128 x 128 would occupy no more multiprocessors.
    QVERIFY(!chooseProductTile({896, 1536, 1536, false, kMultiprocessors}));
}

void TestKernels::seededNumbersAreAtens() {
    for (const std::uint64_t seed : {0ULL, 1ULL, 0x123456789abcdefULL})
        for (const std::vector<std::int64_t>& sizes : {std::vector<std::int64_t>{3, 16, 60, 104}, {2, 4, 6, 8}, {624}, {640}, {5, 7}, {3}, {0}}) {
            const at::Tensor expected = at::randn(sizes, at::Generator(at::detail::createCPUGenerator(seed)), at::TensorOptions().dtype(at::kFloat));
            QVERIFY(at::equal(seededNormal(seed, sizes), expected));
        }
}

// Softmax over all keys, from softmaxes over parts of them and the parts' log-sum-exp.
void TestKernels::partsOfAttentionMerge() {
    const at::ScalarType type = typeOfRow();
    constexpr int kSplits = 3, kHeads = 4, kQueries = 9, kKeys = 30, kWidth = 16;
    Random random(10);
    const at::Tensor scores = wide(random.parameters({kHeads, kQueries, kKeys}).mul_(5));
    const at::Tensor v = wide(random.parameters({kHeads, kKeys, kWidth}));
    const at::Tensor exact = at::matmul(at::softmax(scores, -1), v).transpose(0, 1).contiguous();  // [Nq,H,d]

    std::vector<at::Tensor> partial, logSumExp;
    for (int i = 0; i < kSplits; ++i) {
        constexpr int kPart = kKeys / kSplits;
        const at::Tensor part = scores.narrow(2, i * kPart, kPart);
        partial.push_back(at::matmul(at::softmax(part, -1), v.narrow(1, i * kPart, kPart)).transpose(0, 1));
        logSumExp.push_back(at::logsumexp(part, {-1}));
    }
    const at::Tensor parts = at::stack(partial).to(type).contiguous(), weights = at::stack(logSumExp).to(at::kFloat);
    const at::Tensor merged = at::empty({kQueries, kHeads, kWidth}, type);
    cpuKernels().mergeAttention(type == at::kFloat ? Element::float32 : Element::bfloat16, parts.const_data_ptr(),
                                weights.const_data_ptr<float>(), merged.data_ptr(), kSplits, kHeads, kQueries, kWidth, nullptr);
    const double error = ((wide(merged) - exact).norm() / exact.norm()).item<double>();
    QVERIFY2(error < (type == at::kFloat ? 1e-6 : 5e-3), qPrintable(QString::number(error)));
}

void TestKernels::refusesWhatDoesNotFit() {
    at::Tensor x = at::zeros({4, 8}), heads = at::zeros({2, 4, 4}), half = at::zeros({4, 8}, at::kHalf);
    const at::Tensor narrow = at::zeros({7}), row = at::zeros({8}), angles = at::zeros({3, 2});
    at::Tensor turned = x.t();
    QVERIFY_EXCEPTION_THROWN((void)layerNormModulate(x, {}, row, narrow, kEps), c10::Error);
    QVERIFY_EXCEPTION_THROWN((void)layerNormModulate(turned, {}, row, row, kEps), c10::Error);
    QVERIFY_EXCEPTION_THROWN((void)layerNormModulate(x, {at::zeros({3, 8}), row}, row, row, kEps), c10::Error);
    QVERIFY_EXCEPTION_THROWN((void)layerNormAffine(x, {x, narrow}, row, row, kEps), c10::Error);
    QVERIFY_EXCEPTION_THROWN((void)rmsNorm(half, row, kEps), c10::Error);
    QVERIFY_EXCEPTION_THROWN(rotateToHeads(x.view({4, 2, 4}), angles, angles, heads, {}), c10::Error);
    QVERIFY_EXCEPTION_THROWN(rotateRowsInPlace(heads, 2, 3, narrow, narrow), c10::Error);
    QVERIFY_EXCEPTION_THROWN(geluTanhInPlace(half), c10::Error);
    const std::array<HeadsWrite, 1> wrong = {HeadsWrite{x, narrow, heads, {}}};
    QVERIFY_EXCEPTION_THROWN(normRotateToHeads(wrong, at::zeros({4, 2}), at::zeros({4, 2}), kEps), c10::Error);
}

QTEST_GUILESS_MAIN(TestKernels)
#include "tst_kernels.moc"
