// Projects for tests of the editor: sources that need not exist, clips on a grid.
#pragma once

#include <string>

#include "app/session/project_document.h"

namespace lipar::testing {

inline project::Source sampleSource(const std::string& name, int seconds, bool hasSound = true) {
    project::Source source;
    source.path = "/media/" + name;
    source.fileBytes = 1000 + std::uint64_t(seconds);
    source.contentHash = std::string(60, 'a') + std::to_string(1000 + int(name.size()));
    source.width = 832;
    source.height = 480;
    source.rate = {25, 1};
    source.duration = {seconds, 1};
    source.frames = std::int64_t(seconds) * 25;
    source.hasSound = hasSound;
    return source;
}

// Imports a source; returns its id.
inline project::Id importSample(session::ProjectDocument& document, const project::Source& source) {
    const auto touched = document.perform(commands::ImportSources{{source}});
    return touched && !touched->added.empty() ? touched->added.front() : 0;
}

// `count` clips of four seconds in a row, each with two seconds of its source to spare at either end, picture and sound.
inline void fillTimeline(session::ProjectDocument& document, int count) {
    const auto source = importSample(document, sampleSource("harbour.mp4", 8));
    for (int i = 0; i < count; ++i) {
        commands::AddClip add;
        add.source = source;
        add.start = Rational{4 * i, 1};
        add.sourceStart = Rational{2, 1};
        add.sourceEnd = Rational{6, 1};
        (void)document.perform(add);
    }
}

// The same as a value, without the commands: for projects of thousands of clips.
inline project::Project largeProject(int clips, int sources, int videoTracks, bool edited) {
    auto project = project::newProject();
    project.formatFollowsFirstClip = false;
    project.format = {832, 480, {25, 1}, 48000};
    project.nextId = 1000;
    project.tracks.clear();
    for (int i = 0; i < sources; ++i) {
        auto source = sampleSource("clip " + std::to_string(i + 1) + ".mp4", 60 + i % 30);
        source.id = project.nextId++;
        project.sources.push_back(source);
    }
    for (int i = 0; i < 2 * videoTracks; ++i) {
        project::Track track;
        track.id = project.nextId++;
        track.kind = i < videoTracks ? project::TrackKind::video : project::TrackKind::audio;
        track.name = (i < videoTracks ? "Video " : "Audio ") + std::to_string(i % videoTracks + 1);
        project.tracks.push_back(track);
    }
    for (int i = 0; i < clips / 2; ++i) {
        project::Clip clip;
        const auto& source = project.sources[std::size_t(i % sources)];
        clip.source = source.id;
        clip.name = source.path.filename().string();
        clip.start = Rational{4 * (i / videoTracks), 1};
        clip.duration = {4, 1};
        clip.sourceStart = {i % 50, 1};
        clip.link = project.nextId++;
        auto sound = clip;
        clip.id = project.nextId++;
        if (edited && i % 2 == 0) {
            clip.edit.enabled = true;
            clip.edit.prompt = i % 4 == 0 ? "watercolor painting" : "film noir";
            clip.edit.rangeStart = clip.sourceStart;
            clip.edit.rangeEnd = clip.sourceEnd();
        }
        project.tracks[std::size_t(i % videoTracks)].clips.push_back(clip);
        sound.id = project.nextId++;
        project.tracks[std::size_t(videoTracks + i % videoTracks)].clips.push_back(sound);
    }
    return project;
}

}  // namespace lipar::testing
