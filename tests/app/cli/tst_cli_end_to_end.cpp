// The real program on small clips: every command does what app/cli/README.md says.
#include <QtTest>

#include <QJsonArray>

#include <cmath>
#include <vector>

#include "cli_program.h"
#include "engine/weights/npy.h"
#include "engine/weights/tensor_file.h"

using namespace lipar;
using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;

namespace {

constexpr int kFrames = 26;
constexpr int kLatentFrames = 7;  // four frames each, rounded up

const QStringList kEdit{"edit", "clip.mp4", "-o", "out.mp4", "--prompt", "oil painting"};

// What QVERIFY2 prints when a run went wrong.
#define VERIFY_CODE(outcome, expected) QVERIFY2((outcome).code == (expected), (outcome).report().constData())

weights::NamedTensor namedTensor(const char* name, std::vector<std::int64_t> shape, const std::vector<float>& values) {
    return {name, {weights::DType::f32, std::move(shape), std::as_bytes(std::span(values))}};
}

// Smooth numbers of both signs.
std::vector<float> wave(std::size_t count, double step) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = float(std::sin(step * double(i)));
    return values;
}

}  // namespace

class TestCliEndToEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void editKeepsFramesRateAndSound();
    void statsAreWhatJsonPrints();
    void theSameSeedGivesTheSameClip();
    void outputOptionsAreHeard();
    void unknownWordsAreTold();
    void dryRunWritesNothing();
    void planTellsTheMaskThatEditUses();
    void pruningOffKeepsEveryToken();
    void compareOfAClipWithItself();
    void compareOfAnEdit();
    void traceReplaysTensors();
    void planOfLatents();
    void benchOfASmallConfig();
    void anAutoencoderThatAModelLacksIsNamed();
    void modelsAreListedShownAndVerified();
    void doctorIsContent();
    void progressLinesAreJson();

private:
    void writeTraceCase(const QString& name, std::int64_t frames, std::int64_t rows, std::int64_t columns);

    CliProgram m_lipar;
};

void TestCliEndToEnd::initTestCase() {
    QVERIFY(m_lipar.isValid());
    if (!m_lipar.makeClip("clip.mp4", 96, 64, kFrames))
        QSKIP("the ffmpeg program, which makes the test clips, is not installed");
    QVERIFY(m_lipar.makeClip("still.mp4", 96, 64, kFrames, "smptebars"));
}

void TestCliEndToEnd::editKeepsFramesRateAndSound() {
    const Outcome edit = m_lipar.run(kEdit + QStringList{"--device", "cpu", "--seed", "3", "--stats", "stats.json"});
    VERIFY_CODE(edit, 0);
    QVERIFY2(edit.output.contains("26 frames") && edit.output.contains("out.mp4"), edit.output.constData());
    QCOMPARE(m_lipar.probe("out.mp4", "v:0", "width,height,r_frame_rate,nb_read_frames"),
             m_lipar.probe("clip.mp4", "v:0", "width,height,r_frame_rate,nb_read_frames"));
    QCOMPARE(m_lipar.probe("out.mp4", "a:0", "codec_name,nb_read_frames"),
             m_lipar.probe("clip.mp4", "a:0", "codec_name,nb_read_frames"));
    QVERIFY(m_lipar.entries().filter(".part").isEmpty());
}

void TestCliEndToEnd::statsAreWhatJsonPrints() {
    const Outcome edit =
        m_lipar.run(kEdit + QStringList{"--device", "cpu", "--seed", "3", "--stats", "stats.json", "--json"});
    VERIFY_CODE(edit, 0);
    const QJsonObject stats = edit.json();
    QCOMPARE(QJsonDocument::fromJson(m_lipar.read("stats.json")).object(), stats);
    QCOMPARE(stats["schema"].toInt(), 1);
    QCOMPARE(stats["input"]["frames"].toInt(), kFrames);
    QCOMPARE(stats["input"]["width"].toInt(), 96);
    QCOMPARE(stats["input"]["fps"].toDouble(), 12.0);
    QCOMPARE(stats["output"]["frames"].toInt(), kFrames);
    QCOMPARE(stats["output"]["path"].toString(), QString("out.mp4"));
    QCOMPARE(stats["model"]["name"].toString(), QString("lipar-mini"));
    QCOMPARE(stats["model"]["sha256"].toString().size(), 64);
    QVERIFY(stats["model"]["parameters"].toDouble() > 1e6);
    QCOMPARE(stats["device"]["kind"].toString(), QString("cpu"));
    QCOMPARE(stats["seed"].toInt(), 3);
    QCOMPARE(stats["prompt"].toString(), QString("oil painting"));
    QCOMPARE(stats["pruning"]["recovery"].toString(), QString("full"));
    QCOMPARE(stats["pruning"]["kept_per_latent_frame"].toArray().size(), kLatentFrames);
    QCOMPARE(stats["pruning"]["kept_per_latent_frame"].toArray().first().toDouble(), 1.0);
    int frames = 0;
    double kept = 0;
    double total = 0;
    for (const QJsonValue block : stats["blocks"].toArray()) {
        frames += block["frames"].toInt();
        kept += block["kept"].toDouble();
        total += block["total"].toDouble();
        QVERIFY(block["keys"].toInt() > 0);
        QVERIFY(!block["ms"]["steps"].toArray().isEmpty());
    }
    QCOMPARE(frames, kFrames);
    QVERIFY(std::abs(kept / total - stats["pruning"]["kept_ratio"].toDouble()) < 1e-9);
    QVERIFY(stats["fps"]["end_to_end"].toDouble() > 0);
    QVERIFY(stats["fps"]["denoise"].toDouble() >= stats["fps"]["end_to_end"].toDouble());
    QVERIFY(stats["time_s"]["total"].toDouble() >= stats["time_s"]["load"].toDouble());
    QVERIFY(stats["memory"]["peak_host_bytes"].toDouble() > 1e7);
}

void TestCliEndToEnd::theSameSeedGivesTheSameClip() {
    const auto pixels = [this](const QString& name, const QString& seed) {
        const Outcome edit = m_lipar.run({"edit", "clip.mp4", "-o", name, "--prompt", "oil painting", "--device", "cpu",
                                          "--seed", seed, "--codec", "ffv1", "--audio", "none", "-q"});
        if (edit.code != 0 || !edit.output.isEmpty())
            qFatal("%s", edit.report().constData());
        return m_lipar.runProgram("ffmpeg", {"-v", "error", "-i", name, "-f", "md5", "-"}).output;
    };
    const QByteArray first = pixels("seed_a.mkv", "1");
    QCOMPARE(pixels("seed_b.mkv", "1"), first);
    QVERIFY(pixels("seed_c.mkv", "2") != first);
}

void TestCliEndToEnd::outputOptionsAreHeard() {
    const Outcome edit = m_lipar.run({"edit",
                                      "clip.mp4",
                                      "-o",
                                      "small.mkv",
                                      "--prompt",
                                      "ink drawing",
                                      "--output-size",
                                      "48x32",
                                      "--start",
                                      "0.5",
                                      "--end",
                                      "1.5",
                                      "--codec",
                                      "ffv1",
                                      "--audio",
                                      "none",
                                      "--heatmap",
                                      "heat.mp4",
                                      "--size",
                                      "64x48",
                                      "--prompt-at",
                                      "1=pencil sketch",
                                      "--device",
                                      "cpu",
                                      "--json"});
    VERIFY_CODE(edit, 0);
    QCOMPARE(m_lipar.probe("small.mkv", "v:0", "codec_name,width,height,nb_read_frames"), QByteArray("ffv1,48,32,12"));
    QVERIFY(m_lipar.probe("small.mkv", "a:0", "codec_name").isEmpty());
    QCOMPARE(m_lipar.probe("heat.mp4", "v:0", "nb_read_frames"), QByteArray("12"));
    QCOMPARE(edit.json()["output"]["width"].toInt(), 48);
    QCOMPARE(edit.json()["output"]["frames"].toInt(), 12);
}

void TestCliEndToEnd::unknownWordsAreTold() {
    const Outcome edit = m_lipar.run(
        {"edit", "clip.mp4", "-o", "words.mp4", "--prompt", "oil painting of a zeppelin", "--end", "0.5", "--json"});
    VERIFY_CODE(edit, 0);
    QVERIFY(edit.json()["unknown_words"].toArray().contains("zeppelin"));
    QVERIFY2(edit.messages.contains("note: ") && edit.messages.contains("zeppelin"), edit.messages.constData());
}

void TestCliEndToEnd::dryRunWritesNothing() {
    const QStringList before = m_lipar.entries();
    const Outcome dry =
        m_lipar.run({"edit", "clip.mp4", "-o", "never.mp4", "--prompt", "oil painting", "--dry-run", "--json"});
    VERIFY_CODE(dry, 0);
    QCOMPARE(m_lipar.entries(), before);
    const QJsonObject estimate = dry.json()["estimate"].toObject();
    QVERIFY(estimate["seconds"].toDouble() > 0);
    QVERIFY(estimate["fps"].toDouble() > 0);
    QVERIFY(estimate["fits"].toBool());
    QVERIFY(m_lipar.run({"edit", "clip.mp4", "-o", "never.mp4", "--prompt", "ink", "--dry-run"})
                .output.contains("nothing was written"));
}

void TestCliEndToEnd::planTellsTheMaskThatEditUses() {
    const QStringList edit{"edit", "still.mp4", "-o", "still_out.mp4", "--prompt", "oil painting"};
    const QStringList thresholds{"--tau1", "0.3", "--tau2", "0.6", "--device", "cpu"};
    const Outcome plan = m_lipar.run(QStringList{"plan", "still.mp4", "--mask-out", "plan.npy", "--json"} + thresholds);
    VERIFY_CODE(plan, 0);
    const QJsonObject json = plan.json();
    QCOMPARE(json["input"]["frames"].toInt(), kFrames);
    QCOMPARE(json["pruning"]["tau1"].toDouble(), double(0.3F));
    QCOMPARE(json["pruning"]["kept_per_latent_frame"].toArray().size(), kLatentFrames);
    for (const char* field : {"seconds", "fps", "speedup", "peak_device_bytes"})
        QVERIFY2(json["estimate"][field].toDouble() > 0, field);
    const auto planned = weights::readMaskNpy(m_lipar.path("plan.npy").toStdString());
    QVERIFY(planned.has_value());
    QCOMPARE(planned->frames, kLatentFrames);
    QVERIFY(std::abs(planned->keptRatio() - json["pruning"]["kept_ratio"].toDouble()) < 1e-9);
    QVERIFY(planned->keptRatio() < 1);

    const Outcome computed = m_lipar.run(edit + thresholds + QStringList{"--mask-out", "edit.npy"});
    VERIFY_CODE(computed, 0);
    QVERIFY(*weights::readMaskNpy(m_lipar.path("edit.npy").toStdString()) == *planned);
    const Outcome given = m_lipar.run(edit + QStringList{"--device", "cpu", "--mask-in", "plan.npy", "--json"});
    VERIFY_CODE(given, 0);
    QCOMPARE(given.json()["pruning"]["kept_ratio"].toDouble(), planned->keptRatio());
    QVERIFY2(m_lipar.run(QStringList{"plan", "still.mp4"} + thresholds).output.contains("kept per latent frame"),
             "text");
}

void TestCliEndToEnd::pruningOffKeepsEveryToken() {
    const Outcome edit = m_lipar.run(kEdit + QStringList{"--pruning", "off", "--json", "--end", "1"});
    VERIFY_CODE(edit, 0);
    QCOMPARE(edit.json()["pruning"]["enabled"].toBool(true), false);
    QCOMPARE(edit.json()["pruning"]["kept_ratio"].toDouble(), 1.0);
}

void TestCliEndToEnd::compareOfAClipWithItself() {
    const Outcome compare = m_lipar.run({"compare", "clip.mp4", "clip.mp4", "--json"});
    VERIFY_CODE(compare, 0);
    const QJsonObject json = compare.json();
    QCOMPARE(json["frames"].toInt(), kFrames);
    QVERIFY(json["psnr"].isNull());
    QVERIFY(std::abs(json["ssim"].toDouble() - 1) < 1e-6);
    QCOMPARE(json["flicker"].toDouble(-1), 0.0);
    QCOMPARE(json["psnr_per_frame"].toArray().size(), kFrames);
}

void TestCliEndToEnd::compareOfAnEdit() {
    QVERIFY(m_lipar.run(kEdit + QStringList{"--device", "cpu"}).code == 0);
    const Outcome compare = m_lipar.run({"compare", "clip.mp4", "out.mp4", "--json"});
    VERIFY_CODE(compare, 0);
    const double psnr = compare.json()["psnr"].toDouble();
    QVERIFY2(psnr > 5 && psnr < 40, compare.output.constData());
    QVERIFY(compare.json()["ssim"].toDouble() < 1);
    const Outcome text = m_lipar.run({"compare", "clip.mp4", "out.mp4", "--progress", "none"});
    QVERIFY2(text.output.contains("PSNR") && text.output.contains("dB") && text.messages.isEmpty(),
             text.report().constData());
}

void TestCliEndToEnd::writeTraceCase(const QString& name, std::int64_t frames, std::int64_t rows,
                                     std::int64_t columns) {
    const auto latents = wave(std::size_t(frames * 32 * rows * columns), 0.37);
    const auto noise = wave(latents.size(), 1.91);
    const auto text = wave(std::size_t(4 * 128), 0.77);
    const std::vector<weights::NamedTensor> tensors{namedTensor("source_latents", {frames, 32, rows, columns}, latents),
                                                    namedTensor("noise", {1, frames, 32, rows, columns}, noise),
                                                    namedTensor("text_embeds", {4, 128}, text)};
    QVERIFY(weights::writeSafetensors(m_lipar.path(name).toStdString(), tensors, {{"steps", "400"}, {"shift", "5.0"}})
                .has_value());
}

void TestCliEndToEnd::traceReplaysTensors() {
    writeTraceCase("case.safetensors", 6, 8, 12);
    const Outcome trace = m_lipar.run({"trace", "--case", "case.safetensors", "-o", "trace.safetensors", "--precision",
                                       "fp32", "--device", "cpu", "--recovery", "copy", "--json"});
    VERIFY_CODE(trace, 0);
    QCOMPARE(trace.json()["kept_ratio"].toDouble(), 1.0);
    const auto file = weights::TensorFile::open(m_lipar.path("trace.safetensors").toStdString());
    QVERIFY(file.has_value());
    const std::vector<std::int64_t> shape{6, 32, 8, 12};
    for (const char* name : {"denoised", "denoised_kept"}) {
        const weights::TensorView* const tensor = file->find(name);
        QVERIFY2(tensor && tensor->shape == shape && tensor->dtype == weights::DType::f32, name);
    }
    const weights::TensorView* const mask = file->find("keep_mask");
    QVERIFY(mask && (mask->shape == std::vector<std::int64_t>{6, 4, 6}) && mask->dtype == weights::DType::boolean);
}

void TestCliEndToEnd::planOfLatents() {
    writeTraceCase("latents.safetensors", 6, 8, 12);
    const Outcome plan =
        m_lipar.run({"plan", "--latents", "latents.safetensors", "--mask-out", "latents.npy", "--json"});
    VERIFY_CODE(plan, 0);
    const auto mask = weights::readMaskNpy(m_lipar.path("latents.npy").toStdString());
    QVERIFY(mask.has_value());
    QCOMPARE(mask->frames, 6);
    QCOMPARE(mask->rows, 4);
    QCOMPARE(mask->columns, 6);
}

void TestCliEndToEnd::benchOfASmallConfig() {
    m_lipar.write("tiny.json", lipar::cli::test::kTinyConfig);
    const QStringList command{"bench", "--config", "tiny.json", "--kept",   "1.0,0.5", "--blocks",
                              "2",     "--size",   "128x64",    "--device", "cpu"};
    const Outcome bench = m_lipar.run(command + QStringList{"--json"});
    VERIFY_CODE(bench, 0);
    const QJsonArray rows = bench.json()["rows"].toArray();
    QCOMPARE(rows.size(), 2);
    QCOMPARE(rows[1]["kept"].toDouble(), 0.5);
    QCOMPARE(rows[0]["ms"]["steps"].toArray().size(), 2);
    QVERIFY(rows[0]["ms"]["block"].toDouble() > 0);
    QVERIFY(rows[0]["fps"]["denoise"].toDouble() > 0);
    const Outcome text = m_lipar.run(command);
    QVERIFY2(text.output.contains("DiT FPS") && text.output.contains("0.50"), text.report().constData());
}

void TestCliEndToEnd::anAutoencoderThatAModelLacksIsNamed() {
    const QStringList edit{"edit", "still.mp4", "-o", "vae.mp4", "--prompt", "oil painting", "--device", "cpu", "--dry-run"};
    const Outcome full = m_lipar.run(edit + QStringList{"--vae", "full"});
    QCOMPARE(full.code, 4);
    QVERIFY2(full.messages.contains("has no full autoencoder"), full.report().constData());
    VERIFY_CODE(m_lipar.run(edit + QStringList{"--vae", "tiny"}), 0);
    QCOMPARE(m_lipar.run(edit + QStringList{"--vae", "small"}).code, 2);
}

void TestCliEndToEnd::modelsAreListedShownAndVerified() {
    const Outcome list = m_lipar.run({"models", "list", "--json"});
    VERIFY_CODE(list, 0);
    const QJsonObject model = list.json()["models"].toArray().first().toObject();
    QCOMPARE(model["name"].toString(), QString("lipar-mini"));
    QVERIFY(model["can_edit"].toBool() && model["built_in"].toBool());
    QVERIFY(model["looks"].toArray().size() > 3);
    QVERIFY(m_lipar.run({"models", "list"}).output.contains("lipar-mini"));

    const Outcome show = m_lipar.run({"models", "show", "lipar-mini"});
    VERIFY_CODE(show, 0);
    QVERIFY2(show.output.contains("license") && show.output.contains("oil"), show.output.constData());

    const Outcome verify = m_lipar.run({"models", "verify", LIPAR_SOURCE_DIR "/resources/models/lipar-mini", "--json"});
    VERIFY_CODE(verify, 0);
    QVERIFY(verify.json()["tensors"].toInt() > 100);
    QCOMPARE(verify.json()["model"]["sha256"].toString().size(), 64);
}

void TestCliEndToEnd::doctorIsContent() {
    const Outcome doctor = m_lipar.run({"doctor"});
    VERIFY_CODE(doctor, 0);
    for (const char* part : {"versions", "devices", "codecs", "models", "lipar-mini"})
        QVERIFY2(doctor.output.contains(part), doctor.output.constData());
    QVERIFY(m_lipar.run({"doctor", "--json"}).json()["healthy"].toBool());
    QVERIFY(m_lipar.run({"--version"}).output.startsWith("lipar "));
}

void TestCliEndToEnd::progressLinesAreJson() {
    const Outcome edit = m_lipar.run(kEdit + QStringList{"--progress", "json"});
    VERIFY_CODE(edit, 0);
    QStringList phases;
    for (const QByteArray& line : edit.messages.split('\n')) {
        if (line.isEmpty())
            continue;
        const QJsonObject json = QJsonDocument::fromJson(line).object();
        QVERIFY2(json["event"].toString() == "progress", line.constData());
        phases << json["phase"].toString();
    }
    QCOMPARE(phases.last(), QString("finishing"));
    QVERIFY(phases.contains("editing"));
    QCOMPARE(m_lipar.run(kEdit + QStringList{"--progress", "none"}).messages, QByteArray());
}

QTEST_GUILESS_MAIN(TestCliEndToEnd)
#include "tst_cli_end_to_end.moc"
