#include <QtTest>

#include <nlohmann/json.hpp>

#include "app/cli/human_text.h"
#include "app/cli/progress_printer.h"
#include "fake_environment.h"

using namespace lipar;
using namespace lipar::cli;
using namespace std::chrono_literals;
using lipar::cli::test::CapturedStream;

namespace {

service::Progress editing(std::int64_t done, std::int64_t total) {
    return {1, service::Phase::editing, done, total, 14.25, 0.68, 5};
}

// A printer whose clock the test turns.
struct Bench {
    CapturedStream stream;
    ProgressPrinter::Clock::time_point time{};
    int columns = 80;
    ProgressPrinter printer;

    explicit Bench(ProgressDisplay display)
        : printer(
              stream.file(), display, {}, [this] { return columns; }, [this] { return time; }) {}

    QStringList lines() const { return QString::fromStdString(stream.text()).split('\n', Qt::SkipEmptyParts); }
    QString text() const { return QString::fromStdString(stream.text()); }
};

}  // namespace

class TestProgress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quantitiesReadWell();
    void barShowsSpeedKeptRatioAndTimeLeft();
    void barFitsEveryWidth();
    void unknownFiguresAreLeftOut();
    void plainLinesAreFew();
    void jsonLinesAreOneDocumentEach();
    void transfersSayTheirBytes();
    void noneIsSilent();
    void barIsRedrawnAtMostTenTimesASecond();
    void notesDoNotTearTheBar();
    void finishErasesTheBar();
};

void TestProgress::quantitiesReadWell() {
    QCOMPARE(humanBytes(512), std::string("512 B"));
    QCOMPARE(humanBytes(3'565'158), std::string("3.4 MiB"));
    QCOMPARE(humanBytes(std::uint64_t(17) << 30), std::string("17.0 GiB"));
    QCOMPARE(humanDuration(0.25), std::string("0.25 s"));
    QCOMPARE(humanDuration(8.44), std::string("8.4 s"));
    QCOMPARE(humanDuration(125), std::string("2 min 05 s"));
    QCOMPARE(humanDuration(3725), std::string("1 h 02 min"));
    QCOMPARE(humanDuration(-1), std::string("unknown"));
    QCOMPARE(humanClock(4.2), std::string("0:04"));
    QCOMPARE(humanClock(3723), std::string("1:02:03"));
    QCOMPARE(humanCount(18'200'000), std::string("18.2 million"));
    QCOMPARE(humanPercent(0.678), std::string("68 %"));
    QCOMPARE(humanPercent(0.032), std::string("3.2 %"));
    QCOMPARE(humanPercent(1), std::string("100 %"));
}

void TestProgress::barShowsSpeedKeptRatioAndTimeLeft() {
    QCOMPARE(
        progressBar(editing(48, 120), {}, 100),
        std::string("editing   [############..................]  40 %  48/120 frames  14.2 FPS  kept 68 %  0:05 left"));
    QCOMPARE(progressLine(editing(48, 120), {}),
             std::string("editing: 48 of 120 frames (40 %), 14.2 FPS, kept 68 %, 0:05 left"));
}

void TestProgress::barFitsEveryWidth() {
    for (int columns = 1; columns < 120; ++columns)
        QVERIFY(progressBar(editing(48, 120), {}, columns).size() <= std::size_t(columns));
    QVERIFY(QString::fromStdString(progressBar(editing(999, 120), {}, 100)).contains("100 %"));
}

void TestProgress::unknownFiguresAreLeftOut() {
    const service::Progress loading{1, service::Phase::loading, 0, 0, 0, 1, -1};
    QCOMPARE(progressLine(loading, {}), std::string("loading"));
    QCOMPARE(QString::fromStdString(progressBar(loading, {}, 80)).trimmed(), QString("loading"));
    const service::Progress counting{1, service::Phase::measuring, 24, 0, 0, 0.5, -1};
    QCOMPARE(progressLine(counting, {}), std::string("measuring: 24 frames, kept 50 %"));
    QCOMPARE(progressLine(counting, {.unit = "blocks", .showsKept = false}), std::string("measuring: 24 blocks"));
}

void TestProgress::plainLinesAreFew() {
    Bench bench(ProgressDisplay::plain);
    bench.printer.handle(service::Progress{1, service::Phase::loading, 0, 0, 0, 1, -1});
    for (int frame = 0; frame <= 1200; ++frame)
        bench.printer.handle(editing(frame, 1200));
    QCOMPARE(bench.lines().size(), 12);  // loading, the first, and one per tenth
    bench.printer.handle(editing(1200, 1200));
    QCOMPARE(bench.lines().size(), 12);
    bench.time += 6s;
    bench.printer.handle(editing(1200, 1200));
    QCOMPARE(bench.lines().size(), 13);  // a sign of life when it is slow
    QVERIFY(!bench.text().contains('\r'));
}

void TestProgress::jsonLinesAreOneDocumentEach() {
    Bench bench(ProgressDisplay::json);
    bench.printer.handle(service::Progress{1, service::Phase::loading, 0, 0, 0, 1, -1});
    bench.printer.handle(editing(48, 120));
    QCOMPARE(bench.lines().size(), 2);
    const auto first = nlohmann::json::parse(bench.lines()[0].toStdString());
    QVERIFY(first["frames_total"].is_null());
    QVERIFY(first["seconds_left"].is_null());
    const auto second = nlohmann::json::parse(bench.lines()[1].toStdString());
    QCOMPARE(second["schema"].get<int>(), 1);
    QCOMPARE(second["event"].get<std::string>(), std::string("progress"));
    QCOMPARE(second["phase"].get<std::string>(), std::string("editing"));
    QCOMPARE(second["frames_done"].get<int>(), 48);
    QCOMPARE(second["frames_total"].get<int>(), 120);
    QCOMPARE(second["fps"].get<double>(), 14.25);
    QCOMPARE(second["kept_ratio"].get<double>(), 0.68);
    QCOMPARE(second["seconds_left"].get<double>(), 5.0);
}

void TestProgress::transfersSayTheirBytes() {
    TransferState state;
    state.file = "dit.pt";
    state.phase = TransferPhase::receiving;
    state.done = std::uint64_t(2) << 30;
    state.total = std::uint64_t(4) << 30;
    state.bytesPerSecond = 16 << 20;
    state.secondsLeft = 128;
    QCOMPARE(transferLine(state), std::string("receiving dit.pt  50 %  2.0 GiB of 4.0 GiB  16.0 MiB/s  2:08 left"));
    state.phase = TransferPhase::waiting;
    state.note = "the server answered 503; trying again in 2 s";
    QCOMPARE(transferLine(state), std::string("waiting dit.pt: the server answered 503; trying again in 2 s"));
}

void TestProgress::noneIsSilent() {
    Bench bench(ProgressDisplay::none);
    bench.printer.handle(editing(48, 120));
    bench.printer.finish();
    QVERIFY(bench.text().isEmpty());
    bench.printer.note("warning: something");
    QCOMPARE(bench.text(), QString("warning: something\n"));
}

void TestProgress::barIsRedrawnAtMostTenTimesASecond() {
    Bench bench(ProgressDisplay::bar);
    for (int frame = 0; frame < 100; ++frame) {
        bench.printer.handle(editing(frame, 1000));
        bench.time += 10ms;
    }
    QCOMPARE(bench.text().count('\r'), 10);
    bench.printer.handle(editing(1000, 1000));
    QVERIFY(bench.text().endsWith(QString::fromStdString(progressBar(editing(1000, 1000), {}, 79))));
}

void TestProgress::notesDoNotTearTheBar() {
    Bench bench(ProgressDisplay::bar);
    bench.printer.handle(editing(48, 120));
    const QString bar = QString::fromStdString(progressBar(editing(48, 120), {}, 79));
    bench.printer.note("warning: slow disk");
    QVERIFY(bench.text().endsWith("\r\x1b[Kwarning: slow disk\n" + bar));
}

void TestProgress::finishErasesTheBar() {
    Bench bench(ProgressDisplay::bar);
    bench.printer.handle(editing(48, 120));
    bench.printer.finish();
    QVERIFY(bench.text().endsWith("\r\x1b[K"));
    const QString before = bench.text();
    bench.printer.finish();
    QCOMPARE(bench.text(), before);
}

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
