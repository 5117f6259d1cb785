// New, open, save: the open project and its file, other editors' timelines, and the question before changes get lost.
//
// Files are read and written on threads of their own. Thread: UI thread.
#pragma once

#include <functional>

#include <QFutureWatcher>
#include <QObject>
#include <QUrl>
#include <QtQmlIntegration>

#include "app/project/otio.h"
#include "app/session/message_list.h"
#include "app/session/project_document.h"
#include "app/session/recent_projects.h"

namespace lipar::session {

class ProjectFiles : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(bool isOpening READ isOpening NOTIFY openingChanged)
    Q_PROPERTY(QString openingName READ openingName NOTIFY openingChanged)
    Q_PROPERTY(lipar::session::ErrorReport error READ error NOTIFY errorChanged)  // of the last file that was not opened
    // Something would take the place of a project with changes that are not saved.
    Q_PROPERTY(bool asksToSave READ asksToSave NOTIFY questionChanged)

public:
    // All must outlive this object.
    ProjectFiles(ProjectDocument& document, RecentProjects& recent, MessageList& messages, QObject* parent = nullptr);
    ~ProjectFiles() override;

    [[nodiscard]] bool isOpening() const { return m_project.isRunning() || m_timeline.isRunning(); }
    [[nodiscard]] QString openingName() const { return m_opening; }
    [[nodiscard]] const ErrorReport& error() const { return m_error; }
    [[nodiscard]] bool asksToSave() const { return bool(m_after); }

    // These ask first when there are changes.
    Q_INVOKABLE void startNew();
    Q_INVOKABLE void open(const QUrl& file);            // a project
    Q_INVOKABLE void importTimeline(const QUrl& file);  // .otio
    Q_INVOKABLE void requestQuit();
    // The answers.
    Q_INVOKABLE void saveAndGoOn();
    Q_INVOKABLE void discardAndGoOn();
    Q_INVOKABLE void stay();

    Q_INVOKABLE void save();  // asks for a name where there is none
    Q_INVOKABLE void saveAs(const QUrl& file);
    Q_INVOKABLE void exportTimeline(const QUrl& file);
    Q_INVOKABLE void dismissError();

Q_SIGNALS:
    void openingChanged();
    void errorChanged();
    void questionChanged();
    void saveAsRequested();
    void quitAccepted();
    void opened();  // a project or a new one is there
    void saved();

private:
    void askFirst(const std::function<void()>& action);
    void goOn();
    void takeSaved(bool isSaved);
    void fail(const Error& error, const QString& file);

    ProjectDocument& m_document;
    RecentProjects& m_recent;
    MessageList& m_messages;
    QFutureWatcher<Result<project::Project>> m_project;
    QFutureWatcher<Result<project::OtioImport>> m_timeline;
    QString m_opening;
    QUrl m_openingFile;
    std::function<void()> m_after;      // what waits for the answer
    std::function<void()> m_afterSave;  // what waits for the file that is being written, to be asked about then
    bool m_isLeaving = false;       // the answer was to save first
    ErrorReport m_error;
};

}  // namespace lipar::session
