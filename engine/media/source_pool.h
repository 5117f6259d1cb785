// Opened sources that wait to be used again: opening a file costs more than showing one frame of it.
//
// A pool outlives the compositors and mixers that borrow from it, so that scrubbing, where every picture is a job of its
// own, opens each file once. It holds a few idle sources; those used longest ago are closed first. A file that has changed
// on the disk is opened anew.
// Thread: one object, one thread at a time, together with all that borrow from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/rational.h"
#include "engine/core/result.h"

namespace lipar::media {

class OpenSource;
class SoundReader;

class SourcePool {
public:
    static constexpr std::size_t kIdlePictures = 6;  // decoders kept open, those of proxies among them
    static constexpr std::size_t kIdleSounds = 4;

    // `cudaDevice`: as ReaderOptions', for pictures that are read from beginning to end.
    explicit SourcePool(std::optional<int> cudaDevice = {});
    SourcePool(const SourcePool&) = delete;
    SourcePool& operator=(const SourcePool&) = delete;
    ~SourcePool();

    // Closes all idle sources: files are free to be moved or deleted.
    void clear();
    // When the first picture is shown, on the file's own clock, which is where timelines count from; of a file without
    // pictures, when its sound begins. Errors: as probe().
    [[nodiscard]] Result<Rational> clockStart(const std::filesystem::path& path, const CancelToken& cancel = {});

private:
    friend class TimelineCompositor;
    friend class TimelineMixer;

    // What tells one state of a file from another.
    struct Stamp {
        std::filesystem::path path;
        std::uintmax_t bytes = 0;
        std::filesystem::file_time_type changed;
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    template <class Source>
    struct Idle {
        Stamp stamp;
        std::unique_ptr<Source> source;
    };
    struct Start {
        Stamp stamp;
        Rational seconds;
    };
    [[nodiscard]] static Stamp stampOf(const std::filesystem::path& path);

    // An idle source of the file, of several the one that gets to `seconds` (from its first frame) soonest, or a new one.
    // Errors: as probe().
    [[nodiscard]] Result<std::unique_ptr<OpenSource>> takePictures(const std::filesystem::path& path, Rational seconds,
                                                                   const CancelToken& cancel);
    void giveBack(std::unique_ptr<OpenSource> source);
    // Rough number of frames to be decoded by the source that takePictures() would give.
    [[nodiscard]] std::int64_t framesTo(const std::filesystem::path& path, Rational seconds) const;
    // Likewise of its sound; empty where it has none. `seconds` on the pictures' clock.
    [[nodiscard]] Result<std::unique_ptr<SoundReader>> takeSound(const std::filesystem::path& path, Rational seconds,
                                                                 const CancelToken& cancel);
    void giveBack(std::unique_ptr<SoundReader> reader);

    const std::optional<int> m_cudaDevice;
    std::vector<Idle<OpenSource>> m_pictures;  // the one used last is at the end
    std::vector<Idle<SoundReader>> m_sounds;
    std::vector<Start> m_starts;
};

}  // namespace lipar::media
