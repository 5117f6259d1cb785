#include "app/cli/human_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace lipar::cli {

std::string humanBytes(std::uint64_t bytes) {
    constexpr std::array kUnits{"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024)
        return fmt::format("{} B", bytes);
    double value = double(bytes) / 1024;
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit)
        value /= 1024;
    return fmt::format("{:.{}f} {}", value, value < 100 ? 1 : 0, kUnits[unit]);
}

std::string humanDuration(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0)
        return "unknown";
    if (seconds < 99.95)
        return fmt::format("{:.{}f} s", seconds, seconds < 0.995 ? 2 : 1);
    const auto whole = std::int64_t(std::llround(seconds));
    if (whole < 3600)
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string humanClock(double seconds) {
    const auto whole = std::int64_t(std::llround(std::clamp(seconds, 0.0, 1e9)));
    if (whole < 3600)
        return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60);
}

std::string humanCount(std::uint64_t count) {
    if (count < 1'000'000)
        return fmt::format("{}", count);
    if (count < 1'000'000'000)
        return fmt::format("{:.1f} million", double(count) / 1e6);
    return fmt::format("{:.1f} billion", double(count) / 1e9);
}

std::string humanPercent(double fraction) {
    const double percent = fraction * 100;
    const bool whole = percent >= 9.95 || percent == 0;
    return fmt::format("{:.{}f} %", percent, whole ? 0 : 1);
}

}  // namespace lipar::cli
