// Large amounts of ordinary host memory, such as a mapped file, on their way to a device beside the device's other
// work.
//
// A copy from memory that is not pinned holds the host and the device. Here the host writes pieces into two pinned
// buffers in turn, and the device fetches them on a stream of its own. On the CPU copies are done when they are given,
// and every wait is over at once. Thread: one object, one thread.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <array>
#include <optional>

namespace lipar::kernels {

class StagedCopy {
public:
    explicit StagedCopy(at::Device device);
    ~StagedCopy();  // waits for what is under way
    StagedCopy(const StagedCopy&) = delete;
    StagedCopy& operator=(const StagedCopy&) = delete;

    // Copies `host` (CPU, contiguous) into `target` (on the device, same shape, contiguous), converted to its type.
    // Returns when the host memory is no longer needed.
    void copy(const at::Tensor& host, at::Tensor& target);

    using Mark = std::optional<c10::Event>;  // empty on the CPU
    // Reached when everything that the current stream has been given so far is done.
    [[nodiscard]] Mark markCurrentStream() const;
    // Copies given from now on begin after the mark.
    void waitFor(const Mark& mark);
    // The current stream's work given from now on begins after the copies given so far.
    void holdCurrentStream() const;

private:
    struct Buffer {
        at::Tensor bytes;
        std::optional<c10::Event> fetched;  // once the device has read it
    };
    const at::Device m_device;
    std::optional<c10::Stream> m_stream;
    std::array<Buffer, 2> m_buffers;
    std::size_t m_next = 0;
};

// Bytes of pinned memory that a StagedCopy to a GPU takes.
inline constexpr std::int64_t kStagingBytes = std::int64_t(128) << 20;

}  // namespace lipar::kernels
