#include "app/session/project_files.h"

#include <utility>

#include <QtConcurrentRun>

#include "app/project/project_file.h"
#include "app/session/paths.h"

namespace lipar::session {

ProjectFiles::ProjectFiles(ProjectDocument& document, RecentProjects& recent, MessageList& messages, QObject* parent)
    : QObject(parent), m_document(document), m_recent(recent), m_messages(messages) {
    connect(&m_project, &QFutureWatcherBase::finished, this, [this] {
        auto result = m_project.result();
        const auto file = m_openingFile.toLocalFile();
        if (result) {
            m_document.replace(std::move(*result), toPath(file), false);
            m_recent.add(file);
            Q_EMIT opened();
        } else {
            fail(result.error(), file);
        }
        Q_EMIT openingChanged();
    });
    connect(&m_timeline, &QFutureWatcherBase::finished, this, [this] {
        auto result = m_timeline.result();
        if (result) {
            m_document.replace(std::move(result->project), {}, true);
            for (const auto& note : result->notes)
                m_messages.add(MessageList::Warning, QT_TRANSLATE_NOOP("Message", "OpenTimelineIO"),
                               ErrorReport::verbatim({ErrorCode::inputUnsupported, note, {}},
                                                     "file: " + m_openingFile.toLocalFile()));
            Q_EMIT opened();
        } else {
            fail(result.error(), m_openingFile.toLocalFile());
        }
        Q_EMIT openingChanged();
    });
    connect(&m_document, &ProjectDocument::saveFinished, this, &ProjectFiles::takeSaved);
}

ProjectFiles::~ProjectFiles() {
    m_project.disconnect(this);
    m_timeline.disconnect(this);
    m_project.waitForFinished();
    m_timeline.waitForFinished();
}

void ProjectFiles::askFirst(const std::function<void()>& action) {
    if (m_document.isSaving()) {
        m_afterSave = action;
        return;
    }
    if (!m_document.isModified() || m_document.isEmpty()) {
        action();
        return;
    }
    m_after = action;
    m_isLeaving = false;
    Q_EMIT questionChanged();
}

void ProjectFiles::startNew() {
    askFirst([this] {
        dismissError();
        m_document.startNew();
        Q_EMIT opened();
    });
}

void ProjectFiles::open(const QUrl& file) {
    askFirst([this, file] {
        if (isOpening())
            return;
        dismissError();
        m_openingFile = file;
        m_opening = file.fileName();
        m_project.setFuture(QtConcurrent::run(project::loadProject, toPath(file.toLocalFile())));
        Q_EMIT openingChanged();
    });
}

void ProjectFiles::importTimeline(const QUrl& file) {
    askFirst([this, file] {
        if (isOpening())
            return;
        dismissError();
        m_openingFile = file;
        m_opening = file.fileName();
        m_timeline.setFuture(QtConcurrent::run(
            [path = toPath(file.toLocalFile())] { return project::importOtio(path); }));
        Q_EMIT openingChanged();
    });
}

void ProjectFiles::requestQuit() {
    askFirst([this] { Q_EMIT quitAccepted(); });
}

void ProjectFiles::saveAndGoOn() {
    m_isLeaving = true;
    save();
}

void ProjectFiles::discardAndGoOn() {
    goOn();
}

void ProjectFiles::stay() {
    m_after = nullptr;
    m_isLeaving = false;
    Q_EMIT questionChanged();
}

void ProjectFiles::goOn() {
    const auto action = std::exchange(m_after, nullptr);
    m_isLeaving = false;
    Q_EMIT questionChanged();
    if (action)
        action();
}

void ProjectFiles::save() {
    if (m_document.file().isEmpty())
        Q_EMIT saveAsRequested();
    else
        saveAs(m_document.file());
}

void ProjectFiles::saveAs(const QUrl& file) {
    auto name = file.toLocalFile();
    if (name.isEmpty())
        return;
    if (!name.endsWith(".lipar", Qt::CaseInsensitive))
        name += ".lipar";
    m_document.save(toPath(name));
}

void ProjectFiles::takeSaved(bool isSaved) {
    if (isSaved) {  // otherwise the document shows why
        if (!m_document.path().empty())
            m_recent.add(m_document.file().toLocalFile());
        Q_EMIT saved();
        if (m_isLeaving)
            goOn();
    }
    if (const auto action = std::exchange(m_afterSave, nullptr))
        askFirst(action);
}

void ProjectFiles::exportTimeline(const QUrl& file) {
    auto name = file.toLocalFile();
    if (!name.endsWith(".otio", Qt::CaseInsensitive))
        name += ".otio";
    auto* writing = new QFutureWatcher<Result<>>(this);
    connect(writing, &QFutureWatcherBase::finished, this, [this, writing, name] {
        writing->deleteLater();
        if (const auto written = writing->result(); !written)
            fail(written.error(), name);
    });
    writing->setFuture(QtConcurrent::run(
        [project = m_document.project(), file = toPath(name)] { return project::exportOtio(project, file); }));
}

void ProjectFiles::dismissError() {
    m_error = {};
    Q_EMIT errorChanged();
}

void ProjectFiles::fail(const Error& error, const QString& file) {
    m_error = ErrorReport(error, "file: " + file);
    m_messages.add(MessageList::Failure, QT_TRANSLATE_NOOP("Message", "Project"), m_error);
    Q_EMIT errorChanged();
}

}  // namespace lipar::session
