#include "engine/lipar/recovery.h"

#include <numeric>

namespace lipar::method {

PrunedKeys prunedKeys(Recovery recovery, Pass pass, bool firstBlock) {
    if (recovery == Recovery::none)
        return PrunedKeys::absent;
    if (pass == Pass::cache || recovery == Recovery::copy)
        return PrunedKeys::chain;
    // Before the first block is done there is no clean token to duplicate.
    return firstBlock ? PrunedKeys::absent : PrunedKeys::duplicate;
}

BlockSelection selectTokens(const std::uint8_t* keep, int frames, int tokens) {
    BlockSelection selection;
    selection.chain.reserve(std::size_t(frames) * std::size_t(tokens));
    std::vector<std::int64_t> latest(static_cast<std::size_t>(tokens));  // row that stands for each token so far
    std::iota(latest.begin(), latest.end(), 0);
    for (int frame = 0; frame < frames; ++frame) {
        for (int token = 0; token < tokens; ++token) {
            const std::int64_t position = std::int64_t(frame) * tokens + token;
            if (keep[position]) {
                latest[std::size_t(token)] = tokens + std::int64_t(selection.kept.size());
                selection.kept.push_back(position);
            } else {
                selection.pruned.push_back(position);
            }
            selection.chain.push_back(latest[std::size_t(token)]);
        }
    }
    return selection;
}

}  // namespace lipar::method
