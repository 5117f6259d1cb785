#include "app/session/playback_clock.h"

#include <chrono>
#include <utility>

namespace lipar::session {

PlaybackClock::PlaybackClock(Now now) : m_now(std::move(now)) {
    if (!m_now)
        m_now = [] {
            return std::int64_t(
                std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
        };
}

void PlaybackClock::start(double frame, double framesPerSecond) {
    m_startedAt = m_now();
    m_frame = frame;
    m_framesPerNanosecond = framesPerSecond * 1e-9;
    m_isRunning = true;
}

void PlaybackClock::stop() {
    m_frame = frame();
    m_isRunning = false;
}

double PlaybackClock::frame() const {
    return m_isRunning ? m_frame + double(m_now() - m_startedAt) * m_framesPerNanosecond : m_frame;
}

void PlaybackClock::correct(double frame) {
    m_startedAt = m_now();
    m_frame = frame;
}

}  // namespace lipar::session
