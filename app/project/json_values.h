// The parts of a project file that OpenTimelineIO files carry as well: clips, paths, fractions.
#pragma once

#include <filesystem>
#include <string>

#include "app/project/json_reader.h"
#include "app/project/project.h"

namespace lipar::project {

// "1001/30000", "2"
[[nodiscard]] Json fractionJson(const Rational& value);
// Relative to `folder` unless that is empty. Bytes that are no UTF-8 are written in hexadecimal.
[[nodiscard]] Json pathJson(const std::filesystem::path& path, const std::filesystem::path& folder);
// Absolute where `folder` is.
void readPath(JsonReader& reader, const Json& object, const char* name, const std::filesystem::path& folder,
              std::filesystem::path& path);

[[nodiscard]] Json editJson(const ClipEdit& edit, const std::filesystem::path& folder);  // null: as it is by default
[[nodiscard]] Json soundJson(const ClipSound& sound);                                    // null: as it is by default
[[nodiscard]] Json clipJson(const Clip& clip, const std::filesystem::path& folder);
void readEdit(JsonReader& reader, const Json& object, const std::filesystem::path& folder, ClipEdit& edit);
void readSound(JsonReader& reader, ClipSound& sound);
[[nodiscard]] Result<Clip> readClip(const Json& json, const std::string& place, const std::filesystem::path& folder);

[[nodiscard]] Json formatJson(const Format& format);
void readFormat(JsonReader& reader, Format& format);
[[nodiscard]] Json sourceJson(const Source& source, const std::filesystem::path& folder);
[[nodiscard]] Result<Source> readSource(const Json& json, const std::string& place, const std::filesystem::path& folder);
// The range of an edit that a file does not give is the clip's own.
void completeRanges(Project& project);

}  // namespace lipar::project
