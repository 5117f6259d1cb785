// The project that is open: its value, its undo history, its file, its journal. Thread: UI thread.
//
// Everything that shows the project listens to changed() and reads project(); everything that changes it calls perform().
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <QObject>
#include <QString>
#include <QUrl>
#include <QtQmlIntegration>

#include "app/commands/history.h"
#include "app/session/error_report.h"

namespace lipar::session {

class ProjectDocument : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(QString name READ name NOTIFY fileChanged)          // of the file, or "Untitled"
    Q_PROPERTY(QUrl file READ file NOTIFY fileChanged)             // empty: never saved
    Q_PROPERTY(bool isModified READ isModified NOTIFY historyChanged)  // not as in its file
    Q_PROPERTY(bool isSaving READ isSaving NOTIFY savingChanged)
    Q_PROPERTY(bool isEmpty READ isEmpty NOTIFY historyChanged)    // no source
    Q_PROPERTY(bool canUndo READ canUndo NOTIFY historyChanged)
    Q_PROPERTY(bool canRedo READ canRedo NOTIFY historyChanged)
    Q_PROPERTY(QString undoName READ undoName NOTIFY historyChanged)  // translated
    Q_PROPERTY(QString redoName READ redoName NOTIFY historyChanged)
    Q_PROPERTY(lipar::session::ErrorReport error READ error NOTIFY errorChanged)  // of the last edit, load or save

public:
    explicit ProjectDocument(QObject* parent = nullptr);
    ~ProjectDocument() override;

    [[nodiscard]] const project::Project& project() const;
    [[nodiscard]] QString name() const;
    [[nodiscard]] QUrl file() const;
    [[nodiscard]] bool isModified() const;
    [[nodiscard]] bool isSaving() const;
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] bool canUndo() const;
    [[nodiscard]] bool canRedo() const;
    [[nodiscard]] QString undoName() const;
    [[nodiscard]] QString redoName() const;
    [[nodiscard]] const ErrorReport& error() const;

    // The one way to edit. An error is shown through `error` and changes nothing; returns what was touched.
    Result<commands::Touched> perform(const commands::Command& command, const std::string& mergeKey = {});
    Result<commands::Touched> performAll(const std::vector<commands::Command>& commands, const std::string& name);
    void endMerge();
    // For drags that follow the pointer: takes back what the amend() just before it with the same key did, then performs,
    // so that the outcome only depends on the last command. One step of undo, one changed().
    Result<commands::Touched> amend(const commands::Command& command, const std::string& key);
    // Takes back what the amend() just before it with this key did.
    void retract(const std::string& key);
    // As undo(), but keeps `error`: for steps that stopped half way.
    void undoQuietly();

    // Counts changes of the project, undo and redo included.
    [[nodiscard]] std::uint64_t revision() const;
    // Where the project's file is; empty: never saved.
    [[nodiscard]] const std::filesystem::path& path() const;

    Q_INVOKABLE void undo();
    Q_INVOKABLE void redo();
    Q_INVOKABLE void dismissError();
    // Another project in place of this one: history starts anew.
    void startNew();
    [[nodiscard]] Result<> load(const std::filesystem::path& file);
    // Writes the project as it is now on a thread of its own: saveFinished() follows. Edits may go on meanwhile; they are
    // not in the file. Asked for while another one is being written, it follows that.
    void save(const std::filesystem::path& file);
    void replace(project::Project project, const std::filesystem::path& file, bool modified);

Q_SIGNALS:
    void changed(const lipar::commands::Touched& touched);
    void replaced();  // all of it is another one; changed() is not emitted as well
    void historyChanged();
    void fileChanged();
    void errorChanged();
    void savingChanged();
    void saveFinished(bool isSaved);  // where not, `error` says why

private:
    Result<commands::Touched> finish(Result<commands::Touched> result);
    [[nodiscard]] bool canRetract(const std::string& key) const;
    void startSaving();
    void finishSaving();
    void report(const Error& error, const std::filesystem::path& file);

    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::session
