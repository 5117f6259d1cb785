// `edit`: reader, engine and encoders work side by side; this file is the order of things and the report.
#include <algorithm>

#include "engine/service/clip_output.h"
#include "engine/service/clip_setup.h"
#include "engine/service/estimate.h"
#include "engine/service/job.h"
#include "engine/weights/hash.h"
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

// The blocks as they come, gathered for the report, the events and the files.
class EditRun {
public:
    EditRun(const EditRequest& request, JobContext& context, const ClipSetup& setup) : m_request(request), m_context(context), m_setup(setup) {}

    void attach(ClipOutput* output) { m_output = output; }
    void start() { m_start = Clock::now(); }

    [[nodiscard]] Result<> take(pipeline::EditedBlock&& block) {
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
        const MemoryUse memory = memoryUse(m_setup.device.device);
        event.deviceBytes = memory.deviceNow;
        event.hostBytes = memory.hostNow;
        m_blocks.push_back(std::move(report));
        if (m_output)
            LIPAR_TRY(m_output->write(std::make_shared<const pipeline::EditedBlock>(std::move(block))));
        m_context.emit(std::move(event));
        emitProgress(Phase::editing);
        return {};
    }

    void emitProgress(Phase phase) const {
        Progress progress{.job = m_context.id, .phase = phase, .framesDone = m_frames, .framesTotal = std::max(m_setup.expectedFrames, m_frames)};
        progress.fps = fps();
        progress.keptRatio = keptRatio();
        if (m_setup.expectedFrames > 0 && progress.fps > 0)
            progress.secondsLeft = double(std::max<std::int64_t>(0, m_setup.expectedFrames - m_frames)) / progress.fps;
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
    const ClipSetup& m_setup;
    ClipOutput* m_output = nullptr;
    Clock::time_point m_start;
    std::int64_t m_frames = 0, m_kept = 0, m_total = 0;
    double m_denoiseMs = 0;
    std::vector<double> m_keptPerFrame;
    std::vector<BlockReport> m_blocks;
    TokenMask m_mask;
};

// What the output will be, or is.
ClipInfo outputInfo(const EditRequest& request, const ClipSetup& setup) {
    ClipInfo info = describeClip(setup.media);
    info.path = request.output.path;
    if (request.output.width > 0) {
        info.width = request.output.width;
        info.height = request.output.height;
    }
    info.frames = setup.expectedFrames;
    info.videoCodec = request.output.codec;
    if (request.output.audio == Audio::none)
        info.audioCodec.clear();
    if (info.fps > 0 && (request.settings.startSeconds || request.settings.endSeconds))
        info.durationSeconds = double(info.frames) / info.fps;
    return info;
}

}  // namespace

Result<EditReport> runEdit(const EditRequest& request, JobContext& context) {
    const auto began = Clock::now();
    LIPAR_ASSIGN(const ClipSetup setup, setUpClip(request.input, request.engine, request.settings, context));
    LIPAR_TRY(checkOutput(request.input, setup.media, request.output));

    EditReport report;
    report.input = describeClip(setup.media);
    report.output = outputInfo(request, setup);
    report.model = describeModel(setup.model->manifest);
    report.device = setup.device.info;
    report.seed = request.settings.seed;
    report.prompt = request.settings.prompt;
    report.processingWidth = setup.size.width;
    report.processingHeight = setup.size.height;
    report.pruning.enabled = request.settings.pruning;
    report.pruning.recovery = recoveryName(request.settings.recovery);
    LIPAR_ASSIGN(report.model.sha256, weights::sha256OfModel(setup.model->manifest.directory, context.cancel));

    EditRun run(request, context, setup);
    LIPAR_ASSIGN(const std::unique_ptr<pipeline::BlockEditor> editor,
                 pipeline::BlockEditor::create(setup.model, setup.parameters, setup.size, context.cancel,
                                               [&](pipeline::EditedBlock&& block) { return run.take(std::move(block)); }));
    report.unknownWords = editor->unknownWords();
    if (request.dryRun) {
        report.dryRun = true;
        PlanRequest plan{request.input, {}, request.engine, request.settings};
        plan.settings.maskOut.clear();  // a dry run writes nothing
        LIPAR_ASSIGN(const PlanReport planned, runPlan(plan, context));
        report.estimate = planned.estimate;
        report.pruning = planned.pruning;
        report.totalSeconds = secondsSince(began);
        return report;
    }
    context.emit(EditPrepared{context.id, report.input, report.model, report.device, setup.size.width, setup.size.height, editor->tokenRows(),
                              editor->tokenColumns(), report.unknownWords});
    report.loadSeconds = secondsSince(began);
    resetPeak(setup.device.device);

    LIPAR_ASSIGN(std::unique_ptr<ClipOutput> output,
                 ClipOutput::open(setup.media, request.settings, request.output, editor->tokenColumns(), setup.model->pixelsPerToken(), context.cancel));
    run.attach(output.get());
    run.start();
    run.emitProgress(Phase::editing);
    LIPAR_TRY(editAllFrames(setup, request.settings, *editor, context.cancel, report.damagedFrames));
    run.emitProgress(Phase::finishing);
    LIPAR_TRY(context.cancel.check());
    LIPAR_TRY(output->finish());
    run.fill(report);
    if (!request.settings.maskOut.empty())
        LIPAR_TRY(weights::writeMaskNpy(request.settings.maskOut, run.mask()));
    report.pruning.tau1 = editor->thresholds().tau1;
    report.pruning.tau2 = editor->thresholds().tau2;
    report.totalSeconds = secondsSince(began);
    const MemoryUse memory = memoryUse(setup.device.device);
    report.peakDeviceBytes = memory.devicePeak;
    report.peakHostBytes = memory.hostPeak;
    return report;
}

}  // namespace lipar::service
