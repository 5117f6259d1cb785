// The engine's one public face: typed requests in, typed events out, one worker thread.
//
// Jobs run one after the other in the order they were submitted. Whatever goes wrong in a job ends that job with
// JobFailed; the engine stays usable. No torch type and no exception crosses this header.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "engine/core/cancel.h"
#include "engine/service/events.h"
#include "engine/service/requests.h"

namespace lipar::service {

struct EngineOptions {
    // Where the user's models are looked for and installed. Empty: $LIPAR_MODELS, else lipar-studio/models in the user's data
    // folder ($XDG_DATA_HOME). Models that came with the program are found beside it, whatever stands here.
    std::filesystem::path modelsFolder;
    int threads = 0;   // of torch on the CPU; 0 = one a core
    int niceness = 0;  // 0..19: how far the engine's threads stand back where others want the cores, as a window does
};

class Engine {
public:
    // The sink is called on the engine thread; it must not block for long and must not call back into Engine
    // other than submit() and cancel().
    using EventSink = std::function<void(const Event&)>;

    explicit Engine(EventSink sink, EngineOptions options = {});
    ~Engine();  // cancels everything and joins
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Thread: any. Queues a job; ids ascend from 1.
    JobId submit(Request request);
    // Thread: any. The running job stops within one pass of the model; a waiting one never starts. Either ends
    // with JobFailed{cancelled}. Unknown ids are ignored.
    void cancel(JobId job);
    void cancelAll();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// Runs one job on an engine of its own and waits for it: what the command line and tests use. `sink` is called on
// the engine thread. Cancelling the token cancels the job.
[[nodiscard]] Result<Report> runJob(Request request, const Engine::EventSink& sink = {}, const CancelToken& cancel = {},
                                    EngineOptions options = {});

// Where the engine keeps embeddings of prompts (embeddings, at most 256 MiB) and digests of large models (digests):
// lipar-studio under $XDG_CACHE_HOME, else under ~/.cache. Either may be removed at any time. Empty where there is no
// such folder: nothing is kept then.
[[nodiscard]] std::filesystem::path findCacheFolder();

// Call first in main(). OpenMP's threads spin while they wait for each other, for so long that a machine which also decodes,
// encodes and draws loses more than half of its speed. The limit is an environment variable that is read before main(),
// so the program starts itself once more with it. Does nothing where the user has chosen (GOMP_SPINCOUNT, OMP_WAIT_POLICY
// or OMP_NUM_THREADS). Measured on two cores, one of them busy: 10.3 to 17 FPS; idle: no difference.
void limitThreadSpinning(char** argv);

// "1.0.0" of this build.
[[nodiscard]] const char* versionString();

}  // namespace lipar::service
