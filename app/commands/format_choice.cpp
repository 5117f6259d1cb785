#include "app/commands/format_choice.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/commands/clip_groups.h"

namespace lipar::commands {

using project::Format;
using project::Source;

namespace {

constexpr std::array<Rational, 12> kUsualRates = {{{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {48, 1},
                                                  {50, 1}, {60000, 1001}, {60, 1}, {100, 1}, {120, 1}, {240, 1}}};

Rational rateOf(const Source& source) {
    const double rate = source.rate.value();
    const Rational nearest = *std::ranges::min_element(
        kUsualRates, {}, [rate](const Rational& usual) { return std::abs(usual.value() - rate); });
    const bool isUsual = std::abs(nearest.value() - rate) < 1e-4 * rate;
    const bool isPossible = source.rate.num <= project::maximumRateTerm && source.rate.den <= project::maximumRateTerm &&
                            rate >= 1 && rate <= 240;
    return isUsual || source.variableRate || !isPossible ? nearest : source.rate * Rational{1, 1};
}

int evenSize(double size) {
    return std::clamp(2 * int(std::lround(std::clamp(size, 1.0, 1e6) / 2)), 16, 16384);
}

}  // namespace

Format formatOf(const Source& source, const Format& otherwise) {
    Format format = otherwise;
    format.width = evenSize(source.width * source.sampleAspect);
    format.height = evenSize(source.height);
    format.rate = rateOf(source);
    return format;
}

Result<> followSource(Draft& draft, const Source& source) {
    const bool hasPictures = std::ranges::any_of(draft.project().tracks, [](const project::Track& track) {
        return track.kind == project::TrackKind::video && !track.clips.empty();
    });
    return hasPictures ? Result<>{} : changeFormat(draft, formatOf(source, draft.project().format));
}

}  // namespace lipar::commands
