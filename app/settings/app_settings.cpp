#include "app/settings/app_settings.h"

#include <algorithm>

#include <QDir>
#include <QStandardPaths>

namespace lipar::settings {

namespace {
constexpr QSize defaultWindow(1440, 900);
constexpr QSize smallestWindow(1280, 720);
const QString shortcutGroup = QStringLiteral("shortcuts/");
const QString documentGroup = QStringLiteral("documents/");
}  // namespace

AppSettings::AppSettings(const QString& file, QObject* parent)
    : QObject(parent),
      m_store(file.isEmpty() ? std::make_unique<QSettings>()
                             : std::make_unique<QSettings>(file, QSettings::IniFormat)) {}

bool AppSettings::store(const QString& key, const QVariant& old, const QVariant& value) {
    if (value == old)
        return false;
    m_store->setValue(key, value);
    return true;
}

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
    if (store("language", this->language(), language))
        Q_EMIT languageChanged();
}

QSize AppSettings::windowSize() const {
    return m_store->value("windowSize", defaultWindow).toSize().expandedTo(smallestWindow);
}

void AppSettings::setWindowSize(QSize size) {
    if (store("windowSize", windowSize(), size))
        Q_EMIT windowSizeChanged();
}

QUrl AppSettings::lastFolder() const {
    const auto videos = QStandardPaths::writableLocation(QStandardPaths::MoviesLocation);
    return m_store->value("lastFolder", QUrl::fromLocalFile(videos)).toUrl();
}

void AppSettings::setLastFolder(const QUrl& folder) {
    if (store("lastFolder", lastFolder(), folder))
        Q_EMIT lastFolderChanged();
}

QString AppSettings::device() const {
    return m_store->value("device", "auto").toString();
}

void AppSettings::setDevice(const QString& device) {
    if (store("device", this->device(), device))
        Q_EMIT engineChanged();
}

QString AppSettings::precision() const {
    return m_store->value("precision", "auto").toString();
}

void AppSettings::setPrecision(const QString& precision) {
    if (store("precision", this->precision(), precision))
        Q_EMIT engineChanged();
}

QString AppSettings::cacheFolder() const {
    const auto chosen = m_store->value("cacheFolder").toString();
    if (!chosen.isEmpty())
        return chosen;
    return QDir(QStandardPaths::writableLocation(QStandardPaths::CacheLocation)).filePath("edits");
}

void AppSettings::setCacheFolder(const QString& folder) {
    const auto before = cacheFolder();
    if (folder.isEmpty())
        m_store->remove("cacheFolder");
    else
        m_store->setValue("cacheFolder", folder);
    if (cacheFolder() != before)
        Q_EMIT cacheChanged();
}

int AppSettings::cacheLimitGiB() const {
    return std::clamp(m_store->value("cacheLimitGiB", 20).toInt(), smallestCacheGiB, largestCacheGiB);
}

void AppSettings::setCacheLimitGiB(int limit) {
    if (store("cacheLimitGiB", cacheLimitGiB(), std::clamp(limit, smallestCacheGiB, largestCacheGiB)))
        Q_EMIT cacheChanged();
}

bool AppSettings::makesProxies() const {
    return m_store->value("makesProxies", true).toBool();
}

void AppSettings::setMakesProxies(bool makes) {
    if (store("makesProxies", makesProxies(), makes))
        Q_EMIT proxiesChanged();
}

int AppSettings::autosaveSeconds() const {
    return std::clamp(m_store->value("autosaveSeconds", 1).toInt(), shortestAutosave, longestAutosave);
}

void AppSettings::setAutosaveSeconds(int seconds) {
    if (store("autosaveSeconds", autosaveSeconds(), std::clamp(seconds, shortestAutosave, longestAutosave)))
        Q_EMIT autosaveChanged();
}

QString AppSettings::newEditModel() const {
    return m_store->value("newEditModel").toString();
}

void AppSettings::setNewEditModel(const QString& model) {
    if (store("newEditModel", newEditModel(), model))
        Q_EMIT newEditModelChanged();
}

QString AppSettings::proxy() const {
    return m_store->value("proxy").toString();
}

void AppSettings::setProxy(const QString& proxy) {
    if (store("proxy", this->proxy(), proxy.trimmed()))
        Q_EMIT downloadChanged();
}

QString AppSettings::modelMirror() const {
    return m_store->value("modelMirror").toString();
}

void AppSettings::setModelMirror(const QString& mirror) {
    if (store("modelMirror", modelMirror(), mirror.trimmed()))
        Q_EMIT downloadChanged();
}

QVariantMap AppSettings::layout() const {
    return m_store->value("layout").toMap();
}

void AppSettings::setLayout(const QVariantMap& layout) {
    if (store("layout", this->layout(), layout))
        Q_EMIT layoutChanged();
}

bool AppSettings::hasShortcut(const QString& action) const {
    return m_store->contains(shortcutGroup + action);
}

QStringList AppSettings::shortcut(const QString& action) const {
    return m_store->value(shortcutGroup + action).toStringList();
}

void AppSettings::setShortcut(const QString& action, const QStringList& keys) {
    m_store->setValue(shortcutGroup + action, keys);
}

void AppSettings::removeShortcut(const QString& action) {
    m_store->remove(shortcutGroup + action);
}

QByteArray AppSettings::document(const QString& name) const {
    return m_store->value(documentGroup + name).toByteArray();
}

void AppSettings::setDocument(const QString& name, const QByteArray& json) {
    m_store->setValue(documentGroup + name, json);
}

}  // namespace lipar::settings
