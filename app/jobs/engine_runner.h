// The real engine as a JobRunner: events cross from the engine's threads to the UI thread through Qt's event queue.
//
// Jobs of different lanes run beside each other, those of one lane in order: models compute on the first, media are looked
// into on the second, the third plays, the fourth fetches and checks models, the fifth makes proxies. So a thumbnail never waits for an
// edit, nor playback for a thumbnail, nor anything for a download or a proxy. A lane that has nothing to do costs a sleeping thread; only the first ever holds a model for
// longer than a check of it. The window comes first where cores are few: the first lane stands back from everything else, those of
// media and models from window and playback, that of proxies from all others.
#pragma once

#include <array>
#include <memory>

#include "app/jobs/job_runner.h"

namespace lipar::service {
class Engine;
struct EngineOptions;
}  // namespace lipar::service

namespace lipar::jobs {

enum class Lane { models, media, playback, store, proxies };
[[nodiscard]] Lane laneOf(const service::Request& request);

class EngineRunner : public JobRunner {
    Q_OBJECT
public:
    explicit EngineRunner(service::EngineOptions options, QObject* parent = nullptr);
    ~EngineRunner() override;  // cancels everything and joins the engines' threads

    // Job ids are unique over all lanes; within a lane they ascend.
    service::JobId submit(service::Request request) override;
    void cancel(service::JobId job) override;

private:
    static constexpr std::size_t laneCount = 5;
    std::array<std::unique_ptr<service::Engine>, laneCount> m_engines;
};

}  // namespace lipar::jobs
