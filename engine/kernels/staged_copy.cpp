#include "engine/kernels/staged_copy.h"

#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace lipar::kernels {
namespace {

using c10::impl::VirtualGuardImpl;

constexpr std::int64_t kPiece = kStagingBytes / 2;
constexpr std::int64_t kGrain = std::int64_t(1) << 20;  // bytes a thread copies at least

// One for each device: the caching allocator keeps memory by stream, and streams are never given back. Thread: the
// engine's.
c10::Stream copyStream(at::Device device) {
    static std::map<at::DeviceIndex, c10::Stream> streams;
    if (const auto known = streams.find(device.index()); known != streams.end())
        return known->second;
    return streams
        .emplace(device.index(),
                 VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device, /*isHighPriority=*/false))
        .first->second;
}

// On every core: the first touch of a mapped page costs more than its copy.
void copyBytes(std::byte* target, const std::byte* source, std::int64_t bytes) {
    at::parallel_for(0, bytes, kGrain, [&](std::int64_t begin, std::int64_t end) {
        std::memcpy(target + begin, source + begin, std::size_t(end - begin));
    });
}

}  // namespace

StagedCopy::StagedCopy(at::Device device) : m_device(device) {
    if (device.is_cuda())
        m_stream = copyStream(device);
}

StagedCopy::~StagedCopy() {
    for (Buffer& buffer : m_buffers)
        if (buffer.fetched)
            buffer.fetched->synchronize();
}

void StagedCopy::copy(const at::Tensor& host, at::Tensor& target) {
    if (!m_stream) {
        target.copy_(host);
        return;
    }
    const at::Tensor source = host.to(target.scalar_type());
    const auto* const bytes = static_cast<const std::byte*>(source.const_data_ptr());
    const auto total = std::int64_t(source.nbytes());
    at::Tensor flat = target.view({-1});
    const auto elementSize = std::int64_t(source.element_size());
    for (std::int64_t done = 0; done < total; done += kPiece) {
        const std::int64_t size = std::min(kPiece, total - done);
        Buffer& buffer = m_buffers[m_next];
        m_next = (m_next + 1) % m_buffers.size();
        if (buffer.fetched)
            buffer.fetched->synchronize();
        else
            buffer.bytes = at::empty({kPiece}, at::TensorOptions().dtype(at::kByte).pinned_memory(true));
        copyBytes(static_cast<std::byte*>(buffer.bytes.mutable_data_ptr()), bytes + done, size);

        const c10::Stream before = VirtualGuardImpl(m_stream->device_type()).exchangeStream(*m_stream);
        flat.narrow(0, done / elementSize, size / elementSize)
            .copy_(buffer.bytes.narrow(0, 0, size).view(source.scalar_type()), /*non_blocking=*/true);
        buffer.fetched.emplace(m_stream->device_type());
        buffer.fetched->record(*m_stream);
        VirtualGuardImpl(m_stream->device_type()).exchangeStream(before);
    }
}

StagedCopy::Mark StagedCopy::markCurrentStream() const {
    if (!m_stream)
        return std::nullopt;
    c10::Event mark(m_stream->device_type());
    mark.record(VirtualGuardImpl(m_stream->device_type()).getStream(m_device));
    return mark;
}

void StagedCopy::waitFor(const Mark& mark) {
    if (m_stream && mark)
        mark->block(*m_stream);
}

void StagedCopy::holdCurrentStream() const {
    if (!m_stream)
        return;
    c10::Event reached(m_stream->device_type());
    reached.record(*m_stream);
    reached.block(VirtualGuardImpl(m_stream->device_type()).getStream(m_device));
}

}  // namespace lipar::kernels
