// Work recorded once and replayed with one call, so that thousands of small launches do not wait for the host.
//
// The tensors that the work reads and writes must stay where they are: a replay touches the same addresses. Results that the
// work allocates lie in memory shared by all graphs of the process: use them before another graph is replayed.
// Thread: the one that records. Only where a back end can (isAvailable()); nothing here is of use on the CPU.
// The environment variable LIPAR_NO_GRAPHS switches recording off, to compare or to look into a fault.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>

namespace lipar::kernels {

struct RecordedGraph;

class DeviceGraph {
public:
    [[nodiscard]] static bool isAvailable(at::Device device) noexcept;
    // Makes a stream other than the default one the calling thread's current stream, which recording needs. Once is enough.
    static void prepareThread(at::Device device);

    // Records what `work` launches; nothing is computed. The same work must have run before (libraries choose their
    // algorithms at the first run). Throws what `work` throws, and c10::Error.
    [[nodiscard]] static DeviceGraph record(const std::function<void()>& work);

    // Puts the work on the current stream.
    void replay();

private:
    struct Destroy {
        void operator()(RecordedGraph* graph) const;
    };
    std::unique_ptr<RecordedGraph, Destroy> m_graph;
};

}  // namespace lipar::kernels
