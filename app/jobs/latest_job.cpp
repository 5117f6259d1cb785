#include "app/jobs/latest_job.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace lipar::jobs {

LatestJob::LatestJob(JobRunner& runner, QObject* parent) : QObject(parent), m_runner(runner) {
    connect(&m_runner, &JobRunner::eventArrived, this, &LatestJob::receive);
}

LatestJob::~LatestJob() {
    abandon();
}

void LatestJob::start(service::Request request) {
    abandon();
    ++m_generation;
    m_job = m_runner.submit(std::move(request));
}

void LatestJob::cancel() {
    if (m_job == 0 || m_cancelling)
        return;
    m_cancelling = true;
    m_runner.cancel(m_job);
}

void LatestJob::abandon() {
    if (m_job != 0 && !m_cancelling)
        m_runner.cancel(m_job);
    m_job = 0;
    m_cancelling = false;
}

void LatestJob::receive(const EventPtr& event) {
    const auto job = std::visit([](const auto& e) { return e.job; }, *event);
    if (m_job == 0 || job != m_job)
        return;
    std::visit(
        [this](const auto& e) {
            using E = std::decay_t<decltype(e)>;
            if constexpr (std::is_same_v<E, service::JobFinished>) {
                m_job = 0;
                m_cancelling = false;
                Q_EMIT finished(e.report);
            } else if constexpr (std::is_same_v<E, service::JobFailed>) {
                m_job = 0;
                m_cancelling = false;
                Q_EMIT failed(e.error);
            } else if (m_cancelling) {
                return;
            } else if constexpr (std::is_same_v<E, service::JobStarted>) {
                Q_EMIT started();
            } else if constexpr (std::is_same_v<E, service::EditPrepared>) {
                Q_EMIT prepared(e);
            } else if constexpr (std::is_same_v<E, service::Progress>) {
                Q_EMIT progressed(e);
            } else if constexpr (std::is_same_v<E, service::BlockFinished>) {
                Q_EMIT blockFinished(e);
            }
        },
        *event);
    if (m_job == job && !m_cancelling)
        Q_EMIT arrived(event);
}

}  // namespace lipar::jobs
