// Which clips a command concerns, and what moves along with them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/commands/draft.h"

namespace lipar::commands {

// Error: invalidArgument, "cannot WHAT: WHY".
[[nodiscard]] std::unexpected<Error> cannot(const std::string& what, const std::string& why, const std::string& hint = {});

// The nearest frame. Error: invalidArgument, where the time is beyond every timeline.
[[nodiscard]] Result<Rational> frameTime(const project::Project& project, const std::string& what, const Rational& time);
[[nodiscard]] Rational frameDuration(const project::Project& project);

// The named clips and, unless `alone`, those linked to them; all exist and lie on unlocked tracks.
[[nodiscard]] Result<IdSet> clipsFor(const project::Project& project, const std::string& what, const std::vector<Id>& named,
                                     bool alone);
[[nodiscard]] Result<> checkUnlocked(const std::string& what, const project::Track& track);

// A clip with its neighbours, as values of pointers into the project: good until it changes.
struct FoundClip {
    const project::Track* track = nullptr;
    const project::Clip* clip = nullptr;
    const project::Clip* before = nullptr;
    const project::Clip* after = nullptr;
};
// In track and time order.
[[nodiscard]] std::vector<FoundClip> find(const project::Project& project, const IdSet& clips);

// Cuts clips in two at `at`, which lies within each; the later parts of linked ones are linked anew.
void split(Draft& draft, const IdSet& clips, const Rational& at);

// Moves what starts at or after `from` on every unlocked track; `ownFrom` holds tracks that have a point of their own.
// Error: invalidArgument, where something is in the way.
[[nodiscard]] Result<> ripple(Draft& draft, const std::string& what, const Rational& from, const Rational& by,
                              const std::map<Id, Rational>& ownFrom = {});

// A track of this kind below the others of its kind (video: above them).
Id addTrack(Draft& draft, project::TrackKind kind, std::string name);
// Another format; every clip and marker moves to its frames.
[[nodiscard]] Result<> changeFormat(Draft& draft, const project::Format& format);

}  // namespace lipar::commands
