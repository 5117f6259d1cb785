#include "app/project/json_values.h"

#include <fmt/format.h>

#include <charconv>

namespace lipar::project {
namespace fs = std::filesystem;
namespace {

// Whether JSON can hold these bytes as a text.
bool isUtf8(const std::string& text) {
    try {
        (void)Json(text).dump();
        return true;
    } catch (const Json::type_error&) {
        return false;
    }
}

std::optional<std::string> fromHexadecimal(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
        if (error != std::errc() || end != digits.data() + i + 2)
            return std::nullopt;
        bytes += static_cast<char>(value);
    }
    return digits.size() % 2 == 0 ? std::optional(bytes) : std::nullopt;
}

fs::path relativeTo(const fs::path& path, const fs::path& folder) {
    if (folder.empty() || !path.is_absolute())
        return path;
    const fs::path relative = path.lexically_relative(folder);
    return relative.empty() ? path : relative;
}

Json keyframesJson(const std::vector<PromptKeyframe>& keyframes) {
    Json list = Json::array();
    for (const PromptKeyframe& keyframe : keyframes)
        list.push_back({{"time", fractionJson(keyframe.time)}, {"prompt", keyframe.prompt}});
    return list;
}

void readMask(JsonReader& reader, const Json& object, const char* name, const fs::path& folder, std::string& mask) {
    if (!reader.has(name))
        return;
    fs::path path;
    readPath(reader, object, name, folder, path);
    mask = path.string();
}

}  // namespace

Json fractionJson(const Rational& value) {
    const Rational lowest = value * Rational{1, 1};
    return lowest.den == 1 ? fmt::format("{}", lowest.num) : fmt::format("{}/{}", lowest.num, lowest.den);
}

Json pathJson(const fs::path& path, const fs::path& folder) {
    const std::string bytes = relativeTo(path, folder).generic_string();
    if (isUtf8(bytes))
        return bytes;
    std::string digits;
    for (const unsigned char byte : bytes)
        digits += fmt::format("{:02x}", byte);
    return {{"bytes", digits}};
}

void readPath(JsonReader& reader, const Json& object, const char* name, const fs::path& folder, fs::path& path) {
    std::string bytes;
    if (object.is_object() && object.contains(name) && object.at(name).is_object()) {
        std::string digits;
        reader.readObject(name, [&](JsonReader& nested) { nested.need("bytes", digits); });
        bytes = fromHexadecimal(digits).value_or("");
    } else {
        reader.need(name, bytes);
    }
    if (bytes.empty() || bytes.find('\0') != bytes.npos)
        return reader.refuse(name, "a path");
    path = folder.empty() ? fs::path(bytes) : (folder / bytes).lexically_normal();
}

Json editJson(const ClipEdit& edit, const fs::path& folder) {
    if (edit == ClipEdit{})
        return nullptr;
    Json json{{"enabled", edit.enabled}, {"prompt", edit.prompt}};
    if (!edit.promptKeyframes.empty())
        json["promptKeyframes"] = keyframesJson(edit.promptKeyframes);
    if (!edit.model.empty())
        json["model"] = edit.model;
    if (edit.strength)
        json["strength"] = *edit.strength;
    json["seed"] = edit.seed;
    if (!edit.steps.empty())
        json["steps"] = edit.steps;
    if (edit.shift)
        json["shift"] = *edit.shift;
    if (edit.width != 0 || edit.height != 0) {
        json["width"] = edit.width;
        json["height"] = edit.height;
    }
    json["pruning"] = edit.pruning;
    if (edit.tau1)
        json["tau1"] = *edit.tau1;
    if (edit.tau2)
        json["tau2"] = *edit.tau2;
    if (!edit.protectMask.empty())
        json["protectMask"] = pathJson(edit.protectMask, folder);
    if (!edit.alwaysEditMask.empty())
        json["alwaysEditMask"] = pathJson(edit.alwaysEditMask, folder);
    json["range"] = {{"start", fractionJson(edit.rangeStart)}, {"end", fractionJson(edit.rangeEnd)}};
    return json;
}

Json soundJson(const ClipSound& sound) {
    if (sound == ClipSound{})
        return nullptr;
    return {{"gainDb", sound.gainDb},
            {"muted", sound.muted},
            {"fadeIn", fractionJson(sound.fadeIn)},
            {"fadeOut", fractionJson(sound.fadeOut)}};
}

Json clipJson(const Clip& clip, const fs::path& folder) {
    Json json{{"id", clip.id},
              {"source", clip.source},
              {"name", clip.name},
              {"start", fractionJson(clip.start)},
              {"duration", fractionJson(clip.duration)},
              {"sourceStart", fractionJson(clip.sourceStart)}};
    if (clip.speed != Rational{1, 1})
        json["speed"] = fractionJson(clip.speed);
    if (clip.crossFade != Rational{})
        json["crossFade"] = fractionJson(clip.crossFade);
    if (clip.link != 0)
        json["link"] = clip.link;
    if (Json edit = editJson(clip.edit, folder); !edit.is_null())
        json["edit"] = std::move(edit);
    if (Json sound = soundJson(clip.sound); !sound.is_null())
        json["sound"] = std::move(sound);
    return json;
}

void readEdit(JsonReader& reader, const Json& object, const fs::path& folder, ClipEdit& edit) {
    reader.read("enabled", edit.enabled);
    reader.read("prompt", edit.prompt);
    reader.readEach("promptKeyframes", [&](const Json& each, const std::string& place) -> Result<> {
        PromptKeyframe keyframe;
        JsonReader nested(each, place);
        nested.need("time", keyframe.time);
        nested.need("prompt", keyframe.prompt);
        edit.promptKeyframes.push_back(std::move(keyframe));
        return nested.result();
    });
    reader.read("model", edit.model);
    reader.read("strength", edit.strength);
    reader.read("seed", edit.seed);
    reader.readEach("steps", [&](const Json& each, const std::string& place) -> Result<> {
        if (!each.is_number_integer() || each.get<std::int64_t>() < 1 || each.get<std::int64_t>() > 1000)
            return fail(ErrorCode::inputDamaged, place + " is not a step between 1 and 1000", "open an older copy of it");
        edit.steps.push_back(each.get<int>());
        return {};
    });
    reader.read("shift", edit.shift);
    reader.read("width", edit.width);
    reader.read("height", edit.height);
    reader.read("pruning", edit.pruning);
    reader.read("tau1", edit.tau1);
    reader.read("tau2", edit.tau2);
    readMask(reader, object, "protectMask", folder, edit.protectMask);
    readMask(reader, object, "alwaysEditMask", folder, edit.alwaysEditMask);
    reader.readObject("range", [&](JsonReader& range) {
        range.need("start", edit.rangeStart);
        range.need("end", edit.rangeEnd);
    });
}

void readSound(JsonReader& reader, ClipSound& sound) {
    reader.read("gainDb", sound.gainDb);
    reader.read("muted", sound.muted);
    reader.read("fadeIn", sound.fadeIn);
    reader.read("fadeOut", sound.fadeOut);
}

Result<Clip> readClip(const Json& json, const std::string& place, const fs::path& folder) {
    Clip clip;
    JsonReader reader(json, place);
    reader.need("id", clip.id);
    reader.need("source", clip.source);
    reader.read("name", clip.name);
    reader.need("start", clip.start);
    reader.need("duration", clip.duration);
    reader.need("sourceStart", clip.sourceStart);
    reader.read("speed", clip.speed);
    reader.read("crossFade", clip.crossFade);
    reader.read("link", clip.link);
    reader.readObject("edit", [&](JsonReader& edit) { readEdit(edit, json.at("edit"), folder, clip.edit); });
    reader.readObject("sound", [&](JsonReader& sound) { readSound(sound, clip.sound); });
    LIPAR_TRY(reader.result());
    return clip;
}

Json formatJson(const Format& format) {
    return {{"width", format.width},
            {"height", format.height},
            {"rate", fractionJson(format.rate)},
            {"sampleRate", format.sampleRate}};
}

void readFormat(JsonReader& reader, Format& format) {
    reader.need("width", format.width);
    reader.need("height", format.height);
    reader.need("rate", format.rate);
    reader.need("sampleRate", format.sampleRate);
}

Json sourceJson(const Source& source, const fs::path& folder) {
    Json json{{"id", source.id}, {"path", pathJson(source.path, folder)}};
    if (source.fileBytes != 0)
        json["fileBytes"] = source.fileBytes;
    if (!source.contentHash.empty())
        json["contentHash"] = source.contentHash;
    if (source.width > 0) {
        json["width"] = source.width;
        json["height"] = source.height;
        json["sampleAspect"] = source.sampleAspect;
        json["rate"] = fractionJson(source.rate);
        json["frames"] = source.frames;
        json["variableRate"] = source.variableRate;
    }
    json["duration"] = fractionJson(source.duration);
    json["hasSound"] = source.hasSound;
    if (!source.note.empty())
        json["note"] = source.note;
    return json;
}

Result<Source> readSource(const Json& json, const std::string& place, const fs::path& folder) {
    Source source;
    JsonReader reader(json, place);
    reader.need("id", source.id);
    readPath(reader, json, "path", folder, source.path);
    reader.read("fileBytes", source.fileBytes);
    reader.read("contentHash", source.contentHash);
    reader.read("width", source.width);
    reader.read("height", source.height);
    reader.read("sampleAspect", source.sampleAspect);
    reader.read("rate", source.rate);
    reader.need("duration", source.duration);
    reader.read("frames", source.frames);
    reader.read("variableRate", source.variableRate);
    reader.read("hasSound", source.hasSound);
    reader.read("note", source.note);
    LIPAR_TRY(reader.result());
    return source;
}

void completeRanges(Project& project) {
    for (Track& track : project.tracks) {
        for (std::size_t i = 0; i < track.clips.size(); ++i) {
            Clip& clip = track.clips[i];
            const Source* const source = findSource(project, clip.source);
            if (track.kind != TrackKind::video || source == nullptr || clip.edit.rangeEnd != Rational{} || clip.speed.num <= 0)
                continue;
            const Rational fadeAfter = i + 1 < track.clips.size() ? track.clips[i + 1].crossFade : Rational{};
            const SourceRange range = shownRange(clip, *source, fadeAfter);
            clip.edit.rangeStart = range.start;
            clip.edit.rangeEnd = range.end;
        }
    }
}

}  // namespace lipar::project
