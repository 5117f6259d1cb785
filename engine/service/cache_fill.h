// Private to engine/service: the edits that a stretch of a timeline needs, and making those that the cache does not hold.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/service/cached_pictures.h"

namespace lipar::service {

// An edit of which a stretch of a timeline shows source times from `from` to `to`.
struct NeededEdit {
    std::filesystem::path input;
    int edit = -1;
    double from = 0;
    double to = 0;
    std::vector<std::size_t> entries;  // of Timeline::pictures
    std::shared_ptr<CachedEdit> cached;
    std::int64_t frames = 0;  // that have to be edited; 0 = the cache holds all that is needed
};

// Each edit once. Errors: those of the edit's settings and files; invalidArgument where an entry names no edit.
[[nodiscard]] Result<std::vector<NeededEdit>> neededEdits(const RenderRequest& request, std::int64_t firstFrame, std::int64_t endFrame, const EditCache& cache,
                                                          JobContext& context);

struct FilledBlock {
    int frames = 0;
    std::int64_t kept = 0, total = 0;
};

// Runs the edit from its range's beginning until all that is needed is stored. Blocks used at or after `keepFrom` stay.
// Errors: as an edit's; diskFull, outputFailed.
[[nodiscard]] Result<> fillCache(const NeededEdit& needed, const TimelineEdit& edit, const EditCache& cache, std::filesystem::file_time_type keepFrom,
                                 const std::function<void(const FilledBlock&)>& onBlock, DeviceInfo& device, JobContext& context);

}  // namespace lipar::service
