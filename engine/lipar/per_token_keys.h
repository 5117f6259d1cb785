// Which keys the attention window holds when the copies of a static token are not repeated: the M-degree approximation for
// each token of its own (lipar.md section 3; paper eq. 10-12).
//
// A token that is computed once and then pruned for some frames is a run: one key and its copies, each turned to its own
// frame. Of the copies only the most recent `copies` stand among the keys; the older ones, and the original once there are
// that many copies, leave when the next block begins. Tokens that the block in hand computes are always there, and so are the
// sink's. The window's frames leave it as ever. The keys thus shrink with what is pruned.
//
// Keys lie in rows 0..count-1 of a ring without gaps; attention does not depend on their order. Copies that would leave stay,
// the most recent first, as long as it takes to make the count a multiple of `multiple` where there are enough of them: each
// of them is a term that the approximation leaves out, so that more of them is closer to the whole window.
// Plain values; no tensors. Thread: one object, one thread.
#pragma once

#include <cstdint>
#include <vector>

namespace lipar::method {

struct KeyWindow {
    std::int64_t sinkFrames = 1;    // at most blockFrames
    std::int64_t windowFrames = 6;  // recent frames, the block's own among them
    std::int64_t blockFrames = 3;
    std::int64_t tokens = 0;        // of a frame
    std::int64_t copies = 1;        // of a run, at least 1
    std::int64_t multiple = 1;      // that the number of keys is rounded up to
};

struct KeyPlacement {
    static constexpr std::int64_t kNowhere = -1;
    std::vector<std::int64_t> rows;                // [blockFrames * tokens], kNowhere: this copy is not among the keys
    std::vector<std::int64_t> movedFrom, movedTo;  // rows that fill gaps, before anything of the block is written
    std::int64_t count = 0;                        // keys of the passes of this block
};

class PerTokenKeys {
public:
    explicit PerTokenKeys(const KeyWindow& window);

    // Places the next block. keep [blockFrames, tokens], 1 = computed; the first frame of all whole.
    [[nodiscard]] KeyPlacement beginBlock(const std::uint8_t* keep);
    [[nodiscard]] std::int64_t count() const noexcept { return std::int64_t(m_rows.size()); }

private:
    struct Row {
        std::int64_t frame = 0;
        std::int64_t token = 0;
        std::int64_t run = 0;        // of its token
        bool isSuperseded = false;   // more recent copies stand for it
    };
    // A position of the block.
    struct Place {
        std::int64_t run = 0;
        bool isHeld = false;
        bool isSuperseded = false;  // once the block is done
    };

    [[nodiscard]] bool isSink(std::int64_t frame) const noexcept { return frame < m_window.sinkFrames; }
    [[nodiscard]] std::vector<Place> placeRuns(const std::uint8_t* keep);
    void supersedeOpenRun(const std::vector<std::size_t>& rows, std::int64_t copies);

    const KeyWindow m_window;
    std::vector<Row> m_rows;            // what each row holds
    std::vector<std::int64_t> m_runs;   // [tokens] run that the last frame so far belongs to
    std::int64_t m_nextFrame = 0;
};

}  // namespace lipar::method
