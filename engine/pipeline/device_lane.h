// A lane of a device: work that is done in order, beside that of other lanes. A CUDA stream; nothing on the CPU, where work is
// done when it is given.
//
// What one lane makes and another uses must be said twice: the other lane begins after() it, and a tensor's memory is kept
// until the other lane is done with it (use()). Thread: the engine's.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <optional>
#include <vector>

namespace lipar::pipeline {

class DeviceLane {
public:
    enum class Work { encode, decode };
    // The device's lane for such work. There is one of each in the process: memory that was used on a lane is used again only there.
    DeviceLane(at::Device device, Work work);
    // The lane that the thread's work goes to now.
    [[nodiscard]] static DeviceLane current(at::Device device);

    // While it lives, the thread's work goes to the lane.
    class Scope {
    public:
        explicit Scope(const DeviceLane& lane);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        std::optional<c10::Stream> m_before;
    };

    // What is given from now on begins when everything that `other` has been given so far is done.
    void after(const DeviceLane& other) const;
    void use(const at::Tensor& tensor) const;
    // Holds the host until everything given so far is done.
    void wait() const;

private:
    explicit DeviceLane(std::optional<c10::Stream> stream) : m_stream(stream) {}
    std::optional<c10::Stream> m_stream;
};

// Milliseconds between marks, without waiting for the device at the marks.
class LaneClock {
public:
    explicit LaneClock(at::Device device) : m_device(device) {}

    // On the lane that the thread's work goes to.
    void mark();
    // Between the marks. Holds the host until the device has reached the last one.
    [[nodiscard]] std::vector<double> intervals() const;
    // Holds the host until the device has reached a mark, or the last one.
    void waitFor(std::size_t mark) const;
    void waitForAll() const;

private:
    at::Device m_device;
    std::vector<c10::Event> m_events;
    std::vector<double> m_times;  // on the CPU, milliseconds of a steady clock
};

}  // namespace lipar::pipeline
