// Private to engine/service: stores the blocks of one run as they come, on a thread of its own beside the engine.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <thread>

#include "engine/core/bounded_queue.h"
#include "engine/pipeline/block_editor.h"
#include "engine/service/edit_cache.h"

namespace lipar::service {

// What the cache keeps of a block. `timeBase`: the source video's, seconds.
[[nodiscard]] BlockHeader headerOf(const pipeline::EditedBlock& block, Rational timeBase);

// Thread: one object, one thread.
class EditCacheWriter {
public:
    enum class OnError { warn, fail };  // warn: one line in the log, then the edit goes on without the cache

    // Blocks used at or after `keepFrom` are not given up for new ones.
    EditCacheWriter(EditCache cache, EditIdentity identity, Rational timeBase, OnError onError,
                    std::filesystem::file_time_type keepFrom = std::filesystem::file_time_type::max());
    ~EditCacheWriter();  // what is queued is still written

    // Queues a block, unless the cache holds it already; waits while the disk is far behind. Error: what went wrong with
    // an earlier one.
    [[nodiscard]] Result<> write(std::shared_ptr<const pipeline::EditedBlock> block);
    // Waits for the disk. `isWhole`: the run came to its end, which is noted in its last block.
    [[nodiscard]] Result<> finish(bool isWhole);

private:
    void work();
    [[nodiscard]] Result<> store(const pipeline::EditedBlock& block, bool isLast);
    void end();

    const EditCache m_cache;
    const EditIdentity m_identity;
    const Rational m_timeBase;
    const OnError m_onError;
    const std::filesystem::file_time_type m_keepFrom;
    std::set<int> m_present;  // blocks that were there before
    std::shared_ptr<const pipeline::EditedBlock> m_last;
    BoundedQueue<std::shared_ptr<const pipeline::EditedBlock>> m_blocks{3};
    int m_sinceCheck = 0;
    Result<> m_outcome;  // of the thread; read after it has ended
    std::thread m_thread;
};

}  // namespace lipar::service
