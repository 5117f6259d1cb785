// Edits a project by script until it is killed: journal_child FOLDER.
//
// Recovers what the run before has left, says "opened N" (markers there are), then adds a marker named N every 20 ms and
// says "N MILLISECONDS" after each. Part of tst_project_journal.
#include <chrono>
#include <cstdio>

#include <QCoreApplication>
#include <QTimer>

#include "app/session/paths.h"
#include "app/session/project_journal.h"

int main(int argc, char* argv[]) {
    const QCoreApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    const auto folder = lipar::session::toPath(arguments.at(1));
    lipar::session::ProjectDocument document;
    lipar::session::ProjectJournal journal(document, folder);
    if (const auto left = lipar::session::ProjectJournal::recoverable(folder); !left.empty()) {
        const auto read = lipar::session::ProjectJournal::read(left.back());
        if (!read || !journal.restore(left.back(), *read)) {
            std::printf("failed\n");
            return 1;
        }
    }
    auto next = document.project().markers.size();
    std::printf("opened %zu\n", next);
    std::fflush(stdout);

    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        lipar::commands::AddMarker add;
        add.time = lipar::project::timeOfFrame(document.project().format, std::int64_t(next));
        add.name = std::to_string(next);
        if (!document.perform(add))
            QCoreApplication::exit(1);
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        std::printf("%zu %lld\n", next, static_cast<long long>(
                                            std::chrono::duration_cast<std::chrono::milliseconds>(now).count()));
        std::fflush(stdout);
        ++next;
    });
    timer.start(20);
    return QCoreApplication::exec();
}
