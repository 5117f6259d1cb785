#include "app/session/error_report.h"

#include <QCoreApplication>
#include <QStringList>
#include <QSysInfo>

namespace lipar::session {

namespace {

QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

// Engine messages are clauses for one line of a terminal; on their own they are sentences.
QString asSentence(QString text) {
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    if (!text.endsWith(u'.') && !text.endsWith(u'!') && !text.endsWith(u'?'))
        text += u'.';
    return text;
}

}  // namespace

ErrorReport::ErrorReport(const Error& error, const QString& context)
    : message(asSentence(toQString(error.message))), hint(asSentence(toQString(error.hint))) {
    QStringList lines{toQString(error.codeName()) + ": " + toQString(error.sentence())};
    if (!context.isEmpty())
        lines << context;
    lines << QCoreApplication::applicationName() + ' ' + QCoreApplication::applicationVersion() + ", " +
                 QSysInfo::prettyProductName() + ", " + QSysInfo::currentCpuArchitecture();
    details = lines.join('\n');
}

}  // namespace lipar::session
