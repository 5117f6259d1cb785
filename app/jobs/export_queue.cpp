#include "app/jobs/export_queue.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include <QFutureWatcher>
#include <QtConcurrentRun>

#include "app/jobs/export_queue_file.h"
#include "app/project/project_file.h"

namespace lipar::jobs {

namespace {

bool waits(const ExportItem& item) {
    return item.state == ExportState::queued || item.state == ExportState::paused;
}

bool isOver(const ExportItem& item) {
    return !waits(item) && item.state != ExportState::running;
}

}  // namespace

ExportQueue::ExportQueue(JobRunner& runner, std::filesystem::path folder, QObject* parent)
    : QObject(parent), m_folder(std::move(folder)), m_job(runner) {
    m_writer.setMaxThreadCount(1);
    connect(&m_job, &LatestJob::progressed, this, [this](const service::Progress& progress) {
        if (auto* running = item(m_running)) {
            running->progress = progress;
            Q_EMIT itemChanged(int(running - m_items.data()));
        }
    });
    connect(&m_job, &LatestJob::finished, this, [this](const service::Report& report) {
        if (auto* running = item(m_running)) {
            if (const auto* render = std::get_if<service::RenderReport>(&report)) {
                running->seconds = render->totalSeconds;
                running->outputBytes = render->outputBytes;
            } else if (const auto* edit = std::get_if<service::EditReport>(&report)) {
                running->seconds = edit->totalSeconds;
                running->outputBytes = edit->outputBytes;
            }
        }
        const auto id = m_running;
        end(ExportState::done);
        Q_EMIT finished(id);
    });
    connect(&m_job, &LatestJob::failed, this, [this](const Error& error) {
        if (error.code == ErrorCode::cancelled)
            end(std::exchange(m_pausing, false) ? ExportState::paused : ExportState::cancelled);
        else
            fail(m_running, error);
    });
    load();
    QMetaObject::invokeMethod(this, &ExportQueue::startNext, Qt::QueuedConnection);
}

ExportQueue::~ExportQueue() {
    m_job.disconnect(this);
    m_writer.waitForDone();
}

std::uint64_t ExportQueue::add(project::Project project, const ExportSettings& settings) {
    ExportItem added;
    added.id = m_nextId++;
    added.settings = settings;
    added.project = std::make_shared<const project::Project>(std::move(project));
    added.added = QDateTime::currentDateTime();
    m_writer.start([file = snapshotFile(added.id), snapshot = added.project] {
        // Without it the export is lost at a restart, no sooner; the queue's own file is reported.
        [[maybe_unused]] const auto written = writeWhole(file, project::toJson(*snapshot));
    });
    const auto id = added.id;
    m_items.push_back(std::move(added));
    store();
    Q_EMIT itemsReset();
    startNext();
    return id;
}

void ExportQueue::cancel(std::uint64_t id) {
    auto* cancelled = item(id);
    if (!cancelled)
        return;
    if (id == m_running && m_job.isRunning()) {
        m_pausing = false;
        m_job.cancel();
    } else if (id == m_running) {
        end(ExportState::cancelled);  // its project is still being read
    } else if (waits(*cancelled)) {
        cancelled->state = ExportState::cancelled;
        changed(id);
        store();
    }
}

void ExportQueue::retry(std::uint64_t id) {
    const auto* again = find(id);
    if (!again || !isOver(*again) || again->state == ExportState::done)
        return;
    auto moved = *again;
    std::erase_if(m_items, [id](const ExportItem& other) { return other.id == id; });
    moved.state = ExportState::queued;
    moved.error = {};
    moved.progress = {};
    m_items.push_back(std::move(moved));
    store();
    Q_EMIT itemsReset();
    startNext();
}

void ExportQueue::remove(std::uint64_t id) {
    if (id == m_running || !find(id))
        return;
    std::erase_if(m_items, [id](const ExportItem& other) { return other.id == id; });
    m_writer.start([file = snapshotFile(id)] {
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
    });
    store();
    Q_EMIT itemsReset();
}

void ExportQueue::removeFinished() {
    std::vector<std::uint64_t> over;
    for (const auto& each : m_items)
        if (isOver(each))
            over.push_back(each.id);
    for (const auto id : over)
        remove(id);
}

void ExportQueue::move(std::uint64_t id, int by) {
    const auto from = std::ranges::find(m_items, id, &ExportItem::id);
    if (from == m_items.end() || !waits(*from) || by == 0)
        return;
    // Past those that do not wait: their place says nothing.
    auto to = from;
    for (int left = std::abs(by); left > 0;) {
        if (by < 0 ? to == m_items.begin() : std::next(to) == m_items.end())
            break;
        to = by < 0 ? std::prev(to) : std::next(to);
        left -= waits(*to) ? 1 : 0;
    }
    if (!waits(*to) || to == from)
        return;
    by < 0 ? std::rotate(to, from, std::next(from)) : std::rotate(from, std::next(from), std::next(to));
    store();
    Q_EMIT itemsReset();
}

void ExportQueue::setPaused(bool paused) {
    if (paused == m_paused)
        return;
    m_paused = paused;
    store();
    Q_EMIT pausedChanged();
    if (paused && m_job.isRunning()) {
        m_pausing = !m_job.isCancelling();
        m_job.cancel();
    } else if (!paused) {
        startNext();
    }
}

const ExportItem* ExportQueue::find(std::uint64_t id) const {
    const auto found = std::ranges::find(m_items, id, &ExportItem::id);
    return found == m_items.end() || id == 0 ? nullptr : &*found;
}

ExportItem* ExportQueue::item(std::uint64_t id) {
    return const_cast<ExportItem*>(find(id));
}

void ExportQueue::startNext() {
    if (m_paused || m_running != 0)
        return;
    const auto next = std::ranges::find_if(m_items, waits);
    if (next == m_items.end())
        return;
    const auto id = next->id;
    m_running = id;
    next->state = ExportState::running;
    next->progress = {};
    changed(id);
    store();
    Q_EMIT runningChanged();
    if (next->project) {
        launch(id);
        return;
    }
    auto* reading = new QFutureWatcher<Result<project::Project>>(this);
    connect(reading, &QFutureWatcherBase::finished, this, [this, reading, id] {
        reading->deleteLater();
        if (m_running != id)
            return;
        auto snapshot = reading->result();
        if (!snapshot)
            return fail(id, snapshot.error());
        item(id)->project = std::make_shared<const project::Project>(std::move(*snapshot));
        if (m_paused)
            end(ExportState::paused);
        else
            launch(id);
    });
    reading->setFuture(QtConcurrent::run(project::loadProject, snapshotFile(id)));
}

void ExportQueue::launch(std::uint64_t id) {
    const auto* next = find(id);
    auto request = exportRequest(*next->project, next->settings, m_engine, m_cache);
    if (request)
        m_job.start(std::move(*request));
    else
        fail(id, request.error());
}

void ExportQueue::end(ExportState state) {
    const auto id = m_running;
    m_running = 0;
    if (auto* ended = item(id))
        ended->state = state;
    changed(id);
    store();
    Q_EMIT runningChanged();
    startNext();
}

void ExportQueue::fail(std::uint64_t id, const Error& error) {
    if (auto* broken = item(id))
        broken->error = error;
    Q_EMIT failed(id, error);
    end(ExportState::failed);
}

void ExportQueue::changed(std::uint64_t id) {
    if (const auto* each = find(id))
        Q_EMIT itemChanged(int(each - m_items.data()));
}

std::filesystem::path ExportQueue::snapshotFile(std::uint64_t id) const {
    return m_folder / (std::to_string(id) + ".lipar");
}

void ExportQueue::load() {
    std::ifstream in(m_folder / "queue.json", std::ios::binary);
    if (!in)
        return;
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto stored = queueFromJson(text);
    if (!stored) {
        // Kept for a look at it, and out of the way of the next one.
        std::error_code ignored;
        std::filesystem::rename(m_folder / "queue.json", m_folder / "queue.damaged.json", ignored);
        QMetaObject::invokeMethod(
            this, [this, error = stored.error()] { Q_EMIT failed(0, error); }, Qt::QueuedConnection);
        return;
    }
    m_items = std::move(stored->items);
    m_paused = stored->paused;
    for (const auto& each : m_items)
        m_nextId = std::max(m_nextId, each.id + 1);
}

void ExportQueue::store() {
    m_writer.start([this, file = m_folder / "queue.json", text = toJson(m_items, m_paused)] {
        if (auto written = writeWhole(file, text); !written)
            QMetaObject::invokeMethod(
                this, [this, error = written.error()] { Q_EMIT failed(0, error); }, Qt::QueuedConnection);
    });
}

}  // namespace lipar::jobs
