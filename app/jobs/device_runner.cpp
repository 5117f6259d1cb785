#include "app/jobs/device_runner.h"

#include <utility>
#include <variant>

namespace lipar::jobs {

DeviceRunner::DeviceRunner(JobRunner& runner, QObject* parent) : JobRunner(parent), m_runner(runner) {
    connect(&runner, &JobRunner::eventArrived, this, &JobRunner::eventArrived);
}

void DeviceRunner::setDevice(const std::string& device, service::Precision precision) {
    m_device = device;
    m_precision = precision;
}

service::JobId DeviceRunner::submit(service::Request request) {
    const auto choose = [this](service::EngineChoice& engine) {
        engine.device = m_device;
        engine.precision = m_precision;
    };
    std::visit(
        [&](auto& job) {
            if constexpr (requires { job.engine.device; })
                choose(job.engine);
            if constexpr (requires { job.edits.front().engine; })
                for (auto& edit : job.edits)
                    choose(edit.engine);
            if constexpr (requires { job.edit.engine; })
                choose(job.edit.engine);
        },
        request);
    return m_runner.submit(std::move(request));
}

void DeviceRunner::cancel(service::JobId job) {
    m_runner.cancel(job);
}

}  // namespace lipar::jobs
