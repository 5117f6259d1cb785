// Drives the window through its states and writes a picture of each: studio_screenshots FOLDER [CLIP...] [--fake].
//
// With the real engine where the build has one, and the sample clip where no clip is named.
#include <cstdio>
#include <functional>

#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QMouseEvent>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>

#include "app/main/studio_window.h"
#include "app/session/paths.h"
#include "tests/support/fake_engine.h"
#include "tests/support/fake_models.h"
#ifdef LIPAR_HAS_ENGINE
#include "app/jobs/engine_runner.h"
#include "engine/service/engine.h"
#endif

using namespace lipar;
using session::ViewState;

namespace {

class Photographer {
public:
    Photographer(QQuickWindow& window, const QString& folder) : m_window(window), m_folder(folder) {}

    void take(const QString& name) {
        rest(300);  // hover and slide animations come to rest
        const auto file = m_folder.filePath(QString("%1-%2.png").arg(++m_number, 2, 10, QChar('0')).arg(name));
        if (!m_window.grabWindow().save(file))
            std::fprintf(stderr, "could not write %s\n", qUtf8Printable(file));
        else
            std::printf("%s\n", qUtf8Printable(file));
    }

    void showPage(int page) { m_window.setProperty("page", page); }
    void showTab(int tab) { m_window.findChild<QObject*>("mediaPanel")->setProperty("currentTab", tab); }
    void open(const char* popup, bool open) {
        QMetaObject::invokeMethod(m_window.findChild<QObject*>(popup), open ? "open" : "close");
    }

    // The processing of the selected clip, as far as the inspector can be scrolled.
    void showProcessing() {
        m_window.findChild<QObject*>("processingSection")->setProperty("isOpen", true);
        rest(100);
        find(m_window.contentItem(), "stepsField")->forceActiveFocus();
        rest(50);
        find(m_window.contentItem(), "modelChoice")->forceActiveFocus();
    }

    // A button of the card of a model.
    void click(const char* button, const QString& model) {
        auto* card = find(m_window.contentItem(), "model-" + model);
        auto* item = card ? find(card, button) : nullptr;
        if (item)
            click(item->mapToScene({item->width() / 2, item->height() / 2}));
    }
    void click(const QPointF& at) {
        for (const auto type : {QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
            QMouseEvent event(type, at, m_window.mapToGlobal(at), Qt::LeftButton,
                              type == QEvent::MouseButtonPress ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier);
            QGuiApplication::sendEvent(&m_window, &event);
        }
    }

    static void rest(int ms) {
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < ms) {
            QGuiApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
            // No event loop runs that would do it: items that are gone would still hear of a new language.
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
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
    // Items of a list are not children of the window as objects.
    static QQuickItem* find(QQuickItem* from, const QString& objectName) {
        if (from->objectName() == objectName)
            return from;
        const auto children = from->childItems();
        for (auto* child : children)
            if (auto* found = find(child, objectName))
                return found;
        return nullptr;
    }

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

void write(const QString& file, const QByteArray& text) {
    QFile out(file);
    if (out.open(QIODevice::WriteOnly))
        out.write(text);
}

class Tour {
public:
    Tour(session::StudioSession& session, settings::AppSettings& settings, Photographer& photos, QString scratch)
        : m_session(session), m_settings(settings), m_photos(photos), m_scratch(std::move(scratch)) {}

    void welcome() {
        m_photos.waitUntil("models", [this] {
            return m_session.clipEditor()->looks()->count() > 0 || m_session.clipEditor()->modelError().isSet();
        });
        m_photos.take("welcome");
        m_session.recent()->add(m_scratch + "/Holidays 2026.lipar");
        m_session.recent()->add(m_scratch + "/gone/Old film.lipar");
        m_session.recent()->refresh();
        m_session.files()->open(QUrl::fromLocalFile(m_scratch + "/damaged.lipar"));
        m_photos.waitUntil("error", [this] { return m_session.files()->error().isSet(); });
        m_photos.take("welcome-recent-error");
        m_session.files()->dismissError();
    }

    void edit(const QStringList& clips) {
        m_session.newProject();
        m_photos.take("empty");
        if (clips.isEmpty()) {
            m_session.trySample();
        } else {
            for (const auto& clip : clips)
                m_session.openFile(QUrl::fromLocalFile(clip));
        }
        m_photos.waitUntil("clip", [this] { return !m_session.timeline()->isEmpty(); });
        m_photos.waitUntil("reading", [this] { return !m_session.bin()->isReading(); });
        select();
        if (!m_session.clipEditor()->isEdited())
            m_session.clipEditor()->setPrompt("oil painting");
        m_photos.waitUntil("preview", [this] { return m_session.preview()->isRunning() || isDone(); });
        m_photos.waitUntil("block", [this] { return m_session.player()->picture().hasEdited() || isDone(); });
        m_photos.take("preview-running");
        m_session.player()->pause();
        m_session.view()->setHeatmap(ViewState::KeptTokens);
        m_photos.waitUntil("done", [this] { return isDone(); });
        m_session.player()->seek(20);
        m_photos.take("wipe-heatmap");
        m_session.view()->setMode(ViewState::Split);
        m_session.view()->setHeatmap(ViewState::TokenAge);
        m_photos.take("split-age");
        m_session.view()->setHeatmap(ViewState::NoHeatmap);
        m_session.view()->setMode(ViewState::Edited);
        m_session.clipEditor()->setPrompt("dragon in oil");
        m_photos.take("unknown-word");
        m_session.document()->undo();
        m_photos.showTab(1);
        m_photos.take("looks");
        m_photos.showTab(2);
        m_photos.take("models");
        m_photos.showTab(0);
        m_session.timeline()->split();
        m_session.timeline()->addMarker();
        m_session.bin()->import({QUrl::fromLocalFile(m_scratch + "/not-a-video.mp4")});
        m_photos.waitUntil("refused", [this] { return m_session.messages()->count() > 0 && !m_session.bin()->isReading(); });
        m_photos.take("cut-and-bad-file");
        m_photos.open("messages", true);
        m_photos.take("messages");
        m_photos.open("messages", false);
        m_photos.click({100, 22});  // the second menu
        m_photos.take("menu");
        m_photos.click({700, 22});
        m_session.files()->startNew();
        m_photos.take("save-question");
        m_session.files()->stay();
        m_session.selection()->clear();
        m_photos.take("nothing-selected");
    }

    void exportPage() {
        m_session.exports()->setPaused(true);
        auto& form = *m_session.exportForm();
        form.setFolder(m_scratch);
        form.setFileName("Holidays 2026");
        m_photos.showPage(1);
        m_photos.waitUntil("estimate", [&form] {
            return form.estimateState() == session::ExportForm::Estimated ||
                   form.estimateState() == session::ExportForm::NotPossible;
        });
        m_photos.take("export");
        form.add();
        form.choosePreset(3);
        form.add();
        form.setFolder("/no such folder");
        m_photos.take("export-problem");
        form.setFolder(m_scratch);
        m_session.exports()->setPaused(false);
        m_photos.waitUntil("frames", [this] { return m_session.exports()->progress() > 0 || m_session.exports()->waiting() < 2; });
        m_photos.take("export-running");
        m_session.exports()->cancel(1);
        m_photos.waitUntil("exported", [this] { return m_session.exports()->waiting() == 0; });
        m_photos.take("export-done");
    }

    void settingsPage() {
        m_photos.showPage(2);
        m_photos.take("settings");
        m_settings.setTheme(settings::AppSettings::Light);
        m_photos.take("settings-light");
        m_photos.showPage(0);
        select();
        m_photos.take("edit-light");
        m_photos.showPage(1);
        m_photos.take("export-light");
        m_settings.setLanguage("fr");
        m_photos.take("export-french-light");
        m_settings.setTheme(settings::AppSettings::Dark);
        m_photos.showPage(2);
        m_photos.take("settings-french");
        m_photos.showPage(0);
        m_photos.take("edit-french");
    }

    // The page of models in its states; `engine` says what there is.
    void models(testing::FakeEngine& engine) {
        auto& manager = *m_session.modelManager();
        const QString big = "wan2.1-1.3b";
        const auto list = [&](const ModelEntry& entry) {
            engine.setModelEntries({testing::builtInModel(), entry});
            manager.refresh();
            m_photos.waitUntil("list", [&] { return !manager.isListing(); });
        };
        engine.setModelEntries({testing::builtInModel()});
        m_photos.showPage(3);
        m_photos.waitUntil("list", [&] { return manager.count() == 1; });
        m_photos.take("models-only-built-in");
        list(testing::bigModel());
        m_photos.take("models-not-installed");
        m_photos.click("showModelFiles", big);
        m_photos.take("models-files");
        m_photos.click("showModelFiles", big);
        for (const auto verdict : {FitVerdict::tooLittleDisk, FitVerdict::tooLittleDeviceMemory}) {
            auto entry = testing::bigModel();
            entry.fit.verdict = verdict;
            entry.fit.diskFree = 3'100'000'000;
            entry.fit.deviceFree = 6'200'000'000;
            list(entry);
            m_photos.take(verdict == FitVerdict::tooLittleDisk ? "models-disk-too-small" : "models-too-big");
        }
        list(testing::bigModel());
        manager.install(big);
        Photographer::rest(50);
        engine.send(
            service::TransferProgress{engine.lastJob(), testing::received(3'200'000'000, 17'126'500'000, 42e6, 331)});
        m_photos.take("models-downloading");
        auto waiting = testing::received(3'200'000'000, 17'126'500'000, 0, -1);
        waiting.phase = TransferPhase::waiting;
        waiting.note = "no answer for 30 seconds";
        engine.send(service::TransferProgress{engine.lastJob(), waiting});
        m_photos.take("models-connection-broke");
        engine.setModelEntries({testing::builtInModel(), testing::partial(testing::bigModel(), 3'200'000'000)});
        manager.pause(big);
        Photographer::rest(50);
        m_photos.take("models-paused");
        const auto failWith = [&](const Error& error, const char* name) {
            engine.failNext(error);
            manager.install(big);
            Photographer::rest(50);
            m_photos.take(name);
            manager.dismissError(big);
        };
        failWith({ErrorCode::diskFull, "the disk is full: 13.9 GB are still to come, 2.0 GB are free", "free some space"},
                 "models-disk-full");
        failWith({ErrorCode::networkFailed, "cannot reach huggingface.co: no route to host", "go on when you are online"},
                 "models-offline");
        const Error gated{ErrorCode::accessDenied, "huggingface.co refused the file: it wants an account",
                          "accept the licence there and give an access token"};
        failWith(gated, "models-gated");
        list(testing::damaged(testing::bigModel()));
        m_photos.take("models-damaged");
        list(testing::installed(testing::bigModel()));
        m_photos.take("models-installed");
        m_photos.click("removeModel", big);
        m_photos.take("models-remove");
        m_photos.click("keepModel", big);
        aClipAndItsModels(big);
        manager.importFrom(QUrl::fromLocalFile(m_scratch));
        Photographer::rest(50);
        engine.send(service::TransferProgress{engine.lastJob(), testing::received(40, 100, 0, -1)});
        m_photos.take("models-import");
        manager.stopImport();
        Photographer::rest(50);
        m_settings.setLanguage("fr");
        m_settings.setTheme(settings::AppSettings::Light);
        list(testing::bigModel());
        failWith(gated, "models-gated-french-light");
        list(testing::damaged(testing::bigModel()));
        m_photos.take("models-damaged-french-light");
        m_photos.showPage(2);
        m_photos.take("settings-downloads-french-light");
        list(testing::installed(testing::bigModel()));
        m_photos.showPage(3);
        m_photos.take("models-installed-french-light");
        m_photos.showPage(0);
        m_photos.take("processing-french-light");
        m_session.clipEditor()->chooseModel("lipar-mini");
        m_photos.take("processing-built-in-french-light");
    }

private:
    // What of an edit's processing each of two models leaves open.
    void aClipAndItsModels(const QString& big) {
        auto& editor = *m_session.clipEditor();
        write(m_scratch + "/harbour.mp4", "a clip");
        m_session.openFile(QUrl::fromLocalFile(m_scratch + "/harbour.mp4"));
        m_photos.waitUntil("clip", [&] { return editor.hasPicture(); });
        editor.refreshModels();
        m_photos.waitUntil("models", [&] { return editor.usableModels().size() == 2; });
        m_photos.take("models-for-a-clip");
        m_photos.showPage(0);
        m_photos.showTab(2);
        editor.setPrompt("oil painting");
        editor.setPromptTokens(editor.clip(), 3, 8);
        m_photos.take("prompt-length");
        m_photos.showProcessing();
        m_photos.take("processing-built-in");
        editor.chooseModel(big);
        editor.chooseSize(1);
        editor.setShift("3.5");
        m_photos.take("processing-any-model");
        m_photos.showPage(3);
    }
    [[nodiscard]] bool isDone() const {
        const auto state = m_session.preview()->state();
        return state == session::Preview::Done || state == session::Preview::Failed;
    }
    void select() {
        const auto& clips = m_session.document()->project().tracks.front().clips;
        if (!clips.empty())
            m_session.selection()->select({clips.front().id});
    }

    session::StudioSession& m_session;
    settings::AppSettings& m_settings;
    Photographer& m_photos;
    QString m_scratch;
};

}  // namespace

int main(int argc, char* argv[]) {
    QGuiApplication application(argc, argv);
    QCoreApplication::setApplicationName("lipar-studio-screenshots");
    QCommandLineParser parser;
    parser.addPositionalArgument("folder", "Where the pictures go.");
    parser.addPositionalArgument("clips", "The clips to show; the sample clip when left out.", "[clips...]");
    parser.addOption({"fake", "With the engine of the tests, which needs no model."});
    parser.addOption({"models", "Only the page of models in all its states and a clip's processing, with the engine of the tests."});
    parser.addOption({"size", "Of the window.", "WxH", "1440x900"});
    parser.addHelpOption();
    parser.process(application);
    const auto files = parser.positionalArguments();
    if (files.isEmpty())
        parser.showHelp(2);
    QDir().mkpath(files[0]);
    const auto clips = files.mid(1);
    const auto size = parser.value("size").split('x');

    const QTemporaryDir scratch;
    write(scratch.filePath("not-a-video.mp4"), "This is a text file.");
    write(scratch.filePath("damaged.lipar"), "{\"format\": ");
    write(scratch.filePath("Holidays 2026.lipar"), "{}");

    settings::AppSettings settings(scratch.filePath("settings.ini"));
    settings.setLanguage("en");
    settings.setCacheFolder(scratch.filePath("blocks"));
    settings.setWindowSize({size.value(0).toInt(), size.value(1).toInt()});
    const bool isModels = parser.isSet("models");
    const std::unique_ptr<jobs::JobRunner> runner =
        isModels ? std::make_unique<testing::FakeEngine>() : makeRunner(parser.isSet("fake"), clips.value(0));
    session::StudioSession session(*runner, settings,
                                   {.cacheFolder = session::toPath(scratch.filePath("cache")),
                                    .stateFolder = session::toPath(scratch.filePath("state")),
                                    .sound = nullptr,
                                    .previewDelayMs = 50});
    StudioWindow studio(session, settings);
    if (!studio.window())
        return 1;
    Photographer photos(*studio.window(), files[0]);
    Tour tour(session, settings, photos, scratch.path());
    if (isModels) {
        tour.models(static_cast<testing::FakeEngine&>(*runner));
        return 0;
    }
    tour.welcome();
    tour.edit(clips);
    tour.exportPage();
    tour.settingsPage();
    return 0;
}
