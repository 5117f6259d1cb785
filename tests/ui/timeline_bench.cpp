// Measures the timeline panel and takes its picture: timeline_bench [PICTURES FOLDER].
//
// Prints pictures a second while a project of 200 clips scrolls and zooms, and how long one of 10,000 clips takes to open and
// to save.
#include <cstdio>
#include <functional>

#include <QElapsedTimer>
#include <QEventLoop>
#include <QGuiApplication>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>
#include <QtQml/qqmlextensionplugin.h>

#include "app/project/project_file.h"
#include "app/session/paths.h"
#include "app/session/timeline_editor.h"
#include "tests/support/fake_media.h"
#include "tests/support/sample_project.h"
#include "tests/support/ui_watchdog.h"

Q_IMPORT_QML_PLUGIN(Lipar_SessionPlugin)
Q_IMPORT_QML_PLUGIN(Lipar_ControlsPlugin)
Q_IMPORT_QML_PLUGIN(Lipar_TimelinePlugin)

using namespace lipar;
using session::TimelineEditor;

namespace {

// The colours are those of Main/Theme.qml.
constexpr char windowText[] = R"(
import QtQuick
import QtQuick.Templates as T
import Lipar.Session
import Lipar.Timeline
T.ApplicationWindow {
    id: window
    required property TimelineEditor timeline
    property bool isLight: false
    visible: true
    color: palette.window
    font.pixelSize: 13
    palette {
        window: isLight ? "#dcdee1" : "#131416"
        alternateBase: isLight ? "#f4f5f6" : "#212327"
        base: isLight ? "#ffffff" : "#17181b"
        button: isLight ? "#dfe1e5" : "#34373d"
        midlight: isLight ? "#d0d3d8" : "#41454c"
        mid: isLight ? "#c5c8ce" : "#3a3d44"
        light: isLight ? "#989da6" : "#5d626c"
        dark: isLight ? "#c9ccd0" : "#0d0e10"
        windowText: isLight ? "#1a1c20" : "#e9eaed"
        text: isLight ? "#1a1c20" : "#e9eaed"
        buttonText: isLight ? "#1a1c20" : "#e9eaed"
        placeholderText: isLight ? "#555b65" : "#a0a6b0"
        highlight: isLight ? "#ee9b2f" : "#f2a33c"
        highlightedText: "#1f1405"
        link: isLight ? "#8a4f00" : "#f7b968"
        brightText: isLight ? "#b3261e" : "#ff8d7a"
        toolTipBase: isLight ? "#26282c" : "#33363c"
        toolTipText: "#f2f3f5"
    }
    TimelinePanel { anchors.fill: parent; timeline: window.timeline }
}
)";

void rest(int ms) {
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

// Pictures a second while `step` changes the view before each of them.
double measure(QQuickWindow& window, int pictures, const std::function<void(int)>& step) {
    QEventLoop loop;
    int shown = 0;
    QElapsedTimer clock;
    const auto connection = QObject::connect(
        &window, &QQuickWindow::frameSwapped, &window,
        [&] {
            if (++shown >= pictures)
                loop.quit();
            else
                step(shown);
        },
        Qt::QueuedConnection);
    clock.start();
    step(0);
    loop.exec();
    QObject::disconnect(connection);
    return pictures * 1000.0 / double(std::max<qint64>(1, clock.elapsed()));
}

// A project as people make them: cuts, cross-fades, edits at different stages, fades, markers, a marked range.
void makeScene(session::ProjectDocument& document, TimelineEditor& editor) {
    auto project = testing::largeProject(18, 4, 1, true);
    const char* names[] = {"harbour at dawn.mp4", "ferry.mov", "market hall.mp4", "night tram.mkv"};
    for (std::size_t i = 0; i < project.sources.size(); ++i)
        project.sources[i].path = std::string("/media/") + names[i];
    Rational start;
    for (auto& track : project.tracks) {
        start = {};
        int i = 0;
        for (auto& clip : track.clips) {
            clip.name = project.sources[std::size_t(i % 4)].path.filename().string();
            clip.start = start;
            clip.sourceStart = {5, 1};
            clip.duration = Rational{3 + (i * 7) % 5, 1};
            clip.edit.rangeStart = clip.sourceStart;
            clip.edit.rangeEnd = clip.sourceEnd();
            start += clip.duration + Rational{i == 4 ? 2 : 0, 1};
            ++i;
        }
    }
    document.replace(project, {}, false);
    const auto& pictures = document.project().tracks.front().clips;
    const auto& sounds = document.project().tracks.back().clips;
    const auto mustDo = [&](const commands::Command& command) {
        if (const auto done = document.perform(command); !done)
            std::fprintf(stderr, "%s\n", done.error().sentence().c_str());
    };
    mustDo(commands::SetCrossFade{pictures[1].id, {1, 1}});
    mustDo(commands::SetCrossFade{pictures[3].id, {1, 1}});
    mustDo(commands::SetSpeed{pictures[7].id, {2, 1}, false});
    project::ClipSound sound;
    sound.gainDb = -9;
    sound.fadeIn = {1, 1};
    mustDo(commands::SetSound{{sounds[0].id}, sound});
    sound.gainDb = 3;
    sound.fadeOut = {2, 1};
    mustDo(commands::SetSound{{sounds[5].id}, sound});
    mustDo(commands::AddMarker{{4, 1}, "Chorus", "#f2a33c"});
    mustDo(commands::AddMarker{{21, 1}, "", "#4aa3df"});
    mustDo(commands::AddTrack{project::TrackKind::video, {}});
    commands::AddClip overlay;
    overlay.source = project.sources[1].id;
    overlay.track = document.project().tracks[1].id;
    overlay.start = {9, 1};
    overlay.sourceStart = Rational{12, 1};
    overlay.sourceEnd = Rational{17, 1};
    mustDo(overlay);
    int n = 0;
    for (const auto& clip : document.project().tracks.front().clips) {
        if (!clip.edit.enabled)
            continue;
        QVector<service::CachedBlock> blocks;
        const double from = clip.edit.rangeStart.value();
        const double to = clip.edit.rangeEnd.value();
        for (double at = from; at < to; at += 0.48) {
            if (n == 1 && at > from + (to - from) * 0.6)
                break;
            if (n == 2)
                break;
            const double phase = at * 2.1;
            blocks.push_back({at, std::min(to, at + 0.48), n != 1 || at < from + (to - from) * 0.3,
                              {0.3 + 0.25 * std::sin(phase), 0.35 + 0.3 * std::sin(phase * 1.7), 0.25 + 0.2 * std::cos(phase)}});
        }
        editor.setCachedBlocks(clip.id, blocks);
        ++n;
    }
    editor.setPlayheadFrame(260);
    editor.setInFrame(75);
    editor.setOutFrame(700);
}

int takePictures(QQuickWindow& window, session::ProjectDocument& document, TimelineEditor& editor, const QString& folder) {
    makeScene(document, editor);
    const auto shoot = [&](const QString& name) {
        rest(400);
        if (!window.grabWindow().save(folder + "/timeline-" + name + ".png"))
            std::fprintf(stderr, "could not write %s\n", qUtf8Printable(name));
    };
    for (const bool light : {false, true}) {
        window.setProperty("isLight", light);
        for (const QSize size : {QSize(1280, 260), QSize(1920, 420)}) {
            window.resize(size);
            rest(100);
            editor.zoomToFit();
            editor.selection()->select({document.project().tracks.front().clips[2].id});
            const auto name = QString("%1x%2-%3").arg(size.width()).arg(size.height()).arg(light ? "light" : "dark");
            shoot(name);
            editor.zoomAround(3.5, 300);
            const auto y = editor.layout().lanes().front().y + 30 - editor.contentY();
            editor.press({editor.scale().xOf(240), y}, {});
            editor.move({editor.scale().xOf(290), y + 60}, {});
            shoot(name + "-drag");
            editor.cancelDrag();
        }
    }
    document.startNew();
    shoot("empty");
    return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
    QGuiApplication application(argc, argv);
    testing::FakeMedia media;
    session::ThumbnailStore thumbnails(media, {});
    session::WaveformStore waveforms(media, {});
    session::ProjectDocument document;
    session::Selection selection(document);
    TimelineEditor editor(document, selection, &thumbnails, &waveforms);

    QQmlEngine engine;
    engine.addImportPath("qrc:/qt/qml");
    QQmlComponent component(&engine);
    component.setData(windowText, QUrl("qrc:/timeline_bench.qml"));
    if (component.isError())
        std::fprintf(stderr, "%s\n", qUtf8Printable(component.errorString()));
    while (component.isLoading())
        rest(10);
    const std::unique_ptr<QObject> root(
        component.createWithInitialProperties({{"timeline", QVariant::fromValue(&editor)}}));
    auto* window = qobject_cast<QQuickWindow*>(root.get());
    if (!window)
        return 1;
    window->resize(1280, 260);
    rest(100);
    if (argc > 1)
        return takePictures(*window, document, editor, QString::fromLocal8Bit(argv[1]));

    for (const QSize size : {QSize(1280, 260), QSize(1920, 420)}) {
        window->resize(size);
        document.replace(testing::largeProject(200, 8, 2, true), {}, false);
        rest(600);
        const auto print = [&](const char* what, double fps) {
            std::printf("200 clips, %dx%d, %s: %.0f pictures a second\n", size.width(), size.height(), what, fps);
            std::fflush(stdout);
        };
        print("zooming", measure(*window, 120, [&](int i) { editor.zoomAround(i < 60 ? 1.06 : 1 / 1.06, 500); }));
        editor.zoomAround(6, 0);
        rest(600);
        print("scrolling", measure(*window, 120, [&](int i) { editor.scrollBy(i < 60 ? 25 : -25, 0); }));
    }

    const QTemporaryDir folder;
    const auto file = session::toPath(folder.filePath("large.lipar"));
    if (!project::saveProject(testing::largeProject(10000, 50, 4, true), file))
        return 1;
    QElapsedTimer clock;
    clock.start();
    if (!document.load(file))
        return 1;
    const auto loaded = clock.elapsed();
    window->grabWindow();
    std::printf("10,000 clips: opened in %lld ms, shown after %lld ms\n", loaded, clock.elapsed());

    rest(600);
    testing::UiWatchdog watchdog;
    QEventLoop saving;
    QObject::connect(&document, &session::ProjectDocument::saveFinished, &saving, &QEventLoop::quit);
    clock.restart();
    document.save(file);
    const auto begun = clock.elapsed();
    saving.exec();
    std::printf("10,000 clips: saved in %lld ms, of which %lld ms to begin; the UI thread was away for %lld ms at most\n",
                clock.elapsed(), begun, static_cast<long long>(watchdog.longestGap().count()));
    return 0;
}
