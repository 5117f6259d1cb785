#include "timeline_test_support.h"

#include <QProcess>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/media/timeline_audio.h"
#include "engine/media/timeline_video.h"

namespace mediatest {

using namespace lipar;
using namespace lipar::media;

TimelinePictures pictures(const fs::path& file, Rational start, Rational duration, Rational sourceStart,
                          Rational speed) {
    TimelinePictures entry;
    entry.input = file;
    entry.start = start;
    entry.duration = duration;
    entry.sourceStart = sourceStart;
    entry.speed = speed;
    return entry;
}

TimelineSound sound(const fs::path& file, Rational start, Rational duration, Rational sourceStart, Rational speed) {
    TimelineSound entry;
    entry.input = file;
    entry.start = start;
    entry.duration = duration;
    entry.sourceStart = sourceStart;
    entry.speed = speed;
    return entry;
}

std::vector<float> decodedSound(const fs::path& file, int sampleRate) {
    QProcess process;
    process.start("ffmpeg", {"-v", "error", "-nostdin", "-i", QString::fromStdString(file.string()), "-map", "0:a:0",
                             "-ac", "2", "-ar", QString::number(sampleRate), "-f", "f32le", "-"});
    process.waitForFinished(60'000);
    const QByteArray bytes = process.readAllStandardOutput();
    std::vector<float> samples(std::size_t(bytes.size()) / sizeof(float));
    std::memcpy(samples.data(), bytes.constData(), samples.size() * sizeof(float));
    return samples;
}

float peak(const std::vector<float>& stereo, std::int64_t from, std::int64_t to) {
    float largest = 0;
    for (std::int64_t i = std::max<std::int64_t>(0, from) * 2; i < std::min(to * 2, std::int64_t(stereo.size())); ++i)
        largest = std::max(largest, std::abs(stereo[std::size_t(i)]));
    return largest;
}

std::int64_t onset(const std::vector<float>& stereo, float level, std::int64_t from) {
    for (std::size_t i = std::size_t(from) * 2; i < stereo.size(); ++i)
        if (std::abs(stereo[i]) > level)
            return std::int64_t(i / 2);
    return -1;
}

double brightness(const Picture& picture) {
    double sum = 0;
    for (const std::uint8_t value : picture.rgb)
        sum += value;
    return sum / double(std::max<std::size_t>(1, picture.rgb.size()));
}

double psnr(const Picture& a, const Picture& b) {
    if (a.width != b.width || a.height != b.height)
        return 0;
    double sum = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i)
        sum += std::pow(double(a.rgb[i]) - double(b.rgb[i]), 2);
    return sum == 0 ? 99 : 10 * std::log10(255.0 * 255.0 * double(a.rgb.size()) / sum);
}

Result<int> render(const Timeline& timeline, const fs::path& target, const WriterOptions& options, std::int64_t first,
                   std::int64_t end) {
    if (end < 0)
        end = timeline.frames;
    LIPAR_ASSIGN(TimelineCompositor compositor, TimelineCompositor::open(timeline));
    LIPAR_ASSIGN(TimelineMixer mixer, TimelineMixer::open(timeline));
    TimelineRange range;
    range.firstFrame = first;
    range.endFrame = end;
    if (!timeline.sounds.empty())
        range.sound = [&mixer](std::int64_t sample, std::span<float> stereo) { return mixer.mixInto(sample, stereo); };
    LIPAR_ASSIGN(ClipWriter writer, ClipWriter::openTimeline(target, timeline, range, options));
    for (std::int64_t frame = first; frame < end; ++frame) {
        LIPAR_ASSIGN(const ComposedFrame composed, compositor.compose(frame));
        LIPAR_TRY(writer.write(*composed.shown(), frame - first, 1));
    }
    LIPAR_TRY(writer.finish());
    return int(end - first);
}

QString flashAndBeep(const QString& size, const QString& rate, double seconds, const std::vector<double>& times) {
    QStringList between;
    for (const double time : times)
        between << QString("between(t\\,%1\\,%2)").arg(time - 1e-4).arg(time + 0.0999);
    const QString when = between.join('+');
    return QString("-f lavfi -i color=white:s=%1:r=%2:d=%3 -f lavfi -i \"aevalsrc='0.8*sin(2*PI*1000*t)*(%4)':s=48000:d=%3\" "
                   "-vf \"drawbox=c=black:t=fill:enable='not(%4)'\" -shortest")
        .arg(size, rate)
        .arg(seconds)
        .arg(when);
}

}  // namespace mediatest
