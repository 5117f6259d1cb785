// Projects for tests of `lipar render`: shots of one clip, one after the other, with its sound.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/project/project.h"

namespace lipar::cli::test {

// Shows the clip from its beginning; edited where it has a prompt.
struct Shot {
    int seconds = 1;
    std::string prompt;
};

// `clip`: 96x64, 12 frames a second, `seconds` long. The shots' pictures are clips 200, 201 and so on.
inline project::Project filmOf(const std::filesystem::path& clip, int seconds, const std::vector<Shot>& shots) {
    project::Project project = project::newProject();
    project.format = {96, 64, {12, 1}, 48000};
    project.formatFollowsFirstClip = false;
    project::Source source;
    source.id = 100;
    source.path = clip;
    source.width = 96;
    source.height = 64;
    source.rate = {12, 1};
    source.duration = {seconds, 1};
    source.frames = 12 * seconds;
    source.hasSound = true;
    project.sources = {source};
    int start = 0;
    for (std::size_t i = 0; i < shots.size(); ++i) {
        project::Clip shown;
        shown.id = project::Id(200 + i);
        shown.source = source.id;
        shown.name = clip.filename().string();
        shown.start = {start, 1};
        shown.duration = {shots[i].seconds, 1};
        start += shots[i].seconds;
        project::Clip sound = shown;
        sound.id += 100;
        project.tracks[1].clips.push_back(sound);
        if (!shots[i].prompt.empty()) {
            shown.edit.enabled = true;
            shown.edit.prompt = shots[i].prompt;
            shown.edit.width = 96;
            shown.edit.height = 64;
            shown.edit.rangeEnd = shown.duration;
        }
        project.tracks[0].clips.push_back(shown);
    }
    project.nextId = 1000;
    return project;
}

}  // namespace lipar::cli::test
