// Projects for tests of what is above them: one source, shown in a row of clips.
#pragma once

#include <string>

#include "app/project/project.h"

namespace lipar::testing {

struct SmallProject {
    project::Project project;
    project::Id source = 0;
    std::vector<project::Id> pictures;  // the clips, one after the other
    std::vector<project::Id> sounds;    // linked to them
};

// `count` clips of `frames` frames each, at 24 a second, with sound; every clip shows the source from its start.
inline SmallProject smallProject(int count = 1, int frames = 36, const std::string& prompt = {}) {
    SmallProject made;
    auto& project = made.project;
    project = project::newProject();
    project.format = {.width = 160, .height = 96, .rate = {24, 1}, .sampleRate = 48000};
    project.formatFollowsFirstClip = false;
    project::Source source;
    source.id = made.source = project.nextId++;
    source.path = "/no such folder/holiday.mp4";
    source.width = 160;
    source.height = 96;
    source.rate = {24, 1};
    source.frames = frames;
    source.duration = Rational{frames, 24} + Rational{};
    source.hasSound = true;
    project.sources.push_back(source);
    for (int i = 0; i < count; ++i) {
        project::Clip clip;
        clip.source = source.id;
        clip.name = "holiday.mp4";
        clip.duration = source.duration;
        clip.start = clip.duration * Rational{i, 1};
        clip.link = project.nextId++;
        auto sound = clip;
        clip.id = project.nextId++;
        sound.id = project.nextId++;
        if (!prompt.empty()) {
            clip.edit.enabled = true;
            clip.edit.prompt = prompt;
        }
        clip.edit.rangeEnd = source.duration;
        made.pictures.push_back(clip.id);
        made.sounds.push_back(sound.id);
        for (auto& track : project.tracks)
            track.clips.push_back(track.kind == project::TrackKind::video ? clip : sound);
    }
    return made;
}

}  // namespace lipar::testing
