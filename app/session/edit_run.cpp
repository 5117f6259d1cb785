#include "app/session/edit_run.h"

#include <cmath>
#include <numeric>

#include "app/session/paths.h"

namespace lipar::session {

namespace {

EditRun::State stateOf(service::Phase phase) {
    switch (phase) {
        case service::Phase::loading: return EditRun::Loading;
        case service::Phase::measuring: return EditRun::Measuring;
        case service::Phase::editing: return EditRun::Editing;
        case service::Phase::finishing: return EditRun::Finishing;
    }
    return EditRun::Editing;
}

double totalOf(const service::BlockTimes& ms) {
    return std::accumulate(ms.steps.begin(), ms.steps.end(), ms.encode + ms.mask + ms.cache + ms.decode);
}

}  // namespace

EditRun::EditRun(jobs::JobRunner& runner, QObject* parent) : QObject(parent), m_job(runner) {
    connect(&m_job, &jobs::LatestJob::prepared, this, [this](const service::EditPrepared& event) {
        m_device = event.device;
        Q_EMIT deviceChanged();
        Q_EMIT prepared(event);
    });
    connect(&m_job, &jobs::LatestJob::progressed, this, &EditRun::receiveProgress);
    connect(&m_job, &jobs::LatestJob::blockFinished, this, &EditRun::receiveBlock);
    connect(&m_job, &jobs::LatestJob::finished, this, &EditRun::finish);
    connect(&m_job, &jobs::LatestJob::failed, this, &EditRun::fail);
}

void EditRun::start(const service::EditRequest& request) {
    m_request = request;
    m_error = {};
    clearReadings();
    m_job.start(request);
    setState(Loading);
}

void EditRun::cancel() {
    if (!m_job.isRunning() || m_job.isCancelling())
        return;
    m_job.cancel();
    setState(Cancelling);
}

void EditRun::reset() {
    m_job.abandon();
    m_request = {};
    m_error = {};
    clearReadings();
    setState(Idle);
}

void EditRun::dismissError() {
    m_error = {};
    setState(Idle);
}

void EditRun::receiveProgress(const service::Progress& progress) {
    m_progress = progress;
    Q_EMIT progressChanged();
    setState(stateOf(progress.phase));
}

void EditRun::receiveBlock(const service::BlockFinished& block) {
    m_blockMs = totalOf(block.report.ms);
    m_memoryBytes = double(block.deviceBytes > 0 ? block.deviceBytes : block.hostBytes);
    m_hasReadings = true;
    Q_EMIT progressChanged();
    Q_EMIT blockArrived(block);
}

void EditRun::finish(const service::Report& report) {
    if (const auto* edit = std::get_if<service::EditReport>(&report)) {
        m_totalSeconds = edit->totalSeconds;
        m_progress.framesDone = m_progress.framesTotal = edit->output.frames;
        m_progress.secondsLeft = 0;
        m_progress.fps = edit->fpsEndToEnd;
        m_progress.keptRatio = edit->pruning.keptRatio;
        Q_EMIT progressChanged();
    }
    setState(Done);
}

void EditRun::fail(const Error& error) {
    if (error.code == ErrorCode::cancelled) {
        setState(Cancelled);
        return;
    }
    m_error = ErrorReport(error, "clip: " + toNative(m_request.input) + "\nprompt: " + prompt() +
                                     "\ndevice: " + deviceName() + ' ' + precision());
    setState(Failed);
}

void EditRun::setState(State state) {
    // Also emitted when only the prompt or the error behind the state changed.
    m_state = state;
    Q_EMIT stateChanged();
}

void EditRun::clearReadings() {
    m_progress = {};
    m_blockMs = 0;
    m_memoryBytes = 0;
    m_totalSeconds = 0;
    m_hasReadings = false;
    Q_EMIT progressChanged();
}

double EditRun::progress() const {
    return m_progress.framesTotal > 0 ? double(m_progress.framesDone) / double(m_progress.framesTotal) : -1;
}

int EditRun::secondsLeft() const {
    return m_progress.secondsLeft < 0 ? -1 : int(std::ceil(m_progress.secondsLeft));
}

}  // namespace lipar::session
