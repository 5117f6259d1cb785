// The viewer's transport: playhead, playing, shuttling, scrubbing, sound, and the picture they lead to.
//
// Playing asks the engine for a stretch of pictures and sound. Each picture is shown when it is due: by the sound that is
// heard, or by a monotonic clock where there is none. One that is late is dropped; playing is never slowed. Scrubbing and
// stepping ask for single pictures, one at a time, of which the newest counts; where that takes long, a proxy's comes
// first and the source's own when the playhead rests. Any change of the project takes every
// picture of the timeline before it away at once. Thread: UI thread.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include <QObject>
#include <QSize>
#include <QTimer>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/audio_output.h"
#include "app/session/error_report.h"
#include "app/session/playback_clock.h"
#include "app/session/playback_timeline.h"
#include "app/session/project_document.h"
#include "app/session/shown_frame.h"

namespace lipar::session {

class Player : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(int frame READ frame WRITE seek NOTIFY frameChanged)  // playhead, 0..frames (its end: no picture there)
    Q_PROPERTY(int frames READ frames NOTIFY timelineChanged)        // of the timeline
    Q_PROPERTY(double rate READ rate NOTIFY timelineChanged)            // frames a second
    Q_PROPERTY(double seconds READ seconds NOTIFY frameChanged)         // of the playhead
    Q_PROPERTY(QString timecode READ timecode NOTIFY frameChanged)      // "HH:MM:SS:FF", of the playhead
    Q_PROPERTY(QString endTimecode READ endTimecode NOTIFY timelineChanged)
    Q_PROPERTY(double aspectRatio READ aspectRatio NOTIFY timelineChanged)  // width over height
    Q_PROPERTY(bool playing READ isPlaying NOTIFY playingChanged)           // in any direction and speed
    Q_PROPERTY(int speed READ speed NOTIFY playingChanged)  // -8..8, of 1x; 0 while paused. Sound is heard at 1 only
    Q_PROPERTY(bool waiting READ isWaiting NOTIFY waitingChanged)  // playing stands still: no picture yet, or the edit
    Q_PROPERTY(bool loop READ loop WRITE setLoop NOTIFY loopChanged)       // between in and out, or all
    // Where the edit under way has not come yet, playing waits for it instead of showing the source.
    Q_PROPERTY(bool waitsForEdit READ waitsForEdit WRITE setWaitsForEdit NOTIFY waitsForEditChanged)
    Q_PROPERTY(int inFrame READ inFrame NOTIFY rangeChanged)   // -1: not set
    Q_PROPERTY(int outFrame READ outFrame NOTIFY rangeChanged)  // the last frame of the range; -1: not set
    Q_PROPERTY(double volume READ volume WRITE setVolume NOTIFY volumeChanged)  // 0..1
    Q_PROPERTY(bool muted READ isMuted WRITE setMuted NOTIFY volumeChanged)
    Q_PROPERTY(lipar::session::ShownFrame picture READ picture NOTIFY pictureChanged)
    Q_PROPERTY(bool hasPicture READ hasPicture NOTIFY pictureChanged)
    Q_PROPERTY(bool editPending READ isEditPending NOTIFY pictureChanged)  // an edit lies here, its picture is not made yet
    Q_PROPERTY(double shownFps READ shownFps NOTIFY shownFpsChanged)       // 0 while paused
    Q_PROPERTY(int droppedFrames READ droppedFrames NOTIFY shownFpsChanged)  // since playing began
    Q_PROPERTY(bool hasSoundDevice READ hasSoundDevice NOTIFY soundDeviceChanged)  // false: the clock paces pictures
    Q_PROPERTY(QString audioNote READ audioNote NOTIFY soundDeviceChanged)  // translated; empty while all is well
    Q_PROPERTY(lipar::session::ErrorReport error READ error NOTIFY errorChanged)  // of the last picture asked for

public:
    struct Options {
        service::EditCacheSettings cache;
        std::unique_ptr<AudioOutput> sound;  // empty: none
        PlaybackClock::Now now;              // empty: the system's monotonic clock
    };
    // `document` and `runner` must outlive this object.
    Player(ProjectDocument& document, jobs::JobRunner& runner, Options options, QObject* parent = nullptr);
    ~Player() override;

    [[nodiscard]] qint64 frame() const { return m_frame; }
    [[nodiscard]] qint64 frames() const { return m_timeline.timeline.frames; }
    [[nodiscard]] double rate() const { return m_timeline.timeline.rate.value(); }
    [[nodiscard]] double seconds() const;
    [[nodiscard]] Rational time() const;  // of the playhead, exact
    [[nodiscard]] QString timecode() const;
    [[nodiscard]] QString endTimecode() const;
    [[nodiscard]] double aspectRatio() const;
    [[nodiscard]] bool isPlaying() const { return m_speed != 0; }
    [[nodiscard]] int speed() const { return m_speed; }
    [[nodiscard]] bool isWaiting() const { return m_waiting; }
    [[nodiscard]] bool loop() const { return m_loop; }
    [[nodiscard]] bool waitsForEdit() const { return m_waitsForEdit; }
    [[nodiscard]] qint64 inFrame() const { return m_inFrame; }
    [[nodiscard]] qint64 outFrame() const { return m_outFrame; }
    [[nodiscard]] double volume() const { return m_volume; }
    [[nodiscard]] bool isMuted() const { return m_muted; }
    [[nodiscard]] const ShownFrame& picture() const { return m_picture; }
    [[nodiscard]] bool hasPicture() const { return m_picture.hasSource() || m_picture.hasEdited(); }
    [[nodiscard]] bool isEditPending() const { return m_editPending; }
    [[nodiscard]] double shownFps() const { return m_shownFps; }
    [[nodiscard]] int droppedFrames() const { return m_dropped; }
    [[nodiscard]] bool hasSoundDevice() const;
    [[nodiscard]] QString audioNote() const;
    [[nodiscard]] const ErrorReport& error() const { return m_error; }
    // What is played: the project as the engine takes it.
    [[nodiscard]] const PlaybackTimeline& timeline() const { return m_timeline; }

    Q_INVOKABLE void seek(qint64 frame);  // clamped to the timeline; playing goes on from there
    Q_INVOKABLE void step(int frames);    // pauses
    Q_INVOKABLE void toStart();
    Q_INVOKABLE void toEnd();  // the last frame
    Q_INVOKABLE void play();   // from the start when at the end
    Q_INVOKABLE void pause();
    Q_INVOKABLE void toggle();
    // J, K, L: -1 backwards and faster each time, 0 pause, 1 forwards and faster each time.
    Q_INVOKABLE void shuttle(int direction);
    Q_INVOKABLE void setIn();  // at the playhead; an out before it is taken away
    Q_INVOKABLE void setOut();
    Q_INVOKABLE void clearInOut();
    // Both at once; negative: not set. `out` is the last frame of the range. Clamped to the timeline.
    void setRange(qint64 in, qint64 out);
    Q_INVOKABLE void goToNextCut();  // the next start or end of a clip on a track that is seen or heard
    Q_INVOKABLE void goToPreviousCut();
    // "HH:MM:SS:FF" with parts left out from the left ("5:12" is 5 s 12), "+12" and "-12" relative; false: not a timecode.
    Q_INVOKABLE bool goToTimecode(const QString& text);
    // Of the viewer in device pixels: pictures come no larger than that and than a bound of ours.
    Q_INVOKABLE void setViewSize(const QSize& pixels);
    Q_INVOKABLE void dismissError();

    void setLoop(bool loop);
    void setWaitsForEdit(bool waits);
    void setVolume(double volume);
    void setMuted(bool muted);
    void setCache(const service::EditCacheSettings& cache);
    // Of sources by their path.
    void setProxies(std::map<std::filesystem::path, std::filesystem::path> proxies) { m_proxies = std::move(proxies); }
    // Asks again for the picture at the playhead: an edit of it may have been made.
    void refresh();
    // By the preview: an edit is being made for what is at the playhead.
    void setEditUnderWay(bool underWay);

Q_SIGNALS:
    void frameChanged();
    void timelineChanged();
    void playingChanged();
    void waitingChanged();
    void loopChanged();
    void waitsForEditChanged();
    void rangeChanged();
    void volumeChanged();
    void pictureChanged();
    void shownFpsChanged();
    void soundDeviceChanged();
    void errorChanged();

private:
    struct Due {
        qint64 frame = 0;
        ShownFrame picture;
        bool editPending = false;
    };

    void takeProject();
    void startPlayback();
    void stopPlayback();
    void restart();
    void startClock();
    void tick();
    void tickStreamed();
    void tickShuttle();
    void reachEnd();
    void hold(qint64 frame);
    void wait(bool waiting);
    void requestStill();
    void requestWantedStill();
    void requestOwnStill();
    void receivePicture(const service::PlaybackPicture& event);
    void receiveSound(const service::PlaybackSound& event);
    void show(const Due& due);
    void moveTo(qint64 frame);
    void setSpeed(int speed);
    void countShown();
    void applyVolume();
    void reportError(const Error& error);
    [[nodiscard]] bool holdsAt(const Due& due) const;
    [[nodiscard]] Due dueOf(const service::PlaybackPicture& event) const;
    [[nodiscard]] service::PlaybackRequest requestFor(qint64 first, qint64 end) const;
    [[nodiscard]] qint64 firstSample(qint64 frame) const;
    [[nodiscard]] qint64 lastFrame() const;
    [[nodiscard]] qint64 loopStart() const;
    [[nodiscard]] qint64 endOfPlay() const;  // one past the last frame to be played
    [[nodiscard]] QSize pictureSize() const;

    ProjectDocument& m_document;
    service::EditCacheSettings m_cache;
    std::unique_ptr<AudioOutput> m_sound;
    PlaybackTimeline m_timeline;
    jobs::LatestJob m_playback;
    jobs::LatestJob m_still;
    PlaybackClock m_clock;
    QTimer m_timer;
    QTimer m_rest;  // until the playhead rests on a picture of a proxy
    std::map<std::filesystem::path, std::filesystem::path> m_proxies;
    std::shared_ptr<service::PlaybackPace> m_pace;  // of the running playback job; empty: single pictures
    std::deque<Due> m_due;                          // ascending; no more than the pace lets through
    qint64 m_frame = 0;
    qint64 m_playEnd = 0;         // one past the last frame of the running job
    qint64 m_lastShown = -1;      // of this stretch of playing
    qint64 m_held = -1;           // playing stands before this frame until its edit has come; -1: it does not
    qint64 m_resumedAt = -1;      // the frame it stood at last: not twice
    bool m_stillWanted = false;   // another one, once the one asked for has come
    bool m_stillIsOwn = false;    // the one asked for stands in for a proxy's picture that is shown
    int m_speed = 0;
    bool m_hasSound = false;      // of the running job
    bool m_playbackDone = false;  // all its pictures have come
    bool m_waiting = false;
    bool m_waitsForEdit = true;
    bool m_editUnderWay = false;
    bool m_loop = false;
    qint64 m_inFrame = -1;
    qint64 m_outFrame = -1;
    double m_volume = 1;
    bool m_muted = false;
    ShownFrame m_picture;
    bool m_editPending = false;
    QSize m_viewSize{1280, 720};
    std::deque<std::int64_t> m_shownAt;  // nanoseconds
    double m_shownFps = 0;
    int m_dropped = 0;
    ErrorReport m_error;
};

}  // namespace lipar::session
