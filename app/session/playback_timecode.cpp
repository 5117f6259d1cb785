#include "app/session/playback_timecode.h"

#include <algorithm>

#include <QStringList>

namespace lipar::session {

namespace {

qint64 framesASecond(const Rational& rate) {
    return std::max<qint64>(1, rate.rounded());
}

}  // namespace

QString frameTimecode(const Rational& rate, qint64 frame) {
    const auto perSecond = framesASecond(rate);
    frame = std::max<qint64>(0, frame);
    const auto two = [](qint64 n) { return QString::number(n).rightJustified(2, '0'); };
    const auto seconds = frame / perSecond;
    return two(seconds / 3600) + ':' + two(seconds / 60 % 60) + ':' + two(seconds % 60) + ':' + two(frame % perSecond);
}

std::optional<qint64> frameOfTimecode(const Rational& rate, const QString& text, qint64 now) {
    auto digits = text.trimmed();
    const bool isRelative = digits.startsWith('+') || digits.startsWith('-');
    const qint64 sign = digits.startsWith('-') ? -1 : 1;
    if (isRelative)
        digits.remove(0, 1);
    const auto parts = digits.replace(';', ':').replace('.', ':').split(':');
    if (parts.size() > 4)
        return std::nullopt;
    constexpr qint64 largest = 1'000'000;
    const qint64 units[] = {1, framesASecond(rate), framesASecond(rate) * 60, framesASecond(rate) * 3600};
    qint64 frame = 0;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        bool isNumber = false;
        const auto value = parts[parts.size() - 1 - i].toLongLong(&isNumber);
        if (!isNumber || value < 0 || value > largest)
            return std::nullopt;
        frame += value * units[i];
    }
    return isRelative ? now + sign * frame : frame;
}

}  // namespace lipar::session
