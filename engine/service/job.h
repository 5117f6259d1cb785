// Private to engine/service: what a job is given, and where each kind of job is written.
#pragma once

#include <chrono>
#include <functional>

#include "engine/core/cancel.h"
#include "engine/service/engine.h"
#include "engine/service/loaded_models.h"

namespace lipar::service {

struct PlaybackMemory;

// Lives as long as the job. Thread: the engine's, except emit(), which any thread of the job may call.
struct JobContext {
    JobId id = 0;
    CancelToken cancel;
    std::function<void(const Event&)> emit;
    LoadedModels& models;
    PlaybackMemory& playback;

    void progress(Phase phase, std::int64_t done = 0, std::int64_t total = 0) const {
        emit(Progress{.job = id, .phase = phase, .framesDone = done, .framesTotal = total});
    }
};

[[nodiscard]] Result<EditReport> runEdit(const EditRequest& request, JobContext& context);
[[nodiscard]] Result<PlanReport> runPlan(const PlanRequest& request, JobContext& context);
[[nodiscard]] Result<CompareReport> runCompare(const CompareRequest& request, JobContext& context);
[[nodiscard]] Result<TraceReport> runTrace(const TraceRequest& request, JobContext& context);
[[nodiscard]] Result<BenchReport> runBench(const BenchRequest& request, JobContext& context);
[[nodiscard]] Result<ModelListReport> runModelList(const ModelListRequest& request, JobContext& context);
[[nodiscard]] Result<ModelShowReport> runModelShow(const ModelShowRequest& request, JobContext& context);
[[nodiscard]] Result<ModelVerifyReport> runModelVerify(const ModelVerifyRequest& request, JobContext& context);
[[nodiscard]] Result<ModelConvertReport> runModelConvert(const ModelConvertRequest& request, JobContext& context);
[[nodiscard]] Result<ModelInstallReport> runModelInstall(const ModelInstallRequest& request, JobContext& context);
[[nodiscard]] Result<ModelImportReport> runModelImport(const ModelImportRequest& request, JobContext& context);
[[nodiscard]] Result<ModelRepairReport> runModelRepair(const ModelRepairRequest& request, JobContext& context);
[[nodiscard]] Result<ModelRemoveReport> runModelRemove(const ModelRemoveRequest& request, JobContext& context);
[[nodiscard]] Result<DoctorReport> runDoctor(const DoctorRequest& request, JobContext& context);
[[nodiscard]] Result<ProbeReport> runProbe(const ProbeRequest& request);
[[nodiscard]] Result<MakeSampleReport> runMakeSample(const MakeSampleRequest& request);
[[nodiscard]] Result<RenderReport> runRender(const RenderRequest& request, JobContext& context);
[[nodiscard]] Result<JoinReport> runJoin(const JoinRequest& request, JobContext& context);
[[nodiscard]] Result<PlaybackReport> runPlayback(const PlaybackRequest& request, JobContext& context);
[[nodiscard]] Result<ThumbnailsReport> runThumbnails(const ThumbnailsRequest& request, JobContext& context);
[[nodiscard]] Result<WaveformReport> runWaveform(const WaveformRequest& request, JobContext& context);
[[nodiscard]] Result<ProxyReport> runProxy(const ProxyRequest& request, JobContext& context);
[[nodiscard]] Result<CacheLookupReport> runCacheLookup(const CacheLookupRequest& request, JobContext& context);
[[nodiscard]] Result<ClearCacheReport> runClearCache(const ClearCacheRequest& request);

inline double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace lipar::service
