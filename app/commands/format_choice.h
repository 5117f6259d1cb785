// The format that a project takes from its first clip.
#pragma once

#include "app/commands/draft.h"

namespace lipar::commands {

// Even size of the picture as it is shown, a usual frame rate where the source's is about one or varies.
[[nodiscard]] project::Format formatOf(const project::Source& source, const project::Format& otherwise);
// Gives the project the source's format, unless it has pictures already.
[[nodiscard]] Result<> followSource(Draft& draft, const project::Source& source);

}  // namespace lipar::commands
