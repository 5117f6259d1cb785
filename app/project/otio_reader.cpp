#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/project/exact_time.h"
#include "app/project/json_values.h"
#include "app/project/otio.h"
#include "app/project/otio_values.h"
#include "app/project/text_file.h"

namespace lipar::project {
namespace fs = std::filesystem;
namespace {

constexpr int kDeepest = 32;  // of what is nested

const Json& field(const Json& object, const char* name) {
    static const Json nothing;
    return object.is_object() && object.contains(name) ? object.at(name) : nothing;
}

std::string text(const Json& object, const char* name) {
    const Json& value = field(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

bool flag(const Json& object, const char* name, bool otherwise) {
    const Json& value = field(object, name);
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

// What this program wrote where OpenTimelineIO has no word.
const Json& own(const Json& object) {
    return field(field(object, "metadata"), "lipar");
}

// How long an item is on its track. Nothing: it does not say, and its parts do not either.
std::optional<Rational> durationOfItem(const Json& item, int depth = 0) {
    if (depth > kDeepest)
        return std::nullopt;
    if (const auto range = otioRangeOf(field(item, "source_range")))
        return range->duration;
    const std::string schema = otioSchema(item);
    if (schema == "Timeline")
        return durationOfItem(field(item, "tracks"), depth + 1);
    if (schema != "Stack" && schema != "Track")
        return std::nullopt;
    Rational total;
    for (const Json& child : field(item, "children")) {
        const Rational duration = durationOfItem(child, depth + 1).value_or(Rational{});
        total = schema == "Stack" ? std::max(total, duration) : exactSum(total, duration).value_or(total);
    }
    return total;
}

class OtioReader {
public:
    OtioReader(const fs::path& folder, const SourceFacts& facts) : m_folder(folder), m_facts(facts) {}

    [[nodiscard]] Result<OtioImport> read(const Json& json);

private:
    void note(const std::string& sentence) { m_import.notes.push_back(sentence); }
    void chooseFormat(const Json& timeline, const Json& stack);
    void readTracks(const Json& stack);
    void readTrack(const Json& json);
    // Each takes the item that begins `at` seconds after the track does, and returns when the next one begins.
    Rational readItem(const Json& item, Track& track, const Rational& at);
    Rational readClip(const Json& json, Track& track, const Rational& at);
    void readTransition(const Json& json, const Track& track);
    void readMarkers(const Json& item, const Rational& from);
    [[nodiscard]] Rational speedOf(const Json& json, const std::string& name);
    void readOwn(const Json& json, Clip& clip);
    [[nodiscard]] Source* sourceFor(const Json& media, const std::string& name, TrackKind kind, const Rational& end);
    [[nodiscard]] std::optional<Source> ownFacts(const Json& media, const fs::path& path);
    [[nodiscard]] Source guessedFacts(const Json& media, const fs::path& path, TrackKind kind, const Rational& end);
    void placeClip(Clip clip, Track& track, const Rational& end);
    void finishCrossFades();
    void takeFormatOfSource();

    const fs::path m_folder;
    const SourceFacts& m_facts;
    OtioImport m_import;
    Project& m_project = m_import.project;
    std::map<fs::path, Id> m_sourceIds;
    std::map<Id, Id> m_links;  // as written -> here
    std::optional<Rational> m_crossFade;  // of the cut that comes next
    bool m_hasSize = false;
    int m_movedCuts = 0;
};

// The rate of the first clip unless the file says more.
void OtioReader::chooseFormat(const Json& timeline, const Json& stack) {
    if (own(timeline).is_object()) {
        Format format;
        JsonReader reader(own(timeline), {});
        reader.readObject("format", [&](JsonReader& nested) { readFormat(nested, format); });
        Project trial;
        trial.format = format;
        if (reader.has("format") && reader.result() && checkInvariants(trial)) {
            m_project.format = format;
            m_hasSize = true;
            return;
        }
    }
    const auto isPossible = [](const std::optional<Rational>& rate) {
        return rate && *rate >= Rational{1, 1} && *rate <= Rational{240, 1} && rate->num <= maximumRateTerm;
    };
    for (const char* kind : {"Video", "Audio"}) {
        for (const Json& track : field(stack, "children")) {
            if (text(track, "kind") != kind)
                continue;
            for (const Json& item : field(track, "children")) {
                const auto rate = otioRate(field(field(item, "source_range"), "duration"));
                if (isPossible(rate)) {
                    m_project.format.rate = *rate;
                    return;
                }
            }
        }
    }
    if (const auto rate = otioRate(field(timeline, "global_start_time")); isPossible(rate))
        m_project.format.rate = *rate;
}

void OtioReader::readTracks(const Json& stack) {
    for (const char* kind : {"Video", "Audio"}) {
        for (const Json& track : field(stack, "children")) {
            if (otioSchema(track) == "Track" && text(track, "kind") == kind)
                readTrack(track);
        }
    }
    for (const Json& track : field(stack, "children")) {
        const std::string kind = text(track, "kind");
        if (otioSchema(track) != "Track")
            note(fmt::format("something that is no track ({}) was left out", otioSchema(track)));
        else if (kind != "Video" && kind != "Audio")
            note(fmt::format("the track {} was left out: it is of the kind {}", text(track, "name"), kind));
    }
}

void OtioReader::readTrack(const Json& json) {
    Track track;
    track.id = m_project.nextId++;
    track.kind = text(json, "kind") == "Audio" ? TrackKind::audio : TrackKind::video;
    track.name = text(json, "name");
    const auto number = 1 + std::ranges::count(m_project.tracks, track.kind, &Track::kind);
    if (track.name.empty())
        track.name = fmt::format("{} {}", track.kind == TrackKind::video ? "Video" : "Audio", number);
    track.muted = !flag(json, "enabled", true);
    track.solo = flag(own(json), "solo", false);
    track.locked = flag(own(json), "locked", false);
    if (!field(json, "source_range").is_null())
        note(fmt::format("the track {} is trimmed as a whole: it was taken over untrimmed", track.name));
    Rational at;
    m_crossFade.reset();
    for (const Json& item : field(json, "children"))
        at = readItem(item, track, at);
    m_project.tracks.push_back(std::move(track));
}

Rational OtioReader::readItem(const Json& item, Track& track, const Rational& at) {
    const std::string schema = otioSchema(item);
    if (schema == "Transition") {
        readTransition(item, track);
        return at;
    }
    if (schema == "Clip")
        return readClip(item, track, at);
    const auto duration = durationOfItem(item);
    if (schema != "Gap") {
        note(fmt::format("{} on the track {} was left out: {}", schema.empty() ? "something unknown" : "a " + schema, track.name,
                         schema == "Stack" || schema == "Track" || schema == "Timeline" ? "nested timelines are not supported"
                                                                                        : "it is of an unknown kind"));
    }
    m_crossFade.reset();
    readMarkers(item, at - otioRangeOf(field(item, "source_range")).value_or(OtioRange{}).start);
    return exactSum(at, std::max(Rational{}, duration.value_or(Rational{}))).value_or(at);
}

Rational OtioReader::speedOf(const Json& json, const std::string& name) {
    Rational speed{1, 1};
    for (const Json& effect : field(json, "effects")) {
        const Json& scalar = field(effect, "time_scalar");
        const std::string schema = otioSchema(effect);
        if ((schema != "LinearTimeWarp" && schema != "FreezeFrame") || !scalar.is_number()) {
            note(fmt::format("an effect of the clip {} was left out", name));
            continue;
        }
        const double wanted = scalar.get<double>();
        if (!(wanted >= 0.1 && wanted <= 10))
            note(fmt::format("the speed of the clip {} was changed: it must lie between a tenth and ten times", name));
        speed = nearestFraction(std::clamp(std::isfinite(wanted) ? std::abs(wanted) : 1.0, 0.1, 10.0), maximumSpeedTerm / 10)
                    .value_or(Rational{1, 1});
    }
    Rational exact = speed;
    JsonReader reader(own(json), {});
    reader.read("speed", exact);
    const bool isSame = own(json).is_object() && std::abs(exact.value() - speed.value()) < 1e-6;
    return isSame && exact.num <= maximumSpeedTerm && exact.den <= maximumSpeedTerm ? exact : speed;
}

// Prompts, sound and links come back from where they were written.
void OtioReader::readOwn(const Json& json, Clip& clip) {
    const Json& mine = own(json);
    if (!mine.is_object())
        return;
    Clip read;
    JsonReader reader(mine, {});
    reader.read("sourceStart", read.sourceStart);
    reader.read("link", read.link);
    reader.readObject("edit", [&](JsonReader& edit) { readEdit(edit, mine.at("edit"), m_folder, read.edit); });
    reader.readObject("sound", [&](JsonReader& sound) { readSound(sound, read.sound); });
    if (!reader.result() || !checkEdit(read.edit))
        return note(fmt::format("what LIPAR Studio had written about the clip {} is damaged and was left out", clip.name));
    if (std::abs(read.sourceStart.value() - clip.sourceStart.value()) < 1e-6)
        clip.sourceStart = toSourceTime(read.sourceStart);
    clip.edit = std::move(read.edit);
    clip.sound = read.sound;
    if (read.link != 0) {
        const auto [link, isNew] = m_links.try_emplace(read.link, m_project.nextId);
        m_project.nextId += isNew ? 1 : 0;
        clip.link = link->second;
    }
}

std::optional<Source> OtioReader::ownFacts(const Json& media, const fs::path& path) {
    if (!own(media).is_object())
        return std::nullopt;
    Json json = own(media);
    json["id"] = 1;
    json["path"] = path.string();
    auto source = readSource(json, {}, {});
    Project trial;
    trial.nextId = 2;
    if (source)
        trial.sources.push_back(*source);
    return source && checkInvariants(trial) ? std::optional(*source) : std::nullopt;
}

Source OtioReader::guessedFacts(const Json& media, const fs::path& path, TrackKind kind, const Rational& end) {
    Source source;
    const auto available = otioRangeOf(field(media, "available_range"));
    source.path = path;
    source.duration = available && available->duration > Rational{} ? available->duration : end;
    source.hasSound = kind == TrackKind::audio;
    source.note = "missing";
    if (kind == TrackKind::video) {
        source.width = m_project.format.width;
        source.height = m_project.format.height;
        source.rate = otioRate(field(field(media, "available_range"), "duration")).value_or(m_project.format.rate);
        source.frames = std::max<std::int64_t>(1, (source.duration * source.rate).rounded());
    }
    return source;
}

// `end`: of what is shown of it, in case nothing else is known.
Source* OtioReader::sourceFor(const Json& media, const std::string& name, TrackKind kind, const Rational& end) {
    const std::string url = text(media, "target_url");
    const auto path = pathOfUrl(url, m_folder);
    if (otioSchema(media) != "ExternalReference" || !path)
        note(fmt::format("the clip {} has no file: relink it", name));
    const fs::path file = path.value_or(m_folder / fs::path(name.empty() ? "missing" : name).filename());
    if (const auto known = m_sourceIds.find(file); known != m_sourceIds.end()) {
        Source& source = *std::ranges::find(m_project.sources, known->second, &Source::id);
        const bool isGuess = source.note == "missing";
        if (isGuess && kind == TrackKind::audio)
            source.hasSound = true;
        if (isGuess && kind == TrackKind::video && source.width == 0) {
            const Source guess = guessedFacts(media, file, kind, end);
            source.width = guess.width;
            source.height = guess.height;
            source.rate = guess.rate;
            source.frames = guess.frames;
        }
        if (isGuess)
            source.duration = std::max(source.duration, end);
        return &source;
    }
    std::optional<Source> facts = ownFacts(media, file);
    if (!facts && m_facts && path) {
        auto probed = m_facts(file);
        if (probed) {
            facts = *probed;
            facts->duration = toSourceTime(facts->duration);
        } else {
            note(fmt::format("{} cannot be read: {}", file.filename().string(), probed.error().message));
        }
    }
    Source source = facts && facts->duration > Rational{} ? *facts : guessedFacts(media, file, kind, end);
    source.id = m_project.nextId++;
    source.path = file;
    m_sourceIds[file] = source.id;
    m_project.sources.push_back(std::move(source));
    return &m_project.sources.back();
}

// On the frames of the timeline, and no longer than the source allows.
void OtioReader::placeClip(Clip clip, Track& track, const Rational& end) {
    const Source& source = *findSource(m_project, clip.source);
    const Format& format = m_project.format;
    const Rational start = clip.start;
    clip.start = toGrid(format, start);
    if (!track.clips.empty())
        clip.start = std::max(clip.start, track.clips.back().end());
    clip.duration = toGrid(format, end) - clip.start;
    m_movedCuts += clip.start != start || clip.end() != end ? 1 : 0;
    const Rational left = (source.duration - clip.sourceStart) / clip.speed;
    const Rational longest = timeOfFrame(format, std::max<std::int64_t>(1, (left * format.rate).ceil()));
    if (clip.duration <= Rational{})
        return note(fmt::format("the clip {} was left out: it is shorter than a frame", clip.name));
    if (clip.duration > longest) {
        note(fmt::format("the clip {} was shortened: its source ends before it does", clip.name));
        clip.duration = longest;
    }
    clip.sound.fadeIn = std::clamp(toGrid(format, clip.sound.fadeIn), Rational{}, clip.duration);
    clip.sound.fadeOut = std::clamp(toGrid(format, clip.sound.fadeOut), Rational{}, clip.duration - clip.sound.fadeIn);
    clip.edit.rangeEnd = std::min(clip.edit.rangeEnd, source.duration);
    if (m_crossFade && !track.clips.empty() && track.clips.back().end() == clip.start)
        clip.crossFade = *m_crossFade;
    else if (m_crossFade)
        note(fmt::format("a transition at the start of the clip {} was left out: no clip lies before it", clip.name));
    clip.id = m_project.nextId++;
    track.clips.push_back(std::move(clip));
}

Rational OtioReader::readClip(const Json& json, Track& track, const Rational& at) {
    Clip clip;
    clip.name = text(json, "name");
    const Json& references = field(json, "media_references");
    const std::string key = text(json, "active_media_reference_key");
    const Json& media = references.is_object() ? field(references, key.empty() ? "DEFAULT_MEDIA" : key.c_str())
                                               : field(json, "media_reference");
    const auto available = otioRangeOf(field(media, "available_range"));
    const auto shown = otioRangeOf(field(json, "source_range"));
    const auto range = shown ? shown : available;
    const auto end = range ? exactSum(at, range->duration) : std::nullopt;
    if (!end || range->duration <= Rational{}) {
        note(fmt::format("the clip {} was left out: it does not say how long it is", clip.name));
        m_crossFade.reset();
        return at;
    }
    clip.start = at;
    clip.speed = speedOf(json, clip.name);
    // A source's own time code is where its available range starts.
    clip.sourceStart = toSourceTime(range->start - (available ? available->start : Rational{}));
    const auto used = exactProduct(range->duration, clip.speed);
    const Rational usedEnd = toSourceTime(std::max(Rational{}, clip.sourceStart) + used.value_or(range->duration));
    const Source* const source = sourceFor(media, clip.name, track.kind, usedEnd);
    clip.source = source->id;
    if (clip.name.empty())
        clip.name = source->path.filename().string();
    if (clip.sourceStart < Rational{} || clip.sourceStart >= source->duration) {
        note(fmt::format("the clip {} begins outside its source: it was made to begin with it", clip.name));
        clip.sourceStart = {};
    }
    const bool hasKind = track.kind == TrackKind::video ? source->width > 0 : source->hasSound;
    if (!hasKind) {
        note(fmt::format("the clip {} was left out: its source has nothing for a track of its kind", clip.name));
    } else {
        readOwn(json, clip);
        placeClip(std::move(clip), track, *end);
        readMarkers(json, at - range->start);
    }
    m_crossFade.reset();
    return *end;
}

void OtioReader::readTransition(const Json& json, const Track& track) {
    const auto in = otioSeconds(field(json, "in_offset"));
    const auto out = otioSeconds(field(json, "out_offset"));
    if (!in || !out || *in < Rational{} || *out < Rational{}) {
        note(fmt::format("a transition on the track {} was left out: it does not say how long it is", track.name));
        return;
    }
    if (track.kind == TrackKind::audio) {
        note(fmt::format("a transition on the track {} was left out: sound fades with its picture", track.name));
        return;
    }
    if (text(json, "transition_type") != "SMPTE_Dissolve")
        note(fmt::format("a transition on the track {} became a cross-fade", track.name));
    if (*in != *out)
        note(fmt::format("a cross-fade on the track {} was centred on its cut", track.name));
    m_crossFade = toGrid(m_project.format, *in + *out);
}

void OtioReader::readMarkers(const Json& item, const Rational& from) {
    for (const Json& json : field(item, "markers")) {
        const auto range = otioRangeOf(field(json, "marked_range"));
        if (otioSchema(json) != "Marker" || !range)
            continue;
        Marker marker;
        marker.time = std::max(Rational{}, toGrid(m_project.format, from + range->start));
        marker.name = text(json, "name");
        const std::string color = text(own(json), "color");
        marker.color = color.empty() ? colorOfOtio(text(json, "color")) : color;
        marker.id = m_project.nextId++;
        m_project.markers.push_back(std::move(marker));
    }
}

void OtioReader::finishCrossFades() {
    for (Track& track : m_project.tracks) {
        for (std::size_t i = 1; i < track.clips.size(); ++i) {
            Clip& clip = track.clips[i];
            const Clip& before = track.clips[i - 1];
            const Rational longest = longestCrossFade(m_project.format, before, *findSource(m_project, before.source), clip, {});
            if (clip.crossFade > longest) {
                note(fmt::format("the cross-fade at the start of the clip {} was shortened: its sources have no more", clip.name));
                clip.crossFade = longest;
            }
        }
    }
}

void OtioReader::takeFormatOfSource() {
    const auto first = std::ranges::find_if(m_project.sources, [](const Source& source) { return source.width > 0; });
    if (m_hasSize || first == m_project.sources.end())
        return;
    const auto even = [](double size) { return std::clamp(2 * int(std::lround(std::min(size, 1e6) / 2)), 16, 16384); };
    m_project.format.width = even(first->width * first->sampleAspect);
    m_project.format.height = even(first->height);
}

Result<OtioImport> OtioReader::read(const Json& json) {
    const std::string schema = otioSchema(json);
    if (schema == "SerializableCollection") {
        for (const Json& child : field(json, "children")) {
            if (otioSchema(child) == "Timeline") {
                note("the file holds several things: its first timeline was taken");
                return read(child);
            }
        }
    }
    const Json& stack = field(json, "tracks");
    if (schema.empty())
        return fail(ErrorCode::inputDamaged, "it is not an OpenTimelineIO file", "choose an .otio file");
    if (schema != "Timeline" || otioSchema(stack) != "Stack")
        return fail(ErrorCode::inputUnsupported, "it holds no timeline", "export a timeline from the other editor");
    m_project.name = text(json, "name");
    m_project.formatFollowsFirstClip = false;
    chooseFormat(json, stack);
    readTracks(stack);
    readMarkers(stack, {});
    std::ranges::sort(m_project.markers, {}, [](const Marker& marker) { return std::pair(marker.time, marker.id); });
    finishCrossFades();
    takeFormatOfSource();
    completeRanges(m_project);
    if (m_movedCuts > 0)
        note(fmt::format("{} clips were moved to whole frames of the timeline", m_movedCuts));
    if (const auto sound = checkInvariants(m_project); !sound)
        return fail(ErrorCode::inputDamaged, "it contradicts itself: " + sound.error().message, "export it anew");
    return std::move(m_import);
}

}  // namespace

Result<OtioImport> importOtio(const fs::path& file, const SourceFacts& facts) {
    LIPAR_ASSIGN(const std::string text, readTextFile(file));
    auto json = parseJson(text);
    if (!json)
        return std::unexpected(aboutFile(file, json.error()));
    std::error_code ignored;
    auto read = OtioReader(fs::absolute(file, ignored).lexically_normal().parent_path(), facts).read(*json);
    if (!read)
        return std::unexpected(aboutFile(file, read.error()));
    return read;
}

}  // namespace lipar::project
