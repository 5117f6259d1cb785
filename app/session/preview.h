// The edit that runs ahead of the playhead, and what of every clip's edit is already there.
//
// A preview begins by itself a moment after something changed that the playhead shows, or when the playhead comes to a
// stretch whose edit is not in the cache; it edits from the playhead to the end of the edit's range. Every change starts
// it anew; nothing of the run before it is shown or counted. The pictures themselves reach the viewer through the cache.
// Thread: UI thread.
#pragma once

#include <deque>
#include <unordered_map>

#include <QObject>
#include <QTimer>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/error_report.h"
#include "app/session/player.h"
#include "app/session/project_document.h"

namespace lipar::session {

class Preview : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool isRunning READ isRunning NOTIFY stateChanged)
    Q_PROPERTY(bool automatic READ automatic WRITE setAutomatic NOTIFY automaticChanged)  // begins by itself
    Q_PROPERTY(bool paused READ isPaused NOTIFY automaticChanged)                         // an export has the device
    // An edited clip is at the playhead.
    Q_PROPERTY(bool canStart READ canStart NOTIFY canStartChanged)
    Q_PROPERTY(quint64 clip READ clip NOTIFY stateChanged)    // of the running or last preview; 0: none
    Q_PROPERTY(QString prompt READ prompt NOTIFY stateChanged)
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged)  // 0..1; negative: not known
    Q_PROPERTY(int framesDone READ framesDone NOTIFY progressChanged)
    Q_PROPERTY(int framesTotal READ framesTotal NOTIFY progressChanged)
    Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY progressChanged)  // negative: not known
    // Read-outs of the running or last preview; hasReadings is false until there is a block of it.
    Q_PROPERTY(bool hasReadings READ hasReadings NOTIFY progressChanged)
    Q_PROPERTY(double fps READ fps NOTIFY progressChanged)  // of the engine, end to end
    Q_PROPERTY(double msPerBlock READ msPerBlock NOTIFY progressChanged)
    Q_PROPERTY(double keptRatio READ keptRatio NOTIFY progressChanged)      // so far, 0..1
    Q_PROPERTY(double memoryBytes READ memoryBytes NOTIFY progressChanged)  // of the device; of the host on a CPU
    Q_PROPERTY(QString deviceKind READ deviceKind NOTIFY deviceChanged)     // "cpu", "cuda"; empty: not known yet
    Q_PROPERTY(QString deviceName READ deviceName NOTIFY deviceChanged)
    Q_PROPERTY(QString precision READ precision NOTIFY deviceChanged)
    Q_PROPERTY(lipar::session::ErrorReport error READ error NOTIFY stateChanged)

public:
    enum State { Idle, Loading, Measuring, Editing, Done, Cancelled, Failed };
    Q_ENUM(State)

    struct Options {
        service::EditCacheSettings cache;
        int delayMs = 150;  // from a change to the start
    };
    // All must outlive this object.
    Preview(ProjectDocument& document, jobs::JobRunner& runner, Player& player, Options options,
            QObject* parent = nullptr);
    ~Preview() override;

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isRunning() const { return m_state >= Loading && m_state <= Editing; }
    [[nodiscard]] bool automatic() const { return m_automatic; }
    [[nodiscard]] bool isPaused() const { return m_paused; }
    [[nodiscard]] bool canStart() const { return m_canStart; }
    [[nodiscard]] quint64 clip() const { return m_run.clip; }
    [[nodiscard]] QString prompt() const { return QString::fromStdString(m_run.request.settings.prompt); }
    [[nodiscard]] double progress() const;
    [[nodiscard]] int framesDone() const { return int(m_progress.framesDone); }
    [[nodiscard]] int framesTotal() const { return int(m_progress.framesTotal); }
    [[nodiscard]] int secondsLeft() const;
    [[nodiscard]] bool hasReadings() const { return m_hasReadings; }
    [[nodiscard]] double fps() const { return m_progress.fps; }
    [[nodiscard]] double msPerBlock() const { return m_msPerBlock; }
    [[nodiscard]] double keptRatio() const { return m_progress.keptRatio; }
    [[nodiscard]] double memoryBytes() const { return m_memoryBytes; }
    [[nodiscard]] QString deviceKind() const { return QString::fromStdString(m_device.kind); }
    [[nodiscard]] QString deviceName() const { return QString::fromStdString(m_device.name); }
    [[nodiscard]] QString precision() const { return QString::fromStdString(m_device.precision); }
    [[nodiscard]] const ErrorReport& error() const { return m_error; }
    // Of the running or last preview.
    [[nodiscard]] const service::EditRequest& request() const { return m_run.request; }

    // Starts at the playhead now, also where `automatic` is off.
    Q_INVOKABLE void start();
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void dismissError();
    void setAutomatic(bool automatic);
    // Stops what runs and starts nothing while set.
    void setPaused(bool paused);
    void setCache(const service::EditCacheSettings& cache);
    // The cache was cleared or filled by somebody else: everything is looked up anew.
    void cacheChangedOutside();

    // The stretches of this clip's edit that the cache holds, in seconds of the source, ascending. Asked for the first time
    // (and after every change of the clip's edit) it starts looking them up: cacheChanged(clip) follows.
    const std::vector<service::CachedBlock>& blocksOf(project::Id clip);
    // Those of its edit before the last change: shown as stale until they are made anew.
    [[nodiscard]] const std::vector<service::CachedBlock>& staleBlocksOf(project::Id clip) const;

Q_SIGNALS:
    void stateChanged();
    void automaticChanged();
    void canStartChanged();
    void progressChanged();
    void deviceChanged();
    void cacheChanged(quint64 clip);
    // Words of the running preview's prompt that the model does not know.
    void unknownWordsFound(quint64 clip, const QStringList& words);
    // How long that prompt is to the model, and how much of it the model reads.
    void promptMeasured(quint64 clip, int tokens, int limit);
    void sizeChosen(quint64 clip, int width, int height);  // by the engine, for an edit whose size is automatic

private:
    struct Run {
        project::Id clip = 0;
        service::TimelineEdit edit;  // with all of its range; the request begins where the playhead was
        service::EditRequest request;
        double reached = 0;  // seconds of the source that are edited, from request.settings.startSeconds on
        double blockSeconds = 0;
    };
    struct Known {
        service::CacheLookupRequest request;  // what the blocks belong to
        std::vector<service::CachedBlock> blocks;
        std::vector<service::CachedBlock> stale;
        bool isLookedUp = false;
    };

    void takeProject();
    void considerPlayhead();
    void startWhenDue();
    void begin();
    void stop(State state);
    void receivePrepared(const service::EditPrepared& event);
    void receiveProgress(const service::Progress& progress);
    void receiveBlock(const service::BlockFinished& block);
    void finish(const service::Report& report);
    void fail(const Error& error);
    void setState(State state);
    // The clips that are edited like this one, as far as anybody asked for them.
    [[nodiscard]] std::vector<project::Id> clipsOfRun() const;
    void queueLookup(project::Id clip);
    void startLookup();
    void receiveLookup(const service::Report& report);
    void tellPlayer();
    [[nodiscard]] bool isOfRun(const EditAtTime& at) const;
    [[nodiscard]] bool runCovers(const EditAtTime& at) const;
    [[nodiscard]] bool isCached(const EditAtTime& at) const;

    ProjectDocument& m_document;
    Player& m_player;
    service::EditCacheSettings m_cache;
    jobs::LatestJob m_job;
    jobs::LatestJob m_lookup;
    QTimer m_delay;
    Run m_run;
    State m_state = Idle;
    bool m_automatic = true;
    bool m_paused = false;
    bool m_canStart = false;
    project::Id m_heldClip = 0;  // cancelled or failed: nothing starts by itself for it until its edit changes
    service::Progress m_progress;
    service::DeviceInfo m_device;
    double m_msPerBlock = 0;
    double m_memoryBytes = 0;
    bool m_hasReadings = false;
    ErrorReport m_error;
    std::unordered_map<project::Id, Known> m_known;
    std::deque<project::Id> m_toLookUp;
    project::Id m_lookingUp = 0;
};

}  // namespace lipar::session
