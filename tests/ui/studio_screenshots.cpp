// Drives the window through its states and writes a picture of each: studio_screenshots FOLDER [CLIP] [--fake].
//
// With the real engine where the build has one, and the sample clip where no clip is named.
#include <cstdio>
#include <functional>

#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>

#include "app/main/studio_window.h"
#include "app/session/paths.h"
#include "tests/support/fake_engine.h"
#ifdef LIPAR_HAS_ENGINE
#include "app/jobs/engine_runner.h"
#include "engine/service/engine.h"
#endif

using namespace lipar;
using session::EditRun;
using session::ResultSaver;
using session::ViewState;

namespace {

class Photographer {
public:
    Photographer(QQuickWindow& window, const QString& folder) : m_window(window), m_folder(folder) {}

    void take(const QString& name) {
        rest(250);  // hover and slide animations come to rest
        const auto file = m_folder.filePath(QString("%1-%2.png").arg(++m_number, 2, 10, QChar('0')).arg(name));
        if (!m_window.grabWindow().save(file))
            std::fprintf(stderr, "could not write %s\n", qUtf8Printable(file));
        else
            std::printf("%s\n", qUtf8Printable(file));
    }

    void openPreferences(bool open) {
        QMetaObject::invokeMethod(m_window.findChild<QObject*>("preferences"), open ? "open" : "close");
    }

    static void rest(int ms) {
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < ms)
            QGuiApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    }

    static void waitUntil(const char* what, const std::function<bool()>& condition) {
        QElapsedTimer clock;
        clock.start();
        QTimer wake;
        wake.start(20);
        while (!condition()) {
            if (clock.elapsed() > 180'000) {
                std::fprintf(stderr, "gave up waiting: %s\n", what);
                std::exit(1);
            }
            QGuiApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
        }
    }

private:
    QQuickWindow& m_window;
    QDir m_folder;
    int m_number = 0;
};

std::unique_ptr<jobs::JobRunner> makeRunner(bool fake, const QString& clip) {
#ifdef LIPAR_HAS_ENGINE
    if (!fake)
        return std::make_unique<jobs::EngineRunner>(service::EngineOptions{});
#endif
    auto pictures = testing::FakeClip::read(clip, 416, 240);
    auto engine = std::make_unique<testing::FakeEngine>(pictures ? *pictures : testing::FakeClip::drawn(72, 416, 240));
    engine->setAutomatic(true, 350);
    return engine;
}

void run(session::StudioSession& session, settings::AppSettings& settings, Photographer& photos, const QString& clip,
         const QTemporaryDir& scratch) {
    photos.waitUntil("models",
                     [&] { return session.parameters()->looks()->count() > 0 || session.modelError().isSet(); });
    photos.take("start");

    session.open(QUrl::fromLocalFile(scratch.filePath("not-a-video.mp4")));
    photos.waitUntil("error", [&] { return session.clip()->error().isSet() || session.clip()->isOpen(); });
    photos.take("clip-error");
    session.clip()->dismissError();

    if (clip.isEmpty())
        session.trySample();
    else
        session.open(QUrl::fromLocalFile(clip));
    photos.waitUntil("clip", [&] { return session.clip()->isOpen() && session.clip()->name() != "not-a-video.mp4"; });
    if (clip.isEmpty()) {
        session.cancel();
        photos.waitUntil("cancel", [&] { return !session.run()->isRunning(); });
    }
    photos.waitUntil("first frames", [&] { return !session.isReadingFrames(); });
    photos.take("opened");

    session.parameters()->setPrompt("dragon in oil");
    photos.take("unknown-word");
    session.parameters()->setPrompt("oil painting");
    session.edit();
    photos.waitUntil("second block", [&] { return session.run()->framesDone() >= 24 || !session.run()->isRunning(); });
    session.view()->setHeatmap(ViewState::KeptTokens);
    session.view()->setWipe(0.42);
    photos.take("running-heatmap-wipe");
    session.view()->setHeatmap(ViewState::TokenAge);
    session.view()->setMode(ViewState::Split);
    photos.take("running-age-split");
    session.view()->setHeatmap(ViewState::NoHeatmap);
    session.view()->setMode(ViewState::Edited);
    photos.waitUntil("done", [&] { return !session.run()->isRunning(); });
    photos.take("done");
    session.saveAs(QUrl::fromLocalFile(scratch.filePath("holiday (oil painting).mp4")));
    photos.waitUntil("saved", [&] { return session.saver()->state() != ResultSaver::Saving; });
    session.view()->setMode(ViewState::Wipe);
    photos.take("saved");
    session.saveAs(QUrl::fromLocalFile("/no such folder/holiday.mp4"));
    photos.waitUntil("save error", [&] { return session.saver()->error().isSet(); });
    photos.take("save-error");
    session.saver()->dismissError();
    photos.openPreferences(true);
    photos.take("preferences");
    photos.openPreferences(false);
    settings.setTheme(settings::AppSettings::Light);
    photos.take("light");
    settings.setLanguage("fr");
    photos.take("french-light");
    settings.setTheme(settings::AppSettings::Dark);
    photos.take("french");
}

}  // namespace

int main(int argc, char* argv[]) {
    QGuiApplication application(argc, argv);
    QCoreApplication::setApplicationName("lipar-studio-screenshots");
    QCommandLineParser parser;
    parser.addPositionalArgument("folder", "Where the pictures go.");
    parser.addPositionalArgument("clip", "The clip to show; the sample clip when left out.", "[clip]");
    parser.addOption({"fake", "With the engine of the tests, which needs no model."});
    parser.addOption({"size", "Of the window.", "WxH", "1440x900"});
    parser.addHelpOption();
    parser.process(application);
    const auto files = parser.positionalArguments();
    if (files.isEmpty())
        parser.showHelp(2);
    QDir().mkpath(files[0]);
    const auto clip = files.value(1);
    const auto size = parser.value("size").split('x');

    const QTemporaryDir scratch;
    QFile broken(scratch.filePath("not-a-video.mp4"));
    if (broken.open(QIODevice::WriteOnly))
        broken.write("This is a text file.");
    broken.close();

    settings::AppSettings settings(scratch.filePath("settings.ini"));
    settings.setLanguage("en");
    settings.setWindowSize({size.value(0).toInt(), size.value(1).toInt()});
    const bool fake = parser.isSet("fake");
    const auto runner = makeRunner(fake, clip);
    if (auto* engine = qobject_cast<testing::FakeEngine*>(runner.get()))
        engine->failNext({ErrorCode::inputDamaged, "\"not-a-video.mp4\" could not be opened: it is not a video file",
                          "Choose a file that a video player can play."});
    session::StudioSession session(*runner, {.cacheFolder = session::toPath(scratch.filePath("cache"))});
    StudioWindow studio(session, settings);
    if (!studio.window())
        return 1;
    Photographer photos(*studio.window(), files[0]);
    run(session, settings, photos, clip, scratch);
    return 0;
}
