// Models that are missing, damaged or hostile: exit code 4, one line that says why, nothing left behind.
#include <QtTest>

#include "cli_program.h"
#include "damaged_files.h"
#include "failure_check.h"

using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;
namespace test = lipar::cli::test;

namespace {

const QString kModel = LIPAR_SOURCE_DIR "/resources/models/lipar-mini";

QStringList editWith(const QString& model) {
    return {"edit", "clip.mp4", "-o", "out.mp4", "--prompt", "oil painting", "--device", "cpu", "--model", model};
}

}  // namespace

class TestCliBadModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void badModel_data();
    void badModel();
    void aHostilePickleIsNotRun();

private:
    void makeModels();
    // A copy of the built-in model, by links, with one file replaced; empty content: left out.
    void makeModel(const QString& name, const QString& file, const QByteArray& content);

    CliProgram m_lipar;
};

void TestCliBadModels::initTestCase() {
    QVERIFY(m_lipar.isValid());
    if (!m_lipar.makeClip("clip.mp4", 64, 64, 13))
        QSKIP("the ffmpeg program, which makes the test clips, is not installed");
    makeModels();
}

void TestCliBadModels::makeModel(const QString& name, const QString& file, const QByteArray& content) {
    QVERIFY(QDir(m_lipar.folder()).mkdir(name));
    for (const QString& original : QDir(kModel).entryList(QDir::Files)) {
        if (original != file)
            QVERIFY(QFile::link(kModel + "/" + original, m_lipar.path(name + "/" + original)));
    }
    if (!content.isEmpty())
        m_lipar.write(name + "/" + file, content);
}

void TestCliBadModels::makeModels() {
    QFile original(kModel + "/dit.safetensors");
    QVERIFY(original.open(QIODevice::ReadOnly));
    const QByteArray weights = original.readAll();
    const auto headerSize = *reinterpret_cast<const std::uint64_t*>(weights.constData());
    const QJsonObject header = QJsonDocument::fromJson(weights.mid(8, qsizetype(headerSize))).object();

    QByteArray notANumber = weights;
    const auto start = qsizetype(header["patch_embedding.bias"]["data_offsets"][0].toDouble());
    QCOMPARE(header["patch_embedding.bias"]["dtype"].toString(), QString("F16"));
    notANumber.replace(8 + qsizetype(headerSize) + start, 2, QByteArray("\x00\x7e", 2));
    makeModel("nan_weights", "dit.safetensors", notANumber);

    QByteArray misshapen = weights;
    const QByteArray bias = "\"patch_embedding.bias\"";
    const auto at = misshapen.indexOf("[384]", misshapen.indexOf(bias));
    QVERIFY(at > 0);
    misshapen.replace(at, 5, "[192]");
    makeModel("wrong_shapes", "dit.safetensors", misshapen);

    makeModel("huge_header", "dit.safetensors", test::littleEndian(std::uint64_t(1) << 60) + "{}");
    makeModel("cut_short", "dit.safetensors", weights.left(weights.size() / 2));
    makeModel("no_weights", "dit.safetensors", {});
    makeModel("hostile", "dit.safetensors",
              test::zipArchive({{"archive/data.pkl", test::hostilePickle("pwned")}, {"archive/version", "3\n"}}));
    makeModel("not_json", "model.json", "{\"schema\":1,");
    makeModel("unknown_field", "model.json",
              "{\"schema\":1, \"name\":\"x\", \"family\":\"wan-causal\", \"colour\":\"green\"}");
    makeModel("no_manifest", "model.json", {});
}

void TestCliBadModels::badModel_data() {
    const test::FailureTable add;
    add("unknown model", 4, editWith("grand-model"));
    add("model folder without model.json", 4, editWith("no_manifest"));
    add("model.json that is no JSON", 4, editWith("not_json"));
    add("model.json with an unknown field", 4, editWith("unknown_field"));
    add("model without its weights", 4, editWith("no_weights"));
    add("weights that are not numbers", 4, editWith("nan_weights"));
    add("weights of a wrong shape", 4, editWith("wrong_shapes"));
    add("weights with a header of 2^60 bytes", 4, editWith("huge_header"));
    add("weights cut in half", 4, editWith("cut_short"));
    add("verify finds it too", 4, {"models", "verify", "nan_weights"});
    add("show of an unknown model", 4, {"models", "show", "grand-model"});
}

void TestCliBadModels::badModel() { EXPECT_FAILURE_OF_ROW(m_lipar); }

void TestCliBadModels::aHostilePickleIsNotRun() {
    EXPECT_FAILURE(m_lipar, (editWith("hostile")), 4);
    QVERIFY(!QFile::exists(m_lipar.path("pwned")));
    const Outcome outcome = m_lipar.run({"models", "verify", "hostile"});
    QCOMPARE(outcome.code, 4);
    QVERIFY2(outcome.messages.contains("posix.system"), outcome.report().constData());
    QVERIFY(!QFile::exists(m_lipar.path("pwned")));
}

QTEST_GUILESS_MAIN(TestCliBadModels)
#include "tst_cli_bad_models.moc"
