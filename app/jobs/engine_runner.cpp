#include "app/jobs/engine_runner.h"

#include <utility>

#include "engine/service/engine.h"

namespace lipar::jobs {

EngineRunner::EngineRunner(service::EngineOptions options, QObject* parent) : JobRunner(parent) {
    auto sink = [this](const service::Event& event) {
        // Copied once on the engine thread; pictures in it are shared. ~EngineRunner joins that thread, and Qt drops
        // calls that are still queued for a destroyed receiver.
        QMetaObject::invokeMethod(
            this, [this, copy = std::make_shared<const service::Event>(event)] { Q_EMIT eventArrived(copy); },
            Qt::QueuedConnection);
    };
    m_engine = std::make_unique<service::Engine>(std::move(sink), std::move(options));
}

EngineRunner::~EngineRunner() = default;

service::JobId EngineRunner::submit(service::Request request) {
    return m_engine->submit(std::move(request));
}

void EngineRunner::cancel(service::JobId job) {
    m_engine->cancel(job);
}

}  // namespace lipar::jobs
