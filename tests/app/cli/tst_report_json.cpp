#include <QtTest>

#include <cmath>
#include <limits>

#include "app/cli/report_json.h"
#include "app/cli/report_text.h"

using namespace lipar;
using namespace lipar::cli;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

QStringList keysOf(const Json& object) {
    QStringList keys;
    for (const auto& [key, value] : object.items())
        keys << QString::fromStdString(key);
    return keys;
}

service::ClipInfo someClip(const char* path) {
    service::ClipInfo clip;
    clip.path = path;
    clip.width = 832;
    clip.height = 480;
    clip.frames = 24;
    clip.fps = 24;
    clip.durationSeconds = 1;
    return clip;
}

service::EditReport someEdit() {
    service::EditReport report;
    report.input = someClip("in.mp4");
    report.output = someClip("out.mp4");
    report.model.name = "lipar-mini";
    report.model.sha256 = "abc";
    report.model.parameters = 24'000'000;
    report.device = {"cpu", "Some CPU", "bf16", 0, 0};
    report.seed = 7;
    report.prompt = "oil painting";
    report.unknownWords = {"zeppelin"};
    report.promptTokens = {600, 512, true};
    report.pruning = {true, 0.05, 0.1, "full", 0.68, {1.0, 0.5, 0.54}};
    service::BlockReport block;
    block.frames = 12;
    block.kept = 360;
    block.total = 720;
    block.keys = 1440;
    block.ms = {86, 1, {225, 110}, 225, 111};
    report.blocks = {block};
    report.fpsEndToEnd = 18.5;
    report.fpsDenoise = 26;
    report.loadSeconds = 0.4;
    report.totalSeconds = 2;
    report.peakHostBytes = 1 << 30;
    return report;
}

}  // namespace

class TestReportJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void editHasTheContractsFields();
    void dryRunAddsTheEstimate();
    void planHasTheContractsFields();
    void compareOfEqualClipsHasNoPsnr();
    void benchKeepsEveryFigure();
    void modelsAreListedWithTheirLooks();
    void doctorListsItsChecks();
    void errorsHaveCodeMessageAndHint();
    void numbersAreAlwaysValidJson();
    void pathsThatAreNotUtf8StayPrintable();
    void textSaysTheSame();
};

void TestReportJson::editHasTheContractsFields() {
    const Json json = reportDocument(someEdit());
    QCOMPARE(keysOf(json),
             QStringList({"schema", "input", "output", "model", "device", "seed", "prompt", "unknown_words",
                          "prompt_tokens", "pruning", "blocks", "fps", "time_s", "memory"}));
    const QStringList clipKeys{"path", "width", "height", "frames", "fps", "duration_s"};
    QCOMPARE(keysOf(json["input"]), clipKeys);
    QCOMPARE(keysOf(json["output"]), clipKeys);
    QCOMPARE(keysOf(json["model"]), QStringList({"name", "sha256", "parameters"}));
    QCOMPARE(keysOf(json["device"]), QStringList({"kind", "name", "precision"}));
    QCOMPARE(keysOf(json["pruning"]),
             QStringList({"enabled", "tau1", "tau2", "recovery", "kept_ratio", "kept_per_latent_frame"}));
    QCOMPARE(keysOf(json["blocks"][0]), QStringList({"index", "frames", "kept", "total", "keys", "ms"}));
    QCOMPARE(keysOf(json["blocks"][0]["ms"]), QStringList({"encode", "mask", "steps", "cache", "decode"}));
    QCOMPARE(keysOf(json["fps"]), QStringList({"end_to_end", "denoise"}));
    QCOMPARE(keysOf(json["time_s"]), QStringList({"load", "total"}));
    QCOMPARE(keysOf(json["memory"]), QStringList({"peak_device_bytes", "peak_host_bytes"}));

    QCOMPARE(json["schema"].get<int>(), 1);
    QCOMPARE(json["output"]["path"].get<std::string>(), std::string("out.mp4"));
    QCOMPARE(json["input"]["frames"].get<int>(), 24);
    QCOMPARE(json["model"]["parameters"].get<int>(), 24'000'000);
    QCOMPARE(json["device"]["kind"].get<std::string>(), std::string("cpu"));
    QCOMPARE(json["unknown_words"][0].get<std::string>(), std::string("zeppelin"));
    QCOMPARE(keysOf(json["prompt_tokens"]), QStringList({"count", "limit", "truncated"}));
    QCOMPARE(json["prompt_tokens"]["count"].get<int>(), 600);
    QCOMPARE(json["prompt_tokens"]["limit"].get<int>(), 512);
    QCOMPARE(json["prompt_tokens"]["truncated"].get<bool>(), true);
    QCOMPARE(json["pruning"]["kept_ratio"].get<double>(), 0.68);
    QCOMPARE(json["pruning"]["kept_per_latent_frame"].size(), std::size_t(3));
    QCOMPARE(json["blocks"][0]["ms"]["steps"][1].get<double>(), 110.0);
    QCOMPARE(json["fps"]["end_to_end"].get<double>(), 18.5);
    QCOMPARE(json["memory"]["peak_host_bytes"].get<std::int64_t>(), std::int64_t(1) << 30);
}

void TestReportJson::dryRunAddsTheEstimate() {
    service::EditReport report = someEdit();
    QVERIFY(!reportDocument(report).contains("estimate"));
    report.dryRun = true;
    report.estimate = {2.5, 10, 1.4, 5000, false};
    const Json json = reportDocument(report);
    QCOMPARE(json["estimate"]["seconds"].get<double>(), 2.5);
    QCOMPARE(json["estimate"]["fits"].get<bool>(), false);
}

void TestReportJson::planHasTheContractsFields() {
    service::PlanReport report;
    report.input = someClip("in.mp4");
    report.pruning = someEdit().pruning;
    report.estimate = {2.5, 10, 1.4, 5000, true};
    const Json json = reportDocument(report);
    for (const char* key : {"schema", "input", "pruning", "estimate"})
        QVERIFY2(json.contains(key), key);
    QCOMPARE(keysOf(json["estimate"]), QStringList({"seconds", "fps", "speedup", "peak_device_bytes", "fits"}));
    QCOMPARE(json["estimate"]["peak_device_bytes"].get<int>(), 5000);
    QVERIFY(!json.contains("prompt_tokens"));  // no prompt was given
    report.promptTokens = {9, 512, false};
    QCOMPARE(reportDocument(report)["prompt_tokens"]["count"].get<int>(), 9);
    QCOMPARE(json["pruning"]["tau2"].get<double>(), 0.1);
}

void TestReportJson::compareOfEqualClipsHasNoPsnr() {
    service::CompareReport report;
    report.frames = 2;
    report.psnr = kInfinity;
    report.ssim = 1;
    report.psnrPerFrame = {kInfinity, 40};
    const Json json = Json::parse(toText(reportDocument(report)));
    QCOMPARE(keysOf(json),
             QStringList({"schema", "frames", "psnr", "ssim", "warp_error", "flicker", "psnr_per_frame"}));
    QVERIFY(json["psnr"].is_null());
    QVERIFY(json["psnr_per_frame"][0].is_null());
    QCOMPARE(json["psnr_per_frame"][1].get<double>(), 40.0);
}

void TestReportJson::benchKeepsEveryFigure() {
    service::BenchReport report;
    report.config = "wan2.1-1.3b";
    report.width = 832;
    report.rows.push_back({.kept = 0.68, .keys = 9360, .blockMs = 100, .hostMs = 3, .encodeMs = 5, .maskMs = 1, .stepMs = {30, 30}, .cacheMs = 20,
                           .decodeMs = 14, .ditFps = 120, .endToEndFps = 110, .endToEndKept = 0.67, .endToEndMs = 109, .peakDeviceBytes = 77});
    const Json json = reportDocument(report);
    const Json& row = json["rows"][0];
    QCOMPARE(keysOf(row["ms"]), QStringList({"block", "host", "encode", "mask", "steps", "cache", "decode", "end_to_end", "first_picture", "cancel"}));
    QCOMPARE(row["kept"].get<double>(), 0.68);
    QCOMPARE(row["keys"].get<int>(), 9360);
    QCOMPARE(row["ms"]["decode"].get<double>(), 14.0);
    QCOMPARE(row["fps"]["denoise"].get<double>(), 120.0);
    QCOMPARE(row["fps"]["end_to_end"].get<double>(), 110.0);
    QCOMPARE(row["peak_device_bytes"].get<int>(), 77);
    QVERIFY(!row.contains("profile"));
    report.rows[0].transformerProfile = {{"attention", 40.5}, {"elementwise", 1}};
    const Json profile = reportDocument(report)["rows"][0]["profile"];
    QCOMPARE(profile["transformer"][0]["family"].get<std::string>(), std::string("attention"));
    QCOMPARE(profile["transformer"][0]["ms"].get<double>(), 40.5);
    QVERIFY(profile["editor"].empty());
}

void TestReportJson::modelsAreListedWithTheirLooks() {
    service::ModelInfo model;
    model.name = "lipar-mini";
    model.builtIn = true;
    model.looks = {{"oil", "oil painting"}};
    model.steps = {400};
    model.mostSteps = 4;
    model.pixelsPerToken = 16;
    const Json json = reportDocument(service::ModelListReport{{model}});
    const Json& first = json["models"][0];
    QCOMPARE(first["name"].get<std::string>(), std::string("lipar-mini"));
    QCOMPARE(first["built_in"].get<bool>(), true);
    QCOMPARE(first["looks"][0]["prompt"].get<std::string>(), std::string("oil painting"));
    QCOMPARE(first["steps"][0].get<int>(), 400);
    QCOMPARE(first["limits"]["most_steps"].get<int>(), 4);
    QCOMPARE(first["limits"]["lowest_shift"].get<double>(), 0.01);
    QCOMPARE(first["pixels_per_token"].get<int>(), 16);
    const Json shown = reportDocument(service::ModelShowReport{model, {{"dim", "384"}}});
    QCOMPARE(shown["fields"]["dim"].get<std::string>(), std::string("384"));
    QCOMPARE(reportDocument(service::ModelVerifyReport{model, 12})["tensors"].get<int>(), 12);
    service::ModelConvertReport converted{.model = model, .precision = "fp8"};
    converted.tensors = 12;
    converted.convertedTensors = 5;
    converted.bytes = 1000;
    converted.resumedBytes = 600;
    const Json conversion = reportDocument(converted);
    QCOMPARE(conversion["precision"].get<std::string>(), std::string("fp8"));
    QCOMPARE(conversion["converted_tensors"].get<int>(), 5);
    QCOMPARE(conversion["resumed_bytes"].get<int>(), 600);
    ModelEntry entry;
    entry.name = "tiny";
    entry.state = ModelState::partial;
    entry.files.emplace_back().state = ModelFileState::damaged;
    entry.fit.verdict = FitVerdict::tooLittleDisk;
    const Json had = reportDocument(service::ModelListReport{{}, {entry}, "models"});
    QCOMPARE(had["folder"].get<std::string>(), std::string("models"));
    QCOMPARE(had["catalogue"][0]["state"].get<std::string>(), std::string("partial"));
    QCOMPARE(had["catalogue"][0]["files"][0]["state"].get<std::string>(), std::string("damaged"));
    QCOMPARE(had["catalogue"][0]["fit"]["verdict"].get<std::string>(), std::string("too-little-disk"));
    QCOMPARE(reportDocument(service::ModelRemoveReport{"tiny", 5})["freed_bytes"].get<int>(), 5);
}

void TestReportJson::doctorListsItsChecks() {
    const service::DoctorReport report{{{"codecs", "h264", "libx264", true}, {"models", "lipar-mini", "absent", false}},
                                       false};
    const Json json = reportDocument(report);
    QCOMPARE(json["healthy"].get<bool>(), false);
    QCOMPARE(json["checks"][1]["ok"].get<bool>(), false);
    QCOMPARE(keysOf(json["checks"][0]), QStringList({"section", "name", "value", "ok"}));
}

void TestReportJson::errorsHaveCodeMessageAndHint() {
    const Json json = errorDocument({ErrorCode::inputMissing, "cannot open x: no such file", "check the name"});
    QCOMPARE(keysOf(json), QStringList({"schema", "error"}));
    QCOMPARE(keysOf(json["error"]), QStringList({"code", "message", "hint"}));
    QCOMPARE(json["error"]["code"].get<std::string>(), std::string("input-missing"));
}

void TestReportJson::numbersAreAlwaysValidJson() {
    service::EditReport report = someEdit();
    report.fpsEndToEnd = kNan;
    report.fpsDenoise = kInfinity;
    report.input.fps = -kInfinity;
    report.blocks[0].ms.steps = {kNan};
    report.pruning.keptPerLatentFrame = {kNan, 1};
    const std::string text = toText(reportDocument(report));
    const Json json = Json::parse(text);  // throws on anything that is not JSON
    QVERIFY(json["fps"]["end_to_end"].is_null());
    QVERIFY(json["fps"]["denoise"].is_null());
    QVERIFY(json["input"]["fps"].is_null());
    QVERIFY(json["blocks"][0]["ms"]["steps"][0].is_null());
    QVERIFY(json["pruning"]["kept_per_latent_frame"][0].is_null());
}

void TestReportJson::pathsThatAreNotUtf8StayPrintable() {
    service::EditReport report = someEdit();
    report.input.path = std::string("caf\xe9.mp4");
    const Json json = Json::parse(toText(reportDocument(report)));
    QCOMPARE(json["input"]["path"].get<std::string>(), std::string("caf\xef\xbf\xbd.mp4"));
}

void TestReportJson::textSaysTheSame() {
    const auto edited = QString::fromStdString(reportText(someEdit()));
    for (const char* part : {"24 frames", "2.0 s", "18.5 FPS", "68 %", "out.mp4", "832x480"})
        QVERIFY2(edited.contains(part), qPrintable(edited));
    service::CompareReport equal;
    equal.psnr = kInfinity;
    QVERIFY(QString::fromStdString(reportText(equal)).contains("equal"));
    service::DoctorReport sick{{{"models", "lipar-mini", "absent", false}}, false};
    QVERIFY(QString::fromStdString(reportText(sick)).contains("not ok"));
}

QTEST_GUILESS_MAIN(TestReportJson)
#include "tst_report_json.moc"
