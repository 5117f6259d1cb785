#include "engine/media/waveform.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "engine/media/media_info.h"
#include "engine/media/sound_reader.h"
#include "engine/media/source_pool.h"

namespace lipar::media {
namespace {

constexpr int kMostPeaks = 2000;  // a second
constexpr std::size_t kLongest = std::size_t(48) * 3600;  // seconds: beyond it the file's clock is broken

std::uint8_t peakOf(std::span<const float> samples) {
    float peak = 0;
    for (const float sample : samples)
        peak = std::max(peak, std::abs(sample));
    return std::uint8_t(std::lround(std::min(peak, 1.0F) * 255));
}

}  // namespace

Result<Waveform> readWaveform(const std::filesystem::path& path, int peaksPerSecond, CancelToken cancel,
                              const std::function<void(double)>& progress) {
    if (peaksPerSecond < 1 || peaksPerSecond > kMostPeaks)
        return fail(ErrorCode::invalidArgument,
                    "cannot draw the sound with " + std::to_string(peaksPerSecond) + " peaks a second");
    SourcePool pool;
    LIPAR_ASSIGN(const Rational clockStart, pool.clockStart(path, cancel));
    pool.clear();
    LIPAR_ASSIGN(const std::unique_ptr<SoundReader> reader, SoundReader::open(path, clockStart, cancel));
    Waveform waveform;
    waveform.peaksPerSecond = peaksPerSecond;
    if (!reader)
        return waveform;
    const int rate = reader->inputRate();
    LIPAR_TRY(reader->setOutput(rate, {1, 1}));
    const Rational start = reader->start() - clockStart;
    waveform.startSeconds = start.value();
    const std::int64_t first = reader->sampleAt(start);
    const double seconds = reader->durationSeconds();

    std::vector<float> samples;
    for (std::size_t second = 0; second < kLongest; ++second) {
        LIPAR_TRY(cancel.check());
        const std::int64_t from = first + std::int64_t(second) * rate;
        samples.resize(std::size_t(rate) * 2);
        LIPAR_TRY(reader->read(from, samples));
        for (int peak = 0; peak < peaksPerSecond; ++peak) {
            const std::int64_t begin = std::int64_t(rate) * peak / peaksPerSecond;
            const std::int64_t end = std::max(begin + 1, std::int64_t(rate) * (peak + 1) / peaksPerSecond);
            if (reader->isPastEnd(from + begin))
                return waveform;
            waveform.peaks.push_back(peakOf(std::span(samples).subspan(std::size_t(begin) * 2,
                                                                       std::size_t(end - begin) * 2)));
        }
        if (progress && seconds > 0)
            progress(std::min(1.0, double(second + 1) / seconds));
    }
    return waveform;
}

}  // namespace lipar::media
