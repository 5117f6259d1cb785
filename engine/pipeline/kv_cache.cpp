#include "engine/pipeline/kv_cache.h"

#include <algorithm>

#include "engine/kernels/attention.h"
#include "engine/kernels/norm_rotate.h"
#include "engine/kernels/normalization.h"
#include "engine/kernels/rope.h"
#include "engine/kernels/transfer.h"

namespace lipar::pipeline {

using method::Pass;
using method::PrunedKeys;

namespace {

constexpr std::int64_t kCpuRows = 32;
constexpr std::int64_t kGpuRows = 128;
// Numbers of keys are rounded likewise; on the GPU to what attention can cut into 2, 3, 4, 6 or 8 parts.
constexpr std::int64_t kGpuKeys = 384;
// Copies of a static token among the keys. One is the least; what more of them would gain was not measured.
constexpr std::int64_t kStaticCopies = 1;
// Behind the ring, where repeated tokens are written. More than the one row that is used, so that heads stay aligned.
constexpr std::int64_t kSpareRows = 8;

}  // namespace

bool KvCache::canShrinkKeys(const weights::DitConfig& config, method::Recovery recovery) noexcept {
    return config.windowFrames && config.sinkFrames <= config.blockFrames && recovery != method::Recovery::none;
}

KvCache::KvCache(const weights::DitConfig& config, int rows, int columns, method::Recovery recovery, method::KeySequence keys,
                 at::ScalarType dtype, at::Device device)
    : m_config(config),
      m_tokens(std::int64_t(rows) * columns),
      m_recovery(recovery),
      m_dtype(dtype),
      m_device(device),
      m_rotary(config.headDim(), rows, columns, device),
      m_layers(std::size_t(config.numLayers)) {
    if (keys == method::KeySequence::perToken)
        m_perToken.emplace(method::KeyWindow{.sinkFrames = config.sinkFrames,
                                             .windowFrames = std::max(*config.windowFrames, config.blockFrames),
                                             .blockFrames = config.blockFrames,
                                             .tokens = m_tokens,
                                             .copies = kStaticCopies,
                                             .multiple = device.is_cuda() ? kGpuKeys : kCpuRows});
    grow(config.windowFrames ? config.sinkFrames + std::max(*config.windowFrames, config.blockFrames) : 4 * config.blockFrames);
    for (Layer& layer : m_layers) {
        layer.cleanK = at::zeros({m_tokens, config.numHeads * config.headDim()}, at::TensorOptions().dtype(dtype).device(device));
        layer.cleanV = at::zeros_like(layer.cleanK);
    }
    const std::int64_t places = config.blockFrames * m_tokens;
    const auto indices = [&] { return at::zeros({places}, at::TensorOptions().dtype(at::kLong).device(device)); };
    const auto angles = [&] { return at::zeros({places, config.headDim() / 2}, at::TensorOptions().dtype(at::kFloat).device(device)); };
    m_blockRows = indices();
    m_prunedRows = indices();
    m_chainIndex = indices();
    m_sameOfClean = (at::arange(places, at::kLong) % m_tokens).to(device);
    m_anyComputedIndex = indices();
    m_anyComputedRows = indices();
    m_blockAngles = {angles(), angles()};
    m_anyComputedAngles = {angles(), angles()};
}

void KvCache::grow(std::int64_t slots) {
    for (Layer& layer : m_layers) {
        for (at::Tensor* ring : {&layer.k, &layer.v}) {
            // Zeroed, so that rows which a mask leaves out never hold NaN.
            at::Tensor larger = at::zeros({m_config.numHeads, slots * m_tokens + kSpareRows, m_config.headDim()},
                                          at::TensorOptions().dtype(m_dtype).device(m_device));
            if (ring->defined())
                larger.narrow(1, 0, m_capacity * m_tokens).copy_(ring->narrow(1, 0, m_capacity * m_tokens));
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

std::int64_t KvCache::heldRows() const noexcept {
    return m_perToken ? m_perToken->count() : std::int64_t(m_slots.size()) * m_tokens;
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
    return kernels::toDevice(at::tensor(values, at::kLong), m_device);
}

void KvCache::turnSurvivors(std::int64_t shift) {
    if (shift == m_shift)
        return;
    const models::RotaryAngles back = m_rotary.timeShift(m_shift - shift);
    const std::int64_t first = m_config.sinkFrames * m_tokens, count = heldRows() - first;
    if (count > 0)
        for (Layer& layer : m_layers)
            kernels::rotateRowsInPlace(layer.k, first, count, back.cos, back.sin);
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
    m_rows = placeInRing(keep);
    placeBlock(start);
    m_needsDuplicates = !m_selection.isWhole() && method::prunedKeys(m_recovery, Pass::denoise, m_firstFrame == 0) == PrunedKeys::duplicate;
}

std::vector<std::int64_t> KvCache::placeInRing(const std::uint8_t* keep) {
    if (!m_perToken) {
        std::vector<std::int64_t> rows;
        for (std::int64_t frame = 0; frame < m_config.blockFrames; ++frame) {
            const std::int64_t slot = slotOf(m_firstFrame + frame);
            if (std::int64_t(m_slots.size()) <= slot)
                m_slots.resize(std::size_t(slot) + 1);
            for (std::int64_t token = 0; token < m_tokens; ++token)
                rows.push_back(slot * m_tokens + token);
        }
        return rows;
    }
    method::KeyPlacement placement = m_perToken->beginBlock(keep);
    if (!placement.movedFrom.empty()) {
        const at::Tensor from = onDevice(placement.movedFrom), to = onDevice(placement.movedTo);
        for (Layer& layer : m_layers)
            for (at::Tensor* ring : {&layer.k, &layer.v})
                ring->index_copy_(1, to, ring->index_select(1, from));
    }
    std::ranges::replace(placement.rows, method::KeyPlacement::kNowhere, m_capacity * m_tokens);  // the first spare row
    return std::move(placement.rows);
}

// Fills the device's indices and angles of the block.
void KvCache::placeBlock(std::int64_t firstPosition) {
    const std::int64_t frames = m_config.blockFrames;
    std::vector<std::int64_t> positions;
    for (std::int64_t frame = 0; frame < frames; ++frame)
        positions.push_back(firstPosition + frame);
    if (firstPosition != m_firstPosition) {
        const models::RotaryAngles angles = m_rotary.frames(positions);
        m_blockAngles.cos.copy_(angles.cos);
        m_blockAngles.sin.copy_(angles.sin);
        m_firstPosition = firstPosition;
    }
    std::vector<std::int64_t> prunedRows = m_rows;
    for (const std::int64_t position : m_selection.kept)
        prunedRows[std::size_t(position)] = -1;
    kernels::copyToDevice(at::tensor(m_rows, at::kLong), m_blockRows);
    kernels::copyToDevice(at::tensor(prunedRows, at::kLong), m_prunedRows);
    kernels::copyToDevice(at::tensor(m_selection.chain, at::kLong), m_chainIndex);

    const std::vector<std::int64_t> computed = withRepeats(m_selection.kept);
    std::vector<std::int64_t> computedRows(computed.size(), m_capacity * m_tokens);  // the first spare row
    for (std::size_t i = 0; i < m_selection.kept.size(); ++i)
        computedRows[i] = m_rows[std::size_t(computed[i])];
    const auto count = std::int64_t(computed.size());
    m_computedIndex = m_anyComputedIndex.narrow(0, 0, count);
    m_computedRows = m_anyComputedRows.narrow(0, 0, count);
    m_computedAngles = {m_anyComputedAngles.cos.narrow(0, 0, count), m_anyComputedAngles.sin.narrow(0, 0, count)};
    if (count == 0)
        return;
    kernels::copyToDevice(at::tensor(computed, at::kLong), m_computedIndex);
    kernels::copyToDevice(at::tensor(computedRows, at::kLong), m_computedRows);
    at::index_select_out(m_computedAngles.cos, m_blockAngles.cos, 0, m_computedIndex);
    at::index_select_out(m_computedAngles.sin, m_blockAngles.sin, 0, m_computedIndex);
}

void KvCache::writeDuplicates() {
    for (Layer& layer : m_layers) {
        kernels::chosenToHeads({layer.cleanK, layer.cleanK, m_sameOfClean}, m_blockAngles.cos, m_blockAngles.sin, layer.k, m_prunedRows);
        kernels::chosenToHeads({layer.cleanV, layer.cleanV, m_sameOfClean}, {}, {}, layer.v, m_prunedRows);
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
    const bool isWhole = m_selection.isWhole() || m_prunedKeys != PrunedKeys::absent;
    m_visibleRows = at::Tensor();
    if (m_perToken) {
        if (!isWhole)
            m_visibleRows = onDevice(keptRows());
        return;
    }
    markBlockSlots(isWhole);
    if (!std::ranges::all_of(m_slots, &Slot::whole))
        m_visibleRows = onDevice(presentRows());
}

// Copies are only absent from the first block, so that nothing is among the keys but what it computes.
std::vector<std::int64_t> KvCache::keptRows() const {
    std::vector<std::int64_t> rows;
    for (const std::int64_t position : m_selection.kept)
        rows.push_back(m_rows[std::size_t(position)]);
    return rows;
}

std::vector<std::int64_t> KvCache::presentRows() const {
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
    return rows;
}

// Frame by frame a pruned place takes what the same place of the frame before holds, the first one the clean frame. The
// clean frame becomes the last one: a row of it that stays is its own source.
void KvCache::chain(Layer& layer, const models::AttentionInput& input) const {
    const kernels::ChosenRows k{layer.cleanK, kernels::rmsNorm(input.k, input.normK, input.eps), m_chainIndex};
    const kernels::ChosenRows v{layer.cleanV, input.v, m_chainIndex};
    kernels::chosenToHeads(k, m_blockAngles.cos, m_blockAngles.sin, layer.k, m_blockRows);
    kernels::chosenToHeads(v, {}, {}, layer.v, m_blockRows);
    if (m_pass == Pass::cache) {
        const at::Tensor last = m_chainIndex.narrow(0, m_chainIndex.size(0) - m_tokens, m_tokens);
        at::Tensor cleanK = layer.cleanK.unsqueeze(0), cleanV = layer.cleanV.unsqueeze(0);  // as of one head
        kernels::chosenToHeads({k.before, k.after, last}, {}, {}, cleanK, {});
        kernels::chosenToHeads({v.before, v.after, last}, {}, {}, cleanV, {});
    }
}

at::Tensor KvCache::attend(int index, const models::AttentionInput& input, bool keysOnly) {
    Layer& layer = m_layers[std::size_t(index)];
    std::vector<kernels::HeadsWrite> writes;
    if (m_prunedKeys == PrunedKeys::chain && !m_selection.isWhole()) {
        chain(layer, input);
    } else {
        writes.push_back({input.k, input.normK, layer.k, m_computedRows});
        writes.push_back({input.v, {}, layer.v, m_computedRows});
        if (m_pass == Pass::cache && m_selection.isWhole()) {
            const std::int64_t last = input.k.size(0) - m_tokens;
            layer.cleanK.copy_(kernels::rmsNorm(input.k.narrow(0, last, m_tokens), input.normK, input.eps));
            layer.cleanV.copy_(input.v.narrow(0, last, m_tokens));
        }
    }
    at::Tensor queries;
    if (!keysOnly) {
        queries = kernels::emptyQueries(input.q.size(0), m_config.numHeads, m_config.headDim(), input.q.options());
        writes.push_back({input.q, input.normQ, queries, {}});
    }
    if (!writes.empty() && input.k.size(0) > 0)
        kernels::normRotateToHeads(writes, m_computedAngles.cos, m_computedAngles.sin, input.eps);
    if (keysOnly)
        return {};
    if (m_visibleRows.defined())
        return kernels::attention(queries, layer.k.index_select(1, m_visibleRows), layer.v.index_select(1, m_visibleRows));
    return kernels::attention(queries, layer.k.narrow(1, 0, heldRows()), layer.v.narrow(1, 0, heldRows()));
}

std::optional<KvCache::PassShape> KvCache::recordableShape() const noexcept {
    const bool isFilling = !m_perToken && std::int64_t(m_slots.size()) != m_capacity;
    if (m_visibleRows.defined() || !m_config.windowFrames || isFilling || m_computedIndex.size(0) == 0)
        return {};
    return PassShape{m_pass, m_prunedKeys, m_selection.isWhole(), m_computedIndex.size(0), heldRows()};
}

std::int64_t KvCache::visibleKeys() const noexcept {
    return m_visibleRows.defined() ? m_visibleRows.size(0) : heldRows();
}

std::uint64_t KvCache::bytes() const noexcept {
    std::uint64_t total = 0;
    for (const Layer& layer : m_layers)
        total += layer.k.nbytes() + layer.v.nbytes() + layer.cleanK.nbytes() + layer.cleanV.nbytes();
    return total;
}

}  // namespace lipar::pipeline
