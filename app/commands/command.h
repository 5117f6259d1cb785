// Every change a user can make to a project, as plain data. app/commands/history.h applies them.
//
// Times on the timeline are rounded to the frame grid; ids name existing things. A command that cannot be done as asked is an
// error (invalidArgument: a sentence for the user) and changes nothing. Clips linked to a named clip (picture and sound)
// follow in every command that moves or cuts it, unless `alone` is set. Locked tracks refuse.
#pragma once

#include <variant>
#include <vector>

#include "app/project/project.h"

namespace lipar::commands {

using project::Id;

struct ImportSources {
    std::vector<project::Source> sources;  // their ids are given by the command, in order from Project::nextId
};
struct RemoveSource {  // and the clips made of it
    Id source = 0;
};
struct RelinkSource {
    Id source = 0;
    project::Source found;  // path, size and hash are taken; the facts must cover what clips use
};

// Adds a source's picture to `track` and its sound, linked, to the first audio track that is free there (one is added
// where none is). On the first clip of a project whose format follows it, the format is taken from the source.
struct AddClip {
    Id source = 0;
    Id track = 0;  // 0: the first video track
    Rational start = {};
    std::optional<Rational> sourceStart = {};  // default: all of the source
    std::optional<Rational> sourceEnd = {};
    bool insert = false;  // what lies at and after `start` moves right; otherwise what lies there is overwritten
    project::ClipEdit edit = {};
};
struct MoveClips {
    std::vector<Id> clips;
    Rational by = {};    // on the timeline; the earliest clip stops at 0
    int tracks = 0;      // up (+) or down (-) among tracks of the first named clip's kind; clips of the other kind stay
    bool alone = false;
};  // clips in the way are overwritten
enum class Edge { start, end };
// Linked clips whose edge lies at the same time follow. With `ripple` a clip whose start is trimmed stays where it is.
struct TrimClip {  // moves one edge; the source's ends and the neighbours bound it
    Id clip = 0;
    Edge edge = Edge::end;
    Rational to = {};
    bool ripple = false;  // what follows on every unlocked track moves along
    bool alone = false;
};
struct SplitClips {
    std::vector<Id> clips;  // empty: every unlocked clip under `at`
    Rational at;
};
struct DeleteClips {
    std::vector<Id> clips;
    bool ripple = false;  // close the gap on every unlocked track
    bool alone = false;
};
struct RollCut {  // moves the cut between a clip and the one before it
    Id clip = 0;  // the later one
    Rational to;
};
struct SlipClip {  // other pictures of the source in the same place
    Id clip = 0;
    Rational by;  // of the source
};
struct SetSpeed {  // linked clips that start at the same time follow
    Id clip = 0;
    Rational speed;
    bool ripple = true;
};
struct SetCrossFade {
    Id clip = 0;        // the later one
    Rational duration;  // 0 removes it; shortened to what both sources have
};
struct RenameClip {
    Id clip = 0;
    std::string name;
};
struct SetEdit {
    std::vector<Id> clips;
    project::ClipEdit edit;
};
struct SetSound {  // of a picture: that of the sound linked to it
    std::vector<Id> clips;
    project::ClipSound sound;
};

struct AddTrack {
    project::TrackKind kind = project::TrackKind::video;
    std::string name = {};  // empty: numbered
};
struct RemoveTrack {
    Id track = 0;
};
struct SetTrack {  // name and switches
    Id track = 0;
    std::optional<std::string> name = {};
    std::optional<bool> muted = {}, solo = {}, locked = {};
};

struct AddMarker {
    Rational time;
    std::string name = {};
    std::string color = "#f2a33c";
};
struct ChangeMarker {
    project::Marker marker;  // by its id
};
struct RemoveMarker {
    Id marker = 0;
};

struct SetFormat {  // a new rate moves every clip to the new frame grid
    project::Format format;
};
struct RenameProject {
    std::string name;
};

using Command =
    std::variant<ImportSources, RemoveSource, RelinkSource, AddClip, MoveClips, TrimClip, SplitClips, DeleteClips, RollCut,
                 SlipClip, SetSpeed, SetCrossFade, RenameClip, SetEdit, SetSound, AddTrack, RemoveTrack, SetTrack, AddMarker,
                 ChangeMarker, RemoveMarker, SetFormat, RenameProject>;

}  // namespace lipar::commands
