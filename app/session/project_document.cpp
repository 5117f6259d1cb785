#include "app/session/project_document.h"

#include <utility>

#include <QCoreApplication>
#include <QFutureWatcher>
#include <QtConcurrentRun>

#include "app/project/project_file.h"
#include "app/session/paths.h"

namespace lipar::session {

namespace {

// What History calls its steps, for lupdate to find.
[[maybe_unused]] constexpr const char* stepNames[] = {
    QT_TRANSLATE_NOOP("ProjectDocument", "Import media"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Remove media"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Relink media"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Add clip"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Move clips"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Trim clip"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Split clip"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Delete clips"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Roll cut"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Slip clip"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Change speed"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Change cross-fade"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Rename clip"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Change edit"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Change sound"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Add track"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Remove track"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Change track"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Add marker"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Change marker"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Remove marker"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Change format"),
    QT_TRANSLATE_NOOP("ProjectDocument", "Rename project"),
};

QString translated(const std::string& name) {
    return name.empty() ? QString() : QCoreApplication::translate("ProjectDocument", name.c_str());
}

void append(std::vector<project::Id>& to, std::vector<project::Id>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

// What two steps touched together; what the first one added and took back is not `added`.
commands::Touched joined(commands::Touched first, commands::Touched second) {
    append(first.sources, second.sources);
    append(first.clips, second.clips);
    append(first.tracks, second.tracks);
    first.markers = first.markers || second.markers;
    first.format = first.format || second.format;
    first.added = std::move(second.added);
    return first;
}

}  // namespace

struct ProjectDocument::State {
    commands::History history;
    std::filesystem::path path;
    std::uint64_t savedState = 0;
    bool startedModified = false;  // recovered: what is on disk under this name is older
    ErrorReport error;
    // The step that the next amend() with this key replaces.
    std::string amendKey;
    std::uint64_t amendRevision = 0;
    // The file that is being written.
    QFutureWatcher<Result<>> writing;
    std::filesystem::path writingTo;
    std::uint64_t writingState = 0;
    bool writesAgain = false;
    bool wasReplaced = false;  // since: what is written is no longer what is open
};

ProjectDocument::ProjectDocument(QObject* parent) : QObject(parent), m_state(std::make_unique<State>()) {
    m_state->savedState = m_state->history.state();
    connect(&m_state->writing, &QFutureWatcherBase::finished, this, &ProjectDocument::finishSaving);
}

ProjectDocument::~ProjectDocument() {
    m_state->writing.disconnect(this);
    m_state->writing.waitForFinished();
}

const project::Project& ProjectDocument::project() const {
    return m_state->history.project();
}

QString ProjectDocument::name() const {
    return m_state->path.empty() ? QCoreApplication::translate("ProjectDocument", "Untitled")
                                 : QString::fromStdU16String(m_state->path.stem().u16string());
}

QUrl ProjectDocument::file() const {
    return m_state->path.empty() ? QUrl() : QUrl::fromLocalFile(QString::fromStdU16String(m_state->path.u16string()));
}

const std::filesystem::path& ProjectDocument::path() const {
    return m_state->path;
}

bool ProjectDocument::isModified() const {
    return m_state->startedModified || m_state->history.state() != m_state->savedState;
}

bool ProjectDocument::isSaving() const {
    return m_state->writing.isRunning();
}

bool ProjectDocument::isEmpty() const {
    return project().sources.empty();
}

bool ProjectDocument::canUndo() const {
    return m_state->history.canUndo();
}

bool ProjectDocument::canRedo() const {
    return m_state->history.canRedo();
}

QString ProjectDocument::undoName() const {
    return translated(m_state->history.undoName());
}

QString ProjectDocument::redoName() const {
    return translated(m_state->history.redoName());
}

const ErrorReport& ProjectDocument::error() const {
    return m_state->error;
}

std::uint64_t ProjectDocument::revision() const {
    return m_state->history.revision();
}

Result<commands::Touched> ProjectDocument::perform(const commands::Command& command, const std::string& mergeKey) {
    return finish(m_state->history.perform(command, mergeKey));
}

Result<commands::Touched> ProjectDocument::performAll(const std::vector<commands::Command>& commands,
                                                      const std::string& name) {
    return finish(m_state->history.performAll(commands, name));
}

Result<commands::Touched> ProjectDocument::amend(const commands::Command& command, const std::string& key) {
    auto& state = *m_state;
    commands::Touched takenBack;
    const bool replaces = canRetract(key);
    if (replaces)
        takenBack = state.history.undo();
    auto result = state.history.perform(command);
    if (result) {
        result = joined(std::move(takenBack), std::move(*result));
        state.amendKey = key;
        state.amendRevision = state.history.revision();
    } else {
        state.amendKey.clear();
        if (replaces)
            Q_EMIT changed(takenBack);
    }
    return finish(std::move(result));
}

void ProjectDocument::retract(const std::string& key) {
    if (canRetract(key))
        undoQuietly();
}

bool ProjectDocument::canRetract(const std::string& key) const {
    return !key.empty() && m_state->amendKey == key && m_state->amendRevision == revision();
}

void ProjectDocument::endMerge() {
    m_state->history.endMerge();
    m_state->amendKey.clear();
}

void ProjectDocument::undo() {
    dismissError();
    undoQuietly();
}

void ProjectDocument::undoQuietly() {
    if (!canUndo())
        return;
    endMerge();
    Q_EMIT changed(m_state->history.undo());
    Q_EMIT historyChanged();
}

void ProjectDocument::redo() {
    if (!canRedo())
        return;
    endMerge();
    dismissError();
    Q_EMIT changed(m_state->history.redo());
    Q_EMIT historyChanged();
}

void ProjectDocument::dismissError() {
    if (!m_state->error.isSet())
        return;
    m_state->error = {};
    Q_EMIT errorChanged();
}

void ProjectDocument::startNew() {
    replace(project::newProject(), {}, false);
}

Result<> ProjectDocument::load(const std::filesystem::path& file) {
    auto loaded = project::loadProject(file);
    if (!loaded) {
        report(loaded.error(), file);
        return std::unexpected(loaded.error());
    }
    replace(std::move(*loaded), file, false);
    return {};
}

void ProjectDocument::save(const std::filesystem::path& file) {
    m_state->writingTo = file;
    if (isSaving())
        m_state->writesAgain = true;
    else
        startSaving();
}

void ProjectDocument::startSaving() {
    auto& state = *m_state;
    state.writesAgain = false;
    state.wasReplaced = false;
    state.writingState = state.history.state();
    state.writing.setFuture(QtConcurrent::run(
        [project = project(), file = state.writingTo] { return project::saveProject(project, file); }));
    Q_EMIT savingChanged();
}

void ProjectDocument::finishSaving() {
    auto& state = *m_state;
    const auto result = state.writing.result();
    if (state.writesAgain) {
        startSaving();
        return;
    }
    if (!result) {
        report(result.error(), state.writingTo);
    } else if (!state.wasReplaced) {
        dismissError();
        state.path = state.writingTo;
        state.savedState = state.writingState;
        state.startedModified = false;
        Q_EMIT fileChanged();
        Q_EMIT historyChanged();
    }
    Q_EMIT savingChanged();
    Q_EMIT saveFinished(result.has_value());
}

void ProjectDocument::replace(project::Project project, const std::filesystem::path& file, bool modified) {
    m_state->history = commands::History(std::move(project));
    m_state->path = file;
    m_state->savedState = m_state->history.state();
    m_state->startedModified = modified;
    m_state->writesAgain = false;
    m_state->wasReplaced = true;
    m_state->amendKey.clear();
    dismissError();
    Q_EMIT replaced();
    Q_EMIT fileChanged();
    Q_EMIT historyChanged();
}

Result<commands::Touched> ProjectDocument::finish(Result<commands::Touched> result) {
    if (!result) {
        report(result.error(), m_state->path);
        Q_EMIT historyChanged();
        return result;
    }
    dismissError();
    Q_EMIT changed(*result);
    Q_EMIT historyChanged();
    return result;
}

void ProjectDocument::report(const Error& error, const std::filesystem::path& file) {
    m_state->error = ErrorReport(error, "project: " + (file.empty() ? name() : toNative(file)));
    Q_EMIT errorChanged();
}

}  // namespace lipar::session
