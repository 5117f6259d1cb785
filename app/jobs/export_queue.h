// The exports that wait, run and are done: one at a time, kept on disk, so that a crash or an exit loses none.
//
// Each item holds the project as it was when it was added: editing goes on meanwhile. `queue.json` in the queue's folder
// lists them, and every item's project lies beside it; files are written beside and renamed, on a thread of their own. An
// export that was running when the program ended waits again at the next start and finds its edited blocks in the cache.
// Thread: UI thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <QDateTime>
#include <QObject>
#include <QThreadPool>

#include "app/jobs/export_request.h"
#include "app/jobs/latest_job.h"

namespace lipar::jobs {

enum class ExportState { queued, running, paused, done, failed, cancelled };

struct ExportItem {
    std::uint64_t id = 0;
    ExportSettings settings;
    std::shared_ptr<const project::Project> project;  // null after a restart, until its turn comes
    ExportState state = ExportState::queued;
    service::Progress progress;
    Error error;                     // of a failed one
    std::uint64_t outputBytes = 0;   // of a finished one
    double seconds = 0;              // that it took
    QDateTime added;
};

class ExportQueue : public QObject {
    Q_OBJECT
public:
    // `folder` is made when there is something to keep. `runner` must outlive this object.
    ExportQueue(JobRunner& runner, std::filesystem::path folder, QObject* parent = nullptr);
    ~ExportQueue() override;  // waits for the files to be written

    void setEngine(const service::EngineChoice& engine) { m_engine = engine; }
    void setCache(const service::EditCacheSettings& cache) { m_cache = cache; }

    std::uint64_t add(project::Project project, const ExportSettings& settings);
    // Stops a running one; one that waits will not run.
    void cancel(std::uint64_t id);
    // A failed or cancelled one waits again, at the end.
    void retry(std::uint64_t id);
    // Not while it runs.
    void remove(std::uint64_t id);
    void removeFinished();
    // Among those that wait: by < 0 = sooner.
    void move(std::uint64_t id, int by);
    // Pausing stops the running export; it goes on from its cached blocks.
    void setPaused(bool paused);

    [[nodiscard]] bool isPaused() const noexcept { return m_paused; }
    [[nodiscard]] bool isRunning() const noexcept { return m_running != 0; }
    [[nodiscard]] const std::vector<ExportItem>& items() const noexcept { return m_items; }
    [[nodiscard]] const ExportItem* find(std::uint64_t id) const;
    [[nodiscard]] const ExportItem* running() const { return find(m_running); }

Q_SIGNALS:
    void itemChanged(int row);
    void itemsReset();       // added, removed or in another order
    void runningChanged();   // an export began or ended: what else wants the engine makes room
    void pausedChanged();
    void finished(std::uint64_t id);
    void failed(std::uint64_t id, const lipar::Error& error);

private:
    void startNext();
    void launch(std::uint64_t id);
    void end(ExportState state);
    void fail(std::uint64_t id, const Error& error);
    void changed(std::uint64_t id);
    ExportItem* item(std::uint64_t id);
    [[nodiscard]] std::filesystem::path snapshotFile(std::uint64_t id) const;
    void load();
    void store();

    std::filesystem::path m_folder;
    service::EngineChoice m_engine;
    service::EditCacheSettings m_cache;
    std::vector<ExportItem> m_items;
    LatestJob m_job;
    QThreadPool m_writer;  // one thread: files are written in the order of the changes
    std::uint64_t m_running = 0;
    std::uint64_t m_nextId = 1;
    bool m_paused = false;
    bool m_pausing = false;  // the running job is being stopped to go on later
};

}  // namespace lipar::jobs
