#include "tests/support/fake_engine.h"

#include <algorithm>
#include <fstream>

namespace lipar::testing {

FakeEngine::FakeEngine(FakeClip clip, QObject* parent) : JobRunner(parent), m_clip(std::move(clip)) {
    connect(&m_timer, &QTimer::timeout, this, &FakeEngine::advance);
}

service::ModelInfo FakeEngine::model() const {
    service::ModelInfo model;
    model.name = "lipar-mini";
    model.version = "0";
    model.builtIn = model.canEdit = true;
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
        send(service::JobFinished{job, service::ModelListReport{{model()}}});
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
        const int all = int(m_clip.source.size()) / blockFrames;
        m_edits.push_back({job, *edit, -1, edit->settings.endSeconds ? 1 : all});
    }
}

void FakeEngine::cancel(service::JobId job) {
    m_cancelled.push_back(job);
    QTimer::singleShot(0, this, [this, job] {
        std::erase_if(m_edits, [job](const Edit& edit) { return edit.job == job; });
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

service::BlockFinished FakeEngine::block(service::JobId job, int index) const {
    service::BlockFinished block;
    block.job = job;
    block.report.index = index;
    block.report.frames = blockFrames;
    block.report.ms = {.encode = 86, .mask = 4, .steps = {231}, .cache = 219, .decode = 111};
    block.firstFrame = std::int64_t(index) * blockFrames;
    block.hostBytes = std::uint64_t(612) << 20;
    const int latentFrames = blockFrames / 4;
    block.keep = TokenMask(latentFrames, m_clip.tokenRows, m_clip.tokenColumns);
    block.age.assign(block.keep.keep.size(), 0);
    const auto& first = *m_clip.source.front();
    const int cellWidth = first.width / m_clip.tokenColumns;
    const int cellHeight = first.height / m_clip.tokenRows;
    for (int f = 0; f < latentFrames; ++f) {
        const int frame = int(block.firstFrame) + 4 * f;
        const auto& now = *m_clip.source[std::size_t(frame)];
        const auto& before = *m_clip.source[std::size_t(std::max(0, frame - 4))];
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
        const auto frame = std::size_t(block.firstFrame) + std::size_t(i);
        block.source.push_back(m_clip.source[frame]);
        block.edited.push_back(m_clip.edited[frame]);
        block.seconds.push_back(double(frame) / m_clip.info.fps);
        block.latentFrameOf.push_back(i / 4);
    }
    return block;
}

bool FakeEngine::advance() {
    if (m_edits.empty())
        return false;
    auto& edit = m_edits.front();
    const auto total = std::int64_t(edit.blocks) * blockFrames;
    if (m_editError && edit.nextBlock >= m_editError->first && !edit.request.settings.endSeconds) {
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
        const auto job = edit.job;
        send(service::JobStarted{job});
        send(prepared);
        return true;
    }
    if (edit.nextBlock < edit.blocks) {
        const int index = edit.nextBlock++;
        const auto done = std::int64_t(edit.nextBlock) * blockFrames;
        const auto job = edit.job;
        auto finished = block(job, index);
        const double kept = finished.keep.keptRatio();
        send(std::move(finished));
        send(service::Progress{job, service::Phase::editing, done, total, 17.8, kept, double(total - done) / 17.8});
        return true;
    }
    const auto done = edit;
    m_edits.pop_front();
    if (!done.request.output.path.empty())
        writeOutput(done.request.output.path);
    service::EditReport report;
    report.input = report.output = m_clip.info;
    report.output.frames = total;
    report.pruning.keptRatio = 0.42;
    report.fpsEndToEnd = 17.9;
    report.totalSeconds = double(total) / 17.9;
    send(service::JobFinished{done.job, report});
    return true;
}

void FakeEngine::finishEdit() {
    while (advance()) {
    }
}

void FakeEngine::writeOutput(const std::filesystem::path& path) const {
    std::ofstream file(path, std::ios::binary);
    file << "edited clip";
}

}  // namespace lipar::testing
