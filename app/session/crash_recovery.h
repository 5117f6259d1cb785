// What a run that ended badly has left, newest first to be brought back or thrown away. Thread: UI thread.
#pragma once

#include <filesystem>
#include <vector>

#include <QFutureWatcher>
#include <QObject>
#include <QtQmlIntegration>

#include "app/session/message_list.h"
#include "app/session/project_journal.h"

namespace lipar::session {

class CrashRecovery : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(bool isThere READ isThere NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)  // of the project
    Q_PROPERTY(QString time READ time NOTIFY changed)  // when it was written

public:
    // Looks into `folder` on a thread of its own. `journal` and `messages` must outlive this object.
    CrashRecovery(ProjectJournal& journal, MessageList& messages, std::filesystem::path folder,
                  QObject* parent = nullptr);
    ~CrashRecovery() override;

    [[nodiscard]] bool isThere() const { return !m_left.empty(); }
    [[nodiscard]] QString name() const;
    [[nodiscard]] QString time() const;

    // Reads on a thread of its own: recovered() follows, or a message.
    Q_INVOKABLE void recover();
    Q_INVOKABLE void discard();

Q_SIGNALS:
    void changed();
    void recovered();

private:
    void takeRead();

    ProjectJournal& m_journal;
    MessageList& m_messages;
    std::vector<RecoverableProject> m_left;  // ascending by time
    QFutureWatcher<std::vector<RecoverableProject>> m_look;
    RecoverableProject m_chosen;  // that is being read
    QFutureWatcher<Result<project::Project>> m_read;
};

}  // namespace lipar::session
