#include "engine/service/engine.h"

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <new>
#include <thread>

#include "engine/core/log.h"
#include "engine/service/cached_pictures.h"
#include "engine/service/job.h"

namespace lipar::service {
namespace {

Result<Report> dispatch(const Request& request, JobContext& context) {
    const auto report = [](auto result) -> Result<Report> {
        if (!result)
            return std::unexpected(std::move(result).error());
        return Report(std::move(*result));
    };
    struct Visitor {
        JobContext& context;
        decltype(report)& wrap;
        Result<Report> operator()(const EditRequest& r) const { return wrap(runEdit(r, context)); }
        Result<Report> operator()(const PlanRequest& r) const { return wrap(runPlan(r, context)); }
        Result<Report> operator()(const CompareRequest& r) const { return wrap(runCompare(r, context)); }
        Result<Report> operator()(const TraceRequest& r) const { return wrap(runTrace(r, context)); }
        Result<Report> operator()(const BenchRequest& r) const { return wrap(runBench(r, context)); }
        Result<Report> operator()(const ModelListRequest& r) const { return wrap(runModelList(r, context)); }
        Result<Report> operator()(const ModelShowRequest& r) const { return wrap(runModelShow(r, context)); }
        Result<Report> operator()(const ModelVerifyRequest& r) const { return wrap(runModelVerify(r, context)); }
        Result<Report> operator()(const ModelConvertRequest& r) const { return wrap(runModelConvert(r, context)); }
        Result<Report> operator()(const ModelInstallRequest& r) const { return wrap(runModelInstall(r, context)); }
        Result<Report> operator()(const ModelImportRequest& r) const { return wrap(runModelImport(r, context)); }
        Result<Report> operator()(const ModelRepairRequest& r) const { return wrap(runModelRepair(r, context)); }
        Result<Report> operator()(const ModelRemoveRequest& r) const { return wrap(runModelRemove(r, context)); }
        Result<Report> operator()(const DoctorRequest& r) const { return wrap(runDoctor(r, context)); }
        Result<Report> operator()(const ProbeRequest& r) const { return wrap(runProbe(r)); }
        Result<Report> operator()(const MakeSampleRequest& r) const { return wrap(runMakeSample(r)); }
        Result<Report> operator()(const RenderRequest& r) const { return wrap(runRender(r, context)); }
        Result<Report> operator()(const JoinRequest& r) const { return wrap(runJoin(r, context)); }
        Result<Report> operator()(const PlaybackRequest& r) const { return wrap(runPlayback(r, context)); }
        Result<Report> operator()(const ThumbnailsRequest& r) const { return wrap(runThumbnails(r, context)); }
        Result<Report> operator()(const WaveformRequest& r) const { return wrap(runWaveform(r, context)); }
        Result<Report> operator()(const ProxyRequest& r) const { return wrap(runProxy(r, context)); }
        Result<Report> operator()(const CacheLookupRequest& r) const { return wrap(runCacheLookup(r, context)); }
        Result<Report> operator()(const ClearCacheRequest& r) const { return wrap(runClearCache(r)); }
    };
    return std::visit(Visitor{context, report}, request);
}

// The engine's edge: whatever is thrown inside becomes an error here.
Result<Report> runGuarded(const Request& request, JobContext& context) {
    try {
        LIPAR_TRY(context.cancel.check());
        return dispatch(request, context);
    } catch (const c10::OutOfMemoryError& error) {
        return fail(ErrorCode::outOfMemory, std::string("the GPU's memory is full: ") + error.what_without_backtrace(),
                    "use a smaller --size, or --device cpu");
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::outOfMemory, "memory is full: the job needed more than this machine has free", "use a smaller --size");
    } catch (const c10::Error& error) {
        const std::string what = error.what_without_backtrace();
        // ATen's CPU allocator has no exception class of its own.
        if (what.find("DefaultCPUAllocator") != std::string::npos)
            return fail(ErrorCode::outOfMemory, "memory is full: the job needed more than this machine has free", "use a smaller --size");
        log(LogLevel::debug, error.what());
        return fail(ErrorCode::internal, "the engine failed: " + what.substr(0, what.find('\n')), "please report this with `lipar doctor`");
    } catch (const std::exception& error) {
        return fail(ErrorCode::internal, std::string("the engine failed: ") + error.what(), "please report this with `lipar doctor`");
    }
}

model_store::ModelFolders foldersFor(const EngineOptions& options) {
    model_store::ModelFolders folders = model_store::findModelFolders();
    if (!options.modelsFolder.empty())
        folders.user = options.modelsFolder;
    return folders;
}

}  // namespace

struct Engine::State {
    struct Job {
        JobId id = 0;
        Request request;
        CancelSource cancel;
    };

    State(EventSink eventSink, EngineOptions engineOptions)
        : sink(std::move(eventSink)),
          options(std::move(engineOptions)),
          models(foldersFor(options)) {}

    void work() {
        if (options.threads > 0)
            at::set_num_threads(options.threads);
        // Linux counts niceness by thread, and the threads that this one will start inherit it.
        if (::getpriority(PRIO_PROCESS, 0) < options.niceness)
            (void)::setpriority(PRIO_PROCESS, 0, options.niceness);
        for (;;) {
            std::shared_ptr<Job> job;
            {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return stopping || !waiting.empty(); });
                if (stopping)
                    return;
                job = waiting.front();
                waiting.pop_front();
                running = job;
            }
            sink(JobStarted{job->id});
            JobContext context{job->id, job->cancel.token(), sink, models, playback};
            Result<Report> outcome = runGuarded(job->request, context);
            if (!outcome && outcome.error().code == ErrorCode::outOfMemory)
                models.forget();
            if (!outcome)
                releaseCachedMemory();
            {
                const std::scoped_lock lock(mutex);
                running.reset();
            }
            if (outcome)
                sink(JobFinished{job->id, std::move(*outcome)});
            else
                sink(JobFailed{job->id, std::move(outcome.error())});
        }
    }

    EventSink sink;
    const EngineOptions options;
    LoadedModels models;
    PlaybackMemory playback;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::shared_ptr<Job>> waiting;
    std::shared_ptr<Job> running;
    JobId lastId = 0;
    bool stopping = false;
    std::thread thread;
};

Engine::Engine(EventSink sink, EngineOptions options) : m_state(std::make_unique<State>(std::move(sink), std::move(options))) {
    m_state->thread = std::thread([state = m_state.get()] { state->work(); });
}

Engine::~Engine() {
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->stopping = true;
        if (m_state->running)
            m_state->running->cancel.cancel();
        m_state->changed.notify_all();
    }
    m_state->thread.join();
}

JobId Engine::submit(Request request) {
    const std::scoped_lock lock(m_state->mutex);
    auto job = std::make_shared<State::Job>();
    job->id = ++m_state->lastId;
    job->request = std::move(request);
    m_state->waiting.push_back(job);
    m_state->changed.notify_all();
    return job->id;
}

void Engine::cancel(JobId id) {
    const std::scoped_lock lock(m_state->mutex);
    if (m_state->running && m_state->running->id == id)
        m_state->running->cancel.cancel();
    for (const auto& job : m_state->waiting)
        if (job->id == id)
            job->cancel.cancel();
}

void Engine::cancelAll() {
    const std::scoped_lock lock(m_state->mutex);
    if (m_state->running)
        m_state->running->cancel.cancel();
    for (const auto& job : m_state->waiting)
        job->cancel.cancel();
}

Result<Report> runJob(Request request, const Engine::EventSink& sink, const CancelToken& cancel, EngineOptions options) {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result<Report>> outcome;
    Engine engine(
        [&](const Event& event) {
            if (sink)
                sink(event);
            const std::scoped_lock lock(mutex);
            if (const auto* finished = std::get_if<JobFinished>(&event))
                outcome = finished->report;
            else if (const auto* failed = std::get_if<JobFailed>(&event))
                outcome = std::unexpected(failed->error);
            changed.notify_all();
        },
        std::move(options));
    const JobId id = engine.submit(std::move(request));
    std::unique_lock lock(mutex);
    // A cancel may come from a signal handler, which cannot notify, so it is looked at now and then.
    while (!changed.wait_for(lock, std::chrono::milliseconds(20), [&] { return outcome.has_value(); })) {
        if (cancel.isCancelled()) {
            lock.unlock();
            engine.cancel(id);
            lock.lock();
        }
    }
    return std::move(*outcome);
}

JobId jobOf(const Event& event) {
    return std::visit([](const auto& e) { return e.job; }, event);
}

double BlockTimes::total() const {
    double sum = encode + mask + cache + decode;
    for (const double step : steps)
        sum += step;
    return sum;
}

void limitThreadSpinning(char** argv) {
    for (const char* chosen : {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "OMP_NUM_THREADS"})
        if (std::getenv(chosen))
            return;
    if (::setenv("GOMP_SPINCOUNT", "10000", 1) == 0)
        ::execv("/proc/self/exe", argv);  // returns only when it cannot; the program then runs as it is
}

const char* versionString() { return LIPAR_VERSION; }

}  // namespace lipar::service
