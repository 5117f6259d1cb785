// What OpenTimelineIO files write in their own way: times as floating-point value and rate, media as URLs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/project/json_reader.h"
#include "app/project/project.h"

namespace lipar::project {

// {"OTIO_SCHEMA": "RationalTime.1", ...}. The rate is one of those given if the time is a whole number of its frames, and
// otherwise whatever makes it one: no digit is lost.
[[nodiscard]] Json otioTime(const Rational& time, const Rational& rate, const Rational& otherRate);
[[nodiscard]] Json otioRange(const Json& start, const Json& duration);

// "Clip" of "Clip.2"; empty where there is none.
[[nodiscard]] std::string otioSchema(const Json& object);
// Exact seconds, and the rate alone; 23.976 is taken as 24000/1001. Nothing: not a time.
[[nodiscard]] std::optional<Rational> otioSeconds(const Json& time);
[[nodiscard]] std::optional<Rational> otioRate(const Json& time);
struct OtioRange {
    Rational start;
    Rational duration;
};
[[nodiscard]] std::optional<OtioRange> otioRangeOf(const Json& range);
// The nearest fraction with a denominator of at most `limit`.
[[nodiscard]] std::optional<Rational> nearestFraction(double value, std::int64_t limit);

[[nodiscard]] std::string fileUrl(const std::filesystem::path& path);
// Nothing for URLs of other kinds. Relative ones are taken from `folder`.
[[nodiscard]] std::optional<std::filesystem::path> pathOfUrl(const std::string& url, const std::filesystem::path& folder);

// One of OpenTimelineIO's named colours, and back.
[[nodiscard]] std::string otioColor(const std::string& color);
[[nodiscard]] std::string colorOfOtio(const std::string& name);

}  // namespace lipar::project
