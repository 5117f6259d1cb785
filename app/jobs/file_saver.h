// Copies a finished edit to where the user wants it, off the UI thread: beside the target first, then renamed, so
// that a file under the chosen name is always whole. Thread: UI thread; the copy runs on Qt's thread pool.
#pragma once

#include <filesystem>

#include <QFutureWatcher>
#include <QObject>

#include "engine/core/result.h"

namespace lipar::jobs {

class FileSaver : public QObject {
    Q_OBJECT
public:
    explicit FileSaver(QObject* parent = nullptr);
    ~FileSaver() override;  // waits for a copy that is under way

    // Ignored while a copy is under way. Errors: inputMissing, diskFull, outputFailed.
    void start(const std::filesystem::path& from, const std::filesystem::path& target);
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

Q_SIGNALS:
    void finished(const std::filesystem::path& target);
    void failed(const lipar::Error& error);

private:
    QFutureWatcher<Result<std::filesystem::path>> m_watcher;
};

// What FileSaver runs. Thread: any.
[[nodiscard]] Result<std::filesystem::path> copyWhole(const std::filesystem::path& from,
                                                      const std::filesystem::path& target);

}  // namespace lipar::jobs
