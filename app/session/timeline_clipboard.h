// Clips that were copied, to be pasted at another place of the same project. Thread: UI thread.
#pragma once

#include <string>
#include <vector>

#include "app/session/project_document.h"

namespace lipar::session {

class TimelineClipboard {
public:
    // These clips, with the sound that is linked to them.
    void copy(const project::Project& project, const std::vector<project::Id>& clips);
    [[nodiscard]] bool isEmpty() const { return m_clips.empty(); }

    // Puts them at `start`, over what lies there, as one step of undo named by `key`. Returns the new clips.
    // Errors: invalidArgument (a source or track is gone, a track is locked); nothing has changed then.
    Result<std::vector<project::Id>> paste(ProjectDocument& document, const Rational& start, const std::string& key) const;

private:
    struct Copied {
        project::Clip clip;  // start: from the first clip's
        project::Id track = 0;
        std::optional<project::Clip> sound;  // linked to it
    };
    std::vector<Copied> m_clips;  // ascending by start
};

}  // namespace lipar::session
