// What the edit cache holds, and emptying it.
#include <algorithm>
#include <map>

#include "engine/service/cached_edit.h"
#include "engine/service/job.h"

namespace lipar::service {
namespace {

constexpr double kShortest = 1e-3;  // of what is left of a block, seconds

CachedBlock describe(const BlockHeader& header, bool isExact) {
    CachedBlock block{header.frames.front().seconds, header.endSeconds, isExact, {}};
    for (int frame = 0; frame < header.keep.frames; ++frame)
        block.keptPerLatentFrame.push_back(double(std::count(header.keep.frame(frame), header.keep.frame(frame) + header.keep.frameSize(), 1)) /
                                           double(header.keep.frameSize()));
    return block;
}

// Blocks that do not overlap, by where they begin.
class BlockLine {
public:
    // Takes what of the block no earlier one covers.
    void add(const CachedBlock& block) {
        double from = block.startSeconds;
        auto next = m_blocks.lower_bound(from);
        if (next != m_blocks.begin())
            from = std::max(from, std::prev(next)->second.endSeconds);
        for (; from < block.endSeconds; ++next) {
            CachedBlock piece = block;
            piece.startSeconds = from;
            if (next != m_blocks.end())
                piece.endSeconds = std::min(piece.endSeconds, next->second.startSeconds);
            from = next != m_blocks.end() ? std::max(from, next->second.endSeconds) : block.endSeconds;
            if (piece.endSeconds > piece.startSeconds + kShortest)
                m_blocks.emplace_hint(next, piece.startSeconds, piece);
        }
    }
    [[nodiscard]] std::vector<CachedBlock> take() {
        std::vector<CachedBlock> blocks;
        for (auto& [start, block] : m_blocks)
            blocks.push_back(std::move(block));
        return blocks;
    }

private:
    std::map<double, CachedBlock> m_blocks;
};

}  // namespace

Result<CacheLookupReport> runCacheLookup(const CacheLookupRequest& request, JobContext& context) {
    const EditCache cache(request.cache);
    if (!cache.isEnabled())
        return CacheLookupReport{};
    LIPAR_ASSIGN(const EditBasis basis, basisOfEdit(request.input, request.edit.engine, request.edit.settings, context.models));
    LIPAR_ASSIGN(EditIdentity identity, identityOf(basis, request.edit.settings, context.cancel));
    CachedEdit cached(cache, std::move(identity));
    cached.refresh();
    BlockLine line;
    for (const auto& [header, isExact] : cached.allBlocks())
        line.add(describe(*header, isExact));
    return CacheLookupReport{line.take()};
}

Result<ClearCacheReport> runClearCache(const ClearCacheRequest& request) {
    const EditCache cache(request.cache);
    return ClearCacheReport{cache.isEnabled() ? cache.clear() : 0};
}

}  // namespace lipar::service
