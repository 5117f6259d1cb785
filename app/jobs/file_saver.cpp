#include "app/jobs/file_saver.h"

#include <QtConcurrentRun>

#include "engine/core/pending_file.h"

namespace lipar::jobs {

Result<std::filesystem::path> copyWhole(const std::filesystem::path& from, const std::filesystem::path& target) {
    std::error_code error;
    const auto size = std::filesystem::file_size(from, error);
    if (error)
        return fail(ErrorCode::inputMissing, "The edit could not be saved: its file is gone (" + error.message() + ").",
                    "Run the edit again, then save it.");
    LIPAR_ASSIGN(auto pending, PendingFile::create(target));
    const auto space = std::filesystem::space(pending.path(), error);
    if (!error && space.available < size)
        return fail(ErrorCode::diskFull, "The edit could not be saved: the disk is full.",
                    "Free some space or choose another folder.");
    if (!std::filesystem::copy_file(from, pending.path(), std::filesystem::copy_options::overwrite_existing, error))
        return fail(ErrorCode::outputFailed, "The edit could not be saved: " + error.message() + ".",
                    "Choose another folder.");
    LIPAR_TRY(pending.commit());
    return target;
}

FileSaver::FileSaver(QObject* parent) : QObject(parent) {
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        const auto result = m_watcher.result();
        if (result)
            Q_EMIT finished(*result);
        else
            Q_EMIT failed(result.error());
    });
}

FileSaver::~FileSaver() {
    m_watcher.waitForFinished();
}

void FileSaver::start(const std::filesystem::path& from, const std::filesystem::path& target) {
    if (!m_watcher.isRunning())
        m_watcher.setFuture(QtConcurrent::run(copyWhole, from, target));
}

}  // namespace lipar::jobs
