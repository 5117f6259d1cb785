// Play, pause, step and scrub over the frames that are in the store.
//
// Playback is paced by the frames' timestamps; a late frame is skipped, never slowed. At the end of what has come out
// it waits while an edit is still running (setLive) and stops otherwise. Thread: UI thread.
#pragma once

#include <deque>

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QtQmlIntegration>

#include "app/session/frame_store.h"
#include "app/session/timecode.h"

namespace lipar::session {

class Transport : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(bool isPlaying READ isPlaying NOTIFY playingChanged)
    Q_PROPERTY(bool hasFrames READ hasFrames NOTIFY rangeChanged)
    Q_PROPERTY(double firstSeconds READ firstSeconds NOTIFY rangeChanged)  // of the frames there are
    Q_PROPERTY(double lastSeconds READ lastSeconds NOTIFY rangeChanged)
    Q_PROPERTY(double seconds READ seconds NOTIFY frameChanged)     // of the frame shown
    Q_PROPERTY(QString timecode READ timecode NOTIFY frameChanged)  // of the frame shown, "01:02.34"
    Q_PROPERTY(int frameNumber READ frameNumber NOTIFY frameChanged)
    Q_PROPERTY(lipar::session::ShownFrame frame READ frame NOTIFY frameChanged)
    Q_PROPERTY(double shownFps READ shownFps NOTIFY shownFpsChanged)      // 0 when paused
    Q_PROPERTY(int framesDropped READ framesDropped NOTIFY rangeChanged)  // no longer in memory

public:
    // `store` must outlive this object; call storeChanged() after changing it.
    explicit Transport(const FrameStore& store, QObject* parent = nullptr);

    [[nodiscard]] bool isPlaying() const { return m_playing; }
    [[nodiscard]] bool hasFrames() const { return !m_store.isEmpty(); }
    [[nodiscard]] double firstSeconds() const { return m_store.firstSeconds(); }
    [[nodiscard]] double lastSeconds() const { return m_store.lastSeconds(); }
    [[nodiscard]] double seconds() const { return m_frame.seconds; }
    [[nodiscard]] QString timecode() const { return timecodeOf(m_frame.seconds); }
    [[nodiscard]] int frameNumber() const { return int(m_frame.index); }
    [[nodiscard]] const ShownFrame& frame() const { return m_frame; }
    [[nodiscard]] double shownFps() const { return m_shownFps; }
    [[nodiscard]] int framesDropped() const { return int(m_store.evicted()); }

    Q_INVOKABLE void play();  // from the start when at the end
    Q_INVOKABLE void pause();
    Q_INVOKABLE void toggle();
    Q_INVOKABLE void step(int frames);  // pauses
    Q_INVOKABLE void seek(double seconds);
    Q_INVOKABLE void toStart();
    Q_INVOKABLE void toEnd();

    // While live, the end of the store is not the end of the clip.
    void setLive(bool live);
    void storeChanged();
    // Forgets the position and shows this frame until the store has one.
    void reset(const ShownFrame& shown);

Q_SIGNALS:
    void playingChanged();
    void rangeChanged();
    void frameChanged();
    void shownFpsChanged();

private:
    void tick();
    void show(int position);
    void restartClock();
    void setPlaying(bool playing);
    void countShown();

    const FrameStore& m_store;
    ShownFrame m_frame;
    QTimer m_timer;
    QElapsedTimer m_clock;         // since the clock was last tied to a frame
    double m_clockSeconds = 0;     // that frame's time
    std::deque<qint64> m_shownAt;  // ms, the last second's pictures
    double m_shownFps = 0;
    QElapsedTimer m_sinceStart;
    bool m_playing = false;
    bool m_live = false;
};

}  // namespace lipar::session
