#include "app/session/timeline_clipboard.h"

#include <algorithm>
#include <utility>

namespace lipar::session {

namespace {

using project::Clip;
using project::Id;

const Clip* soundLinkedTo(const project::Project& project, const Clip& clip) {
    if (clip.link == 0)
        return nullptr;
    for (const auto& track : project.tracks)
        if (track.kind == project::TrackKind::audio)
            for (const auto& other : track.clips)
                if (other.link == clip.link && other.id != clip.id)
                    return &other;
    return nullptr;
}

bool isOnVideoTrack(const project::Project& project, Id clip) {
    const auto* track = project::trackOfClip(project, clip);
    return track && track->kind == project::TrackKind::video;
}

// Performs commands under one key and keeps the first error.
class Step {
public:
    Step(ProjectDocument& document, const std::string& key) : m_document(document), m_key(key) {}

    commands::Touched perform(const commands::Command& command) {
        if (m_error)
            return {};
        auto touched = m_document.perform(command, m_key);
        if (!touched) {
            m_error = touched.error();
            return {};
        }
        m_hasChanged = true;
        return std::move(*touched);
    }
    [[nodiscard]] Result<> finish() {
        m_document.endMerge();
        if (!m_error)
            return {};
        // What was done before the error is taken back; its report stays.
        if (m_hasChanged)
            m_document.undoQuietly();
        return std::unexpected(*m_error);
    }

private:
    ProjectDocument& m_document;
    std::string m_key;
    std::optional<Error> m_error;
    bool m_hasChanged = false;
};

}  // namespace

void TimelineClipboard::copy(const project::Project& project, const std::vector<Id>& clips) {
    std::vector<Copied> copied;
    for (const Id id : clips) {
        const Clip* clip = project::findClip(project, id);
        if (!clip)
            continue;
        const bool isPicture = isOnVideoTrack(project, id);
        const Clip* sound = isPicture ? soundLinkedTo(project, *clip) : nullptr;
        // The sound of a picture that is copied too comes with it.
        const bool comesWithPicture = !isPicture && clip->link != 0 && std::ranges::any_of(clips, [&](Id other) {
            const Clip* picture = project::findClip(project, other);
            return picture && picture->link == clip->link && isOnVideoTrack(project, other);
        });
        if (comesWithPicture)
            continue;
        copied.push_back({*clip, project::trackOfClip(project, id)->id,
                          sound ? std::optional<Clip>(*sound) : std::nullopt});
    }
    std::ranges::sort(copied, {}, [](const Copied& one) { return one.clip.start; });
    if (copied.empty())
        return;
    const auto first = copied.front().clip.start;
    for (auto& one : copied)
        one.clip.start -= first;
    m_clips = std::move(copied);
}

Result<std::vector<Id>> TimelineClipboard::paste(ProjectDocument& document, const Rational& start,
                                                 const std::string& key) const {
    std::vector<Id> pasted;
    Step step(document, key);
    for (const auto& one : m_clips) {
        const auto& clip = one.clip;
        const auto at = start + clip.start;
        // At its own speed first, but no longer than it ends up, so that nothing beyond is overwritten.
        const auto shown = clip.speed > Rational{1, 1} ? clip.duration : clip.duration * clip.speed;
        const auto added = step.perform(commands::AddClip{
            clip.source, one.track, at, clip.sourceStart, clip.sourceStart + shown, false, clip.edit});
        Id self = 0;
        std::vector<Id> others;
        for (const Id id : added.added)
            if (project::findClip(document.project(), id)) {
                const bool isSelf = self == 0 && project::trackOfClip(document.project(), id)->id == one.track;
                isSelf ? void(self = id) : others.push_back(id);
            }
        if (self == 0)
            continue;
        if (clip.speed != Rational{1, 1}) {
            step.perform(commands::SetSpeed{self, clip.speed, false});
            step.perform(commands::TrimClip{self, commands::Edge::end, at + clip.duration, false, false});
        }
        if (clip.name != project::findClip(document.project(), self)->name)
            step.perform(commands::RenameClip{self, clip.name});
        if (project::findTrack(document.project(), one.track)->kind == project::TrackKind::audio)
            step.perform(commands::SetSound{{self}, clip.sound});
        for (const Id sound : others) {
            if (one.sound)
                step.perform(commands::SetSound{{sound}, one.sound->sound});
            else
                step.perform(commands::DeleteClips{{sound}, false, true});
        }
        pasted.push_back(self);
        if (clip.crossFade > Rational{} && pasted.size() > 1)
            step.perform(commands::SetCrossFade{self, clip.crossFade});
    }
    if (const auto done = step.finish(); !done)
        return std::unexpected(done.error());
    return pasted;
}

}  // namespace lipar::session
