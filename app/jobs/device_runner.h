// Hands jobs on with the device and precision that the settings name: one place for all who submit jobs.
#pragma once

#include <string>

#include "app/jobs/job_runner.h"

namespace lipar::jobs {

class DeviceRunner : public JobRunner {
    Q_OBJECT
public:
    // `runner` must outlive this object.
    explicit DeviceRunner(JobRunner& runner, QObject* parent = nullptr);

    // For the jobs that are submitted from now on.
    void setDevice(const std::string& device, service::Precision precision);

    service::JobId submit(service::Request request) override;
    void cancel(service::JobId job) override;

private:
    JobRunner& m_runner;
    std::string m_device = "auto";
    service::Precision m_precision = service::Precision::automatic;
};

}  // namespace lipar::jobs
