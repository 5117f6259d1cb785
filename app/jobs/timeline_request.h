// A project as the engine takes it: no tracks, no undo, only what is seen and heard where. No Qt. Thread: any; no state.
#pragma once

#include <optional>
#include <vector>

#include "app/project/project.h"
#include "engine/service/requests.h"

namespace lipar::jobs {

struct TimelineRequest {
    Timeline timeline;
    std::vector<service::TimelineEdit> edits;  // clips that were cut from one edit share an entry
};

// Muted tracks are left out; while any track of a kind is solo, so are those of that kind that are not. The earlier clip of a
// cross-fade goes on under the later one, which fades in over it; the sound linked to them fades alike. Clips whose source
// the project does not know are left out. The edits' engine names the clip's model and the default device.
[[nodiscard]] TimelineRequest timelineOf(const project::Project& project);

// How a clip is edited; its range is the whole of the edit, whatever part the clip shows. Empty: it is not edited.
[[nodiscard]] std::optional<service::TimelineEdit> editOf(const project::Clip& clip);

}  // namespace lipar::jobs
