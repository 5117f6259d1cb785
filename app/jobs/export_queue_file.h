// The file of an export queue: JSON with a version. No Qt widgets, no engine. Thread: any; no state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/jobs/export_queue.h"

namespace lipar::jobs {

inline constexpr int exportQueueFileVersion = 1;

struct StoredQueue {
    std::vector<ExportItem> items;  // without their projects
    bool paused = false;
};

[[nodiscard]] std::string toJson(const std::vector<ExportItem>& items, bool paused);
// A running export comes back as a queued one. Errors: inputDamaged, inputUnsupported (a newer version).
[[nodiscard]] Result<StoredQueue> queueFromJson(std::string_view text);

// Written beside and renamed; the folder is made. Errors: diskFull, outputFailed.
[[nodiscard]] Result<> writeWhole(const std::filesystem::path& file, std::string_view text);

}  // namespace lipar::jobs
