// The attention window of a causal DiT under LIPAR: keys and values of the sink frames, the recent frames and the block in
// hand, with pruned tokens recovered (lipar.md section 3).
//
// One ring of frame slots a layer, addressed by index and never copied: slots 0..sink-1 hold the sink, the others the recent
// frames in no particular order, since attention does not depend on the order of keys. Keys are stored rotated at their
// frame's place. With no window in the config the ring grows. With KeySequence::perToken the ring's rows hold the keys that
// engine/lipar/per_token_keys.h names, without gaps.
//
// Positions past the trained length (rope_max_frames): the block's temporal start is clamped so that it ends at the last
// trained position, and the surviving keys other than the sink's are turned back by as many frames as the start did not move.
// Thread: one object, one thread.
#pragma once

#include <ATen/ATen.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/lipar/per_token_keys.h"
#include "engine/lipar/recovery.h"
#include "engine/models/dit/rotary_table.h"
#include "engine/models/dit/wan_dit.h"

namespace lipar::pipeline {

class KvCache final : public models::SelfAttention {
public:
    // Token grid rows x columns a frame. perToken needs a window, no more sink frames than a block has, and copies to leave out,
    // which Recovery::none has not (canShrinkKeys()).
    KvCache(const weights::DitConfig& config, int rows, int columns, method::Recovery recovery, method::KeySequence keys,
            at::ScalarType dtype, at::Device device);
    [[nodiscard]] static bool canShrinkKeys(const weights::DitConfig& config, method::Recovery recovery) noexcept;

    // Makes room for the next block and says which of its tokens are computed: keep [block_frames, rows*columns].
    void beginBlock(const std::uint8_t* keep);
    // The places of pruned tokens hold the clean frame before the block in every denoising pass: writeDuplicates() puts it
    // there, once, before the first pass.
    // Whether keys and values stay where they are: a window that grows moves.
    [[nodiscard]] bool isFixed() const noexcept { return m_config.windowFrames.has_value(); }
    [[nodiscard]] bool needsDuplicates() const noexcept { return m_needsDuplicates; }
    void writeDuplicates();
    // Which pass the next attend() belongs to.
    void beginPass(method::Pass pass);

    at::Tensor attend(int layer, const models::AttentionInput& input, bool keysOnly) override;

    // What a pass does to which memory. Two passes of one shape launch the same work on the same addresses, so that it can be
    // recorded; nothing while the window fills, or where keys are left out.
    struct PassShape {
        method::Pass pass = method::Pass::denoise;
        method::PrunedKeys prunedKeys = method::PrunedKeys::absent;
        bool whole = false;
        std::int64_t rows = 0;
        std::int64_t keys = 0;
        auto operator<=>(const PassShape&) const = default;
    };
    [[nodiscard]] std::optional<PassShape> recordableShape() const noexcept;

    // Flat positions of the tokens that the network runs on, [P] int64 on the device: the block's kept ones, then repeats
    // of the last one up to a round number. Libraries plan per shape (oneDNN and cuDNN keep every plan), so a few row
    // counts, rather than one a block, cost less time and no memory that grows. Repeats are written to rows that nothing reads.
    [[nodiscard]] const at::Tensor& computedIndex() const noexcept { return m_computedIndex; }
    // Of those, how many are the block's own: the first keptCount() rows.
    [[nodiscard]] std::int64_t keptCount() const noexcept { return std::int64_t(m_selection.kept.size()); }
    // [S*tokens] int64 on the device: BlockSelection::chain.
    [[nodiscard]] const at::Tensor& chainIndex() const noexcept { return m_chainIndex; }
    // Keys that this pass's queries attend to.
    [[nodiscard]] std::int64_t visibleKeys() const noexcept;
    [[nodiscard]] std::uint64_t bytes() const noexcept;

private:
    struct Layer {
        at::Tensor k, v;            // [H, slots*tokens + spare rows, d]
        at::Tensor cleanK, cleanV;  // [tokens, H*d], k normed, not rotated: the previous block's last frame
    };
    struct Slot {
        bool whole = true;                // every token is there
        std::vector<std::int64_t> valid;  // else these tokens
    };

    [[nodiscard]] std::int64_t slotOf(std::int64_t frame) const noexcept;
    // Rows 0..heldRows()-1 of the ring hold keys.
    [[nodiscard]] std::int64_t heldRows() const noexcept;
    [[nodiscard]] std::vector<std::int64_t> placeInRing(const std::uint8_t* keep);
    void grow(std::int64_t slots);
    void turnSurvivors(std::int64_t shift);
    void placeBlock(std::int64_t firstPosition);
    [[nodiscard]] std::vector<std::int64_t> keptRows() const;
    [[nodiscard]] std::vector<std::int64_t> presentRows() const;
    void chain(Layer& layer, const models::AttentionInput& input) const;
    void markBlockSlots(bool whole);
    [[nodiscard]] std::vector<std::int64_t> withRepeats(std::vector<std::int64_t> kept) const;
    [[nodiscard]] at::Tensor onDevice(const std::vector<std::int64_t>& values) const;

    const weights::DitConfig m_config;
    const std::int64_t m_tokens;
    const method::Recovery m_recovery;
    const at::ScalarType m_dtype;
    const at::Device m_device;
    models::RotaryTable m_rotary;
    std::vector<Layer> m_layers;
    std::optional<method::PerTokenKeys> m_perToken;
    std::vector<Slot> m_slots;       // those written so far: a prefix of the ring; unused with m_perToken
    std::int64_t m_capacity = 0;     // slots allocated
    std::int64_t m_nextFrame = 0;    // of the block after the one in hand
    std::int64_t m_shift = 0;        // frames by which the clamped positions lag behind

    // The block in hand. Tensors on the device that change from block to block keep their addresses (PassShape).
    std::int64_t m_firstFrame = 0;
    std::int64_t m_firstPosition = -1;  // in time, of the angles in m_blockAngles
    method::BlockSelection m_selection;
    method::PrunedKeys m_prunedKeys = method::PrunedKeys::absent;
    method::Pass m_pass = method::Pass::denoise;
    bool m_needsDuplicates = false;
    std::vector<std::int64_t> m_rows;    // [S*tokens] ring row of each position; the spare one where its key is not held
    at::Tensor m_blockRows;              // the same on the device
    at::Tensor m_prunedRows;             // of the pruned ones; below 0 where a position is kept
    at::Tensor m_chainIndex;             // [S*tokens] into [clean frame, kept]
    models::RotaryAngles m_blockAngles;  // [S*tokens, d/2]
    at::Tensor m_sameOfClean;            // [S*tokens] a place's number in its frame
    at::Tensor m_anyComputedIndex, m_anyComputedRows;  // [S*tokens], of which the first P count
    models::RotaryAngles m_anyComputedAngles;          // [S*tokens, d/2], likewise
    at::Tensor m_computedIndex;              // [P]
    at::Tensor m_computedRows;               // [P] ring rows; a spare one for repeats
    models::RotaryAngles m_computedAngles;   // [P, d/2]
    at::Tensor m_visibleRows;                // undefined: every row that is held
};

}  // namespace lipar::pipeline
