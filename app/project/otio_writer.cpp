#include <algorithm>

#include "app/project/json_values.h"
#include "app/project/otio.h"
#include "app/project/otio_values.h"
#include "app/project/text_file.h"

namespace lipar::project {
namespace {

// What every object with a name has.
Json named(const char* schema, const std::string& name, Json metadata) {
    Json json{{"OTIO_SCHEMA", schema}, {"metadata", Json::object()}, {"name", name}};
    if (!metadata.empty())
        json["metadata"]["lipar"] = std::move(metadata);
    return json;
}

class OtioWriter {
public:
    explicit OtioWriter(const Project& project) : m_project(project) {}

    [[nodiscard]] Json timeline() const;

private:
    // On the frames of the timeline.
    [[nodiscard]] Json time(const Rational& seconds) const { return otioTime(seconds, m_project.format.rate, {}); }
    [[nodiscard]] Json item(const char* schema, const std::string& name, Json range, Json metadata) const;
    [[nodiscard]] Json gap(const Rational& duration) const;
    [[nodiscard]] Json transition(const Rational& crossFade) const;
    [[nodiscard]] Json clip(const Clip& clip) const;
    [[nodiscard]] Json media(const Source& source) const;
    [[nodiscard]] Json track(const Track& track) const;
    [[nodiscard]] Json marker(const Marker& marker) const;

    const Project& m_project;
};

Json OtioWriter::item(const char* schema, const std::string& name, Json range, Json metadata) const {
    Json json = named(schema, name, std::move(metadata));
    json["source_range"] = std::move(range);
    json["effects"] = Json::array();
    json["markers"] = Json::array();
    json["enabled"] = true;
    return json;
}

Json OtioWriter::gap(const Rational& duration) const {
    return item("Gap.1", "", otioRange(time({}), time(duration)), {});
}

// Centred on the cut. OpenTimelineIO's dissolve begins `in_offset` before it and ends `out_offset` after.
Json OtioWriter::transition(const Rational& crossFade) const {
    Json json = named("Transition.1", "Cross-fade", {});
    const Rational half = crossFade / Rational{2, 1};
    json["transition_type"] = "SMPTE_Dissolve";
    json["in_offset"] = time(half);
    json["out_offset"] = time(half);
    return json;
}

Json OtioWriter::media(const Source& source) const {
    Json facts = sourceJson(source, {});
    for (const char* own : {"id", "path"})
        facts.erase(own);
    Json json = named("ExternalReference.1", source.path.filename().string(), std::move(facts));
    const Rational& rate = m_project.format.rate;
    json["available_range"] = otioRange(otioTime({}, source.rate, rate), otioTime(source.duration, source.rate, rate));
    json["target_url"] = fileUrl(source.path);
    return json;
}

Json OtioWriter::clip(const Clip& clip) const {
    const Source& source = *findSource(m_project, clip.source);
    Json own{{"sourceStart", fractionJson(clip.sourceStart)}};
    if (clip.speed != Rational{1, 1})
        own["speed"] = fractionJson(clip.speed);
    if (clip.link != 0)
        own["link"] = clip.link;
    if (Json edit = editJson(clip.edit, {}); !edit.is_null())
        own["edit"] = std::move(edit);
    if (Json sound = soundJson(clip.sound); !sound.is_null())
        own["sound"] = std::move(sound);
    const Json start = otioTime(clip.sourceStart, source.rate, m_project.format.rate);
    // The duration is that on the timeline, whatever the speed: it is what readers add up.
    Json json = item("Clip.1", clip.name, otioRange(start, time(clip.duration)), std::move(own));
    if (clip.speed != Rational{1, 1}) {
        Json warp = named("LinearTimeWarp.1", "Speed", {});
        warp["effect_name"] = "LinearTimeWarp";
        warp["time_scalar"] = clip.speed.value();
        json["effects"].push_back(std::move(warp));
    }
    json["media_reference"] = media(source);
    return json;
}

Json OtioWriter::track(const Track& track) const {
    Json own = Json::object();
    for (const auto& [name, value] : {std::pair("solo", track.solo), std::pair("locked", track.locked)}) {
        if (value)
            own[name] = true;
    }
    Json json = item("Track.1", track.name, nullptr, std::move(own));
    json["enabled"] = !track.muted;
    json["kind"] = track.kind == TrackKind::video ? "Video" : "Audio";
    json["children"] = Json::array();
    Rational at;
    for (const Clip& each : track.clips) {
        if (each.start > at)
            json["children"].push_back(gap(each.start - at));
        if (each.crossFade != Rational{})
            json["children"].push_back(transition(each.crossFade));
        json["children"].push_back(clip(each));
        at = each.end();
    }
    return json;
}

Json OtioWriter::marker(const Marker& marker) const {
    Json json = named("Marker.2", marker.name, {{"color", marker.color}});
    json["color"] = otioColor(marker.color);
    json["comment"] = "";
    json["marked_range"] = otioRange(time(marker.time), time({}));
    return json;
}

Json OtioWriter::timeline() const {
    Json own{{"format", formatJson(m_project.format)}};
    Json stack = item("Stack.1", "tracks", nullptr, {});
    stack["children"] = Json::array();
    for (const Track& each : m_project.tracks)
        stack["children"].push_back(track(each));
    for (const Marker& each : m_project.markers)
        stack["markers"].push_back(marker(each));
    Json json = named("Timeline.1", m_project.name, std::move(own));
    json["global_start_time"] = nullptr;
    json["tracks"] = std::move(stack);
    return json;
}

}  // namespace

Result<> exportOtio(const Project& project, const std::filesystem::path& file) {
    const Json json = OtioWriter(project).timeline();
    return writeTextFile(file, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace lipar::project
