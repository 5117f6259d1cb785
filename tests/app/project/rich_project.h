// A project that uses everything a project file can hold.
#pragma once

#include <stdexcept>

#include "app/commands/history.h"

namespace lipar::project::test {

inline Source videoSource(const std::filesystem::path& path, Rational rate, std::int64_t frames, bool hasSound = true) {
    Source source;
    source.path = path;
    source.fileBytes = 123'456;
    source.contentHash = "00ff";
    source.width = 1280;
    source.height = 720;
    source.rate = rate;
    source.frames = frames;
    source.duration = Rational{frames, 1} / rate;
    source.hasSound = hasSound;
    return source;
}

inline Source soundSource(const std::filesystem::path& path, Rational duration) {
    Source source;
    source.path = path;
    source.duration = duration;
    source.hasSound = true;
    source.note = "stereo";
    return source;
}

// Performs what must be possible; returns what was added.
inline std::vector<Id> must(commands::History& history, const commands::Command& command) {
    const auto touched = history.perform(command);
    if (!touched)
        throw std::runtime_error(touched.error().message);
    return touched->added;
}

inline ClipEdit richEdit(const std::filesystem::path& folder) {
    ClipEdit edit;
    edit.enabled = true;
    edit.prompt = "oil painting";
    edit.promptKeyframes = {{{1, 2}, "pencil sketch"}, {{1001, 1000}, "comic"}};
    edit.model = "lipar-mini";
    edit.strength = 0.5;
    edit.seed = 18'446'744'073'709'551'615ULL;
    edit.steps = {400, 350, 250};
    edit.shift = 4.5;
    edit.width = 320;
    edit.height = 192;
    edit.pruning = false;
    edit.tau1 = 0.125;
    edit.tau2 = 0.25;
    edit.protectMask = (folder / "masks/protect.png").string();
    edit.alwaysEditMask = (folder / "masks/edit.png").string();
    return edit;
}

inline Project richProject(const std::filesystem::path& folder = "/media/film") {
    using namespace commands;
    History history;
    must(history, RenameProject{"A film, \"cut\""});
    const auto sources = must(history, ImportSources{{videoSource(folder / "a street.mp4", {25, 1}, 250),
                                                      videoSource(folder / "ntsc.mov", {24000, 1001}, 240),
                                                      soundSource(folder / "music.wav", {480'000, 48'000})}});
    const auto first = must(history, AddClip{.source = sources[0], .sourceStart = Rational{1, 1}, .sourceEnd = Rational{5, 1},
                                             .edit = richEdit(folder)});
    const auto second = must(history, AddClip{.source = sources[1], .start = {4, 1}, .sourceStart = Rational{1001, 1000},
                                              .sourceEnd = Rational{6, 1}});
    must(history, AddTrack{});
    const Id music = must(history, AddTrack{TrackKind::audio, "Music"})[0];
    must(history, AddClip{.source = sources[2], .track = music, .start = {2, 1}});
    must(history, SetCrossFade{second[0], {12, 25}});
    must(history, SplitClips{{first[0]}, {2, 1}});
    must(history, SetSpeed{second[0], {3, 2}, true});
    must(history, SetSound{{second[1]}, {-6.5, true, {2, 25}, {4, 25}}});
    must(history, AddMarker{{3, 1}, "here", "#00ff88"});
    must(history, AddMarker{{1, 1}, "and here"});
    must(history, SetTrack{music, {}, true, true, true});
    return history.project();
}

}  // namespace lipar::project::test
