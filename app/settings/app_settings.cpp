#include "app/settings/app_settings.h"

#include <QStandardPaths>

namespace lipar::settings {

namespace {
constexpr QSize defaultWindow(1440, 900);
constexpr QSize smallestWindow(1280, 720);
}  // namespace

AppSettings::AppSettings(const QString& file, QObject* parent)
    : QObject(parent),
      m_store(file.isEmpty() ? std::make_unique<QSettings>()
                             : std::make_unique<QSettings>(file, QSettings::IniFormat)) {}

AppSettings::Theme AppSettings::theme() const {
    return m_store->value("theme").toString() == "light" ? Light : Dark;
}

void AppSettings::setTheme(Theme theme) {
    if (theme == this->theme())
        return;
    m_store->setValue("theme", theme == Light ? "light" : "dark");
    Q_EMIT themeChanged();
}

QString AppSettings::language() const {
    return m_store->value("language").toString();
}

void AppSettings::setLanguage(const QString& language) {
    if (language == this->language())
        return;
    m_store->setValue("language", language);
    Q_EMIT languageChanged();
}

QSize AppSettings::windowSize() const {
    return m_store->value("windowSize", defaultWindow).toSize().expandedTo(smallestWindow);
}

void AppSettings::setWindowSize(QSize size) {
    if (size == windowSize())
        return;
    m_store->setValue("windowSize", size);
    Q_EMIT windowSizeChanged();
}

QUrl AppSettings::lastFolder() const {
    const auto videos = QStandardPaths::writableLocation(QStandardPaths::MoviesLocation);
    return m_store->value("lastFolder", QUrl::fromLocalFile(videos)).toUrl();
}

void AppSettings::setLastFolder(const QUrl& folder) {
    if (folder == lastFolder())
        return;
    m_store->setValue("lastFolder", folder);
    Q_EMIT lastFolderChanged();
}

}  // namespace lipar::settings
