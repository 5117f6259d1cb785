// What the engine says while and after it works: plain data, safe to copy to another thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/model_state.h"
#include "engine/core/picture.h"
#include "engine/core/rational.h"
#include "engine/core/result.h"
#include "engine/core/token_mask.h"

namespace lipar::service {

using JobId = std::uint64_t;

struct ClipInfo {
    std::filesystem::path path;
    int width = 0;  // upright
    int height = 0;
    std::int64_t frames = 0;
    double fps = 0;
    double durationSeconds = 0;
    bool variableRate = false;
    std::string videoCodec;
    std::string audioCodec;  // empty: no sound
    std::string note;        // "10-bit", "rotated 90 degrees", ... for people
    Rational rate;           // average frame rate, exact
    Rational duration;       // of the pictures, seconds, exact
    double sampleAspect = 1; // width over height of a sample; the picture is shown width * sampleAspect wide
    int audioChannels = 0;
    int audioSampleRate = 0;
};

struct ModelInfo {
    std::string name;
    std::string version;
    std::string license;
    std::string family;
    std::filesystem::path directory;
    std::string sha256;  // empty where it has not been computed
    std::uint64_t parameters = 0;
    std::uint64_t bytes = 0;
    bool builtIn = false;
    bool canEdit = false;  // has an autoencoder and a text encoder
    std::vector<std::pair<std::string, std::string>> looks;  // name, prompt
    std::vector<std::string> words;                          // closed vocabulary; empty = any word
    std::vector<int> steps;
    double shift = 5;
    int mostSteps = 100;        // the limits of model.json: more steps, or another shift, is refused
    double lowestShift = 0.01;  // the same as highestShift: no other one
    double highestShift = 100;
    int pixelsPerToken = 0;     // sides of the processing size are filled up to multiples of it; 0: no autoencoder
    double tau1 = 0;
    double tau2 = 0;
};

struct DeviceInfo {
    std::string kind;       // cpu, cuda
    std::string name;       // "AMD EPYC ...", "NVIDIA H200"
    std::string precision;  // fp32, bf16, fp8
    std::uint64_t memoryTotal = 0;
    std::uint64_t memoryFree = 0;
};

// How long the longest of an edit's prompts is to the model.
struct PromptTokens {
    int count = 0;  // the mark of its end included
    int limit = 0;  // that the model reads
    bool truncated = false;
};

struct PruningReport {
    bool enabled = true;
    double tau1 = 0;
    double tau2 = 0;
    std::string recovery;  // none, copy, full
    double keptRatio = 1;
    std::vector<double> keptPerLatentFrame;
};

struct BlockTimes {  // milliseconds
    double encode = 0;
    double mask = 0;
    std::vector<double> steps;
    double cache = 0;  // the t = 0 pass
    double decode = 0;
    [[nodiscard]] double total() const;
};

struct BlockReport {
    int index = 0;
    int frames = 0;  // video frames that came out of it
    std::int64_t kept = 0;
    std::int64_t total = 0;
    std::int64_t keys = 0;
    BlockTimes ms;
};

struct Estimate {
    double seconds = 0;
    double fps = 0;
    double speedup = 1;  // over no pruning
    std::uint64_t peakDeviceBytes = 0;
    bool fits = true;
};

struct EditReport {
    ClipInfo input;
    ClipInfo output;
    ModelInfo model;
    DeviceInfo device;
    std::uint64_t seed = 0;
    std::string prompt;
    std::vector<std::string> unknownWords;
    PromptTokens promptTokens;
    PruningReport pruning;
    std::vector<BlockReport> blocks;
    int processingWidth = 0;
    int processingHeight = 0;
    double fpsEndToEnd = 0;
    double fpsDenoise = 0;
    double loadSeconds = 0;
    double totalSeconds = 0;
    std::uint64_t peakDeviceBytes = 0;
    std::uint64_t peakHostBytes = 0;
    std::int64_t damagedFrames = 0;
    bool dryRun = false;
    Estimate estimate;  // dry run only
    std::uint64_t outputBytes = 0;  // of the written clip; dry run: expected. 0: none is written
    std::uint64_t freeBytes = 0;    // dry run: of the output's disk; 0: not known
};

struct PlanReport {
    ClipInfo input;
    DeviceInfo device;
    PruningReport pruning;
    Estimate estimate;
    PromptTokens promptTokens;  // no limit: no prompt was read
};

struct CompareReport {
    std::int64_t frames = 0;
    double psnr = 0;       // dB; infinity when equal
    double ssim = 0;
    double warpError = 0;  // mean squared error (x 1e4, values 0..1) after motion compensation of the distorted clip
    double flicker = 0;    // 1000 x mean absolute difference of the clips' frame differences
    std::vector<double> psnrPerFrame;
};

struct TraceReport {
    std::filesystem::path output;
    double keptRatio = 1;
};

struct BenchRow {
    double kept = 1;
    std::int64_t keys = 0;
    double blockMs = 0;  // medians; of the transformer alone, one block after the other
    double hostMs = 0;   // that the engine's thread works for such a block
    double encodeMs = 0;
    double maskMs = 0;
    std::vector<double> stepMs;
    double cacheMs = 0;
    double decodeMs = 0;
    double ditFps = 0;
    double endToEndFps = 0;
    double endToEndKept = 0;  // of the run that gave it: the real mask of a picture that moves in part
    double endToEndMs = 0;
    double firstPictureMs = 0;  // from the start of an edit to its first block
    double cancelMs = 0;        // from a cancel to a device without work
    std::uint64_t transformerPeakBytes = 0;
    std::uint64_t peakDeviceBytes = 0;
    std::uint64_t expectedPeakBytes = 0;  // as `plan` reckons it
    // Milliseconds a block of each family of kernels, when asked for (kernel_profile.h).
    std::vector<std::pair<std::string, double>> transformerProfile{};
    std::vector<std::pair<std::string, double>> editorProfile{};
};

// One prompt through a text encoder.
struct TextBench {
    std::string place;      // gpu, cpu, streamed: where it ran
    std::string precision;  // fp32, bf16
    int tokens = 0;
    int runs = 0;
    double openSeconds = 0;  // tokenizer read, weights mapped
    double loadSeconds = 0;  // layers to where they compute; nothing to do for cpu
    double firstMs = 0;      // of the first prompt after that
    double encodeMs = 0;     // median of the runs after the first
    std::uint64_t peakDeviceBytes = 0;
    std::uint64_t peakHostBytes = 0;  // resident set; pages of the mapped file count while they are in memory
};

struct BenchReport {
    std::optional<TextBench> text;  // then nothing else but config and device
    std::string config;
    DeviceInfo device;
    int width = 0;
    int height = 0;
    int blocks = 0;
    std::vector<BenchRow> rows;
};

struct ModelListReport {
    std::vector<ModelInfo> models;
    // With ModelListRequest::catalogue: the built-in model, the catalogue's, then others that are there.
    std::vector<ModelEntry> entries = {};
    std::filesystem::path folder = {};  // with it: where models are installed
};
struct ModelShowReport {
    ModelInfo model;  // not installed: name, licence and size alone
    std::vector<std::pair<std::string, std::string>> fields;  // the config, for people
    std::optional<ModelEntry> entry = {};  // of a model below a models folder
};
struct ModelVerifyReport {
    ModelInfo model;
    std::uint64_t tensors = 0;
    std::vector<ModelFileEntry> files = {};  // of a model that the store installed, with their digests
};
struct ModelInstallReport {
    ModelEntry entry;
    std::uint64_t receivedBytes = 0;  // over the network, by this job; dry run: to be received
    std::uint64_t resumedBytes = 0;   // of unfinished files that an earlier run had received
    double seconds = 0;
    bool dryRun = false;
};
struct ModelImportReport {
    struct File {
        std::string model;
        std::string name;  // below the model's folder
        std::filesystem::path from;
        std::string how;          // "shared", "linked", "copied", "referenced"
        std::string recognisedBy; // "digest", "tensors", "name"
    };
    std::vector<File> files;
    std::vector<ModelEntry> entries;  // of the models that they belong to
};
struct ModelRepairReport {
    ModelEntry entry;
    std::vector<std::string> repaired;  // names of files; empty: nothing was wrong
    std::uint64_t receivedBytes = 0;
};
struct ModelRemoveReport {
    std::string model;
    std::uint64_t freedBytes = 0;
};

struct ModelConvertReport {
    ModelInfo model;
    std::string precision;  // bf16, fp8
    std::uint64_t tensors = 0;
    std::uint64_t convertedTensors = 0;  // by this run
    std::uint64_t bytes = 0;             // of the tensors' files
    std::uint64_t resumedBytes = 0;      // that an earlier run had written, and that were still right
    double seconds = 0;                  // without the checks before it
};

struct DoctorReport {
    struct Line {
        std::string section;  // versions, devices, codecs, memory, models, files
        std::string name;
        std::string value;
        bool ok = true;
    };
    std::vector<Line> lines;
    bool healthy = true;
};

struct ProbeReport {
    ClipInfo clip;
};
struct MakeSampleReport {
    std::filesystem::path path;
};

struct RenderReport {
    ClipInfo output;
    DeviceInfo device;
    std::int64_t editedFrames = 0;  // that had to be edited; the rest came from the cache or is not edited
    double keptRatio = 1;
    double fpsEndToEnd = 0;
    double totalSeconds = 0;
    bool dryRun = false;
    Estimate estimate;               // dry run only
    std::uint64_t outputBytes = 0;   // dry run: expected
    std::uint64_t freeBytes = 0;     // of the output's disk
};
struct JoinReport {
    ClipInfo output;
};
struct PlaybackReport {
    std::int64_t frames = 0;
};
struct ThumbnailsReport {
    int count = 0;
};
struct WaveformReport {
    int peaksPerSecond = 0;
    double startSeconds = 0;          // of the first peak, on the pictures' clock
    std::vector<std::uint8_t> peaks;  // 255 = full scale; empty: no sound
};
struct ProxyReport {
    bool isNeeded = false;  // false: any frame is reached quickly, nothing was written
};
// A stretch of an edit that the cache holds.
struct CachedBlock {
    double startSeconds = 0;  // of the source
    double endSeconds = 0;
    bool exact = false;  // edited from the start of the edit's range, as a render would; otherwise a preview from elsewhere
    std::vector<double> keptPerLatentFrame;
};
struct CacheLookupReport {
    std::vector<CachedBlock> blocks;  // ascending; where an exact block and a preview overlap, only the exact one
};
struct ClearCacheReport {
    std::uint64_t freedBytes = 0;
};

using Report = std::variant<EditReport, PlanReport, CompareReport, TraceReport, BenchReport, ModelListReport,
                            ModelShowReport, ModelVerifyReport, DoctorReport, ProbeReport, MakeSampleReport,
                            RenderReport, JoinReport, PlaybackReport, ThumbnailsReport, WaveformReport, ProxyReport,
                            CacheLookupReport, ClearCacheReport, ModelInstallReport, ModelImportReport,
                            ModelRepairReport, ModelRemoveReport, ModelConvertReport>;

enum class Phase { loading, measuring, editing, converting, finishing };

// Every event carries the job it belongs to. A receiver drops events of jobs it is no longer interested in.
struct JobStarted {
    JobId job = 0;
};
// Once per edit, before the first block.
struct EditPrepared {
    JobId job = 0;
    ClipInfo input;
    ModelInfo model;
    DeviceInfo device;
    int processingWidth = 0;
    int processingHeight = 0;
    int tokenRows = 0;
    int tokenColumns = 0;
    std::vector<std::string> unknownWords;
    PromptTokens promptTokens;
};
struct Progress {
    JobId job = 0;
    Phase phase = Phase::loading;
    std::int64_t framesDone = 0;   // converting: megabytes
    std::int64_t framesTotal = 0;  // 0 = not known
    double fps = 0;                // end to end so far
    double keptRatio = 1;          // so far
    double secondsLeft = -1;       // negative = not known
};
// While a job of the model store fetches, copies or checks files: a few times a second, and at each change of phase or file.
struct TransferProgress {
    JobId job = 0;
    TransferState state;
};
struct BlockFinished {
    JobId job = 0;
    BlockReport report;
    std::int64_t firstFrame = 0;
    std::vector<PicturePtr> source;  // with sendPictures: this block's frames at processing size
    std::vector<PicturePtr> edited;
    std::vector<double> seconds;     // presentation times from the clip's first frame
    TokenMask keep;                  // of the block's latent frames
    std::vector<int> latentFrameOf;  // per picture: row of `keep` (and of `age`) that it belongs to
    std::vector<std::uint16_t> age;  // per token of `keep`: latent frames since it was last computed
    std::uint64_t deviceBytes = 0;   // in use now
    std::uint64_t hostBytes = 0;
};
// One frame of a timeline. Both pictures have the size that was asked for.
struct PlaybackPicture {
    JobId job = 0;
    std::int64_t frame = 0;
    PicturePtr source;        // as if nothing were edited
    PicturePtr edited;        // empty where no edit lies, or the cache does not hold it
    bool editPending = false;  // an edit lies here whose block is not in the cache
    bool hasProxy = false;     // `source` was made of a proxy: the frame itself comes where none is asked for
    TokenMask keep;           // of the latent frame that the topmost edited picture belongs to: one row; empty otherwise
    std::vector<std::uint16_t> age;
};
// Mixed sound of a timeline, in order, without gaps.
struct PlaybackSound {
    JobId job = 0;
    std::int64_t firstSample = 0;  // counted from the timeline's start
    int sampleRate = 48000;
    std::vector<float> stereo;  // interleaved left and right
};
struct Thumbnail {
    JobId job = 0;
    double seconds = 0;  // as asked for
    PicturePtr picture;
};
struct JobFinished {
    JobId job = 0;
    Report report;
};
struct JobFailed {  // also cancelled: error.code tells
    JobId job = 0;
    Error error;
};

using Event = std::variant<JobStarted, EditPrepared, Progress, TransferProgress, BlockFinished, PlaybackPicture,
                           PlaybackSound, Thumbnail, JobFinished, JobFailed>;

[[nodiscard]] JobId jobOf(const Event& event);

}  // namespace lipar::service
