// Keeps the open project on disk while it has unsaved changes, so that a crash loses a second of work, not an hour.
//
// Every document has a folder of its own below the recovery folder:
//   INSTANCE/lock            held while the program runs; a dead program's lock is told by its process
//   INSTANCE/project.journal a line of JSON (file, time, size, SHA-256 of the rest), then the project as in its file
//   INSTANCE/previous.journal the one before, for when the newest turns out damaged
// Files are written beside and renamed, by a thread of their own from a copy of the project. A project without unsaved
// changes has no journal. Thread: UI thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include "app/session/project_document.h"

namespace lipar::session {

// What a run that ended badly has left.
struct RecoverableProject {
    std::filesystem::path folder;   // INSTANCE
    std::filesystem::path journal;  // the newest that is whole
    std::filesystem::path file;     // of the project; empty: it was never saved
    QDateTime written;

    [[nodiscard]] QString name() const;  // of the file, or "Untitled"
};

class ProjectJournal : public QObject {
    Q_OBJECT
public:
    static constexpr int defaultDelay = 400;  // ms from a change to the start of writing it

    // `document` must outlive this object. `folder` is shared by all running programs.
    ProjectJournal(ProjectDocument& document, std::filesystem::path folder, QObject* parent = nullptr);
    // A clean close: nothing is left to recover.
    ~ProjectJournal() override;

    // Ascending by time; damaged journals are passed over, and documents of programs that run are not listed.
    [[nodiscard]] static std::vector<RecoverableProject> recoverable(const std::filesystem::path& folder);
    // What was left, as it was; it stays. Thread: any. Errors: inputDamaged, inputUnsupported.
    [[nodiscard]] static Result<project::Project> read(const RecoverableProject& left);
    // Opens what was left, as read() gave it, in the document, as modified. What was left goes when it is in this program's
    // own journal. Errors: inputMissing (another window has taken it).
    [[nodiscard]] Result<> restore(const RecoverableProject& left, project::Project project);
    static void discard(const RecoverableProject& left);

    void setDelay(int milliseconds) { m_timer.setInterval(milliseconds); }
    // Writes what has not been written yet and waits for it: for the end of a session that the system announces.
    void flush();
    // False while changes have not reached the disk.
    [[nodiscard]] bool isWritten() const;

Q_SIGNALS:
    // The project cannot be kept safe: told once, until it can be again.
    void failed(const lipar::session::ErrorReport& error);
    void written();

private:
    struct Outcome;

    void follow();
    void write();
    void finish(const Outcome& outcome);
    void clear();
    [[nodiscard]] Result<> claimFolder();

    ProjectDocument& m_document;
    std::filesystem::path m_folder;    // of all
    std::filesystem::path m_instance;  // of this one
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_timer;
    QThreadPool m_writer;  // of one thread, so that files are written in order
    std::vector<RecoverableProject> m_adopted;  // go when the next write has succeeded
    std::vector<std::unique_ptr<QLockFile>> m_adoptedLocks;
    std::optional<std::uint64_t> m_writtenRevision;  // that the journal holds
    int m_generation = 0;  // counts clear(): a write that began before it is void
    bool m_isWriting = false;
    bool m_hasFailed = false;
};

}  // namespace lipar::session
