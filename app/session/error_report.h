// An engine error as the window shows it: in a sentence, where it happened, with details to copy.
//
// The engine speaks English. In another language the message says what kind of error it is (by its code) and the hint
// what usually helps, with the engine's own sentence behind it; the details are always the engine's. The language is
// that of the moment when it is read.
#pragma once

#include <QString>
#include <QtQmlIntegration>

#include "engine/core/result.h"

namespace lipar::session {

class ErrorReport {
    Q_GADGET
    QML_VALUE_TYPE(errorReport)
    Q_PROPERTY(bool isSet READ isSet)
    Q_PROPERTY(QString message READ message)
    Q_PROPERTY(QString hint READ hint)
    Q_PROPERTY(QString details MEMBER details)

public:
    ErrorReport() = default;
    // `context`: lines about what was being done ("clip: ...", "model: ..."), part of the details.
    ErrorReport(const Error& error, const QString& context);
    // With the error's sentences as they stand: in the user's language already, or more than an error of its kind.
    [[nodiscard]] static ErrorReport verbatim(const Error& error, const QString& context = {});

    [[nodiscard]] bool isSet() const { return !m_error.message.empty(); }
    [[nodiscard]] QString message() const;
    [[nodiscard]] QString hint() const;  // what to do; may be empty

    QString details;  // for a bug report: code, sentence, context, version and system

private:
    void setDetails(const QString& context);
    [[nodiscard]] QString wordsForKind() const;  // empty: it speaks for itself

    Error m_error;
    bool m_isVerbatim = false;
};

}  // namespace lipar::session
