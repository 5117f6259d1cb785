#include "tests/ui/journeys/journey_window.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QTest>

#include "app/session/paths.h"
#include "engine/service/engine.h"
#include "tests/support/test_clip.h"

namespace lipar::testing {

JourneyWindow::JourneyWindow(const QString& folder) {
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);  // those of a desktop take no keys from a test
    QGuiApplication::setQuitOnLastWindowClosed(false);            // there is another one to come
    QElapsedTimer clock;
    clock.start();
    const QDir dir(folder);
    m_settings = std::make_unique<settings::AppSettings>(dir.filePath("settings.ini"));
    if (m_settings->language().isEmpty())
        m_settings->setLanguage("en");
    m_settings->setCacheFolder(dir.filePath("edits"));
    m_runner = std::make_unique<jobs::EngineRunner>(service::EngineOptions{});
    m_session = std::make_unique<session::StudioSession>(
        *m_runner, *m_settings,
        session::StudioSession::Options{.cacheFolder = session::toPath(dir.filePath("cache")),
                                        .stateFolder = session::toPath(dir.filePath("state")),
                                        .sound = nullptr});
    m_studio = std::make_unique<StudioWindow>(*m_session, *m_settings);
    if (!m_studio->window())
        qFatal("the window could not be loaded");
    m_driver = std::make_unique<WindowDriver>(*m_studio->window());
    bool isShown = false;
    const auto first = QObject::connect(&m_driver->window(), &QQuickWindow::frameSwapped, &m_driver->window(), [&] {
        m_startTime = std::chrono::milliseconds(isShown ? m_startTime.count() : clock.elapsed());
        isShown = true;
    });
    m_driver->window().requestActivate();
    const bool isReady = QTest::qWaitForWindowActive(&m_driver->window()) && WindowDriver::waitFor([&] {
                             return isShown && m_session->clipEditor()->looks()->count() > 0;
                         });
    QObject::disconnect(first);
    if (!isReady)
        qFatal("the window was not shown, or the built-in model is missing");
    m_watchdog = std::make_unique<UiWatchdog>();
}

JourneyWindow::~JourneyWindow() {
    const auto pictures = qEnvironmentVariable("LIPAR_SCREENSHOTS");
    if (!pictures.isEmpty() && QTest::currentTestFunction() && QTest::currentTestFailed())
        m_driver->window().grabWindow().save(QDir(pictures).filePath(QString(QTest::currentTestFunction()) + ".png"));
    m_watchdog.reset();
    m_driver.reset();
    m_studio.reset();
    m_session.reset();
    m_runner.reset();
}

void JourneyWindow::startNewProject() {
    m_driver->click(m_driver->item("newProjectButton"));
    if (!WindowDriver::waitFor([this] { return m_driver->item("timelinePanel")->isVisible(); }))
        qFatal("the timeline did not appear");
    settle();
}

void JourneyWindow::settle() {
    m_driver->settle();
}

QPointF JourneyWindow::atLane(int lane, double frame, double y) {
    const auto& timeline = *m_session->timeline();
    const auto& lanes = timeline.layout().lanes();
    return m_driver->item("lanes")->mapToScene(
        {timeline.scale().xOf(frame), lanes.at(std::size_t(lane)).y - timeline.contentY() + y});
}

QPointF JourneyWindow::atRuler(double frame) {
    auto* ruler = m_driver->item("ruler");
    return ruler->mapToScene({m_session->timeline()->scale().xOf(frame), ruler->height() / 2});
}

qint64 JourneyWindow::startOf(const project::Clip& clip) {
    return (clip.start * project().format.rate).rounded();
}

qint64 JourneyWindow::lengthOf(const project::Clip& clip) {
    return (clip.duration * project().format.rate).rounded();
}

const project::Track& JourneyWindow::trackOf(int lane) {
    return *m_session->timeline()->layout().lanes().at(std::size_t(lane)).track;
}

void JourneyWindow::leaveFields() {
    // The free end of the toolbar would do nothing; the ruler moves the playhead to where it is.
    m_driver->clickAt(atRuler(double(m_session->player()->frame())));
}

void JourneyWindow::write(const QString& text) {
    m_driver->press(Qt::Key_A, Qt::ControlModifier);
    m_driver->type(text);
}

void JourneyWindow::writePrompt(const QString& prompt) {
    m_driver->press(Qt::Key_L, Qt::ControlModifier);
    if (!WindowDriver::waitFor([this] {
            const auto* focused = m_driver->window().activeFocusItem();
            return focused && focused->objectName() == "promptField";
        }))
        qFatal("the prompt did not get the keyboard");
    write(prompt);
}

void JourneyWindow::report(const char* step) {
    const auto gap = m_watchdog->longestGap();
    m_longestGap = std::max(m_longestGap, gap);
    qInfo("%s: the UI thread was away for %lld ms at most", step, static_cast<long long>(gap.count()));
    m_watchdog->restart();
}

QString makeWanderingClip(const QString& file, const QString& size, int rate, int frames, bool sound,
                          const QStringList& more) {
    QStringList arguments{"-f", "lavfi", "-i", QString("smptehdbars=s=%1:r=%2").arg(size).arg(rate),
                          "-f", "lavfi", "-i", QString("color=red:s=32x32:r=%1").arg(rate)};
    if (sound)
        arguments << "-f"
                  << "lavfi"
                  << "-i" << QString("sine=440:r=48000:d=%1").arg(double(frames) / rate);
    arguments << "-filter_complex"
              << "[0:v][1:v]overlay=x='12+48*t':y='20+12*t',format=yuv420p[v]"
              << "-map"
              << "[v]";
    if (sound)
        arguments << "-map"
                  << "2:a"
                  << "-c:a"
                  << "aac";
    // Told in seconds: a limit of frames would cut off the sound where the pictures come faster.
    arguments << "-t" << QString::number(double(frames) / rate, 'f', 6) << "-c:v"
              << "libx264"
              << "-crf"
              << "16";
    test::runFfmpeg(arguments + more + QStringList{file});
    return file;
}

}  // namespace lipar::testing
