// The export queue as the window shows it. Thread: UI thread.
#pragma once

#include <QAbstractListModel>
#include <QtQmlIntegration>

#include "app/jobs/export_queue.h"
#include "app/session/error_report.h"

namespace lipar::session {

class ExportList : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int waiting READ waiting NOTIFY countChanged)       // queued, paused or running
    Q_PROPERTY(bool hasFinished READ hasFinished NOTIFY countChanged)  // done, failed or cancelled ones
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged)
    Q_PROPERTY(bool isRunning READ isRunning NOTIFY runningChanged)
    // Of the running one.
    Q_PROPERTY(QString runningName READ runningName NOTIFY runningChanged)
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged)    // 0..1; negative: not known yet
    Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY progressChanged)  // negative: not known

public:
    enum State { Queued, Running, Paused, Done, Failed, Cancelled };  // as jobs::ExportState
    Q_ENUM(State)
    enum Role {
        NameRole = Qt::UserRole + 1,
        FolderRole,
        FormatRole,  // "h264, mp4"
        StateRole,
        ProgressRole,     // 0..1; negative: not known yet
        FramesDoneRole,
        FramesTotalRole,
        FpsRole,
        SecondsLeftRole,  // negative: not known
        SecondsRole,      // that a finished one took
        BytesRole,        // of a finished one; 0: not known
        ErrorRole,        // ErrorReport
        LoadingRole,      // the model is being loaded or the cost measured
    };

    // `queue` must outlive this object.
    explicit ExportList(jobs::ExportQueue& queue, QObject* parent = nullptr);

    [[nodiscard]] int count() const { return int(m_queue.items().size()); }
    [[nodiscard]] int waiting() const;
    [[nodiscard]] bool hasFinished() const;
    [[nodiscard]] bool isPaused() const { return m_queue.isPaused(); }
    void setPaused(bool paused) { m_queue.setPaused(paused); }
    [[nodiscard]] bool isRunning() const { return m_queue.isRunning(); }
    [[nodiscard]] QString runningName() const;
    [[nodiscard]] double progress() const;
    [[nodiscard]] int secondsLeft() const;

    Q_INVOKABLE void cancel(int row);
    Q_INVOKABLE void cancelRunning();
    Q_INVOKABLE void retry(int row);
    Q_INVOKABLE void remove(int row);
    Q_INVOKABLE void removeFinished();
    Q_INVOKABLE void move(int row, int by);
    // Opens the folder of the file.
    Q_INVOKABLE void reveal(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();
    void pausedChanged();
    void runningChanged();
    void progressChanged();

private:
    [[nodiscard]] std::uint64_t idAt(int row) const;  // 0: none

    jobs::ExportQueue& m_queue;
};

}  // namespace lipar::session
