// Signals, closed pipes and full disks: whatever happens, a file is whole or not there.
#include <QtTest>

#include <csignal>

#include "cli_program.h"

using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;

namespace {

const QStringList kEdit{"edit",      "long.mp4",   "-o",        "out.mp4", "--prompt", "oil painting",
                        "--pruning", "off",        "--device",  "cpu",     "--size",   "320x192",
                        "--stats",   "stats.json", "--heatmap", "heat.mp4"};

}  // namespace

class TestCliInterruption : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void interruptedInAPhase_data();
    void interruptedInAPhase();
    void aSecondSignalEndsAtOnce();
    void terminationCancelsToo();
    void interruptedCommandsLeaveNothing_data();
    void interruptedCommandsLeaveNothing();
    void aClosedOutputPipeLeavesAWholeClip();
    void aClosedMessagePipeDoesNotStopTheJob();
    void closedStandardStreamsDoNotLandInTheClip();
    void aLimitOnFileSizesIsAnError();

private:
    // Starts `lipar`, sends `signal` once a progress line contains `phase`, and waits for the end.
    Outcome interruptAt(const QStringList& arguments, const QByteArray& phase, const std::vector<int>& signals);

    CliProgram m_lipar;
    QStringList m_before;
};

void TestCliInterruption::initTestCase() {
    QVERIFY(m_lipar.isValid());
    if (!m_lipar.makeClip("long.mp4", 160, 96, 240) || !m_lipar.makeClip("short.mp4", 64, 64, 13))
        QSKIP("the ffmpeg program, which makes the test clips, is not installed");
    m_lipar.write("tiny.json", lipar::cli::test::kTinyConfig);
    m_before = m_lipar.entries();
}

void TestCliInterruption::init() {
    for (const QString& name : m_lipar.entries()) {
        if (!m_before.contains(name))
            QFile::remove(m_lipar.path(name));
    }
}

Outcome TestCliInterruption::interruptAt(const QStringList& arguments, const QByteArray& phase,
                                         const std::vector<int>& signals) {
    return m_lipar.runUntil(
        arguments, [&](const QByteArray& said) { return said.contains(phase); },
        [&](pid_t process) {
            for (const int signal : signals)
                ::kill(process, signal);
        });
}

void TestCliInterruption::interruptedInAPhase_data() {
    QTest::addColumn<QByteArray>("phase");
    QTest::newRow("while the model loads") << QByteArray("\"loading\"");
    QTest::newRow("as the work begins") << QByteArray("\"editing\"");
    QTest::newRow("in the middle") << QByteArray("\"frames_done\":24");
}

void TestCliInterruption::interruptedInAPhase() {
    QFETCH(QByteArray, phase);
    const Outcome outcome = interruptAt(kEdit, phase, {SIGINT});
    QVERIFY2(outcome.code == 130, outcome.report().constData());
    QCOMPARE(outcome.errorLines(), 1);
    QVERIFY2(outcome.messages.contains("error: cancelled"), outcome.report().constData());
    QCOMPARE(m_lipar.entries(), m_before);
}

void TestCliInterruption::aSecondSignalEndsAtOnce() {
    const Outcome outcome = interruptAt(kEdit, "\"editing\"", {SIGINT, SIGTERM});
    QVERIFY2(outcome.code == 130, outcome.report().constData());
    QVERIFY(!m_lipar.entries().contains("out.mp4"));
}

void TestCliInterruption::terminationCancelsToo() {
    const Outcome outcome = interruptAt(kEdit, "\"frames_done\":12", {SIGTERM});
    QVERIFY2(outcome.code == 130, outcome.report().constData());
    QCOMPARE(m_lipar.entries(), m_before);
}

void TestCliInterruption::interruptedCommandsLeaveNothing_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("plan") << QStringList{"plan",   "long.mp4", "--device",   "cpu",
                                         "--size", "320x192",  "--mask-out", "m.npy"};
    QTest::newRow("compare") << QStringList{"compare", "long.mp4", "long.mp4"};
    QTest::newRow("bench") << QStringList{"bench",  "--config", "tiny.json", "--blocks", "10000",
                                          "--size", "128x64",   "--device",  "cpu"};
}

void TestCliInterruption::interruptedCommandsLeaveNothing() {
    QFETCH(QStringList, arguments);
    const Outcome outcome = interruptAt(arguments + QStringList{"--json"}, "\"measuring\"", {SIGINT});
    QVERIFY2(outcome.code == 130, outcome.report().constData());
    QCOMPARE(outcome.json()["error"]["code"].toString(), QString("cancelled"));
    QCOMPARE(m_lipar.entries(), m_before);
}

void TestCliInterruption::aClosedOutputPipeLeavesAWholeClip() {
    const Outcome outcome = m_lipar.runShell(
        "{ \"$LIPAR\" edit short.mp4 -o piped.mp4 --prompt ink --json --progress none; echo \"code $?\" >&2; } | true");
    QVERIFY2(outcome.messages.contains("code 1"), outcome.report().constData());
    QCOMPARE(outcome.errorLines(), 1);
    QCOMPARE(m_lipar.probe("piped.mp4", "v:0", "nb_read_frames"), QByteArray("13"));
    QVERIFY(m_lipar.entries().filter(".part").isEmpty());
}

void TestCliInterruption::aClosedMessagePipeDoesNotStopTheJob() {
    const Outcome outcome = m_lipar.runShell(
        "{ \"$LIPAR\" edit short.mp4 -o quiet.mp4 --prompt ink --progress json 2>&1 >/dev/null; echo $? > code; } | "
        "true");
    QVERIFY2(m_lipar.read("code").trimmed() == "0", outcome.report().constData());
    QCOMPARE(m_lipar.probe("quiet.mp4", "v:0", "nb_read_frames"), QByteArray("13"));
}

void TestCliInterruption::closedStandardStreamsDoNotLandInTheClip() {
    const Outcome outcome =
        m_lipar.runShell("\"$LIPAR\" edit short.mp4 -o closed.mp4 --prompt ink --json <&- >&- 2>&-");
    QVERIFY2(outcome.code == 0, outcome.report().constData());
    QCOMPARE(m_lipar.probe("closed.mp4", "v:0", "nb_read_frames"), QByteArray("13"));
}

void TestCliInterruption::aLimitOnFileSizesIsAnError() {
    const Outcome outcome = m_lipar.runShell(
        "ulimit -f 8; \"$LIPAR\" edit short.mp4 -o limited.mkv --prompt ink --codec ffv1 --progress none");
    QVERIFY2(outcome.code == 1, outcome.report().constData());
    QCOMPARE(outcome.errorLines(), 1);
    QCOMPARE(m_lipar.entries(), m_before);
}

QTEST_GUILESS_MAIN(TestCliInterruption)
#include "tst_cli_interruption.moc"
