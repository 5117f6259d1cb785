// `lipar project`: show, import and export, with the engine's probe played by the test.
#include <QtTest>

#include <fstream>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include "app/project/project_file.h"
#include "fake_environment.h"

using namespace lipar;
namespace fs = std::filesystem;

class TestProjectCommand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsAProject();
    void exportsAndImportsAgain();
    void importProbesEachFile();
    void errorsHaveTheirExitCodes_data();
    void errorsHaveTheirExitCodes();
    void helpHasExamples();

private:
    [[nodiscard]] std::string path(const char* name) const { return m_folder.path().toStdString() + "/" + name; }
    // A value of the printed document, by its path: "tracks/0/name".
    [[nodiscard]] QJsonValue value(const QString& path) const {
        QJsonValue value = QJsonDocument::fromJson(QByteArray::fromStdString(m_lipar.output)).object();
        for (const QString& name : path.split('/'))
            value = value.isArray() ? value.toArray().at(name.toInt()) : value.toObject().value(name);
        return value;
    }

    const std::string m_fixture = LIPAR_SOURCE_DIR "/tests/app/project/fixtures/version1.lipar";
    const std::string m_cuts = LIPAR_GOLDEN_DIR "/otio/cuts.otio";
    QTemporaryDir m_folder;
    cli::test::FakeProgram m_lipar;
};

void TestProjectCommand::showsAProject() {
    QCOMPARE(m_lipar.run({"project", "show", m_fixture, "--json"}), 0);
    QCOMPARE(value("schema").toInt(), 1);
    QCOMPARE(value("project/rate").toString(), QString("25"));
    QCOMPARE(value("project/frames").toInt(), 300);
    QCOMPARE(value("tracks").toArray().size(), 4);
    QCOMPARE(value("sources/0/missing").toBool(), true);
    QCOMPARE(value("tracks/0/clips/0/prompt").toString(), QString("oil painting"));
    QCOMPARE(m_lipar.run({"project", "show", m_fixture}), 0);
    QVERIFY(m_lipar.output.find("Music, audio: 1 clips, muted, solo, locked") != std::string::npos);
    QVERIFY(m_lipar.output.find("music.wav (missing)") != std::string::npos);
    QVERIFY(!m_lipar.request);
}

void TestProjectCommand::exportsAndImportsAgain() {
    QCOMPARE(m_lipar.run({"project", "export", m_fixture, "-o", path("film.otio")}), 0);
    QVERIFY(m_lipar.output.find("7 clips on 4 tracks") != std::string::npos);
    QCOMPARE(m_lipar.run({"project", "import", path("film.otio"), "-o", path("film.lipar"), "--json"}), 0);
    QCOMPARE(value("clips").toInt(), 7);
    QCOMPARE(value("notes").toArray().size(), 0);
    QVERIFY(!m_lipar.request);  // the file says all about its media
    QVERIFY(project::loadProject(path("film.lipar")));
}

void TestProjectCommand::importProbesEachFile() {
    service::ClipInfo clip;
    clip.path = fs::path(m_cuts).parent_path() / "media/a street.mp4";
    clip.width = 320;
    clip.height = 240;
    clip.rate = {25, 1};
    clip.frames = 250;
    clip.duration = {10, 1};
    clip.audioCodec = "aac";
    m_lipar.outcome = service::ProbeReport{clip};
    QCOMPARE(m_lipar.run({"project", "import", m_cuts, "-o", path("cuts.lipar")}), 0);
    QVERIFY(std::holds_alternative<service::ProbeRequest>(*m_lipar.request));
    QVERIFY(m_lipar.messages.find("note: the clip lost has no file") != std::string::npos);
    const auto project = project::loadProject(path("cuts.lipar"));
    QVERIFY(project);
    QCOMPARE(project->format.width, 320);
    QCOMPARE(m_lipar.run({"project", "import", m_cuts, "-o", path("cuts.lipar"), "-q"}), 0);
    QVERIFY(m_lipar.messages.empty());
}

void TestProjectCommand::errorsHaveTheirExitCodes_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    std::ofstream(path("text.lipar")) << "no project\n";
    const auto file = [this](const char* name) { return QString::fromStdString(path(name)); };
    const QString fixture = QString::fromStdString(m_fixture);
    QTest::newRow("no command") << QStringList{"project"} << 2;
    QTest::newRow("no file") << QStringList{"project", "show"} << 2;
    QTest::newRow("unknown command") << QStringList{"project", "paint"} << 2;
    QTest::newRow("missing project") << QStringList{"project", "show", file("nothing.lipar")} << 3;
    QTest::newRow("text") << QStringList{"project", "show", file("text.lipar")} << 3;
    QTest::newRow("text as timeline") << QStringList{"project", "import", file("text.lipar"), "-o", file("x.lipar")} << 3;
    QTest::newRow("no output") << QStringList{"project", "export", fixture} << 2;
    QTest::newRow("output that is the input") << QStringList{"project", "export", file("text.lipar"), "-o", file("text.lipar")} << 2;
    QTest::newRow("missing folder") << QStringList{"project", "export", fixture, "-o", file("no/x.otio")} << 1;
}

void TestProjectCommand::errorsHaveTheirExitCodes() {
    QFETCH(const QStringList, arguments);
    QFETCH(const int, code);
    std::vector<std::string> words;
    for (const QString& argument : arguments)
        words.push_back(argument.toStdString());
    QCOMPARE(m_lipar.run(words), code);
    QVERIFY(m_lipar.messages.starts_with("error: "));
    QCOMPARE(std::ranges::count(m_lipar.messages, '\n'), std::ptrdiff_t(1));
    words.push_back("--json");
    QCOMPARE(m_lipar.run(words), code);
    QVERIFY(!value("error/message").toString().isEmpty());
}

void TestProjectCommand::helpHasExamples() {
    for (const char* command : {"show", "import", "export"}) {
        QCOMPARE(m_lipar.run({"project", command, "--help"}), 0);
        QVERIFY(m_lipar.output.find("Example:\n  lipar project " + std::string(command)) != std::string::npos);
    }
}

QTEST_GUILESS_MAIN(TestProjectCommand)
#include "tst_project_command.moc"
