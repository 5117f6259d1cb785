#include <fmt/format.h>

#include "app/project/json_reader.h"
#include "app/project/json_values.h"
#include "app/project/project_file.h"

namespace lipar::project {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFileFormat = "lipar-project";

Json trackJson(const Track& track, const fs::path& folder) {
    Json json{{"id", track.id}, {"kind", track.kind == TrackKind::video ? "video" : "audio"}, {"name", track.name}};
    if (track.muted)
        json["muted"] = true;
    if (track.solo)
        json["solo"] = true;
    if (track.locked)
        json["locked"] = true;
    json["clips"] = Json::array();
    for (const Clip& clip : track.clips)
        json["clips"].push_back(clipJson(clip, folder));
    return json;
}

Result<Track> readTrack(const Json& json, const std::string& place, const fs::path& folder) {
    Track track;
    std::string kind;
    JsonReader reader(json, place);
    reader.need("id", track.id);
    reader.need("kind", kind);
    if (kind != "video" && kind != "audio")
        reader.refuse("kind", "\"video\" or \"audio\"");
    track.kind = kind == "audio" ? TrackKind::audio : TrackKind::video;
    reader.read("name", track.name);
    reader.read("muted", track.muted);
    reader.read("solo", track.solo);
    reader.read("locked", track.locked);
    reader.readEach("clips", [&](const Json& each, const std::string& where) -> Result<> {
        LIPAR_ASSIGN(Clip clip, readClip(each, where, folder));
        track.clips.push_back(std::move(clip));
        return {};
    });
    LIPAR_TRY(reader.result());
    return track;
}

Result<Marker> readMarker(const Json& json, const std::string& place) {
    Marker marker;
    JsonReader reader(json, place);
    reader.need("id", marker.id);
    reader.need("time", marker.time);
    reader.read("name", marker.name);
    reader.need("color", marker.color);
    LIPAR_TRY(reader.result());
    return marker;
}

Result<Project> readProject(const Json& json, const fs::path& folder) {
    Project project;
    JsonReader reader(json, {});
    reader.read("name", project.name);
    if (!reader.has("format"))
        reader.refuse("format", "there");
    reader.readObject("format", [&](JsonReader& format) { readFormat(format, project.format); });
    reader.read("formatFollowsFirstClip", project.formatFollowsFirstClip);
    reader.need("nextId", project.nextId);
    reader.readEach("sources", [&](const Json& each, const std::string& place) -> Result<> {
        LIPAR_ASSIGN(Source source, readSource(each, place, folder));
        project.sources.push_back(std::move(source));
        return {};
    });
    reader.readEach("tracks", [&](const Json& each, const std::string& place) -> Result<> {
        LIPAR_ASSIGN(Track track, readTrack(each, place, folder));
        project.tracks.push_back(std::move(track));
        return {};
    });
    reader.readEach("markers", [&](const Json& each, const std::string& place) -> Result<> {
        LIPAR_ASSIGN(Marker marker, readMarker(each, place));
        project.markers.push_back(std::move(marker));
        return {};
    });
    LIPAR_TRY(reader.result());
    return project;
}

Result<int> versionOf(const Json& json) {
    JsonReader reader(json, {});
    std::string format;
    int version = 0;
    reader.read("fileFormat", format);
    if (json.is_object() && format != kFileFormat)
        return fail(ErrorCode::inputDamaged, "it is not a LIPAR project", "choose a .lipar file");
    reader.need("version", version);
    LIPAR_TRY(reader.result());
    if (version < 1)
        return fail(ErrorCode::inputDamaged, fmt::format("there is no version {} of project files", version), "open an older copy of it");
    return version;
}

}  // namespace

std::string toJson(const Project& project, const fs::path& folder) {
    Json json{{"fileFormat", kFileFormat}, {"version", fileVersion}, {"name", project.name}};
    json["format"] = formatJson(project.format);
    json["formatFollowsFirstClip"] = project.formatFollowsFirstClip;
    json["nextId"] = project.nextId;
    json["sources"] = Json::array();
    for (const Source& source : project.sources)
        json["sources"].push_back(sourceJson(source, folder));
    json["tracks"] = Json::array();
    for (const Track& track : project.tracks)
        json["tracks"].push_back(trackJson(track, folder));
    json["markers"] = Json::array();
    for (const Marker& marker : project.markers) {
        json["markers"].push_back(
            {{"id", marker.id}, {"time", fractionJson(marker.time)}, {"name", marker.name}, {"color", marker.color}});
    }
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Project> fromJson(std::string_view text, const fs::path& folder) {
    LIPAR_ASSIGN(const Json json, parseJson(text));
    LIPAR_ASSIGN(const int version, versionOf(json));
    if (version > fileVersion) {
        return fail(ErrorCode::inputUnsupported,
                    fmt::format("it was saved by a newer LIPAR Studio (file version {}; this one reads up to {})", version,
                                fileVersion),
                    "open it with the newer program, or save it there for this one");
    }
    LIPAR_ASSIGN(Project project, readProject(json, folder));
    completeRanges(project);
    if (const Result<> sound = checkInvariants(project); !sound)
        return fail(ErrorCode::inputDamaged, "it contradicts itself: " + sound.error().message, "open an older copy of it");
    return project;
}

}  // namespace lipar::project
