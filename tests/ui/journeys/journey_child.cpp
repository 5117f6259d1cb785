// The window with the real engine, edited by script until it is killed: journey_child FOLDER CLIP.
//
// Puts the clip on the timeline, gives it a prompt, then sets a marker with the keyboard every 25 ms and says
// "N MILLISECONDS" after each. A project that a run before has left is brought back first. Part of tst_journey_crash.
#include <chrono>
#include <cstdio>

#include <QGuiApplication>
#include <QTest>

#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using testing::JourneyWindow;
using testing::WindowDriver;

namespace {

void insist(bool holds, const char* what) {
    if (holds)
        return;
    std::printf("failed: %s\n", what);
    std::fflush(stdout);
    std::exit(1);
}

}  // namespace

int main(int argc, char* argv[]) {
    const QGuiApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    JourneyWindow studio(arguments.at(1));
    auto& session = studio.session();
    auto& driver = studio.driver();
    if (WindowDriver::waitFor([&] { return session.recovery()->isThere(); }, 1000)) {
        studio.settle();
        driver.click(driver.item("recoverButton"));
        insist(WindowDriver::waitFor([&] { return !session.timeline()->isEmpty(); }), "recovered");
        studio.settle();
    } else {
        studio.startNewProject();
        driver.drop({QUrl::fromLocalFile(arguments.at(2))}, studio.atLane(0, 0, 20));
        insist(WindowDriver::waitFor([&] { return session.clipEditor()->hasPicture(); }), "clip");
        studio.writePrompt("oil painting");
    }
    driver.clickAt(studio.atRuler(1));
    for (;;) {
        driver.press(Qt::Key_Right);
        driver.press(Qt::Key_M);
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        std::printf("%zu %lld\n", studio.project().markers.size(),
                    static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()));
        std::fflush(stdout);
        QTest::qWait(25);
    }
}
