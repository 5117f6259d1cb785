// What the program remembers between runs, apart from projects. Thread: UI thread.
#pragma once

#include <QObject>
#include <QSettings>
#include <QSize>
#include <QString>
#include <QUrl>
#include <QtQmlIntegration>

namespace lipar::settings {

class AppSettings : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(Theme theme READ theme WRITE setTheme NOTIFY themeChanged)
    // "en", "fr", or empty for the system's language.
    Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY languageChanged)
    Q_PROPERTY(QSize windowSize READ windowSize WRITE setWindowSize NOTIFY windowSizeChanged)
    Q_PROPERTY(QUrl lastFolder READ lastFolder WRITE setLastFolder NOTIFY lastFolderChanged)

public:
    enum Theme { Dark, Light };
    Q_ENUM(Theme)

    // Kept in `file` (INI); empty = the platform's place for this program.
    explicit AppSettings(const QString& file = {}, QObject* parent = nullptr);

    [[nodiscard]] Theme theme() const;       // default Dark
    [[nodiscard]] QString language() const;  // default empty
    [[nodiscard]] QSize windowSize() const;  // default 1440 x 900, never below 1280 x 720
    [[nodiscard]] QUrl lastFolder() const;   // default: the user's videos
    void setTheme(Theme theme);
    void setLanguage(const QString& language);
    void setWindowSize(QSize size);
    void setLastFolder(const QUrl& folder);

Q_SIGNALS:
    void themeChanged();
    void languageChanged();
    void windowSizeChanged();
    void lastFolderChanged();

private:
    std::unique_ptr<QSettings> m_store;
};

}  // namespace lipar::settings
