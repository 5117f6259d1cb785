// The running or last edit: how far it is, what the engine reads out, what became of it. Thread: UI thread.
#pragma once

#include <filesystem>

#include <QObject>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/error_report.h"

namespace lipar::session {

class EditRun : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool isRunning READ isRunning NOTIFY stateChanged)     // also while it is being cancelled
    Q_PROPERTY(QString prompt READ prompt NOTIFY stateChanged)        // as the engine was given it
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged)  // 0..1; negative = not known
    Q_PROPERTY(int framesDone READ framesDone NOTIFY progressChanged)
    Q_PROPERTY(int framesTotal READ framesTotal NOTIFY progressChanged)
    Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY progressChanged)  // negative = not known
    // Read-outs of the last block; hasReadings is false until there is one.
    Q_PROPERTY(bool hasReadings READ hasReadings NOTIFY progressChanged)
    Q_PROPERTY(double engineFps READ engineFps NOTIFY progressChanged)
    Q_PROPERTY(double blockMs READ blockMs NOTIFY progressChanged)
    Q_PROPERTY(double keptRatio READ keptRatio NOTIFY progressChanged)      // of the edit so far, 0..1
    Q_PROPERTY(double memoryBytes READ memoryBytes NOTIFY progressChanged)  // of the device; of the host on a CPU
    Q_PROPERTY(QString deviceKind READ deviceKind NOTIFY deviceChanged)
    Q_PROPERTY(QString deviceName READ deviceName NOTIFY deviceChanged)
    Q_PROPERTY(QString precision READ precision NOTIFY deviceChanged)
    Q_PROPERTY(double totalSeconds READ totalSeconds NOTIFY stateChanged)  // of a finished edit
    Q_PROPERTY(lipar::session::ErrorReport error READ error NOTIFY stateChanged)

public:
    enum State { Idle, Loading, Measuring, Editing, Finishing, Cancelling, Done, Cancelled, Failed };
    Q_ENUM(State)

    explicit EditRun(jobs::JobRunner& runner, QObject* parent = nullptr);

    // Replaces a running edit: it is cancelled and nothing of it arrives any more.
    void start(const service::EditRequest& request);
    void cancel();
    // Forgets the edit, running or not.
    void reset();
    Q_INVOKABLE void dismissError();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isRunning() const { return m_state >= Loading && m_state <= Cancelling; }
    [[nodiscard]] QString prompt() const { return QString::fromStdString(m_request.settings.prompt); }
    [[nodiscard]] double progress() const;
    [[nodiscard]] int framesDone() const { return int(m_progress.framesDone); }
    [[nodiscard]] int framesTotal() const { return int(m_progress.framesTotal); }
    [[nodiscard]] int secondsLeft() const;
    [[nodiscard]] bool hasReadings() const { return m_hasReadings; }
    [[nodiscard]] double engineFps() const { return m_progress.fps; }
    [[nodiscard]] double blockMs() const { return m_blockMs; }
    [[nodiscard]] double keptRatio() const { return m_progress.keptRatio; }
    [[nodiscard]] double memoryBytes() const { return m_memoryBytes; }
    [[nodiscard]] QString deviceKind() const { return QString::fromStdString(m_device.kind); }
    [[nodiscard]] QString deviceName() const { return QString::fromStdString(m_device.name); }
    [[nodiscard]] QString precision() const { return QString::fromStdString(m_device.precision); }
    [[nodiscard]] double totalSeconds() const { return m_totalSeconds; }
    [[nodiscard]] const ErrorReport& error() const { return m_error; }
    [[nodiscard]] const service::EditRequest& request() const { return m_request; }

Q_SIGNALS:
    void stateChanged();
    void progressChanged();
    void deviceChanged();
    void prepared(const lipar::service::EditPrepared& event);
    void blockArrived(const lipar::service::BlockFinished& block);

private:
    void receiveProgress(const service::Progress& progress);
    void receiveBlock(const service::BlockFinished& block);
    void finish(const service::Report& report);
    void fail(const Error& error);
    void setState(State state);
    void clearReadings();

    jobs::LatestJob m_job;
    service::EditRequest m_request;
    State m_state = Idle;
    service::Progress m_progress;
    service::DeviceInfo m_device;
    double m_blockMs = 0;
    double m_memoryBytes = 0;
    double m_totalSeconds = 0;
    bool m_hasReadings = false;
    ErrorReport m_error;
};

}  // namespace lipar::session
