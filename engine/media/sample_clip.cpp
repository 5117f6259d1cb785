#include "engine/media/sample_clip.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include "engine/media/clip_writer.h"
#include "engine/media/sample_scene.h"

namespace lipar::media {
namespace {

constexpr int kFrameRate = 24;
constexpr int kFrames = 96;
constexpr int kSampleRate = 48000;
constexpr double kDuration = double(kFrames) / kFrameRate;
constexpr double kTurn = 6.283185307179586;

// A soft chord that swells and fades, with a slow arpeggio over it.
void fillChord(std::int64_t firstSample, std::span<float> stereo) {
    constexpr std::array chord{146.83, 220.00, 293.66, 369.99};  // D major
    constexpr std::array melody{587.33, 739.99, 880.00, 739.99, 987.77, 880.00, 739.99, 587.33};
    constexpr double step = 0.5;  // seconds a note
    for (std::size_t i = 0; i * 2 < stereo.size(); ++i) {
        const double t = double(firstSample + std::int64_t(i)) / kSampleRate;
        const double swell = std::sin(0.5 * kTurn * std::min(1.0, t / kDuration));
        double left = 0, right = 0;
        for (std::size_t k = 0; k < chord.size(); ++k) {
            // Two voices a little out of tune, one in each ear.
            left += std::sin(kTurn * chord[k] * 0.9985 * t) / double(k + 2);
            right += std::sin(kTurn * chord[k] * 1.0015 * t) / double(k + 2);
        }
        const auto note = std::size_t(t / step) % melody.size();
        const double since = std::fmod(t, step);
        const double pluck = (1 - std::exp(-since * 120)) * std::exp(-since * 5);
        const double voice = std::sin(kTurn * melody[note] * t) + 0.3 * std::sin(2 * kTurn * melody[note] * t);
        const double pan = 0.5 + 0.3 * std::sin(double(note));
        stereo[i * 2] = float(0.13 * swell * left + 0.07 * swell * pluck * voice * (1 - pan));
        stereo[i * 2 + 1] = float(0.13 * swell * right + 0.07 * swell * pluck * voice * pan);
    }
}

}  // namespace

Result<> writeSampleClip(const std::filesystem::path& target, CancelToken cancel) {
    const MediaInfo format = newClipFormat(SampleScene::width, SampleScene::height, {kFrameRate, 1});
    SynthesizedAudio sound{kSampleRate, kDuration, fillChord};
    LIPAR_ASSIGN(ClipWriter writer, ClipWriter::openNew(target, format, {}, std::move(sound), std::move(cancel)));
    const SampleScene scene;
    for (int frame = 0; frame < kFrames; ++frame)
        LIPAR_TRY(writer.write(scene.at(double(frame) / kFrameRate), frame, 1));
    return writer.finish();
}

}  // namespace lipar::media
