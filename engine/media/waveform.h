// How loud a file's sound is over time, for drawing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"

namespace lipar::media {

struct Waveform {
    int peaksPerSecond = 0;
    double startSeconds = 0;  // of the first peak, on the pictures' clock: 0 is the first picture
    std::vector<std::uint8_t> peaks;  // the largest sample, left or right, in each 1 / peaksPerSecond; 255 = full scale
};

// Decodes all of the file's (first) sound. A file without sound gives no peaks; one without pictures begins at 0.
// Surround is mixed down first, as it will be heard. `progress`, if given, is called now and then with the part done, 0..1. Thread: any.
// Errors: as probe(), invalidArgument, cancelled.
[[nodiscard]] Result<Waveform> readWaveform(const std::filesystem::path& path, int peaksPerSecond,
                                            CancelToken cancel = {}, const std::function<void(double)>& progress = {});

}  // namespace lipar::media
