// The timeline as a value: sources, tracks, clips, cross-fades, sound levels, markers, prompts and edit parameters.
//
// Plain data that is copied and compared; it knows no window, no engine and no file. Every change goes through
// app/commands, which keeps the invariants below. All times are exact seconds. Positions and durations on the timeline are
// whole frames of `format.rate`; times in a source are any. Thread: none of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/rational.h"
#include "engine/core/result.h"

namespace lipar::project {

using Id = std::uint64_t;  // unique in a project over all kinds of things, never used again; 0 = none

// What keeps exact arithmetic exact: no time beyond 11 days, no time in a source finer than 1 / 705600000 s (a fraction that
// divides the frames of every usual rate, NTSC's included, and the samples of every usual sound), terms of a speed <= 10000,
// terms of a rate <= 1000000.
inline constexpr std::int64_t maximumSeconds = 1'000'000;
inline constexpr std::int64_t finestSourceTime = 705'600'000;
inline constexpr std::int64_t maximumSpeedTerm = 10'000;
inline constexpr std::int64_t maximumRateTerm = 1'000'000;

// A media file, as it was when it was imported.
struct Source {
    Id id = 0;
    std::filesystem::path path;  // absolute; stored relative to the project file where that is possible
    std::uint64_t fileBytes = 0;  // with `contentHash`, how a moved file is recognised
    std::string contentHash;      // SHA-256 of the first and last MiB, hexadecimal; empty = not known
    int width = 0;                // upright, pixels; 0: no picture
    int height = 0;
    double sampleAspect = 1;
    Rational rate;      // average frame rate; 0 without pictures
    Rational duration;  // > 0
    std::int64_t frames = 0;
    bool variableRate = false;
    bool hasSound = false;
    std::string note;  // "10-bit, rotated 90 degrees", for people

    friend bool operator==(const Source&, const Source&) = default;
};

struct PromptKeyframe {
    // Seconds of the source after Clip::sourceStart, and after the start of the edit's range: negative where the clip was
    // split or trimmed behind it, so that the pieces of an edit keep one set of prompts.
    Rational time;
    std::string prompt;
    friend bool operator==(const PromptKeyframe&, const PromptKeyframe&) = default;
};

// How a clip is edited; what is not set follows the model's default.
struct ClipEdit {
    bool enabled = false;  // false: the source as it is
    std::string prompt;
    std::vector<PromptKeyframe> promptKeyframes;  // ascending, no two at one time
    std::string model;                            // empty = the built-in one
    std::optional<double> strength;               // 0..1
    std::uint64_t seed = 0;
    std::vector<int> steps;  // of 1000, descending
    std::optional<double> shift;  // of the noise schedule, 0.01..100
    int width = 0;           // processing size; 0 = chosen for the device
    int height = 0;
    bool pruning = true;
    std::optional<double> tau1;
    std::optional<double> tau2;
    std::string protectMask;     // path of a PNG; white = the source's pixels stay. Empty = none
    std::string alwaysEditMask;  // white = never pruned
    // The range of the source that is edited as one, seconds from its first frame: the causal model's picture depends on where
    // it began. Commands set it to the clip's own range (with its halves of cross-fades) whenever the edit itself changes, and
    // keep it when the clip is split or trimmed within it, so that the pieces keep their pictures and their cached blocks.
    Rational rangeStart;
    Rational rangeEnd;
    friend bool operator==(const ClipEdit&, const ClipEdit&) = default;
};

struct ClipSound {
    double gainDb = 0;  // -60..+12
    bool muted = false;
    Rational fadeIn;  // 0..duration, together no longer than the clip
    Rational fadeOut;
    friend bool operator==(const ClipSound&, const ClipSound&) = default;
};

struct Clip {
    Id id = 0;
    Id source = 0;
    std::string name;  // shown; the source's file name unless renamed
    Rational start;        // on the timeline
    Rational duration;     // on the timeline, at least one frame
    Rational sourceStart;  // what of the source is shown first; what is shown ends less than a frame after the source
    Rational speed{1, 1};  // 1/10..10
    // A cross-fade with the clip before it, centred on the cut; 0 = none. The clip before must end where this one starts, and
    // both sources must reach half of it beyond the cut. Only on video tracks; the sound linked to the clips fades alike.
    Rational crossFade;
    Id link = 0;     // clips with the same link (picture and its sound) move, trim and split together; 0 = alone
    ClipEdit edit;   // on video tracks
    ClipSound sound;  // on audio tracks

    [[nodiscard]] Rational end() const { return start + duration; }
    [[nodiscard]] Rational sourceEnd() const { return sourceStart + duration * speed; }
    friend bool operator==(const Clip&, const Clip&) = default;
};

enum class TrackKind { video, audio };

struct Track {
    Id id = 0;
    TrackKind kind = TrackKind::video;
    std::string name;
    bool muted = false;   // not seen, not heard
    bool solo = false;    // while any track of a kind is solo, only the solo ones of that kind are seen or heard
    bool locked = false;  // commands that would change its clips fail
    std::vector<Clip> clips;  // ascending by start, never overlapping

    friend bool operator==(const Track&, const Track&) = default;
};

struct Marker {
    Id id = 0;
    Rational time;  // >= 0
    std::string name;
    std::string color;  // "#rrggbb"
    friend bool operator==(const Marker&, const Marker&) = default;
};

struct Format {
    int width = 1920;  // even, 16..16384
    int height = 1080;
    Rational rate{25, 1};  // 1..240
    int sampleRate = 48000;
    friend bool operator==(const Format&, const Format&) = default;
};

struct Project {
    std::string name;
    Format format;
    bool formatFollowsFirstClip = true;  // until the first clip is added or the format is set
    std::vector<Source> sources;  // ascending by id
    std::vector<Track> tracks;    // video tracks from the bottom up, then audio tracks from the top down
    std::vector<Marker> markers;  // ascending by time, at one time by id
    Id nextId = 1;

    friend bool operator==(const Project&, const Project&) = default;
};

// A project with one video and one audio track.
[[nodiscard]] Project newProject();

// Error: internal, naming what is wrong; nothing a user can cause through commands or a file that was accepted.
[[nodiscard]] Result<> checkInvariants(const Project& project);

// Error: invalidArgument, a sentence for the user. The range is not looked at.
[[nodiscard]] Result<> checkEdit(const ClipEdit& edit);

[[nodiscard]] const Source* findSource(const Project& project, Id id);
[[nodiscard]] const Track* findTrack(const Project& project, Id id);
[[nodiscard]] const Clip* findClip(const Project& project, Id id);
// The track that holds this clip.
[[nodiscard]] const Track* trackOfClip(const Project& project, Id clip);
// The clip of a track that covers this time.
[[nodiscard]] const Clip* clipAt(const Track& track, const Rational& time);
// The end of the last clip.
[[nodiscard]] Rational durationOf(const Project& project);
// The frame grid: the nearest multiple of 1 / rate, and the number of frames in a time on it.
[[nodiscard]] Rational toGrid(const Format& format, const Rational& time);
// The time in a source at or before `time` that is not too fine.
[[nodiscard]] Rational toSourceTime(const Rational& time);
// What of the source the clip shows, with its halves of the cross-fades at its ends; within the source.
struct SourceRange {
    Rational start;
    Rational end;
};
[[nodiscard]] SourceRange shownRange(const Clip& clip, const Source& source, const Rational& crossFadeAfter);
// How far a cross-fade may reach beyond the cut: pictures of the source before the clip's first and after its last, in
// seconds on the timeline.
[[nodiscard]] Rational headOf(const Clip& clip);
[[nodiscard]] Rational tailOf(const Clip& clip, const Source& source);
// The longest cross-fade that two neighbours have pictures and room for, in whole frames; `fadeAfter` is the one at the end
// of the second.
[[nodiscard]] Rational longestCrossFade(const Format& format, const Clip& first, const Source& firstSource,
                                        const Clip& second, const Rational& fadeAfter);
[[nodiscard]] std::int64_t frameAt(const Format& format, const Rational& time);  // the frame shown at `time`
[[nodiscard]] Rational timeOfFrame(const Format& format, std::int64_t frame);

}  // namespace lipar::project
