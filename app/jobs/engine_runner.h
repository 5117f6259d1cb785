// The real engine as a JobRunner: events cross from the engine thread to the UI thread through Qt's event queue.
#pragma once

#include <memory>

#include "app/jobs/job_runner.h"

namespace lipar::service {
class Engine;
struct EngineOptions;
}  // namespace lipar::service

namespace lipar::jobs {

class EngineRunner : public JobRunner {
    Q_OBJECT
public:
    explicit EngineRunner(service::EngineOptions options, QObject* parent = nullptr);
    ~EngineRunner() override;  // cancels everything and joins the engine thread

    service::JobId submit(service::Request request) override;
    void cancel(service::JobId job) override;

private:
    std::unique_ptr<service::Engine> m_engine;
};

}  // namespace lipar::jobs
