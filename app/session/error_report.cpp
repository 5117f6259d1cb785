#include "app/session/error_report.h"

#include <algorithm>
#include <iterator>

#include <QCoreApplication>
#include <QStringList>
#include <QSysInfo>

namespace lipar::session {

namespace {

// What a catalogue may say in place of the engine's sentences. English has no such texts: it keeps the engine's own.
struct Kind {
    ErrorCode code;
    const char* message;
    const char* hint;
};
constexpr Kind kinds[] = {
    {ErrorCode::invalidArgument, QT_TRANSLATE_NOOP("ErrorReport", "This cannot be done as it was asked for."), ""},
    {ErrorCode::inputMissing, QT_TRANSLATE_NOOP("ErrorReport", "A file is missing or may not be read."),
     QT_TRANSLATE_NOOP("ErrorReport", "Check where it is, and that you may read it.")},
    {ErrorCode::inputDamaged, QT_TRANSLATE_NOOP("ErrorReport", "A file is damaged or not what its name says."),
     QT_TRANSLATE_NOOP("ErrorReport", "Try another copy of it.")},
    {ErrorCode::inputUnsupported, QT_TRANSLATE_NOOP("ErrorReport", "A file of this kind is not supported."),
     QT_TRANSLATE_NOOP("ErrorReport", "Convert it, or choose another one.")},
    {ErrorCode::modelMissing, QT_TRANSLATE_NOOP("ErrorReport", "A model or a part of it is missing."),
     QT_TRANSLATE_NOOP("ErrorReport", "Install the model, or choose another one.")},
    {ErrorCode::modelDamaged, QT_TRANSLATE_NOOP("ErrorReport", "A file of the model is damaged."),
     QT_TRANSLATE_NOOP("ErrorReport", "Install the model again.")},
    {ErrorCode::deviceUnavailable, QT_TRANSLATE_NOOP("ErrorReport", "The chosen device is missing or cannot do this."),
     QT_TRANSLATE_NOOP("ErrorReport", "Choose another device in the settings.")},
    {ErrorCode::outOfMemory, QT_TRANSLATE_NOOP("ErrorReport", "There is not enough memory."),
     QT_TRANSLATE_NOOP("ErrorReport", "Choose a smaller processing size, or close other programs.")},
    {ErrorCode::diskFull, QT_TRANSLATE_NOOP("ErrorReport", "The disk is full."),
     QT_TRANSLATE_NOOP("ErrorReport", "Free some space, or choose another folder.")},
    {ErrorCode::outputFailed, QT_TRANSLATE_NOOP("ErrorReport", "A file could not be written."),
     QT_TRANSLATE_NOOP("ErrorReport", "Check the folder, and that you may write there.")},
    {ErrorCode::decodeFailed, QT_TRANSLATE_NOOP("ErrorReport", "The clip cannot be read to its end."),
     QT_TRANSLATE_NOOP("ErrorReport", "Try another copy of it.")},
    {ErrorCode::networkFailed, QT_TRANSLATE_NOOP("ErrorReport", "There is no connection, or it broke and did not come back."),
     QT_TRANSLATE_NOOP("ErrorReport", "What was received is kept: go on when you are online again. Behind a proxy, name it in the settings.")},
    {ErrorCode::accessDenied, QT_TRANSLATE_NOOP("ErrorReport", "The server gives this file only to people with an account."),
     QT_TRANSLATE_NOOP("ErrorReport", "Accept the licence on the publisher’s page, then enter an access token of your account.")},
    {ErrorCode::inUse, QT_TRANSLATE_NOOP("ErrorReport", "Another program works with this model."),
     QT_TRANSLATE_NOOP("ErrorReport", "Wait until it is done, or close it.")},
    {ErrorCode::internal, QT_TRANSLATE_NOOP("ErrorReport", "The program has made a mistake."),
     QT_TRANSLATE_NOOP("ErrorReport", "Try it again; if it stays so, copy the details for a bug report.")},
};

// Empty where the language has no words for it.
QString translated(const char* text) {
    const auto words = *text ? QCoreApplication::translate("ErrorReport", text) : QString();
    return words == QString::fromUtf8(text) ? QString() : words;
}

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

ErrorReport::ErrorReport(const Error& error, const QString& context) : m_error(error) {
    setDetails(context);
}

ErrorReport ErrorReport::verbatim(const Error& error, const QString& context) {
    ErrorReport report(error, context);
    report.m_isVerbatim = true;
    return report;
}

QString ErrorReport::wordsForKind() const {
    const auto kind = std::ranges::find(kinds, m_error.code, &Kind::code);
    return m_isVerbatim || !isSet() || kind == std::end(kinds) ? QString() : translated(kind->message);
}

QString ErrorReport::message() const {
    const auto words = wordsForKind();
    return words.isEmpty() ? asSentence(toQString(m_error.message)) : words;
}

QString ErrorReport::hint() const {
    if (wordsForKind().isEmpty())
        return asSentence(toQString(m_error.hint));
    const auto kind = std::ranges::find(kinds, m_error.code, &Kind::code);
    const auto own =
        QCoreApplication::translate("ErrorReport", "In the engine’s words: %1").arg(toQString(m_error.sentence()));
    return QStringList{translated(kind->hint), own}.join(' ').trimmed();
}

void ErrorReport::setDetails(const QString& context) {
    const Error& error = m_error;
    QStringList lines{toQString(error.codeName()) + ": " + toQString(error.sentence())};
    if (!context.isEmpty())
        lines << context;
    lines << QCoreApplication::applicationName() + ' ' + QCoreApplication::applicationVersion() + ", " +
                 QSysInfo::prettyProductName() + ", " + QSysInfo::currentCpuArchitecture();
    details = lines.join('\n');
}

}  // namespace lipar::session
