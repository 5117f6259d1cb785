#include "app/session/transport.h"

#include <algorithm>
#include <chrono>

namespace lipar::session {

using namespace std::chrono_literals;

Transport::Transport(const FrameStore& store, QObject* parent) : QObject(parent), m_store(store) {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(8ms);  // finer than any display, so that a frame is at most that late
    connect(&m_timer, &QTimer::timeout, this, &Transport::tick);
    m_sinceStart.start();
}

void Transport::play() {
    if (m_store.isEmpty() || m_playing)
        return;
    if (!m_live && m_frame.index >= m_store.at(m_store.size() - 1).index)
        show(0);
    setPlaying(true);
}

void Transport::pause() {
    setPlaying(false);
}

void Transport::toggle() {
    m_playing ? pause() : play();
}

void Transport::step(int frames) {
    pause();
    if (!m_store.isEmpty())
        show(std::clamp(m_store.positionAt(m_frame.seconds) + frames, 0, m_store.size() - 1));
}

void Transport::seek(double seconds) {
    if (m_store.isEmpty())
        return;
    show(m_store.positionAt(seconds));
    restartClock();
}

void Transport::toStart() {
    seek(firstSeconds());
}

void Transport::toEnd() {
    seek(lastSeconds());
}

void Transport::setLive(bool live) {
    m_live = live;
}

void Transport::storeChanged() {
    if (!m_store.isEmpty()) {
        // The first frame after reset(), and a frame that has left the store, are replaced.
        if (m_frame.index < m_store.at(0).index || !m_frame.hasEdited())
            show(m_store.positionAt(m_frame.seconds));
    }
    Q_EMIT rangeChanged();
}

void Transport::reset(const ShownFrame& shown) {
    setPlaying(false);
    m_frame = shown;
    Q_EMIT frameChanged();
    Q_EMIT rangeChanged();
}

void Transport::tick() {
    if (m_store.isEmpty())
        return;
    const double now = m_clockSeconds + double(m_clock.nsecsElapsed()) * 1e-9;
    const int position = m_store.positionAt(now);
    const bool atEnd = position == m_store.size() - 1;
    if (m_store.at(position).index != m_frame.index) {
        show(position);
        countShown();
    }
    if (!atEnd)
        return;
    if (m_live)
        restartClock();  // waits at this frame: what comes next is not skipped
    else
        setPlaying(false);
}

void Transport::show(int position) {
    const auto& frame = m_store.at(position);
    if (frame == m_frame)
        return;
    m_frame = frame;
    Q_EMIT frameChanged();
}

void Transport::restartClock() {
    m_clock.start();
    m_clockSeconds = m_frame.seconds;
}

void Transport::setPlaying(bool playing) {
    restartClock();
    if (playing == m_playing)
        return;
    m_playing = playing;
    m_shownAt.clear();
    if (playing) {
        m_timer.start();
    } else {
        m_timer.stop();
        m_shownFps = 0;
        Q_EMIT shownFpsChanged();
    }
    Q_EMIT playingChanged();
}

void Transport::countShown() {
    const qint64 now = m_sinceStart.elapsed();
    m_shownAt.push_back(now);
    while (now - m_shownAt.front() > 1000)
        m_shownAt.pop_front();
    const auto span = now - m_shownAt.front();
    if (span < 250)
        return;
    m_shownFps = double(m_shownAt.size() - 1) * 1000.0 / double(span);
    Q_EMIT shownFpsChanged();
}

}  // namespace lipar::session
