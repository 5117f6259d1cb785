// Keeps a playback job from running ahead of the player by more than a moment.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "engine/core/cancel.h"

namespace lipar::service {

// Thread: any. The job waits before it sends a frame that lies more than `ahead` frames past the last one shown.
class PlaybackPace {
public:
    explicit PlaybackPace(std::int64_t firstFrame, std::int64_t ahead = 24) : m_shown(firstFrame), m_ahead(ahead) {}

    // The player is at this frame now; frames before it are of no use to it any more.
    void show(std::int64_t frame) {
        {
            const std::scoped_lock lock(m_mutex);
            m_shown = frame;
        }
        m_changed.notify_all();
    }
    [[nodiscard]] std::int64_t shown() const {
        const std::scoped_lock lock(m_mutex);
        return m_shown;
    }
    // Returns when `frame` may be sent. Error: cancelled.
    [[nodiscard]] Result<> waitFor(std::int64_t frame, const CancelToken& cancel) const {
        std::unique_lock lock(m_mutex);
        while (frame > m_shown + m_ahead) {
            LIPAR_TRY(cancel.check());
            m_changed.wait_for(lock, std::chrono::milliseconds(20));  // a cancel does not notify
        }
        return cancel.check();
    }

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::int64_t m_shown;
    std::int64_t m_ahead;
};

}  // namespace lipar::service
