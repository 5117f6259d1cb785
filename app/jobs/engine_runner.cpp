#include "app/jobs/engine_runner.h"

#include <type_traits>
#include <utility>

#include "engine/service/engine.h"

namespace lipar::jobs {

namespace {

// The lane is part of the number, so that no two lanes give the same one.
constexpr service::JobId idOf(service::JobId inLane, std::size_t lane, std::size_t lanes) {
    return inLane * lanes + lane;
}

}  // namespace

Lane laneOf(const service::Request& request) {
    return std::visit(
        [](const auto& one) {
            using R = std::decay_t<decltype(one)>;
            constexpr auto isAnyOf = []<class... T>(std::type_identity<T>...) { return (std::is_same_v<R, T> || ...); };
            if constexpr (std::is_same_v<R, service::PlaybackRequest>)
                return Lane::playback;
            else if constexpr (std::is_same_v<R, service::ProxyRequest>)
                return Lane::proxies;
            else if constexpr (isAnyOf(std::type_identity<service::EditRequest>{}, std::type_identity<service::PlanRequest>{},
                                       std::type_identity<service::RenderRequest>{}, std::type_identity<service::JoinRequest>{},
                                       std::type_identity<service::CompareRequest>{}, std::type_identity<service::TraceRequest>{},
                                       std::type_identity<service::BenchRequest>{},
                                       std::type_identity<service::ModelConvertRequest>{}))
                return Lane::models;
            else if constexpr (isAnyOf(std::type_identity<service::ModelInstallRequest>{}, std::type_identity<service::ModelImportRequest>{},
                                       std::type_identity<service::ModelRepairRequest>{},
                                       std::type_identity<service::ModelRemoveRequest>{},
                                       std::type_identity<service::ModelVerifyRequest>{}))
                return Lane::store;
            else
                return Lane::media;
        },
        request);
}

EngineRunner::EngineRunner(service::EngineOptions options, QObject* parent) : JobRunner(parent) {
    constexpr std::array<int, laneCount> niceness{10, 5, 0, 5, 19};
    for (std::size_t lane = 0; lane < laneCount; ++lane) {
        options.niceness = niceness[lane];
        auto sink = [this, lane](const service::Event& event) {
            // Copied once on the engine's thread; pictures in it are shared. ~EngineRunner joins that thread, and Qt drops
            // calls that are still queued for a destroyed receiver.
            auto copy = std::make_shared<service::Event>(event);
            std::visit([lane](auto& one) { one.job = idOf(one.job, lane, laneCount); }, *copy);
            QMetaObject::invokeMethod(
                this, [this, copy = EventPtr(std::move(copy))] { Q_EMIT eventArrived(copy); }, Qt::QueuedConnection);
        };
        m_engines[lane] = std::make_unique<service::Engine>(std::move(sink), options);
    }
}

EngineRunner::~EngineRunner() = default;

service::JobId EngineRunner::submit(service::Request request) {
    const auto lane = std::size_t(laneOf(request));
    return idOf(m_engines[lane]->submit(std::move(request)), lane, laneCount);
}

void EngineRunner::cancel(service::JobId job) {
    m_engines[job % laneCount]->cancel(job / laneCount);
}

}  // namespace lipar::jobs
