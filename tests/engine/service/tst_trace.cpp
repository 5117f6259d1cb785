// `trace` and `plan --latents` through the service, on the goldens of the DiT and of the mask.
#include <QTemporaryDir>
#include <QTest>

#include "engine/service/engine.h"
#include "engine/weights/npy.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using namespace lipar::service;

class TestTrace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheOracle_data();
    void equalsTheOracle();
    void unfitCasesAreRefused();
    void planOfLatentsWritesTheMask();
};

namespace {

std::filesystem::path golden(const std::string& name) { return std::filesystem::path(LIPAR_GOLDEN_DIR) / "dit" / name; }

}  // namespace

void TestTrace::equalsTheOracle_data() {
    QTest::addColumn<int>("recovery");
    QTest::newRow("none") << int(Recovery::none);
    QTest::newRow("copy") << int(Recovery::copy);
    QTest::newRow("full") << int(Recovery::full);
}

void TestTrace::equalsTheOracle() {
    QFETCH(int, recovery);
    QTemporaryDir folder;
    TraceRequest request;
    request.caseFile = golden("wan_like/case_pruned.safetensors");
    request.output = folder.filePath("out.safetensors").toStdString();
    request.engine = {golden("wan_like"), "cpu", Precision::fp32};
    request.recovery = Recovery(recovery);
    const auto report = runJob(request);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    const auto actual = weights::TensorFile::open(request.output);
    const auto expected = weights::TensorFile::open(golden(std::string("wan_like/expected_") + QTest::currentDataTag() + ".safetensors"));
    QVERIFY(actual && expected);
    for (const char* name : {"denoised", "denoised_kept"})
        QVERIFY(test::relativeError(test::golden(*actual, name), test::golden(*expected, name)) < 1e-4);
    QVERIFY(at::equal(test::golden(*actual, "keep_mask"), test::golden(*expected, "keep_mask")));
}

void TestTrace::unfitCasesAreRefused() {
    QTemporaryDir folder;
    TraceRequest request;
    request.output = folder.filePath("out.safetensors").toStdString();
    request.engine = {golden("wan_like"), "cpu", Precision::fp32};
    request.caseFile = golden("wan_like/dit.safetensors");
    auto report = runJob(request);
    QVERIFY(!report && report.error().code == ErrorCode::inputDamaged);
    QVERIFY(report.error().message.find("source_latents") != std::string::npos);
    request.caseFile = golden("no.safetensors");
    report = runJob(request);
    QVERIFY(!report && report.error().code == ErrorCode::inputMissing);
    request.caseFile = golden("wan_like/case_pruned.safetensors");
    request.engine.model = LIPAR_SOURCE_DIR "/resources/models/lipar-mini";
    report = runJob(request);
    QVERIFY(!report && report.error().code == ErrorCode::inputDamaged);
    QVERIFY2(report.error().message.find("do not fit the model") != std::string::npos, report.error().message.c_str());
    QVERIFY(!std::filesystem::exists(request.output));
}

void TestTrace::planOfLatentsWritesTheMask() {
    QTemporaryDir folder;
    PlanRequest request;
    request.latents = golden("wan_like/case_unpruned.safetensors");
    request.engine = {golden("wan_like"), "cpu", Precision::fp32};
    request.settings.maskOut = folder.filePath("mask.npy").toStdString();
    request.settings.tau1 = 0.5;
    const auto report = runJob(request);
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    const auto mask = weights::readMaskNpy(request.settings.maskOut);
    QVERIFY(mask);
    QCOMPARE(mask->frames, 36);
    QCOMPARE(mask->rows, 3);
    QCOMPARE(mask->columns, 4);
    QCOMPARE(mask->keptRatio(), std::get<PlanReport>(*report).pruning.keptRatio);
}

QTEST_GUILESS_MAIN(TestTrace)
#include "tst_trace.moc"
