// The window as a whole: QML engine, language, and what they are given. Tests open the very same one.
#pragma once

#include <memory>

#include <QQmlApplicationEngine>
#include <QTranslator>

#include "app/session/studio_session.h"
#include "app/settings/app_settings.h"

class QQuickWindow;

namespace lipar {

class StudioWindow : public QObject {
    Q_OBJECT
public:
    // Both must outlive this object. Loads the window and shows it.
    StudioWindow(session::StudioSession& session, settings::AppSettings& settings, QObject* parent = nullptr);
    ~StudioWindow() override;

    // Null when the QML could not be loaded; the reason has then been logged.
    [[nodiscard]] QQuickWindow* window() const;
    [[nodiscard]] QQmlEngine& engine() { return m_engine; }

private:
    // "en" or "fr": the setting's, else the system's where we have it, else English.
    void useLanguage(const QString& setting);

    QTranslator m_translator;
    QTranslator m_qtTranslator;  // Qt's own texts: file dialogs, field menus
    QQmlApplicationEngine m_engine;
};

}  // namespace lipar
