#include "engine/pipeline/device_lane.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace lipar::pipeline {
namespace {

using c10::impl::VirtualGuardImpl;

constexpr std::chrono::milliseconds kPatience{2};

double now() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

DeviceLane::DeviceLane(at::Device device, Work work) {
    if (!device.is_cuda())
        return;
    static std::map<std::pair<at::DeviceIndex, Work>, c10::Stream> streams;
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    const auto place = std::pair(device.index(), work);
    if (const auto known = streams.find(place); known != streams.end())
        m_stream = known->second;
    else
        m_stream = streams.emplace(place, VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device, /*isHighPriority=*/true)).first->second;
}

DeviceLane DeviceLane::current(at::Device device) {
    return device.is_cuda() ? DeviceLane(VirtualGuardImpl(device.type()).getStream(device)) : DeviceLane(std::nullopt);
}

DeviceLane::Scope::Scope(const DeviceLane& lane) {
    if (lane.m_stream)
        m_before = VirtualGuardImpl(lane.m_stream->device_type()).exchangeStream(*lane.m_stream);
}

DeviceLane::Scope::~Scope() {
    if (m_before)
        VirtualGuardImpl(m_before->device_type()).exchangeStream(*m_before);
}

void DeviceLane::after(const DeviceLane& other) const {
    if (!m_stream || !other.m_stream)
        return;
    c10::Event reached(m_stream->device_type());
    reached.record(*other.m_stream);
    reached.block(*m_stream);
}

void DeviceLane::use(const at::Tensor& tensor) const {
    if (m_stream && tensor.defined())
        tensor.record_stream(*m_stream);
}

void DeviceLane::wait() const {
    if (m_stream)
        m_stream->synchronize();
}

void LaneClock::mark() {
    if (!m_device.is_cuda()) {
        m_times.push_back(now());
        return;
    }
    m_events.emplace_back(m_device.type(), c10::EventFlag::BACKEND_DEFAULT);
    m_events.back().record(VirtualGuardImpl(m_device.type()).getStream(m_device));
}

void LaneClock::waitFor(std::size_t mark) const {
    // Asked now and then: waiting for an event would keep a core busy.
    while (mark < m_events.size() && !m_events[mark].query())
        std::this_thread::sleep_for(kPatience);
}

void LaneClock::waitForAll() const {
    if (!m_events.empty())
        waitFor(m_events.size() - 1);
}

std::vector<double> LaneClock::intervals() const {
    waitForAll();
    std::vector<double> result;
    for (std::size_t i = 1; i < m_events.size(); ++i)
        result.push_back(m_events[i - 1].elapsedTime(m_events[i]));
    for (std::size_t i = 1; i < m_times.size(); ++i)
        result.push_back(m_times[i] - m_times[i - 1]);
    return result;
}

}  // namespace lipar::pipeline
