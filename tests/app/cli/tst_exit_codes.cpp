#include <QtTest>

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/cli/exit_codes.h"
#include "engine/core/log.h"
#include "fake_environment.h"

using namespace lipar;
using namespace lipar::cli;
using lipar::cli::test::FakeProgram;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kEdit{"edit", "in.mp4", "-o", "out.mp4", "--prompt", "ink"};

std::vector<std::string> editWith(const std::vector<std::string>& more) {
    auto words = kEdit;
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

int errorLines(const std::string& messages) {
    int count = 0;
    for (const QString& line : QString::fromStdString(messages).split('\n'))
        count += line.startsWith("error: ") ? 1 : 0;
    return count;
}

service::Event progress(service::Phase phase) { return service::Progress{1, phase, 1, 10, 10, 0.5, 1}; }

}  // namespace

class TestExitCodes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyErrorHasItsCode_data();
    void everyErrorHasItsCode();
    void wrongArgumentsAre2AndNeverReachTheEngine();
    void jsonErrorsComeAsOneDocument();
    void aCancelledJobSaysSo();
    void errorsStayOnOneLine();
    void helpAndVersionAre0();
    void jsonPrintsOneDocumentAndNothingElse();
    void quietPrintsNothingAfterAnEdit();
    void unknownWordsAreToldOnce();
    void longPromptsAreWarnedOf();
    void statsAppearWholeOrNotAtAll();
    void aStatsFolderThatIsMissingStopsTheJobBeforeItStarts();
    void anUnhealthyDoctorFails();
    void outputThatCannotBePrintedIs1();
    void logLinesNeedVerbosity();
    void exceptionsDoNotEscape();
};

void TestExitCodes::everyErrorHasItsCode_data() {
    QTest::addColumn<int>("error");
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("while_editing");
    const auto add = [](const char* row, ErrorCode error, int before, int later) {
        QTest::newRow(row) << int(error) << before << later;
    };
    add("invalid argument", ErrorCode::invalidArgument, 2, 2);
    add("input missing", ErrorCode::inputMissing, 3, 3);
    add("input damaged", ErrorCode::inputDamaged, 3, 3);
    add("input unsupported", ErrorCode::inputUnsupported, 3, 3);
    add("model missing", ErrorCode::modelMissing, 4, 4);
    add("model damaged", ErrorCode::modelDamaged, 4, 4);
    add("device unavailable", ErrorCode::deviceUnavailable, 5, 5);
    add("out of memory", ErrorCode::outOfMemory, 5, 1);
    add("disk full", ErrorCode::diskFull, 5, 1);
    add("output failed", ErrorCode::outputFailed, 1, 1);
    add("decode failed", ErrorCode::decodeFailed, 1, 1);
    add("network failed", ErrorCode::networkFailed, 1, 1);
    add("access denied", ErrorCode::accessDenied, 4, 4);
    add("in use", ErrorCode::inUse, 1, 1);
    add("cancelled", ErrorCode::cancelled, 130, 130);
    add("internal", ErrorCode::internal, 1, 1);
}

void TestExitCodes::everyErrorHasItsCode() {
    QFETCH(int, error);
    QFETCH(int, before);
    QFETCH(int, while_editing);
    FakeProgram program;
    program.outcome = fail(ErrorCode(error), "it failed: because", "do this");
    QCOMPARE(program.run(kEdit), before);
    QCOMPARE(errorLines(program.messages), 1);
    program.events = {progress(service::Phase::loading), progress(service::Phase::measuring)};
    QCOMPARE(program.run(kEdit), before);
    program.events.push_back(progress(service::Phase::editing));
    QCOMPARE(program.run(kEdit), while_editing);
    QCOMPARE(errorLines(program.messages), 1);
}

void TestExitCodes::wrongArgumentsAre2AndNeverReachTheEngine() {
    FakeProgram program;
    QCOMPARE(program.run({"edit", "in.mp4", "--strength", "2"}), 2);
    QVERIFY(!program.request);
    QCOMPARE(program.messages,
             std::string("error: wrong argument --strength: '2' is not between 0 and 1; run lipar edit --help\n"));
    QVERIFY(program.output.empty());
    QCOMPARE(program.run({}), 2);
    QCOMPARE(errorLines(program.messages), 1);
}

void TestExitCodes::jsonErrorsComeAsOneDocument() {
    FakeProgram program;
    QCOMPARE(program.run({"edit", "--json", "--nonsense"}), 2);
    QCOMPARE(nlohmann::json::parse(program.output)["error"]["code"].get<std::string>(),
             std::string("invalid-argument"));
    program.outcome =
        fail(ErrorCode::modelMissing, "no model called x: it is not in the models folder", "see lipar models list");
    QCOMPARE(program.run(editWith({"--json"})), 4);
    const auto json = nlohmann::json::parse(program.output);
    QCOMPARE(json["schema"].get<int>(), 1);
    QCOMPARE(json["error"]["hint"].get<std::string>(), std::string("see lipar models list"));
    QCOMPARE(program.messages,
             std::string("error: no model called x: it is not in the models folder; see lipar models list\n"));
}

void TestExitCodes::aCancelledJobSaysSo() {
    FakeProgram program;
    program.outcome = cancelledError();
    QCOMPARE(program.run(kEdit), 130);
    QCOMPARE(program.messages, std::string("error: cancelled: interrupted before the end; nothing was written\n"));
}

void TestExitCodes::errorsStayOnOneLine() {
    FakeProgram program;
    program.outcome = fail(ErrorCode::internal, "first\nsecond\r\nthird");
    program.run(kEdit);
    QCOMPARE(std::ranges::count(program.messages, '\n'), std::ptrdiff_t(1));
}

void TestExitCodes::helpAndVersionAre0() {
    FakeProgram program;
    QCOMPARE(program.run({"--version"}), 0);
    QCOMPARE(program.output, std::string("lipar 1.2.3\n"));
    QCOMPARE(program.run({"edit", "--help"}), 0);
    QVERIFY(program.messages.empty());
    QVERIFY(!program.request);
}

void TestExitCodes::jsonPrintsOneDocumentAndNothingElse() {
    FakeProgram program;
    program.outcome = service::EditReport{};
    program.events = {progress(service::Phase::editing)};
    QCOMPARE(program.run(editWith({"--json"})), 0);
    QCOMPARE(nlohmann::json::parse(program.output)["schema"].get<int>(), 1);
    QVERIFY(!program.messages.empty());
    program.terminal = true;
    QCOMPARE(program.run(editWith({"--json", "--progress", "json"})), 0);
    QCOMPARE(nlohmann::json::parse(program.messages)["event"].get<std::string>(), std::string("progress"));
}

void TestExitCodes::quietPrintsNothingAfterAnEdit() {
    FakeProgram program;
    program.outcome = service::EditReport{};
    program.events = {progress(service::Phase::editing)};
    QCOMPARE(program.run(editWith({"-q"})), 0);
    QVERIFY(program.output.empty());
    QVERIFY(program.messages.empty());
    program.outcome = service::CompareReport{};
    QCOMPARE(program.run({"compare", "a", "b", "-q"}), 0);
    QVERIFY(!program.output.empty());
}

void TestExitCodes::unknownWordsAreToldOnce() {
    FakeProgram program;
    service::EditPrepared prepared;
    prepared.model.name = "lipar-mini";
    prepared.unknownWords = {"zeppelin", "quasar"};
    program.events = {prepared};
    program.outcome = service::EditReport{};
    QCOMPARE(program.run(kEdit), 0);
    QVERIFY(
        program.messages.starts_with("note: lipar-mini does not know these words and ignores them: zeppelin, quasar"));
    QCOMPARE(program.run(editWith({"-q"})), 0);
    QVERIFY(program.messages.empty());
}

void TestExitCodes::longPromptsAreWarnedOf() {
    const std::string warning = "warning: the prompt has 600 tokens, of which the model reads the first 512";
    FakeProgram program;
    service::EditPrepared prepared;
    prepared.promptTokens = {600, 512, true};
    program.events = {prepared};
    program.outcome = service::EditReport{};
    QCOMPARE(program.run(kEdit), 0);
    QVERIFY(program.messages.starts_with(warning));
    QCOMPARE(program.run(editWith({"-q"})), 0);
    QVERIFY(program.messages.empty());
    prepared.promptTokens = {512, 512, false};
    program.events = {prepared};
    QCOMPARE(program.run(kEdit), 0);
    QVERIFY(!program.messages.contains("warning"));
    program.events.clear();
    service::PlanReport plan;
    plan.promptTokens = {600, 512, true};
    program.outcome = plan;
    QCOMPARE(program.run({"plan", "a.mp4", "--prompt", "long"}), 0);
    QVERIFY(program.messages.starts_with(warning));
}

void TestExitCodes::statsAppearWholeOrNotAtAll() {
    const QTemporaryDir folder;
    const fs::path stats = fs::path(folder.path().toStdString()) / "run.json";
    FakeProgram program;
    program.outcome = fail(ErrorCode::decodeFailed, "broke");
    QCOMPARE(program.run(editWith({"--stats", stats.string()})), 1);
    QVERIFY(fs::is_empty(stats.parent_path()));
    program.outcome = service::EditReport{};
    QCOMPARE(program.run(editWith({"--stats", stats.string()})), 0);
    std::ifstream stream(stats);
    QCOMPARE(nlohmann::json::parse(stream)["schema"].get<int>(), 1);
    QCOMPARE(std::distance(fs::directory_iterator(stats.parent_path()), fs::directory_iterator()), std::ptrdiff_t(1));
}

void TestExitCodes::aStatsFolderThatIsMissingStopsTheJobBeforeItStarts() {
    FakeProgram program;
    QCOMPARE(program.run(editWith({"--stats", "/no/such/folder/run.json"})), 1);
    QVERIFY(!program.request);
    QCOMPARE(errorLines(program.messages), 1);
}

void TestExitCodes::anUnhealthyDoctorFails() {
    FakeProgram program;
    QCOMPARE(program.run({"doctor"}), 0);
    program.outcome = service::DoctorReport{{{"models", "lipar-mini", "absent", false}}, false};
    QCOMPARE(program.run({"doctor", "--json"}), 1);
    QCOMPARE(nlohmann::json::parse(program.output)["healthy"].get<bool>(), false);
    QCOMPARE(errorLines(program.messages), 1);
}

void TestExitCodes::outputThatCannotBePrintedIs1() {
    std::FILE* const full = std::fopen("/dev/full", "w");
    if (full == nullptr)
        QSKIP("this system has no /dev/full");
    test::CapturedStream messages;
    Environment environment;
    environment.runJob = [](auto&&...) -> Result<service::Report> { return service::DoctorReport{}; };
    environment.output = full;
    environment.messages = messages.file();
    QCOMPARE(cli::run({"doctor"}, environment), 1);
    QCOMPARE(errorLines(messages.text()), 1);
    std::fclose(full);
}

void TestExitCodes::logLinesNeedVerbosity() {
    const auto messagesWith = [](const std::vector<std::string>& words) {
        test::CapturedStream output;
        test::CapturedStream messages;
        Environment environment;
        environment.runJob = [](auto&&...) -> Result<service::Report> {
            log(LogLevel::debug, "a detail");
            log(LogLevel::info, "a fact");
            log(LogLevel::warning, "a doubt");
            return service::DoctorReport{};
        };
        environment.output = output.file();
        environment.messages = messages.file();
        (void)cli::run(words, environment);
        return messages.text();
    };
    QCOMPARE(messagesWith({"doctor"}), std::string("warning: a doubt\n"));
    QCOMPARE(messagesWith({"doctor", "-q"}), std::string());
    QCOMPARE(messagesWith({"doctor", "-v"}), std::string("info: a fact\nwarning: a doubt\n"));
    QCOMPARE(messagesWith({"doctor", "-v", "-v"}), std::string("debug: a detail\ninfo: a fact\nwarning: a doubt\n"));
}

void TestExitCodes::exceptionsDoNotEscape() {
    test::CapturedStream output;
    test::CapturedStream messages;
    Environment environment;
    environment.output = output.file();
    environment.messages = messages.file();
    environment.runJob = [](auto&&...) -> Result<service::Report> { throw std::bad_alloc(); };
    QCOMPARE(cli::run({"doctor"}, environment), 5);
    environment.runJob = [](auto&&...) -> Result<service::Report> { throw std::runtime_error("odd"); };
    QCOMPARE(cli::run({"doctor"}, environment), 1);
    QCOMPARE(errorLines(messages.text()), 2);
}

QTEST_GUILESS_MAIN(TestExitCodes)
#include "tst_exit_codes.moc"
