#include "app/session/project_journal.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

#include "app/project/project_file.h"
#include "app/session/paths.h"
#include "engine/core/pending_file.h"

namespace lipar::session {

namespace fs = std::filesystem;

namespace {

constexpr char newestName[] = "project.journal";
constexpr char previousName[] = "previous.journal";
constexpr char lockName[] = "lock";
constexpr int retryDelay = 5000;  // ms after a write that failed

QString toText(const fs::path& path) {
    return QString::fromStdU16String(path.u16string());
}

QString hashOf(std::string_view text) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(text.data(), qsizetype(text.size())));
    return QString::fromLatin1(hash.result().toHex());
}

struct Journal {
    fs::path file;
    QDateTime written;
    std::string project;
};

// Nothing: not there, cut off, or not what was written.
std::optional<Journal> readJournal(const fs::path& path) {
    QFile file(toText(path));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const auto header = QJsonDocument::fromJson(file.readLine()).object();
    const auto text = file.readAll().toStdString();
    Journal journal{toPath(header["file"].toString()), QDateTime::fromString(header["written"].toString(), Qt::ISODateWithMs), text};
    if (header["journal"].toInt() != 1 || header["sha256"].toString() != hashOf(journal.project))
        return {};
    return journal;
}

Result<> writeJournal(const fs::path& folder, const fs::path& file, const project::Project& project) {
    const auto text = project::toJson(project);
    QJsonObject header;
    header["journal"] = 1;
    header["file"] = toText(file);
    header["written"] = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
    header["sha256"] = hashOf(text);
    const auto line = QJsonDocument(header).toJson(QJsonDocument::Compact);

    LIPAR_ASSIGN(auto pending, PendingFile::create(folder / newestName));
    std::ofstream stream(pending.path(), std::ios::binary | std::ios::trunc);
    stream.write(line.data(), line.size());
    stream << '\n' << text;
    stream.close();
    if (!stream) {
        std::error_code error;
        const auto space = fs::space(folder, error);
        if (!error && space.available < text.size() + 4096)
            return fail(ErrorCode::diskFull, "the recovery copy could not be written: the disk is full",
                        "free some space; until then save often");
        return fail(ErrorCode::outputFailed, "the recovery copy could not be written to " + folder.string(),
                    "check that this folder can be written; until then save often");
    }
    // The newest becomes the previous one; between the two renames that one is there.
    std::error_code ignored;
    fs::rename(folder / newestName, folder / previousName, ignored);
    return pending.commit();
}

void removeInstance(const fs::path& folder) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
}

std::unique_ptr<QLockFile> lockOf(const fs::path& instance) {
    auto lock = std::make_unique<QLockFile>(toText(instance / lockName));
    lock->setStaleLockTime(0);  // a lock is only stale when its process is gone
    return lock;
}

}  // namespace

struct ProjectJournal::Outcome {
    Result<> result;
    std::uint64_t revision = 0;
    int generation = 0;
};

QString RecoverableProject::name() const {
    return file.empty() ? QCoreApplication::translate("ProjectJournal", "Untitled") : toText(file.stem());
}

ProjectJournal::ProjectJournal(ProjectDocument& document, fs::path folder, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_folder(std::move(folder)),
      m_instance(m_folder / toPath(QUuid::createUuid().toString(QUuid::WithoutBraces))) {
    m_writer.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(defaultDelay);
    connect(&m_timer, &QTimer::timeout, this, &ProjectJournal::write);
    connect(&m_document, &ProjectDocument::changed, this, &ProjectJournal::follow);
    connect(&m_document, &ProjectDocument::replaced, this, &ProjectJournal::clear);
    connect(&m_document, &ProjectDocument::historyChanged, this, &ProjectJournal::follow);
}

ProjectJournal::~ProjectJournal() {
    m_writer.waitForDone();
    if (!m_lock)
        return;
    m_lock->unlock();
    removeInstance(m_instance);
}

std::vector<RecoverableProject> ProjectJournal::recoverable(const fs::path& folder) {
    std::vector<RecoverableProject> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (!entry.is_directory(error))
            continue;
        // Held only for the look: a document of a program that runs cannot be locked.
        const auto lock = lockOf(entry.path());
        if (!lock->tryLock(0) && lock->error() == QLockFile::LockFailedError)
            continue;
        if (!fs::exists(entry.path() / newestName, error) && !fs::exists(entry.path() / previousName, error)) {
            lock->unlock();
            removeInstance(entry.path());  // had no unsaved changes
            continue;
        }
        for (const auto* name : {newestName, previousName}) {
            const auto path = entry.path() / name;
            const auto journal = readJournal(path);
            if (!journal || !project::fromJson(journal->project))
                continue;
            found.push_back({entry.path(), path, journal->file, journal->written});
            break;
        }
    }
    std::ranges::sort(found, {}, &RecoverableProject::written);
    return found;
}

Result<project::Project> ProjectJournal::read(const RecoverableProject& left) {
    const auto journal = readJournal(left.journal);
    if (!journal)
        return fail(ErrorCode::inputDamaged,
                    left.name().toStdString() + " could not be recovered: its recovery copy is gone or damaged",
                    "open the project's file instead");
    return project::fromJson(journal->project);
}

Result<> ProjectJournal::restore(const RecoverableProject& left, project::Project project) {
    auto lock = lockOf(left.folder);
    std::error_code gone;
    if ((!lock->tryLock(0) && lock->error() == QLockFile::LockFailedError) || !fs::exists(left.journal, gone))
        return fail(ErrorCode::inputMissing, left.name().toStdString() + " could not be recovered: another window has it",
                    "look for it there");
    m_document.replace(std::move(project), left.file, true);
    m_adopted.push_back(left);
    m_adoptedLocks.push_back(std::move(lock));
    write();
    return {};
}

void ProjectJournal::discard(const RecoverableProject& left) {
    const auto lock = lockOf(left.folder);
    if (!lock->tryLock(0) && lock->error() == QLockFile::LockFailedError)
        return;
    lock->unlock();
    removeInstance(left.folder);
}

bool ProjectJournal::isWritten() const {
    return !m_document.isModified() || m_writtenRevision == m_document.revision();
}

void ProjectJournal::flush() {
    m_timer.stop();
    m_writer.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
    if (isWritten())
        return;
    write();
    m_writer.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

void ProjectJournal::follow() {
    if (!m_document.isModified())
        clear();
    else if (!isWritten() && !m_timer.isActive())
        m_timer.start();  // not started anew by the next change: steady work is written too
}

void ProjectJournal::clear() {
    ++m_generation;
    m_timer.stop();
    m_writtenRevision.reset();
    if (!m_lock)
        return;
    m_writer.start([folder = m_instance] {
        std::error_code ignored;
        fs::remove(folder / newestName, ignored);
        fs::remove(folder / previousName, ignored);
    });
}

Result<> ProjectJournal::claimFolder() {
    if (m_lock)
        return {};
    std::error_code error;
    fs::create_directories(m_instance, error);
    auto lock = lockOf(m_instance);
    if (error || !lock->tryLock(0))
        return fail(ErrorCode::outputFailed,
                    "the recovery copy could not be written: " + m_folder.string() + " cannot be written",
                    "make this folder writable; until then save often");
    m_lock = std::move(lock);
    return {};
}

void ProjectJournal::write() {
    if (m_isWriting)
        return;  // finish() looks again
    const auto revision = m_document.revision();
    if (const auto claimed = claimFolder(); !claimed) {
        finish({claimed, revision, m_generation});
        return;
    }
    m_isWriting = true;
    m_writer.start([this, folder = m_instance, file = m_document.path(), project = m_document.project(), revision,
                    generation = m_generation] {
        Outcome outcome{writeJournal(folder, file, project), revision, generation};
        // The destructor waits for this thread; what is queued then is dropped.
        QMetaObject::invokeMethod(
            this,
            [this, outcome] {
                m_isWriting = false;
                finish(outcome);
            },
            Qt::QueuedConnection);
    });
}

void ProjectJournal::finish(const Outcome& outcome) {
    if (!outcome.result) {
        QTimer::singleShot(retryDelay, this, &ProjectJournal::follow);
        if (!m_hasFailed) {
            m_hasFailed = true;
            Q_EMIT failed(ErrorReport(outcome.result.error(), "recovery folder: " + toNative(m_folder)));
        }
        return;
    }
    m_hasFailed = false;
    for (std::size_t i = 0; i < m_adopted.size(); ++i) {
        m_adoptedLocks[i]->unlock();
        removeInstance(m_adopted[i].folder);
    }
    m_adopted.clear();
    m_adoptedLocks.clear();
    if (outcome.generation == m_generation)
        m_writtenRevision = outcome.revision;
    Q_EMIT written();
    follow();
}

}  // namespace lipar::session
