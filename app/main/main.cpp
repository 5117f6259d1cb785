// LIPAR Studio: puts engine, session and window together.
#include <cstdio>

#include <QCommandLineParser>
#include <QFileInfo>
#include <QGuiApplication>
#include <QIcon>
#include <QQuickWindow>
#include <QStandardPaths>

#include "app/jobs/engine_runner.h"
#include "app/main/studio_window.h"
#include "app/session/paths.h"
#include "engine/service/engine.h"

namespace {

// Qt aborts with a page about plugins when it cannot reach a display; this says what is the matter.
void explainMissingDisplay(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    if (type == QtFatalMsg && message.contains("platform plugin")) {
        std::fputs(
            "error: LIPAR Studio cannot open a window: there is no display it can reach; log in to a desktop "
            "or set DISPLAY or WAYLAND_DISPLAY, or use the command line program `lipar`\n",
            stderr);
        std::exit(1);
    }
    std::fprintf(stderr, "%s\n", qUtf8Printable(qFormatLogMessage(type, context, message)));
}

bool isDisplayMissing() {
#ifdef Q_OS_LINUX
    return qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
           qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
#else
    return false;
#endif
}

}  // namespace

int main(int argc, char* argv[]) {
    lipar::service::limitThreadSpinning(argv);
    QCoreApplication::setApplicationName("lipar-studio");
    QCoreApplication::setOrganizationName("lipar-studio");
    QCoreApplication::setApplicationVersion(LIPAR_VERSION);

    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    QCommandLineParser parser;
    parser.setApplicationDescription("LIPAR Studio gives video clips another look.");
    parser.addPositionalArgument("file", "A clip to put on the timeline, or a project (*.lipar, *.otio) to open.", "[FILE]");
    const QCommandLineOption help({"h", "help"}, "Says how to call the program.");
    const QCommandLineOption version({"v", "version"}, "Says which version this is.");
    parser.addOptions({help, version});
    if (!parser.parse(arguments)) {
        std::fprintf(stderr, "error: %s; see lipar-studio --help\n", qUtf8Printable(parser.errorText()));
        return 2;
    }
    if (parser.isSet(version)) {
        std::printf("lipar-studio %s\n", LIPAR_VERSION);
        return 0;
    }
    if (isDisplayMissing() && !parser.isSet(help)) {
        explainMissingDisplay(QtFatalMsg, {}, "platform plugin");
        return 1;
    }
    qInstallMessageHandler(explainMissingDisplay);
    if (parser.isSet(help)) {
        const QCoreApplication application(argc, argv);  // helpText() asks for the program's name
        std::fputs(qUtf8Printable(parser.helpText()), stdout);
        return 0;
    }

    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationDisplayName("LIPAR Studio");
    QGuiApplication::setDesktopFileName("lipar-studio");
    QGuiApplication::setWindowIcon(QIcon(":/icons/lipar-studio.svg"));
    if (QGuiApplication::platformName() == "offscreen" || QGuiApplication::platformName() == "minimal")
        std::fprintf(stderr, "note: the window is not shown: the display is \"%s\"\n",
                     qUtf8Printable(QGuiApplication::platformName()));

    const auto cache = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
    const auto state = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    lipar::settings::AppSettings settings;
    lipar::jobs::EngineRunner runner({});
    lipar::session::StudioSession session(runner, settings,
                                          {.cacheFolder = lipar::session::toPath(cache),
                                           .stateFolder = lipar::session::toPath(state),
                                           .sound = lipar::session::systemAudioOutput()});
    const lipar::StudioWindow studio(session, settings);
    if (!studio.window())
        return 1;
    const auto files = parser.positionalArguments();
    if (!files.isEmpty())
        session.openFile(QUrl::fromLocalFile(QFileInfo(files.first()).absoluteFilePath()));
    return QGuiApplication::exec();
}
