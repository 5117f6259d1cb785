// Private to engine/service: the blocks of one edit that the cache holds, found by the source's time.
// Thread: one object, one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "engine/service/edit_cache.h"

namespace lipar::service {

class CachedEdit {
public:
    CachedEdit(EditCache cache, EditIdentity identity) : m_cache(std::move(cache)), m_identity(std::move(identity)) {}

    [[nodiscard]] const EditIdentity& identity() const noexcept { return m_identity; }
    // Looks at the disk again; cheap where nothing changed.
    void refresh();

    struct Place {
        EditRange run;
        const BlockHeader* header = nullptr;  // valid until refresh()
        int frame = 0;                        // in the block
        bool isExact = false;
    };
    // The frame shown at `seconds` of the source: that of the run which began where the edit's range does if it is there,
    // else (unless only `exactOnly` will do) of the run used last. Before the range's first frame and past its last one these
    // stand in.
    [[nodiscard]] std::optional<Place> find(double seconds, bool exactOnly) const;
    // Whether the edit's range covers this time at all.
    [[nodiscard]] bool reaches(double seconds) const;
    // Its picture; empty where the block turned out to be damaged or gone. The last few blocks stay in memory.
    [[nodiscard]] PicturePtr picture(const Place& place);

    // Whether the exact run covers all frames shown from `from` to `to`.
    [[nodiscard]] bool covers(double from, double to) const;
    // Blocks of the exact run within these times count as used now.
    void touch(double from, double to) const;
    // Blocks of the exact run without a gap from its first one on; all of the run where the last of them is marked so.
    [[nodiscard]] std::vector<const BlockHeader*> exactPrefix() const;
    // Every block and whether it is exact, in the order in which find() prefers them.
    [[nodiscard]] std::vector<std::pair<const BlockHeader*, bool>> allBlocks() const;

private:
    struct Run {
        EditRange range;
        std::filesystem::file_time_type changed;
        std::map<int, BlockHeader> blocks;
        bool isExact = false;
    };
    struct Opened {
        EditRange run;
        StoredBlock block;
    };
    [[nodiscard]] const Run* exact() const;
    [[nodiscard]] static std::optional<Place> findIn(const Run& run, double seconds);

    EditCache m_cache;
    EditIdentity m_identity;
    std::vector<Run> m_runs;  // the exact one first, then the one changed last
    std::deque<Opened> m_opened;
};

}  // namespace lipar::service
