// What can be asked of the engine: plain data, no torch, no FFmpeg types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/model_state.h"
#include "engine/core/timeline.h"
#include "engine/service/playback_pace.h"

namespace lipar::service {

enum class Precision { automatic, fp32, bf16, fp8 };
enum class Recovery { none, copy, full };  // lipar.md section 3: absent keys, noisy neighbour, noise-aware copies
enum class KeySequence { window, perToken };
// Of a model that has two autoencoders: the one that model.json gives as its own, the small and fast one, or the full one.
enum class Vae { automatic, tiny, full };
enum class Audio { copy, aac, none };

// Where a text encoder that is larger than the rest of its model computes (UMT5): all of it on the GPU, where it stays;
// on the CPU, out of the mapped file; on the GPU, layer by layer. Automatic: the first of gpu, streamed and cpu whose
// memory is free, and given back when the prompts are encoded. Small text encoders run on the CPU, whatever is chosen.
enum class TextEncoderPlace { automatic, gpu, cpu, streamed };

// Which model on which device.
struct EngineChoice {
    std::filesystem::path model;   // a name under the models folder or a directory; empty = the built-in model
    std::string device = "auto";   // auto, cpu, cuda, cuda:N
    Precision precision = Precision::automatic;
    TextEncoderPlace textEncoder = TextEncoderPlace::automatic;
    Vae vae = Vae::automatic;
};

// How a clip is edited. Everything optional falls back to the model's own default (model.json).
struct EditSettings {
    std::string prompt;
    std::vector<std::pair<double, std::string>> promptChanges;  // seconds from the source's first frame, snapped to blocks
    int width = 0;   // processing size, 0 = chosen for the device with the source's aspect
    int height = 0;
    std::optional<double> startSeconds;
    std::optional<double> endSeconds;
    std::uint64_t seed = 0;
    std::optional<double> strength;  // 0..1: where on the noise schedule the first step starts
    std::vector<int> steps;          // of 1000, descending
    std::optional<double> shift;     // of the noise schedule, 0.01..100: more is more noise at every step
    bool pruning = true;
    std::optional<double> tau1;
    std::optional<double> tau2;
    std::optional<double> minKept;    // lowest kept ratio of a frame, 0..1
    std::optional<double> targetFps;  // a governor moves tau1 and tau2 to hold it
    Recovery recovery = Recovery::full;
    KeySequence keys = KeySequence::window;
    std::filesystem::path protectMask;     // PNG; white = keep the source's pixels
    std::filesystem::path alwaysEditMask;  // PNG; white = never pruned
    std::filesystem::path maskIn;          // .npy, replaces the computed mask
    std::filesystem::path maskOut;         // .npy
};

struct OutputSettings {
    std::filesystem::path path;  // empty: pictures are only sent as events
    std::filesystem::path heatmap;  // empty: none
    int width = 0;   // 0 = the source's
    int height = 0;
    std::string codec = "h264";
    std::optional<int> crf;
    std::string container;
    Audio audio = Audio::copy;
};

// Edited blocks on disk, so that a range that was edited before costs decoding only. A block is found again by what it was
// made from: the source's bytes, the model, every setting that changes the picture, and where the edit began. Runs of one
// edit that began elsewhere (a preview from the playhead) are kept side by side; playback takes the block of the run that began
// where the edit's range does if there is one, a render takes no other.
struct EditCacheSettings {
    std::filesystem::path folder;  // empty: no cache
    std::uint64_t limitBytes = std::uint64_t(20) << 30;  // the blocks that were used longest ago leave first
};

struct EditRequest {
    std::filesystem::path input;
    EngineChoice engine;
    EditSettings settings;
    OutputSettings output;
    EditCacheSettings cache;
    bool dryRun = false;          // all checks and the estimate, no work
    bool sendPictures = false;    // BlockFinished carries pictures (the window wants them, the command line does not)
};

// Encodes and masks, nothing more. `latents` (safetensors with `source_latents`) may stand in for `input`.
struct PlanRequest {
    std::filesystem::path input;
    std::filesystem::path latents;
    EngineChoice engine;
    EditSettings settings;
};

struct CompareRequest {
    std::filesystem::path reference;
    std::filesystem::path distorted;
};

// cli.md, `trace`.
struct TraceRequest {
    std::filesystem::path caseFile;
    std::filesystem::path output;
    EngineChoice engine;
    Recovery recovery = Recovery::full;
};

struct BenchRequest {
    std::string config = "wan2.1-1.3b";  // or wan2.1-14b, wan2.2-ti2v-5b, or a model.json-like file; ignored when engine.model is set
    EngineChoice engine;
    std::vector<double> keptRatios{1.0};
    KeySequence keys = KeySequence::window;
    int blocks = 12;
    int width = 832;
    int height = 480;
    bool text = false;     // the text encoder of engine.model, and nothing else
    bool endToEnd = true;  // also with the autoencoder, where the config has one
    bool profile = false;
};

struct ModelListRequest {
    bool catalogue = false;  // also models that can be had, with their files and whether they fit this machine
};
struct ModelShowRequest {
    std::filesystem::path model;  // name or directory; also one of the catalogue that is not installed
};
// Reads every byte of a model: against the digests remembered from its install, and as tensors.
struct ModelVerifyRequest {
    std::filesystem::path model;
};
// Makes a model directory of mapped safetensors and a model.json out of published files (weights/model_source.h: what `source` may
// be). A run that was interrupted is taken up by the same request, whatever ended it; cancelling keeps what is there, too. The
// folder is no model before everything is in it. Errors: invalidArgument (a model is in `output`), modelMissing, modelDamaged,
// diskFull (before anything is written), outputFailed (also: another process writes there), cancelled.
struct ModelConvertRequest {
    std::filesystem::path source;
    std::filesystem::path output;                  // a folder, made if need be
    Precision precision = Precision::automatic;    // of the transformer's matrices: bf16, which automatic is, or fp8
};

// The jobs of the model store. Each sends TransferProgress. Cancelling an install or a repair is its pause: what was
// received stays, and the same request goes on from there.

// Fetches what is missing of a model of the catalogue into the user's models folder. Files that are there are left alone.
// Errors: invalidArgument (no such model or part), diskFull (before anything is fetched), networkFailed, accessDenied,
// modelDamaged (what was received is not what was announced), inUse (another install of this model is running),
// outputFailed, cancelled.
struct ModelInstallRequest {
    std::string model;
    std::vector<std::string> parts;  // optional ones wanted besides those that it needs; see ModelFileEntry::part
    DownloadSettings download;
    bool dryRun = false;             // only the checks: what would be fetched, and whether it fits the disk
};
enum class ImportMode {
    automatic,  // shares the blocks where the file system can, else a hard link, else a copy
    copy,
    link,       // a hard link
    reference,  // a symbolic link: the file must stay where it is
};
// Makes a model of the catalogue out of files that are already on this machine: those below `folder` (or the file itself) that have
// a digest known for the model, or tensors of the names and shapes that it needs. They are never changed. Errors: inputMissing,
// inputUnsupported (nothing of use in it), diskFull, outputFailed, inUse, cancelled.
struct ModelImportRequest {
    std::filesystem::path folder;
    std::string model;  // empty: whichever models of the catalogue its files belong to
    ImportMode mode = ImportMode::automatic;
};
// Verifies, then fetches what is damaged or missing. Errors: as ModelVerifyRequest and ModelInstallRequest.
struct ModelRepairRequest {
    std::string model;
    DownloadSettings download;
};
// Removes a model from the user's models folder, with everything that unfinished installs left there. Errors: modelMissing,
// invalidArgument (the built-in one), inUse, outputFailed.
struct ModelRemoveRequest {
    std::string model;
};
struct DoctorRequest {
    bool memory = false;  // also what an edit with each model holds, by name, on each device
};
// Only reads the header of a clip: what it is, and whether it can be edited.
struct ProbeRequest {
    std::filesystem::path input;
};
// Draws the sample clip that the project makes itself.
struct MakeSampleRequest {
    std::filesystem::path target;
};

// How a stretch of a timeline is edited. The range of the edit is that of the source between settings.startSeconds and
// settings.endSeconds, whatever part of it the timeline shows: two clips cut from one edit share its pictures.
struct TimelineEdit {
    EngineChoice engine;
    EditSettings settings;
};

// Writes a timeline to a file: first every edit that the range needs and the cache does not hold, then the pictures and
// the mixed sound. A range can be written as a part, to be joined with its neighbours by JoinRequest.
struct RenderRequest {
    Timeline timeline;
    std::vector<TimelineEdit> edits;
    OutputSettings output;  // its width and height are not looked at: the timeline's size counts
    std::optional<std::int64_t> bitRate;  // bits a second, in place of the quality
    std::int64_t firstFrame = 0;
    std::int64_t endFrame = -1;  // one past the last; negative = the timeline's end
    EditCacheSettings cache;     // empty folder: beside the output, removed afterwards
    bool dryRun = false;
};

// Puts parts of one timeline, rendered apart, together without encoding anything again.
struct JoinRequest {
    std::vector<std::filesystem::path> parts;  // in order, each beginning where the one before ends
    std::filesystem::path output;
};

// Pictures and sound of a timeline for the viewer, from the sources and the cache alone: nothing is edited.
struct PlaybackRequest {
    Timeline timeline;
    std::vector<TimelineEdit> edits;
    EditCacheSettings cache;
    int width = 0;  // of the pictures sent; 0 = the timeline's
    int height = 0;
    std::int64_t firstFrame = 0;
    std::int64_t endFrame = -1;  // one past the last; a still picture is a range of one frame
    bool sound = true;
    std::shared_ptr<PlaybackPace> pace;  // empty: as fast as it goes
    // Of sources by their path: shown where the frame itself would take long (ProxyRequest makes them).
    std::map<std::filesystem::path, std::filesystem::path> proxies = {};
};

// Writes a small copy of a source for scrubbing, where that pays (media/proxy.h). Sends Progress in thousandths. Errors: as
// ProbeRequest's, decodeFailed, outputFailed, diskFull, cancelled.
struct ProxyRequest {
    std::filesystem::path input;
    std::filesystem::path output;  // .mp4; its folder is made if need be
};

// Pictures at these times, each as soon as it is decoded.
struct ThumbnailsRequest {
    std::filesystem::path input;
    std::vector<double> seconds;  // ascending, from the source's first frame
    int height = 54;              // the width follows from the aspect
};

// The loudest sample of every 1 / peaksPerSecond of a source's sound.
struct WaveformRequest {
    std::filesystem::path input;
    int peaksPerSecond = 50;
};

// Which blocks of an edit the cache holds.
struct CacheLookupRequest {
    std::filesystem::path input;
    TimelineEdit edit;
    EditCacheSettings cache;
};
struct ClearCacheRequest {
    EditCacheSettings cache;
};

using Request = std::variant<EditRequest, PlanRequest, CompareRequest, TraceRequest, BenchRequest, ModelListRequest,
                             ModelShowRequest, ModelVerifyRequest, DoctorRequest, ProbeRequest, MakeSampleRequest,
                             RenderRequest, JoinRequest, PlaybackRequest, ThumbnailsRequest, WaveformRequest,
                             ProxyRequest, CacheLookupRequest, ClearCacheRequest, ModelInstallRequest, ModelImportRequest,
                             ModelRepairRequest, ModelRemoveRequest, ModelConvertRequest>;

}  // namespace lipar::service
