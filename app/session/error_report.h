// An engine error as the window shows it: in a sentence, where it happened, with details to copy.
#pragma once

#include <QString>
#include <QtQmlIntegration>

#include "engine/core/result.h"

namespace lipar::session {

class ErrorReport {
    Q_GADGET
    QML_VALUE_TYPE(errorReport)
    Q_PROPERTY(bool isSet READ isSet)
    Q_PROPERTY(QString message MEMBER message)
    Q_PROPERTY(QString hint MEMBER hint)
    Q_PROPERTY(QString details MEMBER details)

public:
    ErrorReport() = default;
    // `context`: lines about what was being done ("clip: ...", "model: ..."), part of the details.
    ErrorReport(const Error& error, const QString& context);

    [[nodiscard]] bool isSet() const { return !message.isEmpty(); }

    QString message;
    QString hint;     // what to do; may be empty
    QString details;  // for a bug report: code, sentence, context, version and system
};

}  // namespace lipar::session
