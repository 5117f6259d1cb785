#include "app/session/crash_recovery.h"

#include <utility>

#include <QLocale>
#include <QtConcurrentRun>

namespace lipar::session {

CrashRecovery::CrashRecovery(ProjectJournal& journal, MessageList& messages, std::filesystem::path folder,
                             QObject* parent)
    : QObject(parent), m_journal(journal), m_messages(messages) {
    connect(&m_look, &QFutureWatcherBase::finished, this, [this] {
        m_left = m_look.result();
        Q_EMIT changed();
    });
    connect(&m_read, &QFutureWatcherBase::finished, this, &CrashRecovery::takeRead);
    m_look.setFuture(QtConcurrent::run([folder = std::move(folder)] { return ProjectJournal::recoverable(folder); }));
}

CrashRecovery::~CrashRecovery() {
    m_look.disconnect(this);
    m_read.disconnect(this);
    m_look.waitForFinished();
    m_read.waitForFinished();
}

QString CrashRecovery::name() const {
    return isThere() ? m_left.back().name() : QString();
}

QString CrashRecovery::time() const {
    return isThere() ? QLocale().toString(m_left.back().written, QLocale::ShortFormat) : QString();
}

void CrashRecovery::recover() {
    if (!isThere() || m_read.isRunning())
        return;
    m_chosen = m_left.back();
    m_left.pop_back();
    m_read.setFuture(QtConcurrent::run(ProjectJournal::read, m_chosen));
    Q_EMIT changed();
}

void CrashRecovery::takeRead() {
    auto project = m_read.result();
    const auto restored = project ? m_journal.restore(m_chosen, std::move(*project))
                                  : Result<>(std::unexpected(std::move(project).error()));
    if (restored)
        Q_EMIT recovered();
    else
        m_messages.add(MessageList::Failure, QT_TRANSLATE_NOOP("Message", "Recovery"),
                       ErrorReport(restored.error(), {}));
}

void CrashRecovery::discard() {
    if (!isThere())
        return;
    const auto left = m_left.back();
    m_left.pop_back();
    ProjectJournal::discard(left);
    Q_EMIT changed();
}

}  // namespace lipar::session
