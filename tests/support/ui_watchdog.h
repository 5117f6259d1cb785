// How long the event loop of the UI thread was ever away: a window that does not answer is a window that hangs.
#pragma once

#include <algorithm>
#include <chrono>

#include <QObject>
#include <QTimer>

namespace lipar::testing {

// Ticks as long as it lives; a tick that comes late tells of something that held the thread. Thread: UI thread.
class UiWatchdog : public QObject {
public:
    explicit UiWatchdog(QObject* parent = nullptr) : QObject(parent) {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(tick);
        connect(&m_timer, &QTimer::timeout, this, &UiWatchdog::look);
        restart();
    }

    // Forgets what was measured.
    void restart() {
        m_last = Clock::now();
        m_longest = {};
        m_timer.start();
    }
    // Beyond the tick itself.
    [[nodiscard]] std::chrono::milliseconds longestGap() {
        look();
        return m_longest;
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds tick{5};

    void look() {
        const auto now = Clock::now();
        const auto gap = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_last) - tick;
        m_longest = std::max(m_longest, gap);
        m_last = now;
    }

    QTimer m_timer;
    Clock::time_point m_last;
    std::chrono::milliseconds m_longest{};
};

}  // namespace lipar::testing
