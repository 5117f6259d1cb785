// Where the window hands its jobs to: the engine, or a fake one in tests.
//
// Thread: all members belong to the UI thread, and eventArrived is emitted on it, never from within submit() or
// cancel(). Events of one job arrive in the order in which the engine sent them; the last is JobFinished or JobFailed.
#pragma once

#include <memory>

#include <QObject>

#include "engine/service/events.h"
#include "engine/service/requests.h"

namespace lipar::jobs {

using EventPtr = std::shared_ptr<const service::Event>;

class JobRunner : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    // Queues a job behind those already there; never waits for the engine.
    virtual service::JobId submit(service::Request request) = 0;
    // Asks a job to stop; it ends with JobFailed{cancelled}. Unknown ids are ignored.
    virtual void cancel(service::JobId job) = 0;

Q_SIGNALS:
    void eventArrived(const lipar::jobs::EventPtr& event);
};

}  // namespace lipar::jobs
