// The frames that came out of the running or finished edit, in order, within a memory limit.
//
// When the limit is reached the oldest frames leave; the newest always stays. Positions count from the oldest frame
// still there. Thread: UI thread.
#pragma once

#include <cstddef>
#include <deque>

#include "app/session/shown_frame.h"
#include "engine/service/events.h"

namespace lipar::session {

class FrameStore {
public:
    static constexpr std::size_t defaultLimit = std::size_t(256) << 20;  // bytes of pictures

    explicit FrameStore(std::size_t limitBytes = defaultLimit) : m_limit(limitBytes) {}

    void append(const service::BlockFinished& block);
    void clear();

    [[nodiscard]] bool isEmpty() const noexcept { return m_frames.empty(); }
    [[nodiscard]] int size() const noexcept { return int(m_frames.size()); }
    [[nodiscard]] const ShownFrame& at(int position) const { return m_frames[std::size_t(position)]; }
    // The position shown at this time: the last frame that has begun; 0 before the first. The store must not be empty.
    [[nodiscard]] int positionAt(double seconds) const;
    [[nodiscard]] double firstSeconds() const { return isEmpty() ? 0 : m_frames.front().seconds; }
    [[nodiscard]] double lastSeconds() const { return isEmpty() ? 0 : m_frames.back().seconds; }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_bytes; }
    // Frames that had to leave since clear().
    [[nodiscard]] std::int64_t evicted() const noexcept { return m_evicted; }

private:
    std::size_t m_limit;
    std::size_t m_bytes = 0;
    std::int64_t m_evicted = 0;
    std::deque<ShownFrame> m_frames;
};

}  // namespace lipar::session
