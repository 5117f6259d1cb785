// The program as people run it, in a test: the real engine with the built-in model, a session and the window over them.
//
// All that the program keeps (settings, cache, journal, export queue) is in one folder: another JourneyWindow over the
// same folder is its next start. With LIPAR_SCREENSHOTS=FOLDER set, a test that fails leaves a picture of its window
// there. Thread: UI thread.
#pragma once

#include <chrono>
#include <memory>

#include "app/jobs/engine_runner.h"
#include "app/main/studio_window.h"
#include "tests/support/ui_watchdog.h"
#include "tests/support/window_driver.h"

namespace lipar::testing {

class JourneyWindow {
public:
    // Shows the window, in English, and waits until it has the keyboard and the model is known.
    explicit JourneyWindow(const QString& folder);
    ~JourneyWindow();

    [[nodiscard]] session::StudioSession& session() { return *m_session; }
    [[nodiscard]] settings::AppSettings& settings() { return *m_settings; }
    [[nodiscard]] WindowDriver& driver() { return *m_driver; }
    [[nodiscard]] const project::Project& project() { return m_session->document()->project(); }
    // From before anything of the program was there to the first picture of the window.
    [[nodiscard]] std::chrono::milliseconds startTime() const { return m_startTime; }

    // From the start page to an empty timeline.
    void startNewProject();
    // Where frame `frame` lies in a lane, `y` pixels below the lane's top; lanes count from the top of the timeline.
    [[nodiscard]] QPointF atLane(int lane, double frame, double y);
    [[nodiscard]] QPointF atRuler(double frame);
    // Frames of the timeline.
    [[nodiscard]] qint64 startOf(const project::Clip& clip);
    [[nodiscard]] qint64 lengthOf(const project::Clip& clip);
    // The track that the lane shows.
    [[nodiscard]] const project::Track& trackOf(int lane);

    // The window has shown what it knows by now: things lie where they belong.
    void settle();
    // Puts the keyboard where the letters are keys of the editor, not text.
    void leaveFields();
    // Writes into the field that has the keyboard, instead of what is there.
    void write(const QString& text);
    // Writes the prompt of the selected clip, beginning with the key for it.
    void writePrompt(const QString& prompt);

    // Prints for how long the UI thread was away at most since the last report.
    void report(const char* step);
    // The same without a word: after a test has itself held the thread.
    void skip() { m_watchdog->restart(); }
    // Of all reports. Printed to be read; only a window that hangs fails a test, which on a machine that is busy with
    // other things takes long to tell.
    [[nodiscard]] std::chrono::milliseconds longestGap() const { return m_longestGap; }
    static constexpr std::chrono::milliseconds hanging{15000};

private:
    std::chrono::milliseconds m_startTime{};
    std::chrono::milliseconds m_longestGap{};
    std::unique_ptr<settings::AppSettings> m_settings;
    std::unique_ptr<jobs::EngineRunner> m_runner;
    std::unique_ptr<session::StudioSession> m_session;
    std::unique_ptr<StudioWindow> m_studio;
    std::unique_ptr<WindowDriver> m_driver;
    std::unique_ptr<UiWatchdog> m_watchdog;
};

// A clip that pruning likes: a square wanders over still bars. With a tone where `sound`; `more` are further arguments
// of ffmpeg for the output.
QString makeWanderingClip(const QString& file, const QString& size, int rate, int frames, bool sound = true,
                          const QStringList& more = {});

}  // namespace lipar::testing
