// The whole method, block by block, against an oracle that attends over the whole sequence with explicit masks
// (goldens: tests/oracle/make_dit_goldens.py).
#include "engine/pipeline/block_denoiser.h"

#include <QTest>

#include "tests/support/golden_tensors.h"

using namespace lipar;

namespace {

std::filesystem::path goldenFolder(const QString& name) { return std::filesystem::path(LIPAR_GOLDEN_DIR) / "dit" / name.toStdString(); }

struct Trace {
    at::Tensor denoised, denoisedKept;
};

std::vector<int> stepsOf(const weights::TensorFile& file) {
    std::vector<int> steps;
    for (const QString& step : QString::fromStdString(file.metadata().at("steps")).split(u','))
        steps.push_back(step.toInt());
    return steps;
}

Trace denoise(const models::WanDit& dit, const weights::TensorFile& input, method::Recovery recovery, method::KeySequence keys = method::KeySequence::window) {
    const at::Tensor source = test::golden(input, "source_latents"), noise = test::golden(input, "noise");
    const std::int64_t frames = dit.config().blockFrames;
    const at::Tensor mask = input.find("keep_mask") ? test::golden(input, "keep_mask")
                                                    : at::ones({source.size(0), source.size(2) / 2, source.size(3) / 2}, at::kBool);
    const at::Tensor keep = mask.to(at::kByte).contiguous();
    pipeline::BlockDenoiser denoiser(dit, pipeline::FlowSchedule(stepsOf(input), std::stod(input.metadata().at("shift"))), source.size(2),
                                     source.size(3), recovery,
                                     [&](std::int64_t block, std::size_t step) { return noise[std::int64_t(step)].narrow(0, block * frames, frames); }, keys);
    denoiser.setPrompt(test::golden(input, "text_embeds"));
    std::vector<at::Tensor> denoised, denoisedKept;
    for (std::int64_t first = 0; first < source.size(0); first += frames) {
        auto block = denoiser.denoise(source.narrow(0, first, frames), keep[first].const_data_ptr<std::uint8_t>(), {}, true);
        if (!block)
            qFatal("%s", block.error().sentence().c_str());
        denoised.push_back(block->latents);
        denoisedKept.push_back(block->keptLatents);
    }
    return {at::cat(denoised), at::cat(denoisedKept)};
}

models::WanDit loadModel(const QString& folder, at::ScalarType dtype = at::kFloat) {
    auto manifest = weights::readManifest(goldenFolder(folder));
    if (!manifest)
        qFatal("%s", manifest.error().sentence().c_str());
    auto dit = models::WanDit::load(*manifest, dtype, at::kCPU);
    if (!dit)
        qFatal("%s", dit.error().sentence().c_str());
    return std::move(*dit);
}

weights::TensorFile openGolden(const std::filesystem::path& path) {
    auto file = weights::TensorFile::open(path);
    if (!file)
        qFatal("%s", file.error().sentence().c_str());
    return std::move(*file);
}

}  // namespace

class TestBlockDenoiser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheOracle_data();
    void equalsTheOracle();
    void everythingKeptIsTheSameInEveryVariant();
    void sameSeedSameBytes();
    void builtInModelEqualsItsGolden_data();
    void builtInModelEqualsItsGolden();
};

void TestBlockDenoiser::equalsTheOracle_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("variant");
    for (const char* folder : {"wan_like", "builtin_like", "unbounded"})
        for (const char* variant : {"unpruned", "none", "copy", "full"})
            QTest::addRow("%s %s", folder, variant) << folder << variant;
    for (const char* folder : {"wan_like", "builtin_like"})
        QTest::addRow("%s per_token", folder) << folder << "per_token";
}

void TestBlockDenoiser::equalsTheOracle() {
    QFETCH(QString, folder);
    QFETCH(QString, variant);
    const models::WanDit dit = loadModel(folder);
    const auto input = openGolden(goldenFolder(folder) / (variant == "unpruned" ? "case_unpruned.safetensors" : "case_pruned.safetensors"));
    const auto expected = openGolden(goldenFolder(folder) / ("expected_" + variant.toStdString() + ".safetensors"));
    const auto recovery = variant == "none" ? method::Recovery::none : variant == "copy" ? method::Recovery::copy : method::Recovery::full;
    const auto keys = variant == "per_token" ? method::KeySequence::perToken : method::KeySequence::window;
    const Trace trace = denoise(dit, input, recovery, keys);
    const double error = test::relativeError(trace.denoised, test::golden(expected, "denoised"));
    const double keptError = test::relativeError(trace.denoisedKept, test::golden(expected, "denoised_kept"));
    qInfo("max abs error %.2e (restored), %.2e (kept) of the output's scale", error, keptError);
    QVERIFY2(error < 1e-4 && keptError < 1e-4, qPrintable(QString("%1 %2").arg(error).arg(keptError)));
}

void TestBlockDenoiser::everythingKeptIsTheSameInEveryVariant() {
    const models::WanDit dit = loadModel("wan_like");
    const auto input = openGolden(goldenFolder("wan_like") / "case_unpruned.safetensors");
    const Trace full = denoise(dit, input, method::Recovery::full);
    QVERIFY(at::equal(full.denoised, denoise(dit, input, method::Recovery::none).denoised));
    QVERIFY(at::equal(full.denoised, denoise(dit, input, method::Recovery::copy).denoised));
    // Without copies there is nothing to leave out, though keys come in another order.
    const Trace perToken = denoise(dit, input, method::Recovery::full, method::KeySequence::perToken);
    QVERIFY(test::relativeError(perToken.denoised, full.denoised) < 1e-5);
}

void TestBlockDenoiser::sameSeedSameBytes() {
    const models::WanDit dit = loadModel("builtin_like");
    const auto edit = [&](std::uint64_t seed) {
        pipeline::BlockDenoiser denoiser(dit, pipeline::FlowSchedule({400, 250}, 5), 6, 8, method::Recovery::full,
                                         pipeline::seededNoise(seed, 3, 4, 6, 8));
        denoiser.setPrompt(at::ones({2, dit.config().textDim}));
        const std::vector<std::uint8_t> keep(3 * 12, 1);
        return denoiser.denoise(at::zeros({3, 4, 6, 8}), keep.data(), {})->latents;
    };
    QVERIFY(at::equal(edit(7), edit(7)));
    QVERIFY(!at::equal(edit(7), edit(8)));
}

void TestBlockDenoiser::builtInModelEqualsItsGolden_data() {
    QTest::addColumn<bool>("pruned");
    QTest::newRow("dense") << false;
    QTest::newRow("pruned, full recovery") << true;
}

void TestBlockDenoiser::builtInModelEqualsItsGolden() {
    QFETCH(bool, pruned);
    const std::filesystem::path folder = std::filesystem::path(LIPAR_SHARED_DIR) / "models/lipar-mini-0";
    if (!std::filesystem::exists(folder / "golden.safetensors"))
        QSKIP("the built-in model's golden file is not there: ../shared/models/lipar-mini-0/golden.safetensors");
    auto manifest = weights::readManifest(folder);
    QVERIFY(manifest);
    const auto dit = models::WanDit::load(*manifest, at::kFloat, at::kCPU);
    QVERIFY(dit);
    const auto file = openGolden(folder / "golden.safetensors");
    const at::Tensor source = test::golden(file, "source_latents"), noise = test::golden(file, "noise")[0];
    at::Tensor keep = test::golden(file, "keep_mask").to(at::kByte);
    if (!pruned)
        keep.fill_(1);
    pipeline::BlockDenoiser denoiser(*dit, pipeline::FlowSchedule(manifest->sampling.steps, manifest->sampling.shift), source.size(2),
                                     source.size(3), method::Recovery::full,
                                     [&](std::int64_t block, std::size_t) { return noise.narrow(0, block * 3, 3); });
    denoiser.setPrompt(test::golden(file, "text_out"));
    std::vector<at::Tensor> blocks;
    for (std::int64_t first = 0; first < source.size(0); first += 3)
        blocks.push_back(denoiser.denoise(source.narrow(0, first, 3), keep[first].const_data_ptr<std::uint8_t>(), {})->latents);
    const double error = test::maxError(at::cat(blocks), test::golden(file, pruned ? "denoised_full" : "denoised_dense"));
    qInfo("max abs error %.2e", error);
    QVERIFY2(error < 1e-3, qPrintable(QString::number(error)));
}

QTEST_GUILESS_MAIN(TestBlockDenoiser)
#include "tst_block_denoiser.moc"
