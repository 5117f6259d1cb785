// What the timeline tests share: entries in few words, sound and levels of a file as the ffmpeg program decodes it.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/core/timeline.h"
#include "engine/media/clip_writer.h"
#include "media_test_support.h"

namespace mediatest {

[[nodiscard]] lipar::TimelinePictures pictures(const fs::path& file, lipar::Rational start, lipar::Rational duration,
                                               lipar::Rational sourceStart = {}, lipar::Rational speed = {1, 1});
[[nodiscard]] lipar::TimelineSound sound(const fs::path& file, lipar::Rational start, lipar::Rational duration,
                                         lipar::Rational sourceStart = {}, lipar::Rational speed = {1, 1});
// `arguments` filter what is read, for example "-af atrim=...": interleaved stereo at 48 kHz, decoded by ffmpeg.
[[nodiscard]] std::vector<float> decodedSound(const fs::path& file, int sampleRate = 48000);
// The largest value of either channel in a range of samples.
[[nodiscard]] float peak(const std::vector<float>& stereo, std::int64_t from, std::int64_t to);
// First sample at which the level passes `level`; -1 where it does not.
[[nodiscard]] std::int64_t onset(const std::vector<float>& stereo, float level, std::int64_t from = 0);
// Mean brightness, 0..255.
[[nodiscard]] double brightness(const lipar::Picture& picture);
// 10 * log10(255^2 / mean squared error); 99 where equal.
[[nodiscard]] double psnr(const lipar::Picture& a, const lipar::Picture& b);
// Composes and writes the frames [first, end); the number of frames.
[[nodiscard]] lipar::Result<int> render(const lipar::Timeline& timeline, const fs::path& target,
                                        const lipar::media::WriterOptions& options = {}, std::int64_t first = 0,
                                        std::int64_t end = -1);
// Arguments that make a clip, black and silent but for a white flash with a 1 kHz beep, 100 ms long, at each of `times`.
[[nodiscard]] QString flashAndBeep(const QString& size, const QString& rate, double seconds,
                                   const std::vector<double>& times);

}  // namespace mediatest
