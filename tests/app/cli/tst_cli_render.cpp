// `lipar render` on a small project: the timeline, its ranges, its edits.
#include <QtTest>

#include <QJsonArray>

#include "app/project/project_file.h"
#include "cli_program.h"
#include "film_project.h"

using namespace lipar;
using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;

#define VERIFY_CODE(outcome, expected) QVERIFY2((outcome).code == (expected), (outcome).report().constData())

class TestCliRender : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void timelineIsRendered();
    void rangesAreJoined();
    void oneClipKeepsTheSourcesFrames();
    void allEditsGoIntoAFolder();
    void dryRunWritesNothing();
    void missingMediaIsNamed();
    void wrongArguments_data();
    void wrongArguments();

private:
    [[nodiscard]] int frames(const QString& name) const {
        const Outcome probe = m_lipar.runProgram("ffprobe", {"-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries",
                                                             "stream=nb_read_packets", "-of", "csv=p=0", name});
        return probe.output.trimmed().toInt();
    }

    CliProgram m_lipar;
};

// Two seconds: the clip as it is, then its first second edited.
void TestCliRender::initTestCase() {
    QVERIFY(m_lipar.isValid());
    if (!m_lipar.makeClip("clip.mp4", 96, 64, 24))
        QSKIP("the ffmpeg program, which makes the test clips, is not installed");
    const auto project = cli::test::filmOf(m_lipar.path("clip.mp4").toStdString(), 2, {{1, {}}, {1, "oil painting"}});
    const auto saved = project::saveProject(project, m_lipar.path("film.lipar").toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().sentence().c_str());
}

void TestCliRender::timelineIsRendered() {
    const Outcome render = m_lipar.run({"render", "film.lipar", "-o", "film.mp4", "--device", "cpu", "--cache", "blocks", "--json", "--stats", "film.json"});
    VERIFY_CODE(render, 0);
    const QJsonObject json = render.json();
    QCOMPARE(json["schema"].toInt(), 1);
    QCOMPARE(json["output"]["frames"].toInt(), 24);
    QVERIFY(json["edited_frames"].toInt() >= 12);
    QCOMPARE(QJsonDocument::fromJson(m_lipar.read("film.json")).object(), json);
    QCOMPARE(frames("film.mp4"), 24);
    QVERIFY(m_lipar.entries().contains("blocks"));
    const Outcome again = m_lipar.run({"render", "film.lipar", "-o", "again.mp4", "--device", "cpu", "--cache", "blocks"});
    VERIFY_CODE(again, 0);
    QVERIFY2(again.output.contains("rendered 24 frames") && !again.output.contains("edited"), again.output.constData());
}

void TestCliRender::rangesAreJoined() {
    const QStringList common{"--device", "cpu", "--cache", "blocks", "--codec", "ffv1", "-q"};
    VERIFY_CODE(m_lipar.run(QStringList{"render", "film.lipar", "-o", "whole.mkv"} + common), 0);
    VERIFY_CODE(m_lipar.run(QStringList{"render", "film.lipar", "-o", "a.mkv", "--range", "0..15"} + common), 0);
    VERIFY_CODE(m_lipar.run(QStringList{"render", "film.lipar", "-o", "b.mkv", "--start", "1.25"} + common), 0);
    QCOMPARE(frames("a.mkv"), 15);
    QCOMPARE(frames("b.mkv"), 9);
    VERIFY_CODE(m_lipar.run({"render", "--join", "a.mkv", "b.mkv", "-o", "joined.mkv"}), 0);
    const Outcome compare = m_lipar.run({"compare", "whole.mkv", "joined.mkv", "--json"});
    VERIFY_CODE(compare, 0);
    QCOMPARE(compare.json()["frames"].toInt(), 24);
    QVERIFY(compare.json()["psnr"].isNull());
}

void TestCliRender::oneClipKeepsTheSourcesFrames() {
    const Outcome render = m_lipar.run({"render", "film.lipar", "--clip", "201", "-o", "one.mp4", "--device", "cpu", "--json"});
    VERIFY_CODE(render, 0);
    QCOMPARE(render.json()["output"]["frames"].toInt(), 12);
    QCOMPARE(render.json()["prompt"].toString(), QString("oil painting"));
    QCOMPARE(frames("one.mp4"), 12);
}

void TestCliRender::allEditsGoIntoAFolder() {
    const Outcome render = m_lipar.run({"render", "film.lipar", "--all-edits", "-o", "edits", "--device", "cpu", "--json"});
    VERIFY_CODE(render, 0);
    QCOMPARE(render.json()["outputs"].toArray().size(), 1);
    QCOMPARE(frames("edits/clip-201.mp4"), 12);
}

void TestCliRender::dryRunWritesNothing() {
    const Outcome asked = m_lipar.run({"render", "film.lipar", "-o", "dry.mp4", "--dry-run", "--device", "cpu", "--json"});
    VERIFY_CODE(asked, 0);
    QVERIFY(asked.json()["estimate"]["seconds"].toDouble() > 0);
    QVERIFY(asked.json()["output_bytes"].toDouble() > 0);
    QVERIFY(!m_lipar.entries().join(' ').contains("dry"));
}

void TestCliRender::missingMediaIsNamed() {
    QVERIFY(QFile::rename(m_lipar.path("clip.mp4"), m_lipar.path("moved.mp4")));
    const Outcome render = m_lipar.run({"render", "film.lipar", "-o", "nothing.mp4", "--progress", "none"});
    QVERIFY(QFile::rename(m_lipar.path("moved.mp4"), m_lipar.path("clip.mp4")));
    VERIFY_CODE(render, 3);
    QCOMPARE(render.errorLines(), 1);
    QVERIFY2(render.messages.contains("clip.mp4") && render.messages.contains("relink"), render.messages.constData());
    QVERIFY(!m_lipar.entries().contains("nothing.mp4"));
}

void TestCliRender::wrongArguments_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::newRow("nothing") << QStringList{"-o", "x.mp4"} << 2;
    QTest::newRow("no output") << QStringList{"film.lipar"} << 2;
    QTest::newRow("both") << QStringList{"film.lipar", "-o", "x.mp4", "--join", "a.mp4"} << 2;
    QTest::newRow("empty range") << QStringList{"film.lipar", "-o", "x.mp4", "--range", "9..9"} << 2;
    QTest::newRow("words for a range") << QStringList{"film.lipar", "-o", "x.mp4", "--range", "a..b"} << 2;
    QTest::newRow("range past the end") << QStringList{"film.lipar", "-o", "x.mp4", "--range", "0..99"} << 2;
    QTest::newRow("two ranges") << QStringList{"film.lipar", "-o", "x.mp4", "--range", "0..9", "--end", "1"} << 2;
    QTest::newRow("unknown clip") << QStringList{"film.lipar", "-o", "x.mp4", "--clip", "77"} << 2;
    QTest::newRow("clip without an edit") << QStringList{"film.lipar", "-o", "x.mp4", "--clip", "200"} << 2;
    QTest::newRow("missing project") << QStringList{"nothing.lipar", "-o", "x.mp4"} << 3;
    QTest::newRow("project that is a clip") << QStringList{"clip.mp4", "-o", "x.mp4"} << 3;
    QTest::newRow("part that is none") << QStringList{"--join", "clip.mp4", "-o", "x.mp4"} << 3;
    QTest::newRow("missing part") << QStringList{"--join", "nothing.mp4", "-o", "x.mp4"} << 3;
}

void TestCliRender::wrongArguments() {
    QFETCH(const QStringList, arguments);
    QFETCH(const int, code);
    const Outcome render = m_lipar.run(QStringList{"render"} + arguments + QStringList{"--progress", "none"});
    VERIFY_CODE(render, code);
    QCOMPARE(render.errorLines(), 1);
    QVERIFY(!m_lipar.entries().contains("x.mp4"));
}

QTEST_GUILESS_MAIN(TestCliRender)
#include "tst_cli_render.moc"
