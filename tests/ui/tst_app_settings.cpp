#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/settings/app_settings.h"

using lipar::settings::AppSettings;

class TestAppSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hasDefaults();
    void remembers();
    void neverOpensTooSmall();
    void valuesStayInRange();
};

void TestAppSettings::hasDefaults() {
    const QTemporaryDir folder;
    const AppSettings settings(folder.filePath("settings.ini"));
    QCOMPARE(settings.theme(), AppSettings::Dark);
    QCOMPARE(settings.language(), QString());
    QCOMPARE(settings.windowSize(), QSize(1440, 900));
}

void TestAppSettings::remembers() {
    const QTemporaryDir folder;
    const auto file = folder.filePath("settings.ini");
    {
        AppSettings settings(file);
        QSignalSpy themeChanged(&settings, &AppSettings::themeChanged);
        settings.setTheme(AppSettings::Light);
        settings.setTheme(AppSettings::Light);
        QCOMPARE(themeChanged.count(), 1);
        settings.setLanguage("fr");
        settings.setWindowSize({1600, 1000});
        settings.setLastFolder(QUrl::fromLocalFile("/videos"));
        QCOMPARE(settings.newEditModel(), QString());
        QSignalSpy modelChanged(&settings, &AppSettings::newEditModelChanged);
        settings.setNewEditModel("wan2.1-1.3b");
        settings.setNewEditModel("wan2.1-1.3b");
        QCOMPARE(modelChanged.count(), 1);
    }
    const AppSettings settings(file);
    QCOMPARE(settings.theme(), AppSettings::Light);
    QCOMPARE(settings.language(), QString("fr"));
    QCOMPARE(settings.windowSize(), QSize(1600, 1000));
    QCOMPARE(settings.lastFolder(), QUrl::fromLocalFile("/videos"));
    QCOMPARE(settings.newEditModel(), QString("wan2.1-1.3b"));
}

void TestAppSettings::neverOpensTooSmall() {
    const QTemporaryDir folder;
    AppSettings settings(folder.filePath("settings.ini"));
    settings.setWindowSize({300, 2000});
    QCOMPARE(settings.windowSize(), QSize(1280, 2000));
}

void TestAppSettings::valuesStayInRange() {
    const QTemporaryDir folder;
    AppSettings settings(folder.filePath("settings.ini"));
    QCOMPARE(settings.device(), QString("auto"));
    QCOMPARE(settings.cacheLimitGiB(), 20);
    settings.setCacheLimitGiB(0);
    QCOMPARE(settings.cacheLimitGiB(), AppSettings::smallestCacheGiB);
    settings.setAutosaveSeconds(3600);
    QCOMPARE(settings.autosaveSeconds(), AppSettings::longestAutosave);
    const auto own = settings.cacheFolder();
    QVERIFY(!own.isEmpty());
    QSignalSpy cacheChanged(&settings, &AppSettings::cacheChanged);
    settings.setCacheFolder(folder.filePath("blocks"));
    settings.setCacheFolder({});
    QCOMPARE(settings.cacheFolder(), own);
    QCOMPARE(cacheChanged.count(), 2);
    settings.setShortcut("clip.split", {"X", "Ctrl+X"});
    QCOMPARE(settings.shortcut("clip.split"), (QStringList{"X", "Ctrl+X"}));
    settings.removeShortcut("clip.split");
    QVERIFY(!settings.hasShortcut("clip.split"));
}

QTEST_GUILESS_MAIN(TestAppSettings)
#include "tst_app_settings.moc"
