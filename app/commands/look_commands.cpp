// Cross-fades, names, edits and sound of clips.
#include <algorithm>
#include <cmath>

#include "app/commands/apply.h"
#include "app/commands/clip_groups.h"
#include "app/commands/clip_shape.h"

namespace lipar::commands {

using project::Clip;
using project::Project;
using project::TrackKind;

namespace {

constexpr const char* kFade = "cross-fade";
constexpr const char* kRename = "rename the clip";
constexpr const char* kEdit = "change the edit";
constexpr const char* kSound = "change the sound";

// Prompts that change before the range begins have changed when it does.
void beginPromptsWithRange(Clip& clip) {
    const Rational begin = clip.edit.rangeStart - clip.sourceStart;
    std::vector<project::PromptKeyframe>& keyframes = clip.edit.promptKeyframes;
    const auto later = std::ranges::upper_bound(keyframes, begin, {}, &project::PromptKeyframe::time);
    if (later == keyframes.begin())
        return;
    clip.edit.prompt = (later - 1)->prompt;
    keyframes.erase(keyframes.begin(), later);
}

// Those of one kind.
Result<IdSet> ofKind(const Project& project, const char* what, const std::vector<Id>& named, bool alone, TrackKind kind,
                     const char* why) {
    LIPAR_ASSIGN(const IdSet clips, clipsFor(project, what, named, alone));
    IdSet chosen;
    for (const FoundClip& found : find(project, clips)) {
        if (found.track->kind == kind)
            chosen.insert(found.clip->id);
    }
    if (chosen.empty())
        return cannot(what, why, "select another clip");
    return chosen;
}

}  // namespace

Result<> applyTo(Draft& draft, const SetCrossFade& command) {
    const Project& project = draft.project();
    LIPAR_ASSIGN(const IdSet clips, clipsFor(project, kFade, {command.clip}, true));
    LIPAR_ASSIGN(Rational duration, frameTime(project, kFade, command.duration));
    const FoundClip found = find(project, clips).front();
    if (duration > Rational{}) {
        if (found.track->kind != TrackKind::video)
            return cannot(kFade, "this clip is sound", "choose its picture: the sound fades alike");
        if (found.before == nullptr || found.before->end() != found.clip->start)
            return cannot(kFade, "no clip lies right before this one", "move the clips together");
        const Rational fadeAfter = found.after == nullptr ? Rational{} : found.after->crossFade;
        const Rational longest =
            project::longestCrossFade(project.format, *found.before, *project::findSource(project, found.before->source),
                             *found.clip, fadeAfter);
        if (longest <= Rational{})
            return cannot(kFade, "the sources have no more pictures beyond the cut", "trim the clips first");
        duration = std::min(duration, longest);
    }
    draft.modify(command.clip, [&](Clip& clip) { clip.crossFade = std::max(Rational{}, duration); });
    return {};
}

Result<> applyTo(Draft& draft, const RenameClip& command) {
    LIPAR_ASSIGN(const IdSet clips, clipsFor(draft.project(), kRename, {command.clip}, false));
    if (command.name.empty())
        return cannot(kRename, "the name is empty", "type a name");
    draft.modify(clips, [&](Clip& clip) { clip.name = command.name; });
    return {};
}

Result<> applyTo(Draft& draft, const SetEdit& command) {
    const Project& project = draft.project();
    LIPAR_TRY(project::checkEdit(command.edit));
    LIPAR_ASSIGN(const IdSet clips,
                 ofKind(project, kEdit, command.clips, true, TrackKind::video, "only pictures can be edited"));
    struct Surroundings {
        const project::Source* source = nullptr;
        Rational crossFadeAfter;
    };
    std::map<Id, Surroundings> surroundings;
    for (const FoundClip& found : find(project, clips)) {
        surroundings[found.clip->id] = {project::findSource(project, found.clip->source),
                                        found.after == nullptr ? Rational{} : found.after->crossFade};
    }
    draft.modify(clips, [&](Clip& clip) {
        if (isSameEdit(clip.edit, command.edit)) {
            clip.edit.enabled = command.edit.enabled;
            return;
        }
        clip.edit = command.edit;
        const Surroundings& around = surroundings[clip.id];
        setOwnRange(clip, *around.source, around.crossFadeAfter);
        beginPromptsWithRange(clip);
    });
    return {};
}

Result<> applyTo(Draft& draft, const SetSound& command) {
    const Project& project = draft.project();
    if (!(command.sound.gainDb >= -60 && command.sound.gainDb <= 12))
        return cannot(kSound, "the volume must lie between -60 and +12 dB", "choose another volume");
    LIPAR_ASSIGN(const Rational fadeIn, frameTime(project, kSound, command.sound.fadeIn));
    LIPAR_ASSIGN(const Rational fadeOut, frameTime(project, kSound, command.sound.fadeOut));
    LIPAR_ASSIGN(const IdSet clips,
                 ofKind(project, kSound, command.clips, false, TrackKind::audio, "the clip has no sound"));
    draft.modify(clips, [&](Clip& clip) {
        clip.sound = command.sound;
        clip.sound.fadeIn = fadeIn;
        clip.sound.fadeOut = fadeOut;
        fitFades(clip);
    });
    return {};
}

}  // namespace lipar::commands
