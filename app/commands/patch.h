// The difference between two states of a project: what History remembers of a step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/commands/history.h"

namespace lipar::commands {

struct PlacedClip {
    Id track = 0;
    project::Clip clip;
    friend bool operator==(const PlacedClip&, const PlacedClip&) = default;
};

// Nothing before: it was added. Nothing after: it was removed.
template <class Thing>
struct Change {
    std::optional<Thing> before;
    std::optional<Thing> after;
};

// What a project has one of.
struct Heading {
    std::string name;
    project::Format format;
    bool formatFollowsFirstClip = true;
    friend bool operator==(const Heading&, const Heading&) = default;
};

// Clips that only moved in time, all by as much: a ripple moves thousands.
struct Shift {
    Rational by;
    std::vector<Id> clips;
};

// Every thing is named once at most.
struct Patch {
    std::vector<Change<PlacedClip>> clips;
    std::vector<Shift> shifts;
    std::vector<Change<project::Source>> sources;
    std::vector<Change<project::Track>> tracks;  // without their clips
    Change<std::vector<Id>> trackOrder;          // both or neither
    std::vector<Change<project::Marker>> markers;
    Change<Heading> heading;  // both or neither
    Id nextIdBefore = 0;
    Id nextIdAfter = 0;

    [[nodiscard]] bool isEmpty() const;
};

// Adds clips to those of a track, which are in order, where nothing lies.
void placeSorted(std::vector<project::Clip>& clips, std::vector<project::Clip> arriving);
// `time` + `by`, quick where both are of everyday size.
[[nodiscard]] Rational moved(const Rational& time, const Rational& by);

// `project` must be in the state before; it is in the state after then.
void apply(const Patch& patch, project::Project& project);
// Swaps before and after.
void reverse(Patch& patch);
// One patch for two in a row.
[[nodiscard]] Patch composed(Patch first, Patch second);
[[nodiscard]] Touched touchedBy(const Patch& patch);

[[nodiscard]] Heading headingOf(const project::Project& project);
void setHeading(project::Project& project, const Heading& heading);

}  // namespace lipar::commands
