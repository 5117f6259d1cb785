#include "tests/support/fake_engine.h"

#include <algorithm>
#include <fstream>

namespace lipar::testing {

namespace {

void writeFile(const std::filesystem::path& path, const char* text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
}

}  // namespace

FakeEngine::FakeEngine(FakeClip clip, QObject* parent) : JobRunner(parent), m_clip(std::move(clip)) {
    connect(&m_timer, &QTimer::timeout, this, &FakeEngine::advance);
    m_playbackTimer.setInterval(1);
    connect(&m_playbackTimer, &QTimer::timeout, this, &FakeEngine::advancePlayback);
}

service::ModelInfo FakeEngine::model() const {
    service::ModelInfo model;
    model.name = "lipar-mini";
    model.version = "0";
    model.builtIn = model.canEdit = true;
    model.steps = {400};
    model.mostSteps = 4;
    model.lowestShift = model.highestShift = model.shift;
    model.pixelsPerToken = 16;
    model.tau1 = 0.05;
    model.tau2 = 0.1;
    model.looks = {{"watercolor", "watercolor painting"},
                   {"oil", "oil painting"},
                   {"pencil", "pencil sketch"},
                   {"cartoon", "cartoon"},
                   {"ink", "ink drawing"},
                   {"comic", "comic halftone"},
                   {"pixel", "pixel art"},
                   {"neon", "neon night"},
                   {"noir", "film noir"},
                   {"snow", "winter snow"},
                   {"autumn", "autumn"},
                   {"thermal", "thermal camera"},
                   {"sepia", "vintage sepia"},
                   {"underwater", "underwater"},
                   {"sunset", "golden sunset"},
                   {"original", "original"}};
    model.words = {"<pad>",    "<end>",    "art",      "autumn",     "camera",  "cartoon",    "comic", "drawing",
                   "film",     "golden",   "halftone", "ink",        "neon",    "night",      "noir",  "oil",
                   "original", "painting", "pencil",   "pixel",      "sepia",   "sketch",     "snow",  "strong",
                   "subtle",   "sunset",   "thermal",  "underwater", "vintage", "watercolor", "winter"};
    return model;
}

service::JobId FakeEngine::submit(service::Request request) {
    const auto job = ++m_lastJob;
    m_requests.push_back(request);
    // Like the real engine, never from within submit().
    QTimer::singleShot(0, this, [this, job, request = std::move(request)] { answer(job, request); });
    return job;
}

void FakeEngine::answer(service::JobId job, const service::Request& request) {
    if (std::ranges::find(m_cancelled, job) != m_cancelled.end())
        return;
    if (std::holds_alternative<service::ModelListRequest>(request)) {
        service::ModelListReport report{{model()}, m_modelEntries, "/models"};
        for (const auto& entry : m_modelEntries)
            if (!entry.builtIn && entry.state == ModelState::installed) {
                service::ModelInfo info;
                info.name = entry.name;
                info.canEdit = true;
                info.steps = {400, 350, 250};
                info.pixelsPerToken = 32;
                report.models.push_back(std::move(info));
            }
        send(service::JobFinished{job, std::move(report)});
    } else if (m_nextError) {
        send(service::JobFailed{job, *m_nextError});
        m_nextError.reset();
    } else if (const auto* probe = std::get_if<service::ProbeRequest>(&request)) {
        auto info = m_clip.info;
        info.path = probe->input;
        send(service::JobFinished{job, service::ProbeReport{info}});
    } else if (const auto* sample = std::get_if<service::MakeSampleRequest>(&request)) {
        send(service::JobFinished{job, service::MakeSampleReport{sample->target}});
    } else if (const auto* edit = std::get_if<service::EditRequest>(&request)) {
        start(job, *edit);
    } else if (const auto* render = std::get_if<service::RenderRequest>(&request)) {
        start(job, *render);
    } else if (const auto* playback = std::get_if<service::PlaybackRequest>(&request)) {
        start(job, *playback);
    } else if (const auto* thumbnails = std::get_if<service::ThumbnailsRequest>(&request)) {
        answer(job, *thumbnails);
    } else if (const auto* waveform = std::get_if<service::WaveformRequest>(&request)) {
        answer(job, *waveform);
    } else if (std::holds_alternative<service::ProxyRequest>(request)) {
        send(service::JobFinished{job, service::ProxyReport{false}});
    } else if (const auto* lookup = std::get_if<service::CacheLookupRequest>(&request)) {
        answer(job, *lookup);
    } else if (std::holds_alternative<service::ClearCacheRequest>(request)) {
        const auto blocks = m_cache.size();
        m_cache.clear();
        send(service::JobFinished{job, service::ClearCacheReport{blocks << 20}});
    } else if (std::holds_alternative<service::ModelInstallRequest>(request) ||
               std::holds_alternative<service::ModelRepairRequest>(request) ||
               std::holds_alternative<service::ModelVerifyRequest>(request) ||
               std::holds_alternative<service::ModelRemoveRequest>(request) ||
               std::holds_alternative<service::ModelImportRequest>(request)) {
        send(service::JobStarted{job});
    } else if (const auto* plan = std::get_if<service::PlanRequest>(&request)) {
        service::PlanReport report;
        report.input = m_clip.info;
        report.input.path = plan->input;
        report.pruning.keptRatio = 0.38;
        report.estimate = {.seconds = double(m_clip.info.frames) / 17.8, .fps = 17.8, .speedup = 1.9};
        send(service::JobFinished{job, report});
    } else if (const auto* join = std::get_if<service::JoinRequest>(&request)) {
        writeFile(join->output, "joined");
        auto info = m_clip.info;
        info.path = join->output;
        send(service::JobFinished{job, service::JoinReport{info}});
    }
}

void FakeEngine::start(service::JobId job, const service::EditRequest& request) {
    const auto& settings = request.settings;
    const int first = clipFrame(settings.startSeconds.value_or(0));
    const int end = settings.endSeconds ? clipFrame(*settings.endSeconds - 0.5 / m_clip.info.fps) + 1
                                        : int(m_clip.source.size());
    Edit edit;
    edit.job = job;
    edit.request = request;
    edit.firstFrame = first;
    edit.blocks = std::max(1, (end - first) / blockFrames);
    m_edits.push_back(std::move(edit));
}

void FakeEngine::start(service::JobId job, const service::RenderRequest& request) {
    Edit edit;
    edit.job = job;
    edit.render = request;
    edit.request.output = request.output;
    const auto end = request.endFrame < 0 ? request.timeline.frames : request.endFrame;
    edit.blocks = int((end - request.firstFrame + blockFrames - 1) / blockFrames);
    if (request.dryRun)
        sendReport(edit);
    else
        m_edits.push_back(std::move(edit));
}

void FakeEngine::cancel(service::JobId job) {
    m_cancelled.push_back(job);
    QTimer::singleShot(0, this, [this, job] {
        std::erase_if(m_edits, [job](const Edit& edit) { return edit.job == job; });
        std::erase_if(m_playbacks, [job](const Playback& playback) { return playback.job == job; });
        send(service::JobFailed{job, Error{ErrorCode::cancelled, "cancelled", {}}});
    });
}

void FakeEngine::setAutomatic(bool automatic, int blockMs) {
    automatic ? m_timer.start(blockMs) : m_timer.stop();
}

void FakeEngine::failNext(const Error& error) {
    m_nextError = error;
}

void FakeEngine::failEditAfter(int blocks, const Error& error) {
    m_editError = {blocks, error};
}

void FakeEngine::send(service::Event event) {
    Q_EMIT eventArrived(std::make_shared<const service::Event>(std::move(event)));
}

const service::EditRequest& FakeEngine::lastEdit() const {
    static const service::EditRequest none;
    const auto found = std::ranges::find_if(
        m_requests.rbegin(), m_requests.rend(),
        [](const service::Request& request) { return std::holds_alternative<service::EditRequest>(request); });
    return found == m_requests.rend() ? none : std::get<service::EditRequest>(*found);
}

const service::PlaybackRequest& FakeEngine::lastPlayback() const {
    static const service::PlaybackRequest none;
    const auto found = std::ranges::find_if(
        m_requests.rbegin(), m_requests.rend(),
        [](const service::Request& request) { return std::holds_alternative<service::PlaybackRequest>(request); });
    return found == m_requests.rend() ? none : std::get<service::PlaybackRequest>(*found);
}

service::BlockFinished FakeEngine::blockAt(service::JobId job, int index, int firstFrame) const {
    service::BlockFinished block;
    block.job = job;
    block.report.index = index;
    block.report.frames = blockFrames;
    block.report.ms = {.encode = 86, .mask = 4, .steps = {231}, .cache = 219, .decode = 111};
    block.firstFrame = firstFrame;
    const auto clipFrameAt = [this](std::int64_t frame) {
        return std::size_t(std::clamp<std::int64_t>(frame, 0, std::int64_t(m_clip.source.size()) - 1));
    };
    block.hostBytes = std::uint64_t(612) << 20;
    const int latentFrames = blockFrames / 4;
    block.keep = TokenMask(latentFrames, m_clip.tokenRows, m_clip.tokenColumns);
    block.age.assign(block.keep.keep.size(), 0);
    const auto& first = *m_clip.source.front();
    const int cellWidth = first.width / m_clip.tokenColumns;
    const int cellHeight = first.height / m_clip.tokenRows;
    for (int f = 0; f < latentFrames; ++f) {
        const int frame = int(block.firstFrame) + 4 * f;
        const auto& now = *m_clip.source[clipFrameAt(frame)];
        const auto& before = *m_clip.source[clipFrameAt(frame - 4)];
        for (int row = 0; row < m_clip.tokenRows; ++row)
            for (int column = 0; column < m_clip.tokenColumns; ++column) {
                long difference = 0;
                for (int y = row * cellHeight; y < (row + 1) * cellHeight; y += 2)
                    for (int x = column * cellWidth; x < (column + 1) * cellWidth; x += 2) {
                        const auto at = std::size_t(3) * (std::size_t(y) * std::size_t(now.width) + std::size_t(x)) + 1;
                        difference += std::abs(int(now.rgb[at]) - int(before.rgb[at]));
                    }
                const bool kept = frame == 0 || difference > cellWidth * cellHeight;
                const auto token = std::size_t(row) * std::size_t(m_clip.tokenColumns) + std::size_t(column);
                block.keep.frame(f)[token] = kept ? 1 : 0;
                block.age[std::size_t(f) * block.keep.frameSize() + token] =
                    kept ? std::uint16_t(0) : std::uint16_t(1 + (row * 7 + column * 3) % 9);
            }
    }
    block.report.kept = std::int64_t(block.keep.keptCount());
    block.report.total = std::int64_t(block.keep.keep.size());
    for (int i = 0; i < blockFrames; ++i) {
        const auto frame = clipFrameAt(block.firstFrame + i);
        block.source.push_back(m_clip.source[frame]);
        block.edited.push_back(m_clip.edited[frame]);
        block.seconds.push_back(double(block.firstFrame + i) / m_clip.info.fps);
        block.latentFrameOf.push_back(i / 4);
    }
    return block;
}

bool FakeEngine::advance() {
    if (m_edits.empty())
        return false;
    auto& edit = m_edits.front();
    const auto total = std::int64_t(edit.blocks) * blockFrames;
    if (m_editError && edit.nextBlock >= m_editError->first && edit.blocks > 1) {
        const auto job = edit.job;
        m_edits.pop_front();
        send(service::JobFailed{job, m_editError->second});
        m_editError.reset();
        return true;
    }
    if (edit.nextBlock < 0) {
        edit.nextBlock = 0;
        service::EditPrepared prepared;
        prepared.job = edit.job;
        prepared.input = m_clip.info;
        prepared.device = {.kind = "cpu", .name = "Example CPU 2 x 2.6 GHz", .precision = "bf16"};
        prepared.unknownWords = m_unknownWords;
        prepared.promptTokens = m_promptTokens;
        prepared.processingWidth = edit.request.settings.width > 0 ? edit.request.settings.width : m_clip.info.width;
        prepared.processingHeight = edit.request.settings.height > 0 ? edit.request.settings.height : m_clip.info.height;
        const auto job = edit.job;
        send(service::JobStarted{job});
        send(prepared);
        return true;
    }
    if (edit.nextBlock < edit.blocks) {
        const int index = edit.nextBlock++;
        const auto done = std::int64_t(edit.nextBlock) * blockFrames;
        const auto job = edit.job;
        auto finished = blockAt(job, index, edit.firstFrame + index * blockFrames);
        const double kept = finished.keep.keptRatio();
        if (!edit.render) {
            if (!edit.request.cache.folder.empty())
                remember(edit, finished);
            if (!edit.request.sendPictures) {
                finished.source.clear();
                finished.edited.clear();
            }
            send(std::move(finished));
        }
        send(service::Progress{job, service::Phase::editing, done, total, 17.8, kept, double(total - done) / 17.8});
        return true;
    }
    const auto done = edit;
    m_edits.pop_front();
    sendReport(done);
    return true;
}

void FakeEngine::sendReport(const Edit& edit) {
    const auto total = std::int64_t(edit.blocks) * blockFrames;
    const bool isDry = edit.render && edit.render->dryRun;
    if (!isDry && !edit.request.output.path.empty())
        writeFile(edit.request.output.path, "edited clip");
    if (edit.render) {
        service::RenderReport report;
        report.output = m_clip.info;
        report.output.path = edit.request.output.path;
        report.output.frames = total;
        report.keptRatio = 0.42;
        report.fpsEndToEnd = 17.9;
        report.totalSeconds = double(total) / 17.9;
        report.dryRun = isDry;
        report.estimate = {.seconds = double(total) / 17.9, .fps = 17.9, .speedup = 1.9};
        report.outputBytes = std::uint64_t(total) * 20'000;
        report.freeBytes = std::uint64_t(40) << 30;
        send(service::JobFinished{edit.job, report});
        return;
    }
    service::EditReport report;
    report.input = report.output = m_clip.info;
    report.output.frames = total;
    report.pruning.keptRatio = 0.42;
    report.fpsEndToEnd = 17.9;
    report.totalSeconds = double(total) / 17.9;
    send(service::JobFinished{edit.job, report});
}

void FakeEngine::finishEdit() {
    while (advance()) {
    }
}

}  // namespace lipar::testing
