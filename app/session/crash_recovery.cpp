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
    m_look.setFuture(
        QtConcurrent::run([folder = std::move(folder)] { return ProjectJournal::recoverable(folder); }));
}

CrashRecovery::~CrashRecovery() {
    m_look.disconnect(this);
    m_look.waitForFinished();
}

QString CrashRecovery::name() const {
    return isThere() ? m_left.back().name() : QString();
}

QString CrashRecovery::time() const {
    return isThere() ? QLocale().toString(m_left.back().written, QLocale::ShortFormat) : QString();
}

void CrashRecovery::recover() {
    if (!isThere())
        return;
    const auto left = m_left.back();
    m_left.pop_back();
    if (const auto restored = m_journal.restore(left))
        Q_EMIT recovered();
    else
        m_messages.add(MessageList::Failure, QT_TRANSLATE_NOOP("Message", "Recovery"),
                       ErrorReport(restored.error(), {}));
    Q_EMIT changed();
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
