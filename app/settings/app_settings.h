// What the program remembers between runs, apart from projects. Thread: UI thread.
#pragma once

#include <memory>

#include <QObject>
#include <QSettings>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <QVariantMap>
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
    // Where edits are computed: "auto", "cpu", "cuda", "cuda:N".
    Q_PROPERTY(QString device READ device WRITE setDevice NOTIFY engineChanged)
    // "auto", "fp32", "bf16" or "fp8".
    Q_PROPERTY(QString precision READ precision WRITE setPrecision NOTIFY engineChanged)
    Q_PROPERTY(QString cacheFolder READ cacheFolder WRITE setCacheFolder NOTIFY cacheChanged)
    Q_PROPERTY(int cacheLimitGiB READ cacheLimitGiB WRITE setCacheLimitGiB NOTIFY cacheChanged)
    // Small copies of clips for scrubbing.
    Q_PROPERTY(bool makesProxies READ makesProxies WRITE setMakesProxies NOTIFY proxiesChanged)
    Q_PROPERTY(int autosaveSeconds READ autosaveSeconds WRITE setAutosaveSeconds NOTIFY autosaveChanged)
    // The name of the model that new edits get; empty: the built-in one.
    Q_PROPERTY(QString newEditModel READ newEditModel WRITE setNewEditModel NOTIFY newEditModelChanged)
    // How models are fetched. Empty: as the environment says. No secrets are kept here.
    Q_PROPERTY(QString proxy READ proxy WRITE setProxy NOTIFY downloadChanged)              // "http://host:port"
    Q_PROPERTY(QString modelMirror READ modelMirror WRITE setModelMirror NOTIFY downloadChanged)  // "https://..."
    // Widths and heights of the panels by name, pixels.
    Q_PROPERTY(QVariantMap layout READ layout WRITE setLayout NOTIFY layoutChanged)

public:
    enum Theme { Dark, Light };
    Q_ENUM(Theme)

    static constexpr int smallestCacheGiB = 1;
    static constexpr int largestCacheGiB = 4096;
    static constexpr int shortestAutosave = 1;
    static constexpr int longestAutosave = 60;

    // Kept in `file` (INI); empty = the platform's place for this program.
    explicit AppSettings(const QString& file = {}, QObject* parent = nullptr);

    [[nodiscard]] Theme theme() const;         // default Dark
    [[nodiscard]] QString language() const;    // default empty
    [[nodiscard]] QSize windowSize() const;    // default 1440 x 900, never below 1280 x 720
    [[nodiscard]] QUrl lastFolder() const;     // default: the user's videos
    [[nodiscard]] QString device() const;      // default "auto"
    [[nodiscard]] QString precision() const;   // default "auto"
    [[nodiscard]] QString cacheFolder() const; // default: "edits" in the platform's cache
    [[nodiscard]] int cacheLimitGiB() const;   // default 20
    [[nodiscard]] bool makesProxies() const;   // default true
    [[nodiscard]] int autosaveSeconds() const; // from a change to its copy on disk, default 1
    [[nodiscard]] QString newEditModel() const; // default empty
    [[nodiscard]] QString proxy() const;        // default empty
    [[nodiscard]] QString modelMirror() const;  // default empty
    [[nodiscard]] QVariantMap layout() const;
    void setTheme(Theme theme);
    void setLanguage(const QString& language);
    void setWindowSize(QSize size);
    void setLastFolder(const QUrl& folder);
    void setDevice(const QString& device);
    void setPrecision(const QString& precision);
    void setCacheFolder(const QString& folder);  // empty: the default
    void setCacheLimitGiB(int limit);            // clamped
    void setMakesProxies(bool makes);
    void setAutosaveSeconds(int seconds);        // clamped
    void setNewEditModel(const QString& model);
    void setProxy(const QString& proxy);
    void setModelMirror(const QString& mirror);
    void setLayout(const QVariantMap& layout);

    // Keys that the user has chosen for an action, as QKeySequence writes them; unset = the action's own.
    [[nodiscard]] bool hasShortcut(const QString& action) const;
    [[nodiscard]] QStringList shortcut(const QString& action) const;
    void setShortcut(const QString& action, const QStringList& keys);
    void removeShortcut(const QString& action);

    // Lists that other objects keep here, as JSON text (recent projects, export presets).
    [[nodiscard]] QByteArray document(const QString& name) const;
    void setDocument(const QString& name, const QByteArray& json);

Q_SIGNALS:
    void themeChanged();
    void languageChanged();
    void windowSizeChanged();
    void lastFolderChanged();
    void engineChanged();
    void cacheChanged();
    void proxiesChanged();
    void autosaveChanged();
    void newEditModelChanged();
    void downloadChanged();
    void layoutChanged();

private:
    // False when the value was there already.
    bool store(const QString& key, const QVariant& old, const QVariant& value);

    std::unique_ptr<QSettings> m_store;
};

}  // namespace lipar::settings
