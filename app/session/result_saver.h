// "Save as": puts the finished edit where the user wants it and says where that is. Thread: UI thread.
#pragma once

#include <filesystem>

#include <QObject>
#include <QtQmlIntegration>

#include "app/jobs/file_saver.h"
#include "app/session/error_report.h"

namespace lipar::session {

class ResultSaver : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString savedName READ savedName NOTIFY changed)      // empty until saved
    Q_PROPERTY(QString savedFolder READ savedFolder NOTIFY changed)  // with native separators
    Q_PROPERTY(lipar::session::ErrorReport error READ error NOTIFY changed)

public:
    enum State { Unsaved, Saving, Saved, Failed };
    Q_ENUM(State)

    explicit ResultSaver(QObject* parent = nullptr);

    // `source` is the user's own clip, which is never written over.
    void save(const std::filesystem::path& edited, const std::filesystem::path& source,
              const std::filesystem::path& target);
    // A new edit has not been saved yet.
    void reset();
    Q_INVOKABLE void dismissError();
    Q_INVOKABLE void showInFolder() const;

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString savedName() const;
    [[nodiscard]] QString savedFolder() const;
    [[nodiscard]] const ErrorReport& error() const { return m_error; }

Q_SIGNALS:
    void changed();

private:
    void set(State state, const ErrorReport& error);

    jobs::FileSaver m_saver;
    State m_state = Unsaved;
    ErrorReport m_error;
    std::filesystem::path m_target;
};

}  // namespace lipar::session
