// `models convert` through the service: what was converted gives what the source gives.
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <future>

#include "engine/models/dit/wan_dit.h"
#include "engine/pipeline/kv_cache.h"
#include "engine/service/engine.h"
#include "engine/weights/manifest.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using namespace lipar::service;
namespace fs = std::filesystem;

namespace {

const fs::path kGolden = LIPAR_GOLDEN_DIR;

fs::path wan() {
    return kGolden / "dit" / "wan_like";
}

// Published files side by side, as a user has them; the text encoder only where it is asked for.
void layOut(const fs::path& folder, bool withText) {
    fs::copy(kGolden / "official/self_forcing", folder, fs::copy_options::recursive);
    fs::copy(kGolden / "official/wan/config.json", folder / "checkpoints/config.json");
    fs::copy(kGolden / "official/taehv", folder, fs::copy_options::recursive);
    if (withText) {
        fs::copy(kGolden / "official/wan/models_t5_umt5-xxl-enc-bf16.pth", folder / "models_t5_umt5-xxl-enc-bf16.pth");
        fs::copy(kGolden / "official/wan/google", folder / "google", fs::copy_options::recursive);
    }
}

std::string contentOf(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

at::Tensor denoised(const fs::path& model, Precision precision, const fs::path& output) {
    TraceRequest request;
    request.caseFile = wan() / "case_pruned.safetensors";
    request.output = output;
    request.engine = {model, "cpu", precision};
    const auto report = runJob(request);
    if (!report)
        qFatal("%s", report.error().sentence().c_str());
    return test::golden(*weights::TensorFile::open(output), "denoised");
}

// One unpruned block with 8-bit products.
at::Tensor velocity(const fs::path& model) {
    const auto manifest = weights::readManifest(model);
    const auto dit = models::WanDit::load(*manifest, at::kBFloat16, at::kCPU, models::WideProducts::fp8);
    if (!dit)
        qFatal("%s", dit.error().sentence().c_str());
    const auto file = weights::TensorFile::open(wan() / "forward.safetensors");
    const at::Tensor latents = test::golden(*file, "latents");
    const auto height = int(latents.size(2)), width = int(latents.size(3));
    pipeline::KvCache cache(dit->config(), height / 2, width / 2, method::Recovery::full, method::KeySequence::window,
                            at::kBFloat16, at::kCPU);
    const std::vector<std::uint8_t> keep(std::size_t(latents.size(0)) * std::size_t(height) * std::size_t(width) / 4,
                                         1);
    cache.beginBlock(keep.data());
    cache.beginPass(method::Pass::denoise);
    return dit->forward(dit->toPatches(latents), {}, dit->modulationAt(400),
                        dit->encodePrompt(test::golden(*file, "text_embeds")), cache);
}

}  // namespace

class TestModelConvert : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void picturesStayTheSame();
    void eightBitCodesAreThoseOfLoading();
    void tensorsStayTheSame();
    void everyPartIsThere();
    void smallerInEightBits();
    void damagedSourcesAreRefused();
    void aSecondModelIsRefused();
    void cancelKeepsWhatIsThere();

private:
    [[nodiscard]] fs::path scratch(const std::string& name) const {
        return fs::path(m_scratch.path().toStdString()) / name;
    }
    static Result<ModelConvertReport> convert(const fs::path& source, const fs::path& output,
                                              Precision precision = Precision::bf16) {
        ModelConvertRequest request{source, output, precision};
        auto report = runJob(request);
        if (!report)
            return std::unexpected(report.error());
        return std::get<ModelConvertReport>(*report);
    }
    QTemporaryDir m_scratch;
};

// Only the transformer's own rounding is done beforehand, so not a bit may differ.
void TestModelConvert::picturesStayTheSame() {
    const auto report = convert(wan(), scratch("same"));
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    const at::Tensor expected = denoised(wan(), Precision::bf16, scratch("expected.safetensors"));
    const at::Tensor actual = denoised(scratch("same"), Precision::bf16, scratch("actual.safetensors"));
    QVERIFY(at::equal(actual, expected));
}

// A CPU is not offered 8-bit products by the service; the network computes with them all the same.
void TestModelConvert::eightBitCodesAreThoseOfLoading() {
    QVERIFY(convert(wan(), scratch("codes"), Precision::fp8));
    QVERIFY(convert(wan(), scratch("rounded"), Precision::bf16));
    const auto expected = velocity(wan());
    QVERIFY(at::equal(velocity(scratch("codes")), expected));
    QVERIFY(at::equal(velocity(scratch("rounded")), expected));
}

void TestModelConvert::tensorsStayTheSame() {
    layOut(scratch("published"), false);
    const auto report = convert(scratch("published"), scratch("tensors"));
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    const auto source = weights::TensorFile::open(scratch("published") / "checkpoints/self_forcing_dmd.pt");
    const auto target = weights::TensorFile::open(scratch("tensors") / "dit.safetensors");
    QVERIFY(source && target);
    QCOMPARE(target->tensors().size(), source->tensors().size());
    int rounded = 0;
    for (const auto& [name, view] : source->tensors()) {
        const at::Tensor before = test::golden(*source, name), after = test::golden(*target, name);
        QVERIFY2(at::equal(before.to(at::kBFloat16), after.to(at::kBFloat16)), name.c_str());
        rounded += after.scalar_type() == at::kBFloat16;
        QVERIFY(after.scalar_type() == at::kBFloat16 || at::equal(before, after));
    }
    QCOMPARE(rounded, 24);  // ten matrices a layer, patch embedding, two of the text, head
    // The autoencoder keeps its bytes.
    const auto tiny = weights::TensorFile::open(scratch("published") / "taew2_1.pth");
    const auto kept = weights::TensorFile::open(scratch("tensors") / "vae.safetensors");
    QVERIFY(tiny && kept);
    for (const auto& [name, view] : tiny->tensors()) {
        QVERIFY(kept->find(name) && kept->find(name)->dtype == view.dtype);
        QVERIFY(std::ranges::equal(kept->find(name)->bytes, view.bytes));
    }
}

void TestModelConvert::everyPartIsThere() {
    layOut(scratch("whole"), true);
    const auto report = convert(scratch("whole"), scratch("my-model"));
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    QCOMPARE(report->model.name, std::string("my-model"));
    QCOMPARE(report->resumedBytes, std::uint64_t(0));
    QCOMPARE(report->tensors, std::uint64_t(69 + 128 + 22));
    QCOMPARE(report->convertedTensors, report->tensors);
    const auto manifest = weights::readManifest(scratch("my-model"));
    QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
    QVERIFY(manifest->vae && manifest->vae->kind == "taehv");
    QVERIFY(manifest->text && manifest->text->tokenizer == "spiece.model");
    QCOMPARE(contentOf(scratch("my-model") / "spiece.model"), std::string("tokenizer"));
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(scratch("my-model")))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    QCOMPARE(names, (std::vector<std::string>{"dit.safetensors", "model.json", "spiece.model", "text.safetensors",
                                              "vae.safetensors"}));
}

void TestModelConvert::smallerInEightBits() {
    const auto report = convert(wan(), scratch("eight"), Precision::fp8);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    const auto target = weights::TensorFile::open(scratch("eight") / "dit.safetensors");
    QVERIFY(target);
    const auto* codes = target->find("blocks.1.ffn.0.weight");
    const auto* scale = target->find("blocks.1.ffn.0.weight_scale");
    QVERIFY(codes && scale);
    QCOMPARE(codes->dtype, weights::DType::f8e4m3);
    QCOMPARE(codes->shape, (std::vector<std::int64_t>{96, 48}));
    QCOMPARE(scale->shape, std::vector<std::int64_t>{96});
    QCOMPARE(target->find("blocks.1.cross_attn.q.weight")->dtype, weights::DType::bf16);
    // Also without 8-bit products it can be used: the codes are widened.
    const at::Tensor expected = denoised(wan(), Precision::fp32, scratch("exact.safetensors"));
    const at::Tensor actual = denoised(scratch("eight"), Precision::fp32, scratch("widened.safetensors"));
    const double error = ((actual - expected).norm() / expected.norm()).item<double>();
    qInfo("stored in 8 bits against float32: relative L2 %.2e", error);
    QVERIFY(error > 1e-4 && error < 0.05);
}

void TestModelConvert::damagedSourcesAreRefused() {
    const auto write = [&](const auto& change) {
        const auto file = weights::TensorFile::open(wan() / "dit.safetensors");
        std::map<std::string, weights::TensorView> tensors(file->tensors().begin(), file->tensors().end());
        const std::vector<std::byte> kept = change(tensors);
        std::vector<weights::NamedTensor> named;
        for (const auto& [name, view] : tensors)
            named.push_back({name, view});
        fs::create_directories(scratch("broken"));
        fs::copy(wan() / "model.json", scratch("broken/model.json"), fs::copy_options::overwrite_existing);
        QVERIFY(weights::writeSafetensors(scratch("broken/dit.safetensors"), named));
    };
    const auto refusal = [&](const std::string& part) {
        const auto report = convert(scratch("broken"), scratch("refused"));
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::modelDamaged);
        QVERIFY2(report.error().message.find(part) != std::string::npos, report.error().message.c_str());
        QVERIFY(!fs::exists(scratch("refused/model.json")) && !fs::exists(scratch("refused/dit.safetensors")));
    };
    using Tensors = std::map<std::string, weights::TensorView>;
    write([](Tensors& tensors) {
        tensors.erase("blocks.1.norm3.bias");
        return std::vector<std::byte>();
    });
    refusal("tensor blocks.1.norm3.bias is missing");
    QVERIFY(!fs::exists(scratch("refused")));
    write([](Tensors& tensors) {
        tensors["blocks.7.norm3.bias"] = tensors["blocks.1.norm3.bias"];
        return std::vector<std::byte>();
    });
    refusal("tensor blocks.7.norm3.bias is not part of this model");
    std::vector<std::byte> poisoned;
    write([&](Tensors& tensors) {
        weights::TensorView& view = tensors["blocks.0.ffn.2.weight"];
        poisoned.assign(view.bytes.begin(), view.bytes.end());
        poisoned[2] = poisoned[3] = std::byte(0xff);
        view.bytes = poisoned;
        return std::vector<std::byte>();
    });
    refusal("tensor blocks.0.ffn.2.weight holds values that are not finite");
}

void TestModelConvert::aSecondModelIsRefused() {
    QVERIFY(convert(wan(), scratch("taken")));
    const auto before = contentOf(scratch("taken/dit.safetensors"));
    const auto report = convert(wan(), scratch("taken"), Precision::fp8);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::invalidArgument);
    QCOMPARE(contentOf(scratch("taken/dit.safetensors")), before);
}

void TestModelConvert::cancelKeepsWhatIsThere() {
    QVERIFY(convert(wan(), scratch("straight")));
    Engine* engine = nullptr;
    std::promise<Error> ended;
    int events = 0;
    {
        Engine worker([&](const Event& event) {
            const auto* progress = std::get_if<Progress>(&event);
            if (progress && progress->phase == Phase::converting && ++events == 10)
                engine->cancel(progress->job);
            if (const auto* failed = std::get_if<JobFailed>(&event))
                ended.set_value(failed->error);
            else if (std::holds_alternative<JobFinished>(event))
                ended.set_value({});
        });
        engine = &worker;
        worker.submit(ModelConvertRequest{wan(), scratch("interrupted"), Precision::bf16});
        QCOMPARE(ended.get_future().get().code, ErrorCode::cancelled);
    }
    QVERIFY(!fs::exists(scratch("interrupted/model.json")) && !fs::exists(scratch("interrupted/dit.safetensors")));
    const auto report = convert(wan(), scratch("interrupted"));
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    QCOMPARE(report->tensors - report->convertedTensors, std::uint64_t(10));
    QVERIFY(report->resumedBytes > 0);
    QCOMPARE(contentOf(scratch("interrupted/dit.safetensors")), contentOf(scratch("straight/dit.safetensors")));
}

QTEST_GUILESS_MAIN(TestModelConvert)
#include "tst_model_convert.moc"
