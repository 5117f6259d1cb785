// `models convert`, the program itself: killed and taken up again, interrupted, refused.
#include <QtTest>

#include <sys/mount.h>

#include <csignal>

#include "cli_program.h"

using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;

#define VERIFY_CODE(outcome, expected) QVERIFY2((outcome).code == (expected), (outcome).report().constData())

namespace {

const QString kMini = LIPAR_SOURCE_DIR "/resources/models/lipar-mini";
const QString kWan = LIPAR_GOLDEN_DIR "/dit/wan_like";

}  // namespace

class TestCliConvert : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void convertsAndTraces();
    void goesOnAfterAKill();
    void interruptedLeavesNoModel();
    void refusals_data();
    void refusals();
    void aSmallDiskIsSeenBefore();

private:
    CliProgram m_lipar;
};

void TestCliConvert::initTestCase() {
    QVERIFY(m_lipar.isValid());
}

void TestCliConvert::convertsAndTraces() {
    const Outcome converted = m_lipar.run({"models", "convert", kWan, "-o", "models/wan", "--json"});
    VERIFY_CODE(converted, 0);
    const QJsonObject json = converted.json();
    QCOMPARE(json["schema"].toInt(), 1);
    QCOMPARE(json["precision"].toString(), QString("bf16"));
    QCOMPARE(json["resumed_bytes"].toInt(), 0);
    QCOMPARE(json["tensors"].toInt(), json["converted_tensors"].toInt());
    for (const auto& [model, output] : {std::pair{kWan, "a.safetensors"}, {QString("models/wan"), "b.safetensors"}})
        VERIFY_CODE(m_lipar.run({"trace", "--model", model, "--case", kWan + "/case_pruned.safetensors", "-o", output,
                                 "--device", "cpu", "--precision", "bf16"}),
                    0);
    QVERIFY(!m_lipar.read("a.safetensors").isEmpty());
    QCOMPARE(m_lipar.read("a.safetensors"), m_lipar.read("b.safetensors"));
    const Outcome verified = m_lipar.run({"models", "verify", "models/wan"});
    VERIFY_CODE(verified, 0);
}

void TestCliConvert::goesOnAfterAKill() {
    VERIFY_CODE(m_lipar.run({"models", "convert", kMini, "-o", "straight"}), 0);
    int resumed = 0;
    for (int round = 0; round < 8; ++round) {
        const QString folder = "killed" + QString::number(round);
        const QStringList command{"models", "convert", kMini, "-o", folder};
        const Outcome killed = m_lipar.runUntil(
            command, [&](const QByteArray& said) { return said.count("\"converting\"") > round * 40; },
            [](pid_t process) {
                if (process > 0)
                    ::kill(process, SIGKILL);
            });
        if (killed.code == 0)  // it was faster
            continue;
        QCOMPARE(killed.code, -1);
        QVERIFY(!QFile::exists(m_lipar.path(folder + "/model.json")));
        const Outcome outcome = m_lipar.run(command + QStringList{"--json"});
        VERIFY_CODE(outcome, 0);
        const QJsonObject json = outcome.json();
        resumed += json["converted_tensors"].toInt() < json["tensors"].toInt();
        for (const char* file : {"/dit.safetensors", "/vae.safetensors", "/text.safetensors"})
            QCOMPARE(m_lipar.read(folder + file), m_lipar.read(QString("straight") + file));
        QCOMPARE(QDir(m_lipar.path(folder)).entryList(QDir::Files).size(), 4);
    }
    qInfo("%d of 8 runs went on from a kill", resumed);
}

void TestCliConvert::interruptedLeavesNoModel() {
    const QStringList command{"models", "convert", kMini, "-o", "interrupted"};
    const Outcome outcome = m_lipar.runUntil(
        command, [](const QByteArray& said) { return said.contains("\"loading\""); },
        [](pid_t process) { ::kill(process, SIGINT); });
    VERIFY_CODE(outcome, 130);
    QCOMPARE(outcome.errorLines(), 1);
    QVERIFY2(outcome.messages.contains("goes on from there"), outcome.report().constData());
    QVERIFY(!QFile::exists(m_lipar.path("interrupted/model.json")));
    VERIFY_CODE(m_lipar.run(command), 0);
}

void TestCliConvert::refusals_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("reason");
    const QString pickle = LIPAR_GOLDEN_DIR "/weights/refused_os_system.pt";
    QTest::newRow("no output") << QStringList{kWan} << 2 << QByteArray("--output is required");
    QTest::newRow("fp32") << QStringList{kWan, "-o", "x", "--precision", "fp32"} << 2 << QByteArray("not bf16 or fp8");
    QTest::newRow("no source") << QStringList{"nowhere", "-o", "x"} << 4 << QByteArray("no such file or folder");
    QTest::newRow("no model") << QStringList{LIPAR_GOLDEN_DIR "/otio", "-o", "x"} << 4
                              << QByteArray("cannot find a model");
    QTest::newRow("code in a pickle") << QStringList{pickle, "-o", "x"} << 4
                                      << QByteArray("system, which is no part of a tensor file");
    QTest::newRow("not a folder") << QStringList{kWan, "-o", "file/x"} << 1 << QByteArray("cannot create file/x");
}

void TestCliConvert::refusals() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QByteArray, reason);
    m_lipar.write("file", "not a folder");
    const Outcome outcome = m_lipar.run(QStringList{"models", "convert"} + arguments);
    VERIFY_CODE(outcome, code);
    QCOMPARE(outcome.errorLines(), 1);
    QVERIFY2(outcome.messages.contains(reason), outcome.report().constData());
    QVERIFY(!QFile::exists(m_lipar.path("x")));
    QVERIFY(!QFile::exists(m_lipar.path("lipar-pickle-was-run")));
}

void TestCliConvert::aSmallDiskIsSeenBefore() {
    const QString disk = m_lipar.path("disk");
    QDir().mkpath(disk);
    if (::mount("tmpfs", disk.toLocal8Bit().constData(), "tmpfs", 0, "size=8m") != 0)
        QSKIP("needs the right to mount a small file system");
    const Outcome outcome = m_lipar.run({"models", "convert", kMini, "-o", "disk/model", "--json"});
    const QStringList left = QDir(disk).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    ::umount(disk.toLocal8Bit().constData());
    VERIFY_CODE(outcome, 5);
    QCOMPARE(outcome.json()["error"]["code"].toString(), QString("disk-full"));
    QVERIFY2(outcome.messages.contains("MB are needed"), outcome.report().constData());
    QCOMPARE(left, QStringList());
}

QTEST_GUILESS_MAIN(TestCliConvert)
#include "tst_cli_convert.moc"
