// `edit`: reader, engine and encoders work side by side; this file is the order of things and the report.
#include <algorithm>

#include "engine/service/cached_edit.h"
#include "engine/service/clip_output.h"
#include "engine/service/clip_setup.h"
#include "engine/service/edit_cache_writer.h"
#include "engine/service/estimate.h"
#include "engine/service/job.h"
#include "engine/weights/npy.h"

namespace lipar::service {
namespace {

using Clock = std::chrono::steady_clock;

BlockReport reportOf(const pipeline::EditedBlock& block) {
    BlockReport report;
    report.index = block.index;
    report.frames = int(block.source.size());
    report.kept = block.kept;
    report.total = block.total;
    report.keys = block.keys;
    report.ms.encode = block.encodeMs;
    report.ms.mask = block.maskMs;
    report.ms.steps = block.stepMs;
    report.ms.cache = block.cacheMs;
    report.ms.decode = block.decodeMs;
    return report;
}

BlockFinished eventOf(JobId job, const pipeline::EditedBlock& block, const BlockReport& report, bool pictures) {
    BlockFinished event;
    event.job = job;
    event.report = report;
    event.firstFrame = block.source.front().index;
    event.keep = block.keep;
    event.age = block.age;
    event.latentFrameOf = block.latentFrameOf;
    for (const media::SourceFrame& frame : block.source)
        event.seconds.push_back(frame.seconds);
    if (pictures) {
        for (const media::SourceFrame& frame : block.source)
            event.source.push_back(frame.picture);
        event.edited = block.edited;
    }
    return event;
}

// The blocks as they come, gathered for the report, the events, the files and the cache.
class EditRun {
public:
    EditRun(const EditRequest& request, JobContext& context, at::Device device, std::int64_t expectedFrames)
        : m_request(request), m_context(context), m_device(device), m_expectedFrames(expectedFrames) {}

    void attach(ClipOutput* output) { m_output = output; }
    void attach(EditCacheWriter* cache) { m_cache = cache; }
    void start() { m_start = Clock::now(); }
    // Blocks taken so far, which the run begins with when it is made again.
    [[nodiscard]] int blocks() const noexcept { return int(m_blocks.size()); }

    [[nodiscard]] Result<> take(pipeline::EditedBlock&& block) {
        if (block.index < blocks()) {  // was replayed from the cache; the model needed it to go on from there
            emitProgress(Phase::editing);
            return {};
        }
        BlockReport report = reportOf(block);
        m_frames += report.frames;
        m_kept += report.kept;
        m_total += report.total;
        m_denoiseMs += report.ms.cache;
        for (const double step : report.ms.steps)
            m_denoiseMs += step;
        for (int frame = 0; frame < block.keep.frames; ++frame)
            m_keptPerFrame.push_back(double(std::count(block.keep.frame(frame), block.keep.frame(frame) + block.keep.frameSize(), 1)) / double(block.keep.frameSize()));
        m_mask.rows = block.keep.rows;
        m_mask.columns = block.keep.columns;
        m_mask.frames += block.keep.frames;
        m_mask.keep.insert(m_mask.keep.end(), block.keep.keep.begin(), block.keep.keep.end());

        BlockFinished event = eventOf(m_context.id, block, report, m_request.sendPictures);
        const MemoryUse memory = memoryUse(m_device);
        event.deviceBytes = memory.deviceNow;
        event.hostBytes = memory.hostNow;
        m_blocks.push_back(std::move(report));
        const auto shared = std::make_shared<const pipeline::EditedBlock>(std::move(block));
        if (m_cache)
            LIPAR_TRY(m_cache->write(shared));
        if (m_output)
            LIPAR_TRY(m_output->write(shared));
        m_context.emit(std::move(event));
        emitProgress(Phase::editing);
        return {};
    }

    void emitProgress(Phase phase) const {
        Progress progress{.job = m_context.id, .phase = phase, .framesDone = m_frames, .framesTotal = std::max(m_expectedFrames, m_frames)};
        progress.fps = fps();
        progress.keptRatio = keptRatio();
        if (m_expectedFrames > 0 && progress.fps > 0)
            progress.secondsLeft = double(std::max<std::int64_t>(0, m_expectedFrames - m_frames)) / progress.fps;
        m_context.emit(progress);
    }

    [[nodiscard]] double fps() const { return double(m_frames) / std::max(1e-9, secondsSince(m_start)); }
    [[nodiscard]] double keptRatio() const { return m_total == 0 ? 1.0 : double(m_kept) / double(m_total); }

    void fill(EditReport& report) {
        report.pruning.keptRatio = keptRatio();
        report.pruning.keptPerLatentFrame = std::move(m_keptPerFrame);
        report.blocks = std::move(m_blocks);
        report.fpsEndToEnd = fps();
        report.fpsDenoise = m_denoiseMs > 0 ? double(m_frames) * 1000.0 / m_denoiseMs : 0.0;
        report.output.frames = m_frames;
    }
    [[nodiscard]] const TokenMask& mask() const noexcept { return m_mask; }

private:
    const EditRequest& m_request;
    JobContext& m_context;
    const at::Device m_device;
    const std::int64_t m_expectedFrames;
    ClipOutput* m_output = nullptr;
    EditCacheWriter* m_cache = nullptr;
    Clock::time_point m_start;
    std::int64_t m_frames = 0, m_kept = 0, m_total = 0;
    double m_denoiseMs = 0;
    std::vector<double> m_keptPerFrame;
    std::vector<BlockReport> m_blocks;
    TokenMask m_mask;
};

// What the output will be, or is.
ClipInfo outputInfo(const EditRequest& request, const EditBasis& basis) {
    ClipInfo info = describeClip(basis.media);
    info.path = request.output.path;
    if (request.output.width > 0) {
        info.width = request.output.width;
        info.height = request.output.height;
    }
    info.frames = basis.expectedFrames;
    info.videoCodec = request.output.codec;
    if (request.output.audio == Audio::none)
        info.audioCodec.clear();
    if (info.fps > 0 && (request.settings.startSeconds || request.settings.endSeconds))
        info.durationSeconds = double(info.frames) / info.fps;
    return info;
}

// Hands out the blocks that the cache holds of this very run, from its first one on. Stops early where one is damaged.
// Returns whether that was all of the run.
Result<bool> replay(CachedEdit& cached, const EditRequest& request, const EditBasis& basis, EditRun& run, const CancelToken& cancel) {
    std::optional<media::VideoReader> reader;
    if (request.sendPictures || !request.output.heatmap.empty()) {
        const media::ReaderOptions options{basis.size.width, basis.size.height, request.settings.startSeconds, request.settings.endSeconds,
                                           decodingDevice(basis.device.device)};
        LIPAR_ASSIGN(reader, media::VideoReader::open(request.input, options, cancel));
    }
    for (const BlockHeader* header : cached.exactPrefix()) {
        LIPAR_TRY(cancel.check());
        pipeline::EditedBlock block;
        for (std::size_t i = 0; i < header->frames.size(); ++i) {
            PicturePtr edited = cached.picture({cached.identity().range, header, int(i), true});
            if (!edited)
                return false;
            block.edited.push_back(std::move(edited));
            const BlockFrame& frame = header->frames[i];
            media::SourceFrame source{{}, header->firstFrame + std::int64_t(i), frame.timestamp, frame.duration, frame.seconds};
            if (reader) {
                LIPAR_ASSIGN(const std::optional<media::SourceFrame> read, reader->next());
                if (!read || read->timestamp != frame.timestamp)
                    return fail(ErrorCode::decodeFailed, "cannot read " + request.input.string() + ": it changed while it was being edited", "start again");
                source.picture = read->picture;
            }
            block.source.push_back(std::move(source));
        }
        block.index = header->index;
        block.keep = header->keep;
        block.age = header->age;
        block.latentFrameOf = header->latentFrameOf;
        block.kept = header->kept;
        block.total = header->total;
        block.keys = header->keys;
        const bool isLast = header->isLast;
        LIPAR_TRY(run.take(std::move(block)));
        if (isLast)
            return true;
    }
    return false;
}

Result<EditReport> planOnly(const EditRequest& request, EditReport report, JobContext& context) {
    report.dryRun = true;
    PlanRequest plan{request.input, {}, request.engine, request.settings};
    plan.settings.maskOut.clear();  // a dry run writes nothing
    LIPAR_ASSIGN(const PlanReport planned, runPlan(plan, context));
    report.estimate = planned.estimate;
    report.pruning = planned.pruning;
    return report;
}

}  // namespace

Result<EditReport> runEdit(const EditRequest& request, JobContext& context) {
    const auto began = Clock::now();
    LIPAR_ASSIGN(const EditBasis basis, basisOfEdit(request.input, request.engine, request.settings, context.models));
    LIPAR_TRY(checkOutput(request.input, basis.media, request.output));
    const at::Device device = basis.device.device;

    EditReport report;
    report.input = describeClip(basis.media);
    report.output = outputInfo(request, basis);
    report.model = describeModel(basis.manifest);
    report.device = basis.device.info;
    report.seed = request.settings.seed;
    report.prompt = request.settings.prompt;
    report.processingWidth = basis.size.width;
    report.processingHeight = basis.size.height;
    report.pruning.enabled = request.settings.pruning;
    report.pruning.recovery = recoveryName(request.settings.recovery);
    report.pruning.tau1 = basis.tau1;
    report.pruning.tau2 = basis.tau2;
    LIPAR_ASSIGN(report.model.sha256, digestOfModel(basis.manifest.directory, context.cancel));
    // Without loading the rest of the model. What is wrong with a text encoder is said when it is needed: not where the
    // cache holds the edit.
    if (const auto text = context.models.loadText(basis.manifest, basis.device))
        if (auto findings = readPrompts(**text, request.settings)) {
            report.unknownWords = std::move(findings->unknownWords);
            report.promptTokens = findings->longest;
        }
    if (request.dryRun) {
        LIPAR_ASSIGN(report, planOnly(request, std::move(report), context));
        const OutputRoom room = roomForOutput(basis.media, request.output);
        report.outputBytes = room.needed;
        report.freeBytes = room.free;
        report.totalSeconds = secondsSince(began);
        return report;
    }

    EditRun run(request, context, device, basis.expectedFrames);
    std::unique_ptr<ClipOutput> output;
    // Once the size of the token grid is known, from the model or from the cache.
    const auto begin = [&](int tokenRows, int tokenColumns) -> Result<> {
        context.emit(EditPrepared{context.id, report.input, report.model, report.device, basis.size.width,
                                  basis.size.height, tokenRows, tokenColumns, report.unknownWords,
                                  report.promptTokens});
        report.loadSeconds = secondsSince(began);
        LIPAR_ASSIGN(output, ClipOutput::open(basis.media, request.settings, request.output, tokenColumns, basis.pixelsPerToken(), context.cancel));
        run.attach(output.get());
        run.start();
        run.emitProgress(Phase::editing);
        return {};
    };

    const EditCache cache(request.cache);
    std::unique_ptr<EditCacheWriter> writer;
    bool isDone = false;
    if (cache.isEnabled()) {
        LIPAR_ASSIGN(EditIdentity identity, identityOf(basis, request.settings, context.cancel));
        CachedEdit cached(cache, identity);
        cached.refresh();
        if (const auto prefix = cached.exactPrefix(); !prefix.empty()) {
            LIPAR_TRY(begin(prefix.front()->keep.rows, prefix.front()->keep.columns));
            LIPAR_ASSIGN(isDone, replay(cached, request, basis, run, context.cancel));
        }
        if (!isDone)
            writer = std::make_unique<EditCacheWriter>(cache, std::move(identity), basis.media.video.timeBase, EditCacheWriter::OnError::warn);
    }
    if (!isDone) {
        LIPAR_ASSIGN(const ClipSetup setup, setUpClip(basis, request.engine, request.settings, context));
        LIPAR_ASSIGN(
            const std::unique_ptr<pipeline::BlockEditor> editor,
            pipeline::BlockEditor::create(setup.model, setup.parameters, setup.size, context.cancel,
                                          [&](pipeline::EditedBlock&& block) { return run.take(std::move(block)); }));
        resetPeak(device);
        if (!output)
            LIPAR_TRY(begin(editor->tokenRows(), editor->tokenColumns()));
        run.attach(writer.get());
        LIPAR_TRY(editAllFrames(setup, request.settings, *editor, context.cancel, report.damagedFrames));
        report.pruning.tau1 = editor->thresholds().tau1;
        report.pruning.tau2 = editor->thresholds().tau2;
        if (writer)
            LIPAR_TRY(writer->finish(true));
    }
    run.emitProgress(Phase::finishing);
    LIPAR_TRY(context.cancel.check());
    LIPAR_TRY(output->finish());
    run.fill(report);
    if (!request.settings.maskOut.empty())
        LIPAR_TRY(weights::writeMaskNpy(request.settings.maskOut, run.mask()));
    std::error_code unknown;
    const auto written = request.output.path.empty() ? 0 : std::filesystem::file_size(request.output.path, unknown);
    report.outputBytes = unknown ? 0 : written;
    report.totalSeconds = secondsSince(began);
    const MemoryUse memory = memoryUse(device);
    report.peakDeviceBytes = memory.devicePeak;
    report.peakHostBytes = memory.hostPeak;
    return report;
}

}  // namespace lipar::service
