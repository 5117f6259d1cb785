#include "app/main/studio_window.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QQuickStyle>
#include <QQuickWindow>

namespace lipar {

namespace {

const QStringList languages{"en", "fr"};

QString systemLanguage() {
    for (const auto& name : QLocale::system().uiLanguages())
        if (const auto language = name.section('-', 0, 0); languages.contains(language))
            return language;
    return languages.first();
}

}  // namespace

StudioWindow::StudioWindow(session::StudioSession& session, settings::AppSettings& settings, QObject* parent)
    : QObject(parent) {
    // Of Qt's own file dialog, where the platform has none. Can be set once a process.
    [[maybe_unused]] static const bool isStyled = (QQuickStyle::setStyle("Basic"), true);
    useLanguage(settings.language());
    connect(&settings, &settings::AppSettings::languageChanged, this,
            [this, &settings] { useLanguage(settings.language()); });
    m_engine.addImportPath("qrc:/qt/qml");
    m_engine.setInitialProperties(
        {{"session", QVariant::fromValue(&session)}, {"settings", QVariant::fromValue(&settings)}});
    m_engine.load(QUrl("qrc:/qt/qml/Lipar/Main/Main.qml"));
}

StudioWindow::~StudioWindow() {
    QCoreApplication::removeTranslator(&m_translator);
    QCoreApplication::removeTranslator(&m_qtTranslator);
}

QQuickWindow* StudioWindow::window() const {
    const auto roots = m_engine.rootObjects();
    return roots.isEmpty() ? nullptr : qobject_cast<QQuickWindow*>(roots.first());
}

void StudioWindow::useLanguage(const QString& setting) {
    const auto language = languages.contains(setting) ? setting : systemLanguage();
    QCoreApplication::removeTranslator(&m_translator);
    QCoreApplication::removeTranslator(&m_qtTranslator);
    if (m_translator.load(":/i18n/lipar_" + language + ".qm"))
        QCoreApplication::installTranslator(&m_translator);
    if (m_qtTranslator.load("qt_" + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qtTranslator);
    QLocale::setDefault(QLocale(language));
    m_engine.setUiLanguage(language);  // every binding with a text of ours or with Qt.uiLanguage looks again
}

}  // namespace lipar
