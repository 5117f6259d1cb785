#include "app/project/otio_values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace lipar::project {
namespace fs = std::filesystem;
namespace {

// Times beyond this are no times; fractions of a file are finer than this only by rounding.
constexpr double kLargest = 1e12;
constexpr std::int64_t kFinest = 1'000'000;

constexpr std::array<std::pair<const char*, const char*>, 11> kColors = {{{"PINK", "#ff8fc7"},
                                                                         {"RED", "#e04b4b"},
                                                                         {"ORANGE", "#f2a33c"},
                                                                         {"YELLOW", "#f0d84a"},
                                                                         {"GREEN", "#5fbf5f"},
                                                                         {"CYAN", "#4fc3d9"},
                                                                         {"BLUE", "#4f7fe0"},
                                                                         {"PURPLE", "#9b6fe0"},
                                                                         {"MAGENTA", "#e05fd0"},
                                                                         {"BLACK", "#202020"},
                                                                         {"WHITE", "#f0f0f0"}}};

std::array<int, 3> channels(const std::string& color) {
    std::array<int, 3> values{};
    for (std::size_t i = 0; i < 3 && color.size() == 7; ++i)
        std::from_chars(color.data() + 1 + 2 * i, color.data() + 3 + 2 * i, values[i], 16);
    return values;
}

int distance(const std::string& a, const std::string& b) {
    const auto first = channels(a);
    const auto second = channels(b);
    int sum = 0;
    for (std::size_t i = 0; i < 3; ++i)
        sum += (first[i] - second[i]) * (first[i] - second[i]);
    return sum;
}

std::optional<Rational> exactRate(double rate) {
    if (!(rate >= 1e-3 && rate <= 1e9))
        return std::nullopt;
    const double whole = std::round(rate);
    if (std::abs(rate - whole) < 1e-6 * rate)
        return Rational{std::int64_t(whole), 1};
    // 23.98, 29.97, 59.94 and the like are written with two digits or more.
    const double ntsc = std::round(rate * 1.001);
    if (std::abs(rate - ntsc / 1.001) < 2e-4 * rate)
        return Rational{std::int64_t(ntsc) * 1000, 1001};
    return nearestFraction(rate, 10'000);
}

std::optional<double> numberOf(const Json& object, const char* name) {
    if (!object.is_object() || !object.contains(name) || !object.at(name).is_number())
        return std::nullopt;
    const double value = object.at(name).get<double>();
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

bool isPlain(unsigned char character) {
    return std::isalnum(character) != 0 || std::string_view("-_.~/!$&'()*+,;=:@").find(char(character)) != std::string_view::npos;
}

}  // namespace

Json otioTime(const Rational& time, const Rational& rate, const Rational& otherRate) {
    Rational chosen = {time.den, 1};
    for (const Rational& candidate : {rate, otherRate}) {
        if (candidate.isValid() && (time * candidate).den == 1) {
            chosen = candidate;
            break;
        }
    }
    const Rational value = time * chosen;
    return {{"OTIO_SCHEMA", "RationalTime.1"}, {"rate", chosen.value()}, {"value", value.value()}};
}

Json otioRange(const Json& start, const Json& duration) {
    return {{"OTIO_SCHEMA", "TimeRange.1"}, {"duration", duration}, {"start_time", start}};
}

std::string otioSchema(const Json& object) {
    if (!object.is_object() || !object.contains("OTIO_SCHEMA") || !object.at("OTIO_SCHEMA").is_string())
        return {};
    const std::string schema = object.at("OTIO_SCHEMA").get<std::string>();
    return schema.substr(0, schema.find('.'));
}

std::optional<Rational> nearestFraction(double value, std::int64_t limit) {
    if (!std::isfinite(value) || std::abs(value) > kLargest)
        return std::nullopt;
    // The convergents of the continued fraction.
    std::int64_t num = 1, den = 0, lastNum = 0, lastDen = 1;
    double rest = value;
    for (int i = 0; i < 40; ++i) {
        const double whole = std::floor(rest);
        if (std::abs(whole) > kLargest)
            break;
        const __int128 nextNum = __int128(std::int64_t(whole)) * num + lastNum;
        const __int128 nextDen = __int128(std::int64_t(whole)) * den + lastDen;
        if (nextDen > limit || nextNum > __int128(1) << 60 || nextNum < -(__int128(1) << 60))
            break;
        lastNum = std::exchange(num, std::int64_t(nextNum));
        lastDen = std::exchange(den, std::int64_t(nextDen));
        const double fraction = rest - whole;
        if (fraction < 1e-9 || std::abs(double(num) / double(den) - value) <= 1e-15 * std::abs(value))
            break;
        rest = 1 / fraction;
    }
    return Rational{num, den} * Rational{1, 1};
}

std::optional<Rational> otioRate(const Json& time) {
    const auto rate = numberOf(time, "rate");
    return rate ? exactRate(*rate) : std::nullopt;
}

std::optional<Rational> otioSeconds(const Json& time) {
    const auto rate = otioRate(time);
    const auto value = numberOf(time, "value");
    if (!rate || !value)
        return std::nullopt;
    const auto frames = nearestFraction(*value, kFinest);
    if (!frames)
        return std::nullopt;
    const Rational seconds = *frames / *rate;
    if (seconds.den <= 0 || std::abs(seconds.value()) > double(maximumSeconds))
        return std::nullopt;
    return toSourceTime(seconds);
}

std::optional<OtioRange> otioRangeOf(const Json& range) {
    if (otioSchema(range) != "TimeRange" || !range.contains("start_time") || !range.contains("duration"))
        return std::nullopt;
    const auto start = otioSeconds(range.at("start_time"));
    const auto duration = otioSeconds(range.at("duration"));
    return start && duration ? std::optional(OtioRange{*start, *duration}) : std::nullopt;
}

std::string fileUrl(const fs::path& path) {
    std::string url = path.is_absolute() ? "file://" : "";
    for (const unsigned char character : path.generic_string())
        url += isPlain(character) ? std::string(1, char(character)) : fmt::format("%{:02X}", character);
    return url;
}

std::optional<fs::path> pathOfUrl(const std::string& url, const fs::path& folder) {
    std::string_view rest = url;
    const bool isFile = rest.starts_with("file://");
    if (isFile) {
        rest.remove_prefix(7);
        if (rest.starts_with("localhost/"))
            rest.remove_prefix(9);
    } else if (rest.find("://") != rest.npos) {
        return std::nullopt;
    }
    std::string bytes;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        unsigned value = 0;
        const bool isCode = rest[i] == '%' && i + 2 < rest.size() + 0 &&
                            std::from_chars(rest.data() + i + 1, rest.data() + i + 3, value, 16).ptr == rest.data() + i + 3;
        bytes += isCode ? char(value) : rest[i];
        i += isCode ? 2 : 0;
    }
    if (bytes.empty() || bytes.find('\0') != bytes.npos)
        return std::nullopt;
    return (folder / bytes).lexically_normal();
}

std::string otioColor(const std::string& color) {
    const auto* best = &kColors.front();
    for (const auto& candidate : kColors) {
        if (distance(candidate.second, color) < distance(best->second, color))
            best = &candidate;
    }
    return best->first;
}

std::string colorOfOtio(const std::string& name) {
    for (const auto& [known, color] : kColors) {
        if (name == known)
            return color;
    }
    return "#f2a33c";
}

}  // namespace lipar::project
