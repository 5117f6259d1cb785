// One kind of work of which only the newest request counts: an edit, a stretch of playback, the probe of a clip.
//
// A new request cancels the one before it, and whatever still arrives of an older generation is dropped here, so
// that no receiver ever sees a stale picture. Thread: UI thread.
#pragma once

#include <QObject>

#include "app/jobs/job_runner.h"

namespace lipar::jobs {

class LatestJob : public QObject {
    Q_OBJECT
public:
    // `runner` must outlive this object.
    explicit LatestJob(JobRunner& runner, QObject* parent = nullptr);
    ~LatestJob() override;  // abandons

    // Abandons the current job and queues this one.
    void start(service::Request request);
    // Asks the current job to stop. Its pictures and progress are dropped from now on; failed() follows.
    void cancel();
    // Stops the current job and forgets it: none of its events is forwarded any more.
    void abandon();

    [[nodiscard]] bool isRunning() const noexcept { return m_job != 0; }
    [[nodiscard]] bool isCancelling() const noexcept { return m_cancelling; }
    // Counts start(); 0 before the first.
    [[nodiscard]] int generation() const noexcept { return m_generation; }

Q_SIGNALS:
    void started();
    void prepared(const lipar::service::EditPrepared& event);
    void progressed(const lipar::service::Progress& event);
    void blockFinished(const lipar::service::BlockFinished& event);
    // Every event but the last: for playback pictures, sound and thumbnails.
    void arrived(const lipar::jobs::EventPtr& event);
    // isRunning() is already false when these two are emitted.
    void finished(const lipar::service::Report& report);
    void failed(const lipar::Error& error);

private:
    void receive(const EventPtr& event);

    JobRunner& m_runner;
    service::JobId m_job = 0;
    int m_generation = 0;
    bool m_cancelling = false;
};

}  // namespace lipar::jobs
