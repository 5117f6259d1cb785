// `render`: first the edits that the range needs and the cache does not hold, then pictures and sound into the file.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "engine/core/bounded_queue.h"
#include "engine/media/clip_writer.h"
#include "engine/media/source_pool.h"
#include "engine/media/timeline_audio.h"
#include "engine/service/cache_fill.h"
#include "engine/service/clip_output.h"
#include "engine/service/device.h"
#include "engine/service/estimate.h"

namespace lipar::service {
namespace {
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kComposedFps = 60;        // until it has been measured: 720p on two cores
constexpr double kCacheBytesPerPixel = 1.8;  // of lossless pictures; 3 at worst
constexpr std::size_t kComposeAhead = 8;   // frames

struct Range {
    std::int64_t first = 0;
    std::int64_t end = 0;
    [[nodiscard]] std::int64_t frames() const noexcept { return end - first; }
};

Result<Range> rangeOf(const RenderRequest& request) {
    const std::int64_t frames = request.timeline.frames;
    const Range range{request.firstFrame, request.endFrame < 0 ? frames : request.endFrame};
    if (frames <= 0)
        return fail(ErrorCode::invalidArgument, "nothing to render: the timeline is empty", "add a clip to it");
    if (range.first < 0 || range.end > frames || range.first >= range.end)
        return fail(ErrorCode::invalidArgument,
                    "the range cannot be rendered: it goes from frame " + std::to_string(range.first) + " to " + std::to_string(range.end) +
                        " and the timeline has " + std::to_string(frames),
                    "choose a range within the timeline");
    return range;
}

media::WriterOptions optionsOf(const RenderRequest& request) {
    media::WriterOptions options = writerOptions({}, request.output);
    options.width = options.height = 0;
    options.bitRate = request.bitRate;
    if (options.audio == media::AudioPolicy::copy)
        options.audio = media::AudioPolicy::aac;  // what is mixed cannot be copied
    return options;
}

media::MediaInfo formatOf(const Timeline& timeline, const Range& range) {
    media::MediaInfo format = media::newClipFormat(timeline.width, timeline.height, timeline.rate);
    format.video.frameCount = range.frames();
    format.video.durationSeconds = format.durationSeconds = double(range.frames()) / timeline.rate.value();
    format.video.averageRate = timeline.rate;
    return format;
}

ClipInfo outputInfo(const RenderRequest& request, const Range& range) {
    const Timeline& timeline = request.timeline;
    ClipInfo info;
    info.path = request.output.path;
    info.width = timeline.width;
    info.height = timeline.height;
    info.frames = range.frames();
    info.rate = timeline.rate;
    info.fps = timeline.rate.value();
    info.duration = Rational{range.frames(), 1} / timeline.rate;
    info.durationSeconds = info.duration.value();
    info.videoCodec = request.output.codec;
    return info;
}

// Every file that the range shows or plays is there, before anything else is done.
Result<> checkSources(const Timeline& timeline, const Range& range) {
    const Rational first = Rational{range.first, 1} / timeline.rate, end = Rational{range.end, 1} / timeline.rate;
    std::set<fs::path> inputs;
    const auto collect = [&](const auto& entries) {
        for (const auto& entry : entries)
            if (entry.start < end && entry.start + entry.duration > first)
                inputs.insert(entry.input);
    };
    collect(timeline.pictures);
    collect(timeline.sounds);
    std::string missing;
    for (const fs::path& input : inputs)
        if (::access(input.c_str(), R_OK) != 0)
            missing += (missing.empty() ? "" : ", ") + input.string();
    if (!missing.empty())
        return fail(ErrorCode::inputMissing, "media of the timeline are missing: " + missing, "put them back, or relink them in the project");
    return {};
}

Result<> checkTarget(const RenderRequest& request, std::uint64_t outputBytes, RenderReport& report) {
    const fs::path& path = request.output.path;
    const std::string cannot = "cannot write " + path.string() + ": ";
    std::error_code ignored;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (path.empty())
        return fail(ErrorCode::invalidArgument, "nowhere to write to: no output file was given", "name one");
    if (!fs::is_directory(folder, ignored))
        return fail(ErrorCode::outputFailed, cannot + "there is no folder " + folder.string(), "create it, or choose another one");
    if (fs::is_directory(path, ignored))
        return fail(ErrorCode::outputFailed, cannot + "it is a folder", "give a file name");
    if (::access(folder.c_str(), W_OK) != 0)
        return fail(ErrorCode::outputFailed, cannot + "the folder " + folder.string() + " is read-only", "choose a folder you may write to");
    for (const TimelinePictures& entry : request.timeline.pictures)
        if (fs::equivalent(entry.input, path, ignored))
            return fail(ErrorCode::invalidArgument, cannot + "it is a clip of the timeline", "choose another output file");
    LIPAR_TRY(media::checkWriterOptions(path, optionsOf(request)));
    const fs::space_info space = fs::space(folder, ignored);
    if (!ignored && space.available != static_cast<std::uintmax_t>(-1)) {
        report.freeBytes = space.available;
        if (space.available < outputBytes)
            return fail(ErrorCode::diskFull,
                        cannot + "about " + std::to_string((outputBytes >> 20) + 1) + " MiB are needed and " + std::to_string(space.available >> 20) + " MiB are free",
                        "free some space or choose another folder");
    }
    return {};
}

// The disk of the cache must take all blocks that are still to be made.
Result<> checkCacheSpace(const fs::path& folder, std::uint64_t bytes) {
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    const fs::space_info space = fs::space(folder, ignored);
    if (!ignored && space.available != static_cast<std::uintmax_t>(-1) && space.available < bytes)
        return fail(ErrorCode::diskFull,
                    "the edited pictures do not fit into the cache folder " + folder.string() + ": about " + std::to_string((bytes >> 20) + 1) +
                        " MiB are needed and " + std::to_string(space.available >> 20) + " MiB are free",
                    "free some space or choose another cache folder");
    return {};
}

// A cache for this render alone, removed when it is done or given up. Its name is the output's, so that a render which
// failed or was killed is taken up again.
class OwnCache {
public:
    explicit OwnCache(const RenderRequest& request) : m_settings(request.cache), m_isOwn(request.cache.folder.empty()) {
        if (m_isOwn)
            m_settings.folder = request.output.path.parent_path() / ("." + request.output.path.filename().string() + ".blocks");
    }
    [[nodiscard]] const EditCacheSettings& settings() const noexcept { return m_settings; }
    void remove() const {
        std::error_code ignored;
        if (m_isOwn) {
            EditCache(m_settings).clear();
            fs::remove(m_settings.folder, ignored);  // only when nothing else is in it
        }
    }
    // What a user is to know of it after a failure.
    void explain(Error& error) const {
        std::error_code ignored;
        if (m_isOwn && fs::is_directory(m_settings.folder, ignored))
            error.hint += (error.hint.empty() ? "" : "; ") +
                          ("what was edited so far waits in " + m_settings.folder.string()) +
                          ": render again to go on, or delete that folder";
    }

private:
    EditCacheSettings m_settings;
    bool m_isOwn;
};

// Frames done, speed and time left over both stages.
class RenderProgress {
public:
    RenderProgress(JobContext& context, std::int64_t toEdit, std::int64_t toCompose) : m_context(context), m_toEdit(toEdit), m_toCompose(toCompose) {}

    void start(Phase phase) {
        m_phase = phase;
        m_start = Clock::now();
        emit();
    }
    void edited(const FilledBlock& block) {
        m_edited += block.frames;
        m_kept += block.kept;
        m_total += block.total;
        emit();
    }
    void composed() {
        ++m_composed;
        if (m_composed % 8 == 0 || m_composed == m_toCompose)
            emit();
    }
    [[nodiscard]] double keptRatio() const { return m_total == 0 ? 1.0 : double(m_kept) / double(m_total); }
    [[nodiscard]] std::int64_t editedFrames() const noexcept { return m_edited; }

private:
    void emit() const {
        const bool isEditing = m_phase == Phase::editing;
        const std::int64_t done = isEditing ? m_edited : m_composed;
        Progress progress{.job = m_context.id, .phase = m_phase, .framesDone = m_edited + m_composed, .framesTotal = std::max(m_toEdit, m_edited) + m_toCompose};
        if (!isEditing)
            progress.framesTotal = m_edited + m_toCompose;
        progress.fps = double(done) / std::max(1e-3, secondsSince(m_start));
        progress.keptRatio = keptRatio();
        if (done > 0)
            progress.secondsLeft = isEditing ? double(std::max<std::int64_t>(0, m_toEdit - m_edited)) / progress.fps + double(m_toCompose) / kComposedFps
                                             : double(m_toCompose - m_composed) / progress.fps;
        m_context.emit(progress);
    }

    JobContext& m_context;
    const std::int64_t m_toEdit, m_toCompose;
    Phase m_phase = Phase::loading;
    Clock::time_point m_start;
    std::int64_t m_edited = 0, m_composed = 0, m_kept = 0, m_total = 0;
};

// What is left to do, supposing that nothing can be skipped: how much can is known only after looking at the clips.
Result<Estimate> estimateRender(const RenderRequest& request, const std::vector<NeededEdit>& needed, const Range& range, DeviceInfo& device, JobContext& context) {
    Estimate sum;
    for (const NeededEdit& one : needed) {
        if (one.frames == 0)
            continue;
        const TimelineEdit& edit = request.edits[std::size_t(one.edit)];
        LIPAR_ASSIGN(const ClipSetup setup, setUpClip(one.input, edit.engine, edit.settings, context));
        device = setup.device.info;
        LIPAR_ASSIGN(const BlockCost cost, measureBlockCost(setup, context.cancel));
        const int perBlock = setup.model->framesPerBlock();
        const pipeline::PixelSize padded = pipeline::paddedSize(setup.size, setup.model->pixelsPerToken());
        const std::int64_t tokens = std::int64_t(padded.width / setup.model->pixelsPerToken()) * (padded.height / setup.model->pixelsPerToken()) *
                                    setup.model->manifest.dit.blockFrames;
        const std::vector<MaskedBlock> blocks(std::size_t((one.frames + perBlock - 1) / perBlock), MaskedBlock{perBlock, tokens, tokens, 0});
        const Estimate ofEdit = estimateOf(blocks, cost, setup);
        sum.seconds += ofEdit.seconds;
        sum.peakDeviceBytes = std::max(sum.peakDeviceBytes, ofEdit.peakDeviceBytes);
        sum.fits = sum.fits && ofEdit.fits;
    }
    sum.seconds += double(range.frames()) / kComposedFps;
    sum.fps = double(range.frames()) / sum.seconds;
    return sum;
}

// The device that the range's edits run on; a render that shows none has no device.
std::optional<int> deviceOfEdits(const RenderRequest& request, const std::vector<NeededEdit>& needed) {
    if (needed.empty())
        return std::nullopt;
    const auto chosen = chooseDevice(request.edits[std::size_t(needed.front().edit)].engine);
    return chosen ? decodingDevice(chosen->device) : std::nullopt;
}

// Composes on a thread of its own, encodes on the job's.
Result<> writeTimeline(const RenderRequest& request, const Range& range, CachedPictures& pictures, std::optional<int> cudaDevice,
                       RenderProgress& progress, JobContext& context) {
    const Timeline& timeline = request.timeline;
    LIPAR_ASSIGN(media::TimelineMixer mixer, media::TimelineMixer::open(timeline, {}, context.cancel));
    media::TimelineRange written{range.first, range.end, {}, {}};
    if (request.output.audio != Audio::none && !timeline.sounds.empty())
        written.sound = [&](std::int64_t firstSample, std::span<float> stereo) { return mixer.mixInto(firstSample, stereo); };
    const auto sources = std::make_shared<media::SourcePool>(cudaDevice);
    LIPAR_ASSIGN(media::TimelineCompositor compositor, media::TimelineCompositor::open(timeline, {0, 0, false, &pictures}, sources, context.cancel));
    LIPAR_ASSIGN(media::ClipWriter writer, media::ClipWriter::openTimeline(request.output.path, timeline, std::move(written), optionsOf(request), context.cancel));

    BoundedQueue<PicturePtr> composed(kComposeAhead);
    Result<> composeOutcome;
    std::jthread thread([&] {
        for (std::int64_t frame = range.first; frame < range.end; ++frame) {
            Result<media::ComposedFrame> one = compositor.compose(frame);
            if (!one)
                composeOutcome = std::unexpected(std::move(one).error());
            if (!one || !composed.push(one->shown()))
                break;
        }
        composed.close();
    });
    Result<> outcome;
    for (std::int64_t frame = 0; outcome; ++frame) {
        const std::optional<PicturePtr> picture = composed.pop();
        if (!picture)
            break;
        outcome = writer.write(**picture, frame, 1);
        progress.composed();
    }
    composed.abandon();
    thread.join();
    LIPAR_TRY(outcome);
    LIPAR_TRY(composeOutcome);
    LIPAR_TRY(context.cancel.check());
    return writer.finish();
}

// All but the checks of what was asked for. `report` holds what is known before.
Result<RenderReport> renderRange(const RenderRequest& request, const Range& range, RenderReport report,
                                 Clock::time_point began, JobContext& context) {
    // Blocks of this render are not given up for one another, whatever the limit says, until it is done.
    const fs::file_time_type keepFrom = fs::file_time_type::clock::now() - std::chrono::seconds(1);
    const EditCache cache(request.cache);
    LIPAR_ASSIGN(const std::vector<NeededEdit> needed, neededEdits(request, range.first, range.end, cache, context));
    std::int64_t toEdit = 0;
    for (const NeededEdit& one : needed)
        toEdit += one.frames;
    if (request.dryRun) {
        report.dryRun = true;
        report.editedFrames = toEdit;
        LIPAR_ASSIGN(report.estimate, estimateRender(request, needed, range, report.device, context));
        report.totalSeconds = secondsSince(began);
        return report;
    }

    RenderProgress progress(context, toEdit, range.frames());
    std::vector<std::shared_ptr<CachedEdit>> edits(request.timeline.pictures.size());
    if (toEdit > 0)
        progress.start(Phase::editing);
    for (const NeededEdit& one : needed) {
        const TimelineEdit& edit = request.edits[std::size_t(one.edit)];
        for (const std::size_t entry : one.entries)
            edits[entry] = one.cached;
        one.cached->touch(one.from, one.to);
        if (one.frames == 0 || one.cached->covers(one.from, one.to))
            continue;
        LIPAR_ASSIGN(const EditBasis basis, basisOfEdit(one.input, edit.engine, edit.settings, context.models));
        LIPAR_TRY(checkCacheSpace(request.cache.folder, std::uint64_t(double(one.frames) * basis.size.width * basis.size.height * kCacheBytesPerPixel)));
        LIPAR_TRY(fillCache(one, edit, cache, keepFrom, [&](const FilledBlock& block) { progress.edited(block); }, report.device, context));
    }

    progress.start(Phase::finishing);
    CachedPictures pictures(std::move(edits), CachedPictures::Take::exactOnly);
    LIPAR_TRY(writeTimeline(request, range, pictures, deviceOfEdits(request, needed), progress, context));
    cache.enforceLimit();
    LIPAR_ASSIGN(const media::MediaInfo written, media::probe(request.output.path));
    report.output = describeClip(written);
    report.editedFrames = progress.editedFrames();
    report.keptRatio = progress.keptRatio();
    report.totalSeconds = secondsSince(began);
    report.fpsEndToEnd = double(range.frames()) / std::max(1e-9, report.totalSeconds);
    std::error_code ignored;
    report.outputBytes = fs::file_size(request.output.path, ignored);
    return report;
}

}  // namespace

Result<RenderReport> runRender(const RenderRequest& original, JobContext& context) {
    const auto began = Clock::now();
    context.progress(Phase::loading);
    LIPAR_ASSIGN(const Range range, rangeOf(original));
    LIPAR_TRY(checkSources(original.timeline, range));
    RenderReport report;
    report.output = outputInfo(original, range);
    report.device.kind = "cpu";
    report.outputBytes =
        original.bitRate ? std::uint64_t(double(*original.bitRate) / 8 * report.output.durationSeconds)
                         : std::uint64_t(std::max<std::int64_t>(
                               0, media::estimateOutputBytes(formatOf(original.timeline, range), optionsOf(original))));
    LIPAR_TRY(checkTarget(original, report.outputBytes, report));

    const OwnCache own(original);
    RenderRequest request = original;
    request.cache = own.settings();
    Result<RenderReport> outcome = renderRange(request, range, std::move(report), began, context);
    if (outcome ? !outcome->dryRun : outcome.error().code == ErrorCode::cancelled)
        own.remove();
    else if (!outcome)
        own.explain(outcome.error());
    return outcome;
}

}  // namespace lipar::service
