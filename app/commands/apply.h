// What each command does to a draft. An error may leave the draft half changed: the caller takes it back.
#pragma once

#include "app/commands/draft.h"

namespace lipar::commands {

[[nodiscard]] Result<> applyTo(Draft& draft, const ImportSources& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const RemoveSource& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const RelinkSource& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const AddClip& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const MoveClips& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const TrimClip& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SplitClips& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const DeleteClips& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const RollCut& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SlipClip& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SetSpeed& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SetCrossFade& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const RenameClip& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SetEdit& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SetSound& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const AddTrack& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const RemoveTrack& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SetTrack& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const AddMarker& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const ChangeMarker& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const RemoveMarker& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const SetFormat& command);
[[nodiscard]] Result<> applyTo(Draft& draft, const RenameProject& command);

}  // namespace lipar::commands
