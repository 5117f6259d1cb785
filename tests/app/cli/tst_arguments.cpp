#include <QtTest>

#include "app/cli/argument_values.h"
#include "app/cli/command_line.h"

using namespace lipar;
using namespace lipar::cli;

namespace {

using Words = std::vector<std::string>;

Result<Invocation> parse(const Words& words) { return parseCommandLine(words, "1.2.3"); }

// The request of a command line that must be right.
template <class Request>
Request requestOf(const Words& words) {
    const auto invocation = parse(words);
    if (!invocation) {
        qFatal("%s", invocation.error().sentence().c_str());
    }
    return std::get<Request>(std::get<Task>(invocation->action).request);
}

Words editWith(const Words& more) {
    Words words{"edit", "in.mp4", "-o", "out.mp4", "--prompt", "oil painting"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

QStringList toList(const Words& words) {
    QStringList list;
    for (const std::string& word : words)
        list << QString::fromStdString(word);
    return list;
}

Words toWords(const QStringList& list) {
    Words words;
    for (const QString& word : list)
        words.push_back(word.toStdString());
    return words;
}

}  // namespace

class TestArguments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void times_data();
    void times();
    void editDefaultsLeaveTheModelItsOwn();
    void everyEditOption();
    void promptChangesAreSortedByTime();
    void aPromptMayBeEmptyOrLookLikeAnOption();
    void outputMayBeLeftOutOfADryRunOnly();
    void everyPlanOption();
    void everyTraceOption();
    void everyBenchOption();
    void compareModelsAndDoctor();
    void generalOptionsStandBeforeOrAfterTheCommand();
    void helpHasAnExamplePerCommand_data();
    void helpHasAnExamplePerCommand();
    void versionIsPrinted();
    void wrongArgumentsNameTheOption_data();
    void wrongArgumentsNameTheOption();
    void jsonIsNoticedEvenInAWrongCommandLine();
};

void TestArguments::times_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("seconds");  // negative: must be refused
    QTest::newRow("seconds") << "12.5" << 12.5;
    QTest::newRow("zero") << "0" << 0.0;
    QTest::newRow("minutes") << "1:02" << 62.0;
    QTest::newRow("hours") << "01:02:03.25" << 3723.25;
    QTest::newRow("many minutes first") << "90:00" << 5400.0;
    QTest::newRow("seconds above 59") << "1:75" << -1.0;
    QTest::newRow("fraction of a minute") << "1.5:30" << -1.0;
    QTest::newRow("four parts") << "1:2:3:4" << -1.0;
    QTest::newRow("negative") << "-3" << -1.0;
    QTest::newRow("word") << "soon" << -1.0;
    QTest::newRow("empty") << "" << -1.0;
    QTest::newRow("unit") << "3s" << -1.0;
    QTest::newRow("not a number") << "nan" << -1.0;
    QTest::newRow("infinite") << "inf" << -1.0;
}

void TestArguments::times() {
    QFETCH(QString, text);
    QFETCH(double, seconds);
    const auto value = parseTime(text.toStdString());
    QCOMPARE(value.has_value(), seconds >= 0);
    if (value)
        QCOMPARE(*value, seconds);
}

void TestArguments::editDefaultsLeaveTheModelItsOwn() {
    const auto request = requestOf<service::EditRequest>(editWith({}));
    QCOMPARE(request.input.string(), std::string("in.mp4"));
    QCOMPARE(request.output.path.string(), std::string("out.mp4"));
    QCOMPARE(request.settings.prompt, std::string("oil painting"));
    QVERIFY(request.engine.model.empty());
    QCOMPARE(request.engine.device, std::string("auto"));
    QVERIFY(request.engine.precision == service::Precision::automatic);
    QVERIFY(request.settings.steps.empty());
    QVERIFY(!request.settings.tau1 && !request.settings.tau2 && !request.settings.strength);
    QVERIFY(request.settings.pruning);
    QVERIFY(request.settings.recovery == service::Recovery::full);
    QVERIFY(request.output.audio == service::Audio::copy);
    QVERIFY(!request.dryRun && !request.sendPictures);
}

void TestArguments::everyEditOption() {
    const Words words = editWith({"--model",       "wan",         "--device",    "cuda:1",
                                  "--precision",   "bf16",        "--size",      "320x192",
                                  "--output-size", "640x384",     "--start",     "0:01",
                                  "--end",         "00:00:05.5",  "--seed",      "18446744073709551615",
                                  "--strength",    "0.75",        "--steps",     "400,350,250", "--shift", "3.5",
                                  "--pruning",     "on",          "--tau1",      "0.1",
                                  "--tau2",        "0.2",         "--min-kept",  "0.3",
                                  "--target-fps",  "24",          "--recovery",  "copy",
                                  "--keys",        "per-token",   "--protect",   "p.png",
                                  "--always-edit", "a.png",       "--mask-in",   "i.npy",
                                  "--mask-out",    "o.npy",       "--heatmap",   "heat.mp4",
                                  "--stats",       "s.json",      "--codec",     "hevc",
                                  "--crf",         "20",          "--container", "mkv",
                                  "--audio",       "aac",         "--dry-run",   "--prompt-at",
                                  "2=ink",         "--prompt-at", "1=snow",      "--text-encoder",
                                  "streamed"});
    const auto request = requestOf<service::EditRequest>(words);
    const service::EditSettings& settings = request.settings;
    QCOMPARE(request.engine.model.string(), std::string("wan"));
    QCOMPARE(request.engine.device, std::string("cuda:1"));
    QVERIFY(request.engine.precision == service::Precision::bf16);
    QVERIFY(request.engine.textEncoder == service::TextEncoderPlace::streamed);
    QCOMPARE(settings.width, 320);
    QCOMPARE(settings.height, 192);
    QCOMPARE(request.output.width, 640);
    QCOMPARE(request.output.height, 384);
    QCOMPARE(settings.startSeconds.value(), 1.0);
    QCOMPARE(settings.endSeconds.value(), 5.5);
    QCOMPARE(settings.seed, std::uint64_t(18446744073709551615U));
    QCOMPARE(settings.strength.value(), 0.75);
    QVERIFY((settings.steps == std::vector<int>{400, 350, 250}));
    QCOMPARE(settings.shift, std::optional(3.5));
    QCOMPARE(settings.tau1.value(), 0.1);
    QCOMPARE(settings.tau2.value(), 0.2);
    QCOMPARE(settings.minKept.value(), 0.3);
    QCOMPARE(settings.targetFps.value(), 24.0);
    QVERIFY(settings.recovery == service::Recovery::copy);
    QVERIFY(settings.keys == service::KeySequence::perToken);
    QCOMPARE(settings.protectMask.string(), std::string("p.png"));
    QCOMPARE(settings.alwaysEditMask.string(), std::string("a.png"));
    QCOMPARE(settings.maskIn.string(), std::string("i.npy"));
    QCOMPARE(settings.maskOut.string(), std::string("o.npy"));
    QCOMPARE(request.output.heatmap.string(), std::string("heat.mp4"));
    QCOMPARE(request.output.codec, std::string("hevc"));
    QCOMPARE(request.output.crf.value(), 20);
    QCOMPARE(request.output.container, std::string("mkv"));
    QVERIFY(request.output.audio == service::Audio::aac);
    QVERIFY(request.dryRun);
    QCOMPARE(std::get<Task>(parse(words)->action).statsFile.string(), std::string("s.json"));
}

void TestArguments::promptChangesAreSortedByTime() {
    const auto request =
        requestOf<service::EditRequest>(editWith({"--prompt-at", "0:02=a=b", "--prompt-at", "1=snow"}));
    const std::vector<std::pair<double, std::string>> expected{{1.0, "snow"}, {2.0, "a=b"}};
    QVERIFY(request.settings.promptChanges == expected);
}

void TestArguments::aPromptMayBeEmptyOrLookLikeAnOption() {
    QCOMPARE(requestOf<service::EditRequest>({"edit", "a", "-o", "b", "--prompt", ""}).settings.prompt, std::string());
    QCOMPARE(requestOf<service::EditRequest>({"edit", "a", "-o", "b", "--prompt=--ink"}).settings.prompt,
             std::string("--ink"));
}

void TestArguments::outputMayBeLeftOutOfADryRunOnly() {
    QVERIFY(parse({"edit", "a", "--prompt", "ink", "--dry-run"}).has_value());
    QVERIFY(!parse({"edit", "a", "--prompt", "ink"}).has_value());
}

void TestArguments::everyPlanOption() {
    const auto request = requestOf<service::PlanRequest>({"plan", "--latents", "l.safetensors", "--mask-out", "m.npy",
                                                          "--tau1", "0", "--tau2", "1.5", "--device", "cpu"});
    QVERIFY(request.input.empty());
    QCOMPARE(request.latents.string(), std::string("l.safetensors"));
    QCOMPARE(request.settings.maskOut.string(), std::string("m.npy"));
    QCOMPARE(request.settings.tau1.value(), 0.0);
    QCOMPARE(request.settings.tau2.value(), 1.5);
    QCOMPARE(requestOf<service::PlanRequest>({"plan", "clip.mp4"}).input.string(), std::string("clip.mp4"));
    QCOMPARE(requestOf<service::PlanRequest>({"plan", "clip.mp4", "--prompt", "ink"}).settings.prompt,
             std::string("ink"));
}

void TestArguments::everyTraceOption() {
    const auto request =
        requestOf<service::TraceRequest>({"trace", "--model", "dir", "--case", "c.safetensors", "-o", "o.safetensors",
                                          "--recovery", "none", "--device", "cuda", "--precision", "fp32"});
    QCOMPARE(request.engine.model.string(), std::string("dir"));
    QCOMPARE(request.caseFile.string(), std::string("c.safetensors"));
    QCOMPARE(request.output.string(), std::string("o.safetensors"));
    QVERIFY(request.recovery == service::Recovery::none);
    QVERIFY(request.engine.precision == service::Precision::fp32);
}

void TestArguments::everyBenchOption() {
    const auto request = requestOf<service::BenchRequest>({"bench", "--config", "x.json", "--kept", "1.0,0.68,0.5",
                                                           "--keys", "per-token", "--precision", "fp8", "--blocks", "4",
                                                           "--size", "416x240", "--profile", "--device", "cuda:0"});
    QCOMPARE(request.config, std::string("x.json"));
    QVERIFY((request.keptRatios == std::vector<double>{1.0, 0.68, 0.5}));
    QVERIFY(request.keys == service::KeySequence::perToken);
    QVERIFY(request.engine.precision == service::Precision::fp8);
    QCOMPARE(request.blocks, 4);
    QCOMPARE(request.width, 416);
    QCOMPARE(request.height, 240);
    QVERIFY(request.profile);
    QVERIFY(!request.text);
    const auto text = requestOf<service::BenchRequest>({"bench", "--text", "--model", "wan", "--text-encoder", "cpu"});
    QVERIFY(text.text);
    QVERIFY(text.engine.textEncoder == service::TextEncoderPlace::cpu);
    QCOMPARE(requestOf<service::BenchRequest>({"bench"}).config, std::string("wan2.1-1.3b"));
}

void TestArguments::compareModelsAndDoctor() {
    const auto compare = requestOf<service::CompareRequest>({"compare", "a.mp4", "b.mp4"});
    QCOMPARE(compare.reference.string(), std::string("a.mp4"));
    QCOMPARE(compare.distorted.string(), std::string("b.mp4"));
    QVERIFY(requestOf<service::ModelListRequest>({"models", "list"}).catalogue);
    QCOMPARE(requestOf<service::ModelShowRequest>({"models", "show", "m"}).model.string(), std::string("m"));
    QCOMPARE(requestOf<service::ModelVerifyRequest>({"models", "verify", "m"}).model.string(), std::string("m"));
    const auto convert = requestOf<service::ModelConvertRequest>({"models", "convert", "dit.pt", "-o", "m", "--precision", "fp8"});
    QCOMPARE(convert.source.string(), std::string("dit.pt"));
    QCOMPARE(convert.output.string(), std::string("m"));
    QCOMPARE(convert.precision, service::Precision::fp8);
    const auto install = requestOf<service::ModelInstallRequest>(
        {"models", "install", "m", "--part", "a", "--part", "b", "--mirror", "https://x", "--proxy", "http://p", "--ca-file", "c.pem",
         "--stall-seconds", "7", "--retries", "3", "--retry-wait", "0.5", "--limit-rate", "1.5", "--dry-run"});
    QCOMPARE(install.model, std::string("m"));
    QCOMPARE(install.parts, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(install.download.mirror, std::string("https://x"));
    QCOMPARE(install.download.proxy, std::string("http://p"));
    QCOMPARE(install.download.caFile.string(), std::string("c.pem"));
    QCOMPARE(install.download.stallSeconds, 7);
    QCOMPARE(install.download.retries, 3);
    QCOMPARE(install.download.retryWaitSeconds, 0.5);
    QCOMPARE(install.download.bytesPerSecond, std::uint64_t(1'500'000));
    QVERIFY(install.dryRun && !install.download.keepToken);
    const auto imported = requestOf<service::ModelImportRequest>({"models", "import", "dir", "--as", "m", "--mode", "reference"});
    QCOMPARE(imported.folder.string(), std::string("dir"));
    QCOMPARE(imported.model, std::string("m"));
    QVERIFY(imported.mode == service::ImportMode::reference);
    QCOMPARE(requestOf<service::ModelRepairRequest>({"models", "repair", "m"}).model, std::string("m"));
    QCOMPARE(requestOf<service::ModelRemoveRequest>({"models", "remove", "m"}).model, std::string("m"));
    requestOf<service::DoctorRequest>({"doctor"});
    QCOMPARE(requestOf<service::MakeSampleRequest>({"sample", "s.mp4"}).target.string(), std::string("s.mp4"));
}

void TestArguments::generalOptionsStandBeforeOrAfterTheCommand() {
    for (const Words& words : {Words{"--json", "-vv", "--progress", "json", "doctor"},
                               Words{"doctor", "--json", "-vv", "--progress", "json"}}) {
        const auto invocation = parse(words);
        QVERIFY(invocation.has_value());
        QVERIFY(invocation->general.json);
        QVERIFY(!invocation->general.quiet);
        QCOMPARE(invocation->general.verbosity, 2);
        QVERIFY(invocation->general.progress == ProgressStyle::json);
    }
    QVERIFY(parse({"models", "list", "-q"})->general.quiet);
}

void TestArguments::helpHasAnExamplePerCommand_data() {
    QTest::addColumn<QStringList>("command");
    for (const char* name : {"edit", "plan", "compare", "trace", "bench", "doctor", "sample", "models"})
        QTest::newRow(name) << QStringList{name};
    for (const char* name : {"list", "show", "verify", "install", "import", "repair", "remove"})
        QTest::newRow(name) << QStringList{"models", name};
    QTest::newRow("lipar") << QStringList{};
}

void TestArguments::helpHasAnExamplePerCommand() {
    QFETCH(QStringList, command);
    const auto invocation = parse(toWords(command + QStringList{"--help"}));
    QVERIFY(invocation.has_value());
    const auto text = QString::fromStdString(std::get<std::string>(invocation->action));
    QVERIFY2(text.contains("Example:\n  lipar " + command.join(' ')), qPrintable(text));
}

void TestArguments::versionIsPrinted() {
    QCOMPARE(std::get<std::string>(parse({"--version"})->action), std::string("lipar 1.2.3\n"));
}

void TestArguments::wrongArgumentsNameTheOption_data() {
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("named");
    const auto add = [](const char* row, const Words& words, const char* named) {
        QTest::newRow(row) << toList(words) << named;
    };
    add("nothing", {}, "no command was given: lipar knows edit");
    add("only a flag", {"--json"}, "no command was given");
    add("unknown command", {"lab"}, "unknown command 'lab'");
    add("unknown command after a flag", {"--json", "lab"}, "unknown command 'lab'");
    add("unknown models command", {"models", "borrow", "x"}, "unknown command 'borrow': lipar models knows");
    add("models alone", {"models"}, "no command was given: lipar models knows list, show, verify, convert, install, import, repair and remove");
    add("install nothing", {"models", "install"}, "model");
    add("stall of nothing", {"models", "install", "m", "--stall-seconds", "0"}, "--stall-seconds");
    add("rate of nothing", {"models", "repair", "m", "--limit-rate", "0"}, "--limit-rate");
    add("unknown import mode", {"models", "import", "d", "--mode", "steal"}, "--mode");
    add("unknown option", editWith({"--sharpness", "3"}), "--sharpness");
    add("stray word", editWith({"more.mp4"}), "'more.mp4' was not expected");
    add("no clip", {"edit", "-o", "b", "--prompt", "ink"}, "input");
    add("empty clip", {"edit", "", "-o", "b", "--prompt", "ink"}, "input");
    add("no prompt", {"edit", "a", "-o", "b"}, "--prompt");
    add("no output", {"edit", "a", "--prompt", "ink"}, "--output");
    add("tau1 negative", editWith({"--tau1", "-0.1"}), "--tau1");
    add("tau2 word", editWith({"--tau2", "low"}), "--tau2");
    add("tau1 nan", editWith({"--tau1", "nan"}), "--tau1");
    add("strength above 1", editWith({"--strength", "1.01"}), "--strength");
    add("min-kept below 0", editWith({"--min-kept", "-1"}), "--min-kept");
    add("target-fps 0", editWith({"--target-fps", "0"}), "--target-fps");
    add("seed negative", editWith({"--seed", "-1"}), "--seed");
    add("seed too large", editWith({"--seed", "18446744073709551616"}), "--seed");
    add("shift 0", editWith({"--shift", "0"}), "--shift");
    add("steps ascending", editWith({"--steps", "250,400"}), "--steps");
    add("steps repeated", editWith({"--steps", "400,400"}), "--steps");
    add("steps 0", editWith({"--steps", "400,0"}), "--steps");
    add("steps 1001", editWith({"--steps", "1001"}), "--steps");
    add("steps with a gap", editWith({"--steps", "400,,250"}), "--steps");
    add("size without x", editWith({"--size", "832"}), "--size");
    add("size 0", editWith({"--size", "0x480"}), "--size");
    add("size negative", editWith({"--size", "832x-480"}), "--size");
    add("size huge", editWith({"--size", "100000x480"}), "--size");
    add("output size", editWith({"--output-size", "ax480"}), "--output-size");
    add("crf 64", editWith({"--crf", "64"}), "--crf");
    add("crf fraction", editWith({"--crf", "18.5"}), "--crf");
    add("start word", editWith({"--start", "later"}), "--start");
    add("end before start", editWith({"--start", "5", "--end", "4"}), "--end");
    add("end at 0", editWith({"--end", "0"}), "--end");
    add("device", editWith({"--device", "tpu"}), "--device");
    add("device number", editWith({"--device", "cuda:x"}), "--device");
    add("precision", editWith({"--precision", "fp64"}), "--precision");
    add("text encoder", editWith({"--text-encoder", "disk"}), "--text-encoder");
    add("recovery", editWith({"--recovery", "some"}), "--recovery");
    add("keys", editWith({"--keys", "all"}), "--keys");
    add("pruning", editWith({"--pruning", "maybe"}), "--pruning");
    add("audio", editWith({"--audio", "mp3"}), "--audio");
    add("progress", editWith({"--progress", "fancy"}), "--progress");
    add("prompt-at without =", editWith({"--prompt-at", "3"}), "--prompt-at");
    add("prompt-at time", editWith({"--prompt-at", "x=ink"}), "--prompt-at");
    add("option without value", editWith({"--tau1"}), "--tau1: its value is missing");
    add("option twice", editWith({"--tau1", "0.1", "--tau1", "0.2"}), "--tau1: it was given more than once");
    add("mask without pruning", editWith({"--pruning", "off", "--mask-in", "m.npy"}), "--mask-in");
    add("fps without pruning", editWith({"--pruning", "off", "--target-fps", "20"}), "--target-fps");
    add("plan of nothing", {"plan"}, "clip");
    add("plan of two", {"plan", "a.mp4", "--latents", "l.safetensors"}, "--latents");
    add("plan has no output", {"plan", "a.mp4", "-o", "b"}, "-o");
    add("compare one", {"compare", "a.mp4"}, "distorted");
    add("trace without case", {"trace", "-o", "o"}, "--case");
    add("kept 0", {"bench", "--kept", "1.0,0"}, "--kept");
    add("kept above 1", {"bench", "--kept", "1.5"}, "--kept");
    add("blocks 0", {"bench", "--blocks", "0"}, "--blocks");
    add("show nothing", {"models", "show"}, "model");
}

void TestArguments::wrongArgumentsNameTheOption() {
    QFETCH(QStringList, words);
    QFETCH(QString, named);
    const auto invocation = parse(toWords(words));
    QVERIFY(!invocation.has_value());
    QCOMPARE(invocation.error().exitCode(), 2);
    const auto sentence = QString::fromStdString(invocation.error().sentence());
    QVERIFY2(sentence.contains(named), qPrintable(sentence));
    QVERIFY2(!sentence.contains('\n'), qPrintable(sentence));
    QVERIFY2(!invocation.error().hint.empty(), qPrintable(sentence));
}

void TestArguments::jsonIsNoticedEvenInAWrongCommandLine() {
    QVERIFY(asksForJson({"edit", "--json", "--wrong"}));
    QVERIFY(!asksForJson({"edit", "--wrong"}));
    QVERIFY(!asksForJson({"edit", "--", "--json"}));
}

QTEST_GUILESS_MAIN(TestArguments)
#include "tst_arguments.moc"
