// Journey 5 of the editor: three exports queued while editing goes on, one cancelled, the queue paused, the program
// closed and opened again; then the files are held against their sources.
#include <algorithm>
#include <cmath>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/paths.h"
#include "tests/support/test_clip.h"
#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using session::ExportForm;
using session::ExportList;
using testing::JourneyWindow;
using testing::WindowDriver;

namespace {

constexpr int phoneFrames = 144;
constexpr int beeperFrames = 48;
constexpr int rate = 24;
constexpr double flashSeconds = 1;  // when the beeper flashes and beeps, from its start

// What ffmpeg writes to its output.
QByteArray ffmpegOutput(const QStringList& arguments) {
    QProcess process;
    process.start("ffmpeg", QStringList{"-v", "error"} + arguments + QStringList{"-"});
    if (!process.waitForFinished(60000) || process.exitCode() != 0)
        qFatal("ffmpeg failed: %s", process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

// Mean brightness of every frame, 0..255.
std::vector<int> brightness(const QString& file) {
    const auto bytes = ffmpegOutput(
        {"-i", file, "-vf", "scale=1:1:flags=area", "-pix_fmt", "gray", "-f", "rawvideo", "-fps_mode", "passthrough"});
    std::vector<int> values;
    for (const char byte : bytes)
        values.push_back(std::uint8_t(byte));
    return values;
}

// Mono at 48 kHz.
std::vector<float> sound(const QString& file) {
    const auto bytes = ffmpegOutput({"-i", file, "-ac", "1", "-ar", "48000", "-f", "f32le"});
    std::vector<float> samples(std::size_t(bytes.size()) / sizeof(float));
    std::copy_n(bytes.constData(), samples.size() * sizeof(float), reinterpret_cast<char*>(samples.data()));
    return samples;
}

QStringList probe(const QString& file, const QString& entries, const QString& stream = "v:0") {
    return test::probeLines(session::toPath(file), entries, stream);
}

}  // namespace

class TestJourneyExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void queueSurvives();
    void keepsWhatTheSourceHad();
    void flashAndBeepStayTogether();

private:
    void openWithPhone(JourneyWindow& studio);
    // On the export page: picks the preset, names the file, waits for the estimate and adds it.
    void queueExport(JourneyWindow& studio, const QString& preset, const QString& name);

    QTemporaryDir m_folder;
    QString m_phone;   // upright by a turn in its header, colours tagged
    QString m_beeper;  // black and silent but for one flash with a beep
    QString m_output;
};

void TestJourneyExport::initTestCase() {
    testing::WarningLog::install();
    QVERIFY(m_folder.isValid() && QDir(m_folder.path()).mkdir("out"));
    m_output = m_folder.filePath("out");
    const auto flat = testing::makeWanderingClip(
        m_folder.filePath("flat.mp4"), "256x144", rate, phoneFrames, true,
        {"-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"});
    m_phone = m_folder.filePath("phone.mp4");
    test::runFfmpeg({"-i", flat, "-c", "copy", "-metadata:s:v", "rotate=90", m_phone});
    m_beeper = m_folder.filePath("beeper.mp4");
    const auto when = QString("between(t,%1,%2)").arg(flashSeconds - 1e-4).arg(flashSeconds + 0.0999);
    test::runFfmpeg(
        {"-f",
         "lavfi",
         "-i",
         QString("color=white:s=256x144:r=%1").arg(rate),
         "-f",
         "lavfi",
         "-i",
         QString("aevalsrc='0.8*sin(2*PI*1000*t)*(%1)':s=48000:d=%2").arg(when).arg(double(beeperFrames) / rate),
         "-vf",
         QString("drawbox=c=black:t=fill:enable='not(%1)'").arg(when),
         "-t",
         QString::number(double(beeperFrames) / rate),
         "-c:v",
         "libx264",
         "-crf",
         "12",
         "-pix_fmt",
         "yuv420p",
         "-c:a",
         "aac",
         m_beeper});
}

void TestJourneyExport::cleanup() {
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestJourneyExport::openWithPhone(JourneyWindow& studio) {
    auto& driver = studio.driver();
    studio.startNewProject();
    driver.drop({QUrl::fromLocalFile(m_phone)}, studio.atLane(0, 0, 20));
    QVERIFY(WindowDriver::waitFor([&] { return studio.session().clipEditor()->hasPicture(); }));
    studio.settle();
    driver.click(driver.named("Look: Oil"));
    QCOMPARE(studio.session().clipEditor()->prompt(), QString("oil painting"));
    // The preview is stopped, so that the export finds little in the cache and takes its time.
    QVERIFY(WindowDriver::waitFor([&] { return driver.item("cancelJobButton")->isVisible(); }));
    driver.click(driver.item("cancelJobButton"));
    QCOMPARE(studio.session().preview()->state(), session::Preview::Cancelled);
}

void TestJourneyExport::queueExport(JourneyWindow& studio, const QString& preset, const QString& name) {
    auto& driver = studio.driver();
    auto* form = studio.session().exportForm();
    driver.press(Qt::Key_F3);
    QVERIFY(WindowDriver::waitFor([&] { return driver.find("exportName") != nullptr; }));
    studio.settle();
    driver.click(driver.named("Preset: " + preset));
    driver.click(driver.item("exportName"));
    studio.write(name);
    driver.click(driver.named("Folder"));
    studio.write(m_output);
    QCOMPARE(form->fileName(), name);
    QCOMPARE(form->folder(), m_output);
    QCOMPARE(form->problem(), ExportForm::NoProblem);
    QVERIFY(WindowDriver::waitFor([&] { return form->estimateState() == ExportForm::Estimated; }));
    QVERIFY(driver.findNamed("Memory: fits"));
    QVERIFY2(!driver.namesWith("File: about ").isEmpty(), "no estimate of the file's size");
    const int count = studio.session().exports()->count();
    driver.click(driver.item("addExportButton"));
    QVERIFY(WindowDriver::waitFor([&] { return studio.session().exports()->count() == count + 1; }));
}

void TestJourneyExport::queueSurvives() {
    {
        JourneyWindow studio(m_folder.path());
        auto& session = studio.session();
        auto& driver = studio.driver();
        const auto stateOf = [&](int row) {
            return session.exports()->data(session.exports()->index(row), ExportList::StateRole).toInt();
        };
        openWithPhone(studio);
        if (QTest::currentTestFailed())
            return;
        studio.report("the clip and its look");
        // Nothing runs yet, so that all three wait when one is cancelled.
        driver.press(Qt::Key_F3);
        QVERIFY(WindowDriver::waitFor([&] { return driver.find("pauseQueueButton") != nullptr; }));
        studio.settle();
        driver.click(driver.item("pauseQueueButton"));
        QVERIFY(session.exports()->isPaused());
        queueExport(studio, "H.264, to share", "kept");
        if (QTest::currentTestFailed())
            return;
        QVERIFY(session.exportForm()->keepSource());
        studio.report("the first export with its estimate");

        // Editing goes on: the second clip changes the timeline, not the export that waits.
        driver.press(Qt::Key_F2);
        QVERIFY(WindowDriver::waitFor([&] { return driver.item("lanes")->isVisible(); }));
        studio.settle();
        studio.leaveFields();
        driver.press(Qt::Key_Minus);
        driver.press(Qt::Key_Minus);
        driver.drop({QUrl::fromLocalFile(m_beeper)}, studio.atLane(0, phoneFrames, 20));
        QVERIFY(WindowDriver::waitFor([&] { return studio.trackOf(0).clips.size() == 2; }));
        queueExport(studio, "HEVC, smaller", "cancelled");
        queueExport(studio, "ProRes, for other editors", "reel");
        if (QTest::currentTestFailed())
            return;
        QCOMPARE(session.exports()->waiting(), 3);
        driver.click(driver.named("Cancel cancelled.mp4"));
        QCOMPARE(stateOf(1), int(ExportList::Cancelled));
        QCOMPARE(session.exports()->waiting(), 2);
        studio.report("three exports queued, one cancelled");

        // The first one runs, editing goes on meanwhile, and it is stopped half way.
        driver.click(driver.item("pauseQueueButton"));
        QVERIFY(WindowDriver::waitFor([&] { return stateOf(0) == ExportList::Running; }));
        driver.press(Qt::Key_F2);
        studio.settle();
        driver.clickAt(studio.atRuler(10));
        const auto markers = studio.project().markers.size();
        driver.press(Qt::Key_M);
        driver.press(Qt::Key_S);
        QCOMPARE(studio.project().markers.size(), markers + 1);
        QCOMPARE(stateOf(0), int(ExportList::Running));
        driver.press(Qt::Key_F3);
        QVERIFY(WindowDriver::waitFor([&] { return driver.find("pauseQueueButton") != nullptr; }));
        studio.settle();
        const auto done = [&](int row) {
            return session.exports()->data(session.exports()->index(row), ExportList::FramesDoneRole).toInt();
        };
        QVERIFY(WindowDriver::waitFor([&] { return done(0) > 0 || stateOf(0) != ExportList::Running; }));
        driver.click(driver.item("pauseQueueButton"));
        QVERIFY(WindowDriver::waitFor([&] { return !session.exports()->isRunning(); }));
        QCOMPARE(stateOf(0), int(ExportList::Paused));
        QVERIFY(driver.findNamed("kept.mp4, Paused"));
        studio.report("running, edited meanwhile, paused");

        // Closed as people close it; the project itself is not kept.
        driver.window().close();
        QVERIFY(WindowDriver::waitFor([&] { return session.files()->asksToSave(); }));
        studio.settle();
        driver.click(driver.item("discardButton"));
        QVERIFY(WindowDriver::waitFor([&] { return !driver.window().isVisible(); }));
        QVERIFY(studio.longestGap() < JourneyWindow::hanging);
    }
    QVERIFY2(QDir(m_output).isEmpty(), "an export that was stopped left something behind");

    JourneyWindow studio(m_folder.path());
    auto& session = studio.session();
    auto& driver = studio.driver();
    QCOMPARE(session.exports()->count(), 3);
    QCOMPARE(session.exports()->waiting(), 2);
    QVERIFY(session.exports()->isPaused());
    driver.press(Qt::Key_F3);
    QVERIFY(WindowDriver::waitFor([&] { return driver.findNamed("kept.mp4, Waiting") != nullptr; }));
    studio.settle();
    QVERIFY(driver.findNamed("cancelled.mp4, Cancelled"));
    QVERIFY(driver.findNamed("reel.mov, Waiting"));
    driver.click(driver.item("pauseQueueButton"));
    QVERIFY(WindowDriver::waitFor([&] { return session.exports()->waiting() == 0; }));
    for (const int row : {0, 2})
        QCOMPARE(session.exports()->data(session.exports()->index(row), ExportList::StateRole).toInt(),
                 int(ExportList::Done));
    studio.report("opened again and finished");
    QCOMPARE(QDir(m_output).entryList(QDir::Files, QDir::Name), (QStringList{"kept.mp4", "reel.mov"}));
    QCOMPARE(session.messages()->count(), 0);
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

// The export of the one whole clip: the source's frames, times, tags, turn and sound, with other pictures.
void TestJourneyExport::keepsWhatTheSourceHad() {
    const auto kept = QDir(m_output).filePath("kept.mp4");
    if (!QFile::exists(kept))
        QFAIL("queueSurvives() has not written it");
    const auto times = probe(kept, "frame=pts_time");
    QCOMPARE(times.size(), phoneFrames);
    QCOMPARE(times, probe(m_phone, "frame=pts_time"));
    for (const auto* entries : {"stream=width,height,color_space,color_transfer,color_primaries,color_range",
                                "stream_side_data=rotation", "stream=avg_frame_rate"})
        QCOMPARE(probe(kept, entries), probe(m_phone, entries));
    QVERIFY(probe(kept, "stream_side_data=rotation").join(' ').contains("90"));
    // The sound is the source's own, sample by sample.
    QCOMPARE(probe(kept, "packet=pts_time,size", "a:0"), probe(m_phone, "packet=pts_time,size", "a:0"));
    QVERIFY(sound(kept) == sound(m_phone));
    // And it was edited: other pictures than the source's.
    const auto edited = ffmpegOutput({"-i", kept, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo"});
    const auto source = ffmpegOutput({"-i", m_phone, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo"});
    QCOMPARE(edited.size(), source.size());
    double difference = 0;
    for (qsizetype i = 0; i < edited.size(); ++i)
        difference += std::abs(int(std::uint8_t(edited[i])) - int(std::uint8_t(source[i])));
    QVERIFY2(difference / double(edited.size()) > 2, "the exported picture is the source's");
}

// The export of two clips: every frame of the timeline, evenly, and picture and sound of the second still together.
void TestJourneyExport::flashAndBeepStayTogether() {
    const auto reel = QDir(m_output).filePath("reel.mov");
    if (!QFile::exists(reel))
        QFAIL("queueSurvives() has not written it");
    const auto times = probe(reel, "frame=pts_time");
    QCOMPARE(times.size(), phoneFrames + beeperFrames);
    for (qsizetype i = 0; i < times.size(); ++i)
        QVERIFY2(std::abs(times[i].section(',', 0, 0).toDouble() - double(i) / rate) < 0.001, qPrintable(times[i]));
    const auto light = brightness(reel);
    QCOMPARE(light.size(), std::size_t(times.size()));
    const auto flash = std::find_if(light.begin() + phoneFrames, light.end(), [](int value) { return value > 40; });
    const auto samples = sound(reel);
    const auto from = samples.begin() + std::ptrdiff_t(48000) * phoneFrames / rate + 4800;
    QVERIFY(samples.end() - from > 48000);
    const auto beep = std::find_if(from, samples.end(), [](float value) { return std::abs(value) > 0.4F; });
    QVERIFY(flash != light.end() && beep != samples.end());
    const double seen = double(flash - light.begin()) / rate;
    const double heard = double(beep - samples.begin()) / 48000;
    qInfo("flash at %.4f s, beep at %.4f s", seen, heard);
    QVERIFY(std::abs(seen - (double(phoneFrames) / rate + flashSeconds)) < 0.02);
    QVERIFY2(std::abs(seen - heard) < 0.02, "picture and sound are apart");
}

QTEST_MAIN(TestJourneyExport)
#include "tst_journey_export.moc"
