// The real program with a model whose text encoder is UMT5: the built-in one's transformer and autoencoder, and a small
// random encoder.
#include <QtTest>

#include <QJsonArray>

#include <bit>
#include <cmath>
#include <random>

#include "cli_program.h"
#include "engine/weights/tensor_file.h"

using namespace lipar;
using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;

namespace {

#define VERIFY_CODE(outcome, expected) QVERIFY2((outcome).code == (expected), (outcome).report().constData())

constexpr int kDim = 128, kLength = 24;

// One layer of four heads.
void writeEncoder(const std::filesystem::path& path) {
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    std::vector<std::vector<std::uint16_t>> values;
    std::vector<weights::NamedTensor> tensors;
    const auto add = [&](const std::string& name, const std::vector<std::int64_t>& shape, float mean, float deviation) {
        std::int64_t count = 1;
        for (const std::int64_t size : shape)
            count *= size;
        auto& bits = values.emplace_back(std::size_t(count));
        for (std::uint16_t& value : bits)
            value = std::uint16_t(std::bit_cast<std::uint32_t>(mean + deviation * normal(random)) >> 16);
        tensors.push_back({name, {weights::DType::bf16, shape, std::as_bytes(std::span(bits))}});
    };
    values.reserve(16);
    add("token_embedding.weight", {512, kDim}, 0, 1);
    add("norm.weight", {kDim}, 1, 0);
    add("blocks.0.norm1.weight", {kDim}, 1, 0);
    add("blocks.0.norm2.weight", {kDim}, 1, 0);
    for (const char* name : {"q", "k", "v", "o"})
        add(std::string("blocks.0.attn.") + name + ".weight", {kDim, kDim}, 0, 0.08F);
    add("blocks.0.pos_embedding.embedding.weight", {32, 4}, 0, 1);
    add("blocks.0.ffn.gate.0.weight", {256, kDim}, 0, 0.08F);
    add("blocks.0.ffn.fc1.weight", {256, kDim}, 0, 0.08F);
    add("blocks.0.ffn.fc2.weight", {kDim, 256}, 0, 0.06F);
    if (!weights::writeSafetensors(path, tensors))
        qFatal("cannot write %s", path.c_str());
}

}  // namespace

class TestCliTextEncoder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPromptIsPaidForOnce();
    void readOnlyCacheIsNoError();
    void longPromptsAreWarnedOf();
    void planReadsThePromptWithoutEncodingIt();
    void placesOnAGpuNeedOne();
    void benchMeasuresTheTextEncoder();
    void digestsOfLargeModelsAreKept();
    void verifyLooksAtItsValues();
    void damagedTokenizerIsAModelError();

private:
    [[nodiscard]] Outcome edit(const QString& output, const QString& prompt, const QStringList& more = {}) const {
        return m_lipar.run(QStringList{"edit", "clip.mp4", "-o", output, "--prompt", prompt, "--model", "model",
                                       "--end", "0.5", "--codec", "ffv1", "--audio", "none", "--device", "cpu"} +
                           more);
    }
    [[nodiscard]] QByteArray pixels(const QString& name) const {
        return m_lipar.runProgram("ffmpeg", {"-v", "error", "-i", name, "-f", "md5", "-"}).output;
    }
    [[nodiscard]] QStringList embeddings() const {
        return QDir(m_lipar.path("cache/lipar-studio/embeddings")).entryList(QDir::Files, QDir::Time);
    }

    CliProgram m_lipar;
};

void TestCliTextEncoder::initTestCase() {
    QVERIFY(m_lipar.isValid());
    if (!m_lipar.makeClip("clip.mp4", 96, 64, 14))
        QSKIP("the ffmpeg program, which makes the test clip, is not installed");
    qputenv("XDG_CACHE_HOME", m_lipar.path("cache").toUtf8());
    QVERIFY(QDir(m_lipar.folder()).mkdir("model"));
    const QString builtIn = LIPAR_SOURCE_DIR "/resources/models/lipar-mini/";
    for (const char* file : {"dit.safetensors", "vae.safetensors"})
        QVERIFY(QFile::link(builtIn + file, m_lipar.path(QString("model/") + file)));
    QVERIFY(QFile::copy(LIPAR_GOLDEN_DIR "/models/umt5_spiece.model", m_lipar.path("model/spiece.model")));
    writeEncoder(m_lipar.path("model/umt5.safetensors").toStdString());
    QFile original(builtIn + "model.json");
    QVERIFY(original.open(QIODevice::ReadOnly));
    QJsonObject json = QJsonDocument::fromJson(original.readAll()).object();
    json["name"] = "with-umt5";
    QJsonObject dit = json["dit"].toObject();
    dit["text_len"] = kLength;
    json["dit"] = dit;
    json["text"] =
        QJsonObject{{"kind", "umt5"}, {"files", QJsonArray{"umt5.safetensors"}}, {"tokenizer", "spiece.model"}};
    m_lipar.write("model/model.json", QJsonDocument(json).toJson());
}

void TestCliTextEncoder::aPromptIsPaidForOnce() {
    const Outcome first = edit("first.mkv", "a red fox &amp; snow", {"--json"});
    VERIFY_CODE(first, 0);
    const QJsonObject tokens = first.json()["prompt_tokens"].toObject();
    QCOMPARE(tokens["limit"].toInt(), kLength);
    QVERIFY(tokens["count"].toInt() > 4 && tokens["count"].toInt() <= kLength);
    QVERIFY(!tokens["truncated"].toBool());
    QVERIFY(!first.messages.contains("warning"));
    QCOMPARE(embeddings().size(), 1);
    const QByteArray kept = m_lipar.read("cache/lipar-studio/embeddings/" + embeddings().first());

    VERIFY_CODE(edit("second.mkv", "a red  fox & snow"), 0);
    QCOMPARE(embeddings().size(), 1);
    QCOMPARE(pixels("second.mkv"), pixels("first.mkv"));
    VERIFY_CODE(edit("other.mkv", "une étoile dans la nuit"), 0);
    QCOMPARE(embeddings().size(), 2);
    QVERIFY(pixels("other.mkv") != pixels("first.mkv"));

    QDir(m_lipar.path("cache")).removeRecursively();
    VERIFY_CODE(edit("third.mkv", "a red fox & snow"), 0);
    QCOMPARE(pixels("third.mkv"), pixels("first.mkv"));
    QCOMPARE(m_lipar.read("cache/lipar-studio/embeddings/" + embeddings().first()), kept);
}

void TestCliTextEncoder::readOnlyCacheIsNoError() {
    QDir(m_lipar.path("cache")).removeRecursively();
    m_lipar.write("cache", "a file in the folder's place");
    VERIFY_CODE(edit("uncached.mkv", "a red fox & snow"), 0);
    QCOMPARE(pixels("uncached.mkv"), pixels("first.mkv"));
    QVERIFY(QFile::remove(m_lipar.path("cache")));
}

void TestCliTextEncoder::longPromptsAreWarnedOf() {
    const QString prompt = QString("an old sailor under a stormy sky, ").repeated(8);
    const Outcome outcome = edit("long.mkv", prompt, {"--json"});
    VERIFY_CODE(outcome, 0);
    const QJsonObject tokens = outcome.json()["prompt_tokens"].toObject();
    QVERIFY(tokens["count"].toInt() > kLength);
    QVERIFY(tokens["truncated"].toBool());
    QVERIFY2(outcome.messages.contains("warning: the prompt has"), outcome.messages.constData());
    const Outcome dry = edit("never.mkv", prompt, {"--dry-run", "--json"});
    VERIFY_CODE(dry, 0);
    QVERIFY(dry.json()["prompt_tokens"].toObject()["truncated"].toBool());
    QVERIFY2(dry.messages.contains("warning: the prompt has"), dry.messages.constData());
}

void TestCliTextEncoder::planReadsThePromptWithoutEncodingIt() {
    QDir(m_lipar.path("cache")).removeRecursively();
    const QStringList plan{"plan", "clip.mp4", "--model", "model", "--end", "0.5", "--device", "cpu", "--json"};
    const Outcome without = m_lipar.run(plan);
    VERIFY_CODE(without, 0);
    QVERIFY(!without.json().contains("prompt_tokens"));
    const Outcome with = m_lipar.run(plan + QStringList{"--prompt", QString("two dancers, ").repeated(20)});
    VERIFY_CODE(with, 0);
    QVERIFY(with.json()["prompt_tokens"].toObject()["truncated"].toBool());
    QVERIFY2(with.messages.contains("warning: the prompt has"), with.messages.constData());
    QVERIFY(embeddings().isEmpty());
}

void TestCliTextEncoder::placesOnAGpuNeedOne() {
    for (const char* place : {"gpu", "streamed"}) {
        const Outcome outcome = edit("never.mkv", "a red fox", {"--text-encoder", place});
        VERIFY_CODE(outcome, 5);
        QVERIFY2(outcome.messages.contains("text encoder"), outcome.messages.constData());
    }
    VERIFY_CODE(edit("cpu.mkv", "a red fox & snow", {"--text-encoder", "cpu"}), 0);
    QCOMPARE(pixels("cpu.mkv"), pixels("first.mkv"));
    VERIFY_CODE(edit("never.mkv", "a red fox", {"--text-encoder", "disk"}), 2);
}

void TestCliTextEncoder::benchMeasuresTheTextEncoder() {
    const QStringList before = embeddings();
    const QStringList bench{"bench", "--text", "--model", "model", "--device", "cpu"};
    const Outcome outcome = m_lipar.run(bench + QStringList{"--json"});
    VERIFY_CODE(outcome, 0);
    const QJsonObject text = outcome.json()["text_encoder"].toObject();
    QCOMPARE(text["place"].toString(), QString("cpu"));
    QCOMPARE(text["tokens"].toInt(), kLength);
    QVERIFY(text["ms"].toObject()["encode"].toDouble() > 0);
    QVERIFY(text["memory"].toObject()["peak_host_bytes"].toDouble() > 1e7);
    QVERIFY(m_lipar.run(bench).output.contains("loaded in"));
    QCOMPARE(embeddings(), before);  // measured, not remembered
    VERIFY_CODE(m_lipar.run({"bench", "--text", "--device", "cpu"}), 2);
    VERIFY_CODE(m_lipar.run({"bench", "--text", "--model", "lipar-mini", "--device", "cpu"}), 2);
}

void TestCliTextEncoder::digestsOfLargeModelsAreKept() {
    QFile large(m_lipar.path("model/large.bin"));  // as large as it says, and takes no room
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(qint64(300) << 20));
    large.close();
    const auto digest = [this] {
        return edit("never.mkv", "ink", {"--dry-run", "--json"}).json()["model"].toObject()["sha256"].toString();
    };
    const QDir folder(m_lipar.path("cache/lipar-studio/digests"));
    const QString whole = digest();
    QCOMPARE(whole.size(), 64);
    QCOMPARE(folder.entryList(QDir::Files).size(), 1);
    const QString kept = "cache/lipar-studio/digests/" + folder.entryList(QDir::Files).first();
    QCOMPARE(m_lipar.read(kept).trimmed(), whole.toUtf8());
    m_lipar.write(kept, QByteArray(64, 'a') + "\n");
    QCOMPARE(digest(), QString(64, 'a'));  // read, not computed
    m_lipar.write(kept, "damaged");
    QCOMPARE(digest(), whole);
    m_lipar.write("model/model.json", m_lipar.read("model/model.json") + "\n");  // another state of the folder
    QVERIFY(digest() != whole);
    QCOMPARE(folder.entryList(QDir::Files).size(), 2);
    QVERIFY(QFile::remove(m_lipar.path("model/large.bin")));
}

void TestCliTextEncoder::damagedTokenizerIsAModelError() {
    QByteArray bytes = m_lipar.read("model/spiece.model");
    for (qsizetype i = 1000; i < bytes.size(); ++i)
        bytes[i] = char(i * 31);
    QFile::remove(m_lipar.path("model/spiece.model"));
    m_lipar.write("model/spiece.model", bytes);
    const Outcome outcome = edit("never.mkv", "a red fox");
    VERIFY_CODE(outcome, 4);
    QVERIFY2(outcome.messages.contains("spiece.model"), outcome.messages.constData());
}

// Its tensors are not looked at when they are mapped, so a check of the model must.
void TestCliTextEncoder::verifyLooksAtItsValues() {
    VERIFY_CODE(m_lipar.run({"models", "verify", "model"}), 0);
    const QByteArray whole = m_lipar.read("model/umt5.safetensors");
    QByteArray damaged = whole;
    damaged[damaged.size() - 1] = char(0x7f);  // bfloat16: not a number
    damaged[damaged.size() - 2] = char(0xc0);
    m_lipar.write("model/umt5.safetensors", damaged);
    const Outcome outcome = m_lipar.run({"models", "verify", "model"});
    VERIFY_CODE(outcome, 4);
    QVERIFY2(outcome.messages.contains("umt5.safetensors") && outcome.messages.contains("not finite"), outcome.messages.constData());
    m_lipar.write("model/umt5.safetensors", whole);
    VERIFY_CODE(m_lipar.run({"models", "verify", "model"}), 0);
}

QTEST_GUILESS_MAIN(TestCliTextEncoder)
#include "tst_cli_text_encoder.moc"
