#include "engine/kernels/device_graph.h"

#include <cstdlib>

#include "engine/kernels/kernel_table.h"

namespace lipar::kernels {

bool DeviceGraph::isAvailable(at::Device device) noexcept {
    static const bool isForbidden = std::getenv("LIPAR_NO_GRAPHS") != nullptr;
    return device.is_cuda() && !isForbidden && cudaKernels() && cudaKernels()->recordGraph;
}

void DeviceGraph::prepareThread(at::Device device) {
    if (isAvailable(device))
        cudaKernels()->useOwnStream(device.index());
}

DeviceGraph DeviceGraph::record(const std::function<void()>& work) {
    DeviceGraph graph;
    graph.m_graph.reset(cudaKernels()->recordGraph([](void* context) { (*static_cast<const std::function<void()>*>(context))(); },
                                                   const_cast<std::function<void()>*>(&work)));
    return graph;
}

void DeviceGraph::replay() {
    cudaKernels()->replayGraph(m_graph.get());
}

void DeviceGraph::Destroy::operator()(RecordedGraph* graph) const {
    cudaKernels()->destroyGraph(graph);
}

}  // namespace lipar::kernels
