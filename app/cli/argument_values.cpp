#include "app/cli/argument_values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace lipar::cli {
namespace {

constexpr int kSmallestSide = 16;
constexpr int kLargestSide = 16384;
constexpr int kNoiseLevels = 1000;

std::unexpected<std::string> wrong(std::string_view text, std::string_view why) {
    return std::unexpected(fmt::format("'{}' {}", text, why));
}

template <class T>
std::optional<T> readWhole(std::string_view text) {
    T value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end)
        return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

// One of a few words; the reason lists them.
template <class T, std::size_t N>
Parsed<T> parseWord(std::string_view text, const std::array<std::pair<std::string_view, T>, N>& words) {
    std::string known;
    for (std::size_t i = 0; i < N; ++i) {
        if (text == words[i].first)
            return words[i].second;
        known += i == 0 ? "" : i + 1 == N ? " or " : ", ";
        known += words[i].first;
    }
    return wrong(text, "is not " + known);
}

}  // namespace

Parsed<double> parseNumber(std::string_view text) {
    const auto value = readWhole<double>(text);
    if (!value || !std::isfinite(*value))
        return wrong(text, "is not a number");
    return *value;
}

Parsed<double> parseNonNegative(std::string_view text) {
    const auto value = parseNumber(text);
    if (value && *value < 0)
        return wrong(text, "is below 0");
    return value;
}

Parsed<double> parsePositive(std::string_view text) {
    const auto value = parseNumber(text);
    if (value && *value <= 0)
        return wrong(text, "is not above 0");
    return value;
}

Parsed<double> parseFraction(std::string_view text) {
    const auto value = parseNumber(text);
    if (value && (*value < 0 || *value > 1))
        return wrong(text, "is not between 0 and 1");
    return value;
}

Parsed<int> parseInteger(std::string_view text, int least, int most) {
    const auto value = readWhole<int>(text);
    if (!value || *value < least || *value > most)
        return wrong(text, fmt::format("is not a whole number from {} to {}", least, most));
    return *value;
}

Parsed<std::uint64_t> parseSeed(std::string_view text) {
    const auto value = readWhole<std::uint64_t>(text);
    if (!value) {
        return wrong(text,
                     fmt::format("is not a whole number from 0 to {}", std::numeric_limits<std::uint64_t>::max()));
    }
    return *value;
}

Parsed<int> parseCrf(std::string_view text) { return parseInteger(text, 0, 63); }

Parsed<int> parseBlockCount(std::string_view text) { return parseInteger(text, 1, 10000); }

Parsed<double> parseTime(std::string_view text) {
    constexpr std::string_view kReason = "is not a time: write seconds (12.5) or hh:mm:ss.ms (00:01:02.500)";
    const auto parts = split(text, ':');
    if (parts.size() > 3)
        return wrong(text, kReason);
    double seconds = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool last = i + 1 == parts.size();
        const auto value = parseNonNegative(parts[i]);
        const bool whole = parts[i].find_first_not_of("0123456789") == std::string_view::npos;
        const bool withinMinute = i == 0 || (value && *value < 60);
        if (!value || !withinMinute || (!last && !whole))
            return wrong(text, kReason);
        seconds = seconds * 60 + *value;
    }
    return seconds;
}

Parsed<Size> parseSize(std::string_view text) {
    const auto sides = split(text, 'x');
    if (sides.size() == 2) {
        const auto width = parseInteger(sides[0], kSmallestSide, kLargestSide);
        const auto height = parseInteger(sides[1], kSmallestSide, kLargestSide);
        if (width && height)
            return Size{*width, *height};
    }
    return wrong(text, fmt::format("is not a size: write WIDTHxHEIGHT (832x480), each side {} to {}", kSmallestSide,
                                   kLargestSide));
}

Parsed<std::vector<int>> parseSteps(std::string_view text) {
    std::vector<int> steps;
    for (const std::string_view part : split(text, ',')) {
        const auto step = parseInteger(part, 1, kNoiseLevels);
        if (!step)
            return std::unexpected(step.error());
        if (!steps.empty() && *step >= steps.back())
            return wrong(text, "is not descending: write the highest noise level first (400,350,250)");
        steps.push_back(*step);
    }
    return steps;
}

Parsed<std::vector<double>> parseKeptRatios(std::string_view text) {
    std::vector<double> ratios;
    for (const std::string_view part : split(text, ',')) {
        const auto ratio = parseNumber(part);
        if (!ratio || *ratio <= 0 || *ratio > 1)
            return wrong(part, "is not a kept ratio: write numbers above 0 and up to 1 (1.0,0.68,0.5)");
        ratios.push_back(*ratio);
    }
    return ratios;
}

Parsed<std::pair<double, std::string>> parsePromptAt(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos)
        return wrong(text, "is not TIME=TEXT (12.5=\"oil painting\")");
    const auto time = parseTime(text.substr(0, equals));
    if (!time)
        return std::unexpected(time.error());
    return std::pair(*time, std::string(text.substr(equals + 1)));
}

Parsed<bool> parseOnOff(std::string_view text) { return parseWord<bool, 2>(text, {{{"on", true}, {"off", false}}}); }

Parsed<std::string> parseDevice(std::string_view text) {
    constexpr std::string_view kNumbered = "cuda:";
    const bool numbered = text.starts_with(kNumbered) && parseInteger(text.substr(kNumbered.size()), 0, 255);
    if (text == "auto" || text == "cpu" || text == "cuda" || numbered)
        return std::string(text);
    return wrong(text, "is not auto, cpu, cuda or cuda:N");
}

Parsed<service::Precision> parsePrecision(std::string_view text) {
    using enum service::Precision;
    return parseWord<service::Precision, 4>(text,
                                            {{{"auto", automatic}, {"fp32", fp32}, {"bf16", bf16}, {"fp8", fp8}}});
}

Parsed<service::TextEncoderPlace> parseTextEncoderPlace(std::string_view text) {
    using enum service::TextEncoderPlace;
    return parseWord<service::TextEncoderPlace, 4>(
        text, {{{"auto", automatic}, {"gpu", gpu}, {"cpu", cpu}, {"streamed", streamed}}});
}

Parsed<service::Recovery> parseRecovery(std::string_view text) {
    using enum service::Recovery;
    return parseWord<service::Recovery, 3>(text, {{{"none", none}, {"copy", copy}, {"full", full}}});
}

Parsed<service::Vae> parseVae(std::string_view text) {
    return parseWord<service::Vae, 2>(text, {{{"tiny", service::Vae::tiny}, {"full", service::Vae::full}}});
}

Parsed<service::KeySequence> parseKeySequence(std::string_view text) {
    using enum service::KeySequence;
    return parseWord<service::KeySequence, 2>(text, {{{"window", window}, {"per-token", perToken}}});
}

Parsed<service::Audio> parseAudio(std::string_view text) {
    using enum service::Audio;
    return parseWord<service::Audio, 3>(text, {{{"copy", copy}, {"aac", aac}, {"none", none}}});
}

Parsed<std::string> parseName(std::string_view text) {
    if (text.empty())
        return std::unexpected("is empty");
    return std::string(text);
}

}  // namespace lipar::cli
