#include "engine/pipeline/kv_cache.h"

#include <algorithm>

#include "engine/kernels/attention.h"
#include "engine/kernels/rope.h"

namespace lipar::pipeline {

using method::Pass;
using method::PrunedKeys;

namespace {

constexpr std::int64_t kCpuRows = 32;
constexpr std::int64_t kGpuRows = 128;

}  // namespace

KvCache::KvCache(const weights::DitConfig& config, int rows, int columns, method::Recovery recovery, at::ScalarType dtype, at::Device device)
    : m_config(config),
      m_tokens(std::int64_t(rows) * columns),
      m_recovery(recovery),
      m_dtype(dtype),
      m_device(device),
      m_rotary(config.headDim(), rows, columns, device),
      m_layers(std::size_t(config.numLayers)) {
    grow(config.windowFrames ? config.sinkFrames + std::max(*config.windowFrames, config.blockFrames) : 4 * config.blockFrames);
    for (Layer& layer : m_layers) {
        layer.cleanK = at::zeros({m_tokens, config.numHeads, config.headDim()}, at::TensorOptions().dtype(dtype).device(device));
        layer.cleanV = at::zeros_like(layer.cleanK);
    }
}

void KvCache::grow(std::int64_t slots) {
    for (Layer& layer : m_layers) {
        for (at::Tensor* ring : {&layer.k, &layer.v}) {
            // Zeroed, so that rows which a mask leaves out never hold NaN.
            at::Tensor larger = at::zeros({m_config.numHeads, slots * m_tokens, m_config.headDim()}, at::TensorOptions().dtype(m_dtype).device(m_device));
            if (ring->defined())
                larger.narrow(1, 0, ring->size(1)).copy_(*ring);
            *ring = larger;
        }
    }
    m_capacity = slots;
}

std::int64_t KvCache::slotOf(std::int64_t frame) const noexcept {
    if (!m_config.windowFrames || frame < m_config.sinkFrames)
        return frame;
    return m_config.sinkFrames + (frame - m_config.sinkFrames) % (m_capacity - m_config.sinkFrames);
}

std::vector<std::int64_t> KvCache::withRepeats(std::vector<std::int64_t> kept) const {
    if (kept.empty())
        return kept;
    const auto multiple = std::size_t(m_device.is_cuda() ? kGpuRows : kCpuRows);
    const std::size_t whole = std::size_t(m_config.blockFrames * m_tokens);
    kept.resize(std::min((kept.size() + multiple - 1) / multiple * multiple, whole), kept.back());
    return kept;
}

at::Tensor KvCache::onDevice(const std::vector<std::int64_t>& values) const {
    return at::tensor(values, at::kLong).to(m_device);
}

void KvCache::turnSurvivors(std::int64_t shift) {
    if (shift == m_shift)
        return;
    const models::RotaryAngles back = m_rotary.timeShift(m_shift - shift);
    const std::int64_t first = m_config.sinkFrames, count = std::int64_t(m_slots.size()) - first;
    if (count > 0)
        for (Layer& layer : m_layers)
            kernels::rotateRowsInPlace(layer.k, first * m_tokens, count * m_tokens, back.cos, back.sin);
    m_shift = shift;
}

void KvCache::beginBlock(const std::uint8_t* keep) {
    const std::int64_t frames = m_config.blockFrames;
    m_firstFrame = m_nextFrame;
    m_nextFrame += frames;
    if (!m_config.windowFrames && m_nextFrame > m_capacity)
        grow(std::max(m_nextFrame, 2 * m_capacity));

    std::int64_t start = m_firstFrame;
    if (m_config.ropeMaxFrames && m_firstFrame + frames - 1 >= *m_config.ropeMaxFrames) {
        start = *m_config.ropeMaxFrames - frames;
        turnSurvivors(m_firstFrame - start);
    }

    m_selection = method::selectTokens(keep, int(frames), int(m_tokens));
    m_computedIndex = onDevice(withRepeats(m_selection.kept));
    m_chainIndex = onDevice(m_selection.chain);
    std::vector<std::int64_t> rows, positions;
    for (std::int64_t frame = 0; frame < frames; ++frame) {
        const std::int64_t base = slotOf(m_firstFrame + frame) * m_tokens;
        for (std::int64_t token = 0; token < m_tokens; ++token)
            rows.push_back(base + token);
        positions.push_back(start + frame);
    }
    m_blockRows = onDevice(rows);
    m_keptRows = m_blockRows.index_select(0, m_computedIndex.narrow(0, 0, keptCount()));
    m_blockAngles = m_rotary.frames(positions);
    m_computedAngles = m_blockAngles.rows(m_computedIndex);
    m_keptAngles = {m_computedAngles.cos.narrow(0, 0, keptCount()), m_computedAngles.sin.narrow(0, 0, keptCount())};
    for (std::int64_t frame = 0; frame < frames; ++frame) {
        const auto slot = std::size_t(slotOf(m_firstFrame + frame));
        if (m_slots.size() <= slot)
            m_slots.resize(slot + 1);
    }
    if (method::prunedKeys(m_recovery, Pass::denoise, m_firstFrame == 0) == PrunedKeys::duplicate)
        fillDuplicates();
}

// The same values in every denoising pass of the block, so they are written once.
void KvCache::fillDuplicates() {
    if (m_selection.isWhole())
        return;
    const at::Tensor pruned = onDevice(m_selection.pruned);
    const at::Tensor source = pruned.remainder(m_tokens);
    const at::Tensor rows = m_blockRows.index_select(0, pruned);
    const models::RotaryAngles angles = m_blockAngles.rows(pruned);
    for (Layer& layer : m_layers) {
        kernels::rotateToHeads(layer.cleanK.index_select(0, source), angles.cos, angles.sin, layer.k, rows);
        kernels::copyToHeads(layer.cleanV.index_select(0, source), layer.v, rows);
    }
}

void KvCache::markBlockSlots(bool whole) {
    for (std::int64_t frame = 0; frame < m_config.blockFrames; ++frame) {
        Slot& slot = m_slots[std::size_t(slotOf(m_firstFrame + frame))];
        slot.whole = whole;
        slot.valid.clear();
        if (whole)
            continue;
        for (const std::int64_t position : m_selection.kept)
            if (position / m_tokens == frame)
                slot.valid.push_back(position % m_tokens);
    }
}

void KvCache::beginPass(Pass pass) {
    m_pass = pass;
    m_prunedKeys = method::prunedKeys(m_recovery, pass, m_firstFrame == 0);
    markBlockSlots(m_selection.isWhole() || m_prunedKeys != PrunedKeys::absent);
    m_visibleRows = at::Tensor();
    if (std::ranges::all_of(m_slots, &Slot::whole))
        return;
    std::vector<std::int64_t> rows;
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        const std::int64_t base = std::int64_t(slot) * m_tokens;
        if (m_slots[slot].whole)
            for (std::int64_t token = 0; token < m_tokens; ++token)
                rows.push_back(base + token);
        else
            for (const std::int64_t token : m_slots[slot].valid)
                rows.push_back(base + token);
    }
    m_visibleRows = onDevice(rows);
}

void KvCache::write(int index, const at::Tensor& computedK, const at::Tensor& computedV) {
    Layer& layer = m_layers[std::size_t(index)];
    const at::Tensor k = computedK.narrow(0, 0, keptCount()), v = computedV.narrow(0, 0, keptCount());
    if (m_prunedKeys == PrunedKeys::chain && !m_selection.isWhole()) {
        const at::Tensor wholeK = at::cat({layer.cleanK, k}).index_select(0, m_chainIndex);  // [S*tokens,H,d]
        const at::Tensor wholeV = at::cat({layer.cleanV, v}).index_select(0, m_chainIndex);
        kernels::rotateToHeads(wholeK, m_blockAngles.cos, m_blockAngles.sin, layer.k, m_blockRows);
        kernels::copyToHeads(wholeV, layer.v, m_blockRows);
        if (m_pass == Pass::cache) {
            layer.cleanK = wholeK.narrow(0, wholeK.size(0) - m_tokens, m_tokens).clone();
            layer.cleanV = wholeV.narrow(0, wholeV.size(0) - m_tokens, m_tokens).clone();
        }
        return;
    }
    kernels::rotateToHeads(k, m_keptAngles.cos, m_keptAngles.sin, layer.k, m_keptRows);
    kernels::copyToHeads(v, layer.v, m_keptRows);
    if (m_pass == Pass::cache && m_selection.isWhole()) {
        layer.cleanK = k.narrow(0, k.size(0) - m_tokens, m_tokens).clone();
        layer.cleanV = v.narrow(0, v.size(0) - m_tokens, m_tokens).clone();
    }
}

at::Tensor KvCache::attend(int index, const at::Tensor& q) {
    const Layer& layer = m_layers[std::size_t(index)];
    at::Tensor rotated = at::empty({q.size(1), q.size(0), q.size(2)}, q.options());  // [H,P,d]
    kernels::rotateToHeads(q, m_computedAngles.cos, m_computedAngles.sin, rotated, {});
    if (m_visibleRows.defined())
        return kernels::attention(rotated, layer.k.index_select(1, m_visibleRows), layer.v.index_select(1, m_visibleRows));
    const std::int64_t rows = std::int64_t(m_slots.size()) * m_tokens;
    return kernels::attention(rotated, layer.k.narrow(1, 0, rows), layer.v.narrow(1, 0, rows));
}

std::int64_t KvCache::visibleKeys() const noexcept {
    return m_visibleRows.defined() ? m_visibleRows.size(0) : std::int64_t(m_slots.size()) * m_tokens;
}

std::uint64_t KvCache::bytes() const noexcept {
    std::uint64_t total = 0;
    for (const Layer& layer : m_layers)
        total += layer.k.nbytes() + layer.v.nbytes() + layer.cleanK.nbytes() + layer.cleanV.nbytes();
    return total;
}

}  // namespace lipar::pipeline
