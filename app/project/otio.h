// OpenTimelineIO (.otio): cuts to and from other editors.
//
// Written: tracks, gaps, clips with their source ranges, cross-fades as SMPTE_Dissolve transitions, speed as LinearTimeWarp,
// markers; what OpenTimelineIO has no word for (prompts, sound, links) lies under metadata "lipar" and comes back from there.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/project/project.h"

namespace lipar::project {

// Errors: diskFull, outputFailed.
[[nodiscard]] Result<> exportOtio(const Project& project, const std::filesystem::path& file);

struct OtioImport {
    Project project;
    std::vector<std::string> notes;  // what could not be taken over, a sentence each
};
// `facts`: what a media file is, for sources that the file says too little about (an engine probe); may fail, the source is
// then missing media. Errors: inputMissing, inputDamaged, inputUnsupported.
using SourceFacts = std::function<Result<Source>(const std::filesystem::path&)>;
[[nodiscard]] Result<OtioImport> importOtio(const std::filesystem::path& file, const SourceFacts& facts = {});

}  // namespace lipar::project
