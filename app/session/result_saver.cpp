#include "app/session/result_saver.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QUrl>

#include "app/session/paths.h"

namespace lipar::session {

ResultSaver::ResultSaver(QObject* parent) : QObject(parent) {
    connect(&m_saver, &jobs::FileSaver::finished, this, [this] { set(Saved, {}); });
    connect(&m_saver, &jobs::FileSaver::failed, this,
            [this](const Error& error) { set(Failed, ErrorReport(error, "target: " + toNative(m_target))); });
}

void ResultSaver::save(const std::filesystem::path& edited, const std::filesystem::path& source,
                       const std::filesystem::path& target) {
    if (m_saver.isRunning())
        return;
    m_target = target;
    std::error_code ignored;
    if (std::filesystem::equivalent(source, target, ignored)) {
        const Error error{ErrorCode::outputFailed,
                          QCoreApplication::translate("ResultSaver",
                                                      "The edit was not saved: that name is the clip it was made from.")
                              .toStdString(),
                          QCoreApplication::translate("ResultSaver", "Choose another name.").toStdString()};
        set(Failed, ErrorReport(error, "target: " + toNative(target)));
        return;
    }
    set(Saving, {});
    m_saver.start(edited, target);
}

void ResultSaver::reset() {
    set(Unsaved, {});
}

void ResultSaver::dismissError() {
    set(Unsaved, {});
}

QString ResultSaver::savedName() const {
    return m_state == Saved ? toNative(m_target.filename()) : QString();
}

QString ResultSaver::savedFolder() const {
    return m_state == Saved ? toNative(m_target.parent_path()) : QString();
}

void ResultSaver::showInFolder() const {
    QDesktopServices::openUrl(QUrl::fromLocalFile(savedFolder()));
}

void ResultSaver::set(State state, const ErrorReport& error) {
    m_state = state;
    m_error = error;
    Q_EMIT changed();
}

}  // namespace lipar::session
