// The project as the viewer plays it: flattened for the engine, and which clip's edit is seen where.
#pragma once

#include <optional>

#include "app/project/project.h"
#include "engine/service/requests.h"

namespace lipar::session {

struct PlaybackTimeline {
    Timeline timeline;
    std::vector<service::TimelineEdit> edits;
};

[[nodiscard]] PlaybackTimeline playbackTimelineOf(const project::Project& project);

// Both give the same pictures and the same sound.
[[nodiscard]] bool isSame(const PlaybackTimeline& a, const PlaybackTimeline& b);
[[nodiscard]] bool isSame(const service::TimelineEdit& a, const service::TimelineEdit& b);

// What of it lies in a range of frames, for the engine: the same pictures and sound there, and nothing else to copy.
[[nodiscard]] PlaybackTimeline sectionOf(const PlaybackTimeline& whole, std::int64_t firstFrame, std::int64_t endFrame);

// The nearest start or end of a clip after, or before, this frame, on tracks that are seen or heard; in frames.
[[nodiscard]] std::optional<std::int64_t> nextCut(const project::Project& project, std::int64_t frame);
[[nodiscard]] std::optional<std::int64_t> previousCut(const project::Project& project, std::int64_t frame);

// An edited clip on top at a time of the timeline.
struct EditAtTime {
    project::Id clip = 0;
    std::filesystem::path input;
    service::TimelineEdit edit;
    double sourceSeconds = 0;  // of the source, shown at that time
};
// Empty where no clip lies, or one that is not edited lies on top.
[[nodiscard]] std::optional<EditAtTime> editAt(const project::Project& project, const Rational& time);
// How this clip is edited; empty: no such clip, not edited, or its source is not known.
[[nodiscard]] std::optional<EditAtTime> editOfClip(const project::Project& project, project::Id clip);

}  // namespace lipar::session
