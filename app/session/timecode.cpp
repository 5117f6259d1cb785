#include "app/session/timecode.h"

#include <algorithm>
#include <cmath>

namespace lipar::session {

QString timecodeOf(double seconds) {
    // The tiny addend keeps 0.04 * 25 from reading 0.99.
    const auto hundredths = qint64(std::floor(std::max(0.0, seconds) * 100 + 1e-6));
    const auto two = [](qint64 n) { return QString::number(n).rightJustified(2, '0'); };
    const auto tail = two(hundredths / 6000 % 60) + ':' + two(hundredths / 100 % 60) + '.' + two(hundredths % 100);
    const auto hours = hundredths / 360000;
    return hours > 0 ? QString::number(hours) + ':' + tail : tail;
}

}  // namespace lipar::session
