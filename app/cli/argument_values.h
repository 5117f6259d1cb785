// Turns the words of the command line into values, or says in one clause what is wrong with them.
//
// Every parser takes the whole word and returns the value or the reason why it cannot be one ("'x' is not a number");
// the caller names the option. Numbers are read in the C locale. Thread: pure functions.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/service/requests.h"

namespace lipar::cli {

template <class T>
using Parsed = std::expected<T, std::string>;

struct Size {
    int width = 0;
    int height = 0;
    friend bool operator==(const Size&, const Size&) = default;
};

// Any finite number / at least 0 / above 0 / 0 to 1.
[[nodiscard]] Parsed<double> parseNumber(std::string_view text);
[[nodiscard]] Parsed<double> parseNonNegative(std::string_view text);
[[nodiscard]] Parsed<double> parsePositive(std::string_view text);
[[nodiscard]] Parsed<double> parseFraction(std::string_view text);
// A whole number within [least, most].
[[nodiscard]] Parsed<int> parseInteger(std::string_view text, int least, int most);
// 0 to 2^64 - 1.
[[nodiscard]] Parsed<std::uint64_t> parseSeed(std::string_view text);
// Encoder quality, 0 to 63 (the encoder may allow less).
[[nodiscard]] Parsed<int> parseCrf(std::string_view text);
// Blocks of a benchmark, 1 to 10000.
[[nodiscard]] Parsed<int> parseBlockCount(std::string_view text);
// Seconds ("12.5"), "mm:ss(.ms)" or "hh:mm:ss(.ms)"; in seconds.
[[nodiscard]] Parsed<double> parseTime(std::string_view text);
// "832x480": each side 16 to 16384.
[[nodiscard]] Parsed<Size> parseSize(std::string_view text);
// "400,350,250": strictly descending, each 1 to 1000.
[[nodiscard]] Parsed<std::vector<int>> parseSteps(std::string_view text);
// "1.0,0.68,0.5": each above 0 and at most 1.
[[nodiscard]] Parsed<std::vector<double>> parseKeptRatios(std::string_view text);
// "12.5=a snowy street": time and prompt.
[[nodiscard]] Parsed<std::pair<double, std::string>> parsePromptAt(std::string_view text);
[[nodiscard]] Parsed<bool> parseOnOff(std::string_view text);
// auto, cpu, cuda or cuda:N, as given.
[[nodiscard]] Parsed<std::string> parseDevice(std::string_view text);
[[nodiscard]] Parsed<service::Precision> parsePrecision(std::string_view text);
[[nodiscard]] Parsed<service::TextEncoderPlace> parseTextEncoderPlace(std::string_view text);
[[nodiscard]] Parsed<service::Vae> parseVae(std::string_view text);
[[nodiscard]] Parsed<service::Recovery> parseRecovery(std::string_view text);
[[nodiscard]] Parsed<service::KeySequence> parseKeySequence(std::string_view text);
[[nodiscard]] Parsed<service::Audio> parseAudio(std::string_view text);
// A path or name: anything but nothing.
[[nodiscard]] Parsed<std::string> parseName(std::string_view text);

}  // namespace lipar::cli
