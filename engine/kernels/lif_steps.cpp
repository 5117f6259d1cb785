#include "engine/kernels/lif_steps.h"

#include <cstring>

#include "engine/kernels/kernel_dispatch.h"

namespace lipar::kernels {
namespace {

// Copies 32-bit values to a device.
template <class T>
at::Tensor upload(const std::vector<T>& values, at::Device device) {
    static_assert(sizeof(T) == sizeof(std::int32_t));
    at::Tensor host = at::empty({std::int64_t(values.size())}, at::kInt);
    std::memcpy(host.data_ptr(), values.data(), values.size() * sizeof(T));
    return host.to(device);
}

}  // namespace

LifSteps::LifSteps(const LatentGrid& grid, int blockFrames, at::Device device)
    : m_device(grid.tokenValues() <= kMostLifTokenValues ? device : at::Device(at::kCPU)) {
    const at::TensorOptions floats = at::TensorOptions(m_device).dtype(at::kFloat);
    m_state.grid = grid;
    m_state.blockFrames = blockFrames;
    m_state.slots = 2 * blockFrames + 4;
    m_state.taps = gaussianTaps();
    m_differences = at::empty({m_state.slots, grid.tokens()}, floats);
    m_decisions = at::empty({m_state.slots, grid.tokens()}, floats.dtype(at::kByte));
    m_frames = at::empty({4, std::int64_t(grid.frameSize())}, floats);
    m_state.differences = m_differences.data_ptr<float>();
    m_state.decisions = m_decisions.data_ptr<std::uint8_t>();
    m_state.memory = frame(0);
    m_state.running = frame(1);
    if (m_device.is_cpu())
        return;
    for (const auto& comparators : {lifTrimming(grid), lifMedian()})
        m_tables.push_back(upload(comparators, m_device));
    m_tables.push_back(upload(lifPlaces(grid), m_device));
    const auto network = [](const at::Tensor& table) {
        return LifNetwork{static_cast<const std::uint32_t*>(table.const_data_ptr()), int(table.numel())};
    };
    m_state.trimming = network(m_tables[0]);
    m_state.median = network(m_tables[1]);
    m_state.places = m_tables[2].const_data_ptr<std::int32_t>();
}

void LifSteps::findDifferences(const at::Tensor& frames, int first) {
    TORCH_CHECK(frames.device() == m_device && frames.scalar_type() == at::kFloat && frames.is_contiguous());
    TORCH_CHECK(frames.dim() == 4 && frames.size(0) >= 1 && frames.size(0) <= m_state.blockFrames &&
                frames[0].numel() == std::int64_t(m_state.grid.frameSize()));
    m_block = {frame(2 + m_turn), frames.const_data_ptr<float>(), first, int(frames.size(0))};
    m_turn = 1 - m_turn;
    backend().lifDifferences(m_state, m_block, frame(2 + m_turn), stream());
}

void LifSteps::decide(const LifDecisions& decisions) {
    if (decisions.count > 0)
        backend().lifDecisions(m_state, m_block, decisions, stream());
}

void LifSteps::endBlock() {
    m_block = {frame(2 + m_turn), nullptr, m_block.first + m_block.count, 0};
}

TokenMask LifSteps::masks(int first, int count, int lastDecided) {
    TokenMask mask(count, m_state.grid.rows(), m_state.grid.columns());
    if (m_device.is_cpu()) {
        backend().lifMasks(m_state, first, count, lastDecided, mask.keep.data(), nullptr);
    } else {
        const at::Tensor made = at::empty({count, m_state.grid.tokens()}, m_decisions.options());
        backend().lifMasks(m_state, first, count, lastDecided, made.data_ptr<std::uint8_t>(), stream());
        at::from_blob(mask.keep.data(), made.sizes(), at::kByte).copy_(made);
    }
    return mask;
}

float* LifSteps::frame(int i) const {
    return m_frames.data_ptr<float>() + std::size_t(i) * m_state.grid.frameSize();
}

const KernelTable& LifSteps::backend() const {
    return backendOf(m_frames);
}

void* LifSteps::stream() const {
    return streamOf(backend(), m_frames);
}

}  // namespace lipar::kernels
