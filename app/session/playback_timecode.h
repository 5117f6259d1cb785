// Frames of a timeline as timecode, "HH:MM:SS:FF", and back. Never drop-frame: at 29.97 a second of it has 30 frames.
#pragma once

#include <optional>

#include <QString>

#include "engine/core/rational.h"

namespace lipar::session {

[[nodiscard]] QString frameTimecode(const Rational& rate, qint64 frame);
// Parts may be left out from the left ("5:12" is 5 seconds and 12 frames, "12" is 12 frames); "+" or "-" in front counts
// from `now`. Empty: not a timecode.
[[nodiscard]] std::optional<qint64> frameOfTimecode(const Rational& rate, const QString& text, qint64 now);

}  // namespace lipar::session
