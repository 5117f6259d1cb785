// What is exported and how, and the engine request that does it. No Qt. Thread: any; no state.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/project/project.h"
#include "engine/service/requests.h"

namespace lipar::jobs {

struct ExportSettings {
    std::filesystem::path file;
    std::string codec = "h264";
    std::string container = "mp4";
    std::optional<int> crf;                // empty: the codec's own
    std::optional<std::int64_t> bitRate;   // bits a second, in place of the quality
    int width = 0;                         // 0: the project's
    int height = 0;
    Rational rate{0, 1};                   // 0: the project's
    bool sound = true;
    std::int64_t firstFrame = 0;           // of the project's frames
    std::int64_t endFrame = -1;            // one past the last; negative = the end
    bool keepSource = false;               // the frames, timestamps and sound of the one clip there is, see wholeClip()

    friend bool operator==(const ExportSettings&, const ExportSettings&) = default;
};

// The edited clip, where the project is nothing but one whole source that is edited and otherwise untouched: then its own
// frames and timestamps can be kept. Null otherwise.
[[nodiscard]] const project::Clip* wholeClip(const project::Project& project);

// Error: invalidArgument (nothing to export, or keepSource where wholeClip() finds none).
[[nodiscard]] Result<service::Request> exportRequest(const project::Project& project, const ExportSettings& settings,
                                                     const service::EngineChoice& engine,
                                                     const service::EditCacheSettings& cache, bool dryRun = false);

}  // namespace lipar::jobs
