// What time it is in playback: frames since it was started, at a speed, from a monotonic clock or from the sound.
// Thread: one object, one thread.
#pragma once

#include <cstdint>
#include <functional>

namespace lipar::session {

class PlaybackClock {
public:
    using Now = std::function<std::int64_t()>;  // nanoseconds, never going back

    // Empty: the system's monotonic clock.
    explicit PlaybackClock(Now now = {});

    // Runs from `frame` on, `framesPerSecond` (negative: backwards).
    void start(double frame, double framesPerSecond);
    void stop();
    [[nodiscard]] bool isRunning() const noexcept { return m_isRunning; }
    // Where it is; stands still while stopped.
    [[nodiscard]] double frame() const;
    // Sets it to where the sound is heard, so that it goes on from there when the sound falls away.
    void correct(double frame);
    [[nodiscard]] std::int64_t now() const { return m_now(); }

private:
    Now m_now;
    bool m_isRunning = false;
    std::int64_t m_startedAt = 0;
    double m_frame = 0;
    double m_framesPerNanosecond = 0;
};

}  // namespace lipar::session
