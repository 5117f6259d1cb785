#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/model_manager.h"
#include "tests/support/fake_engine.h"
#include "tests/support/fake_models.h"

using namespace lipar;
using session::ModelManager;
using testing::bigModel;
using testing::builtInModel;

// What the page of models is told, from requests and events of an engine that is not there.
class TestModelManager : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void listsWhatTheEngineLists();
    void nothingIsAskedBeforeThePageIsShown();
    void downloadIsPausedAndResumed();
    void cancelThrowsAwayWhatWasReceived();
    void cancelOfAPausedDownloadRemovesIt();
    void brokenConnectionIsTriedAgain();
    void tokenGoesIntoTheRequestAlone();
    void settingsOfDownloadsAreUsed();
    void errorsAreWordsAndCanBeDismissed();
    void damagedIsRepaired();
    void checkSaysWhatItFound();
    void importTellsHowManyFiles();
    void refreshKeepsRows();
    void everySentenceOfTheCatalogueCanBeTranslated();

private:
    [[nodiscard]] QVariant value(int role, int row = 1) const { return m_manager->data(m_manager->index(row), role); }
    [[nodiscard]] int state(int row = 1) const { return value(ModelManager::StateRole, row).toInt(); }
    void list(std::vector<ModelEntry> entries);
    template <class Request>
    [[nodiscard]] const Request* last() const {
        return std::get_if<Request>(&m_engine->requests().back());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<settings::AppSettings> m_settings;
    std::unique_ptr<ModelManager> m_manager;
    const QString m_big = "wan2.1-1.3b";
};

void TestModelManager::init() {
    m_manager.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<testing::FakeEngine>();
    m_settings = std::make_unique<settings::AppSettings>(m_folder->filePath("settings.ini"));
    m_manager = std::make_unique<ModelManager>(*m_engine, *m_settings);
}

void TestModelManager::list(std::vector<ModelEntry> entries) {
    m_engine->setModelEntries(std::move(entries));
    m_manager->refresh();
    QTRY_VERIFY(!m_manager->isListing());
}

void TestModelManager::listsWhatTheEngineLists() {
    list({builtInModel(), bigModel()});
    QCOMPARE(m_manager->count(), 2);
    QCOMPARE(value(ModelManager::TitleRole, 0).toString(), QString("LIPAR mini"));
    QCOMPARE(state(0), int(ModelManager::Installed));
    QCOMPARE(state(), int(ModelManager::NotInstalled));
    QCOMPARE(value(ModelManager::BytesRole).toDouble(), 17'126'500'000.0);
    QCOMPARE(value(ModelManager::FilesRole).toList().size(), 3);
    QCOMPARE(value(ModelManager::FitRole).toInt(), int(ModelManager::Fits));
    auto full = bigModel();
    full.fit.verdict = FitVerdict::tooLittleDisk;
    auto busy = builtInModel();
    busy.busy = true;
    list({busy, full});
    QCOMPARE(value(ModelManager::FitRole).toInt(), int(ModelManager::TooLittleDisk));
    QCOMPARE(state(0), int(ModelManager::Busy));
}

void TestModelManager::nothingIsAskedBeforeThePageIsShown() {
    QVERIFY(m_engine->requests().empty());
}

void TestModelManager::downloadIsPausedAndResumed() {
    list({builtInModel(), bigModel()});
    m_manager->install(m_big);
    QCOMPARE(state(), int(ModelManager::Waiting));
    QCOMPARE(QString::fromStdString(last<service::ModelInstallRequest>()->model), m_big);
    QTRY_COMPARE(state(), int(ModelManager::Fetching));
    m_engine->send(service::TransferProgress{m_engine->lastJob(), testing::received(3'000, 17'000, 12e6, 240)});
    QCOMPARE(value(ModelManager::DoneRole).toDouble(), 3'000.0);
    QCOMPARE(value(ModelManager::RateRole).toDouble(), 12e6);
    QCOMPARE(value(ModelManager::SecondsRole).toDouble(), 240.0);
    m_engine->setModelEntries({builtInModel(), testing::partial(bigModel(), 3'000)});
    m_manager->pause(m_big);
    QTRY_COMPARE(state(), int(ModelManager::Paused));
    QTRY_COMPARE(value(ModelManager::BytesPresentRole).toDouble(), 3'000.0);
    QVERIFY(!value(ModelManager::ErrorRole).value<session::ErrorReport>().isSet());
    m_manager->install(m_big);
    QTRY_COMPARE(state(), int(ModelManager::Fetching));
    m_engine->setModelEntries({builtInModel(), testing::installed(bigModel())});
    QSignalSpy installed(m_manager.get(), &ModelManager::installedChanged);
    m_engine->send(service::JobFinished{m_engine->lastJob(), service::ModelInstallReport{}});
    QTRY_COMPARE(state(), int(ModelManager::Installed));
    QCOMPARE(installed.count(), 1);
}

void TestModelManager::cancelThrowsAwayWhatWasReceived() {
    list({builtInModel(), bigModel()});
    m_manager->install(m_big);
    QTRY_COMPARE(state(), int(ModelManager::Fetching));
    m_manager->discard(m_big);
    QCOMPARE(state(), int(ModelManager::Removing));
    QTRY_COMPARE(m_engine->count<service::ModelRemoveRequest>(), 1);
    m_engine->send(service::JobFinished{m_engine->lastJob(), service::ModelRemoveReport{}});
    QTRY_COMPARE(state(), int(ModelManager::NotInstalled));
}

void TestModelManager::cancelOfAPausedDownloadRemovesIt() {
    list({builtInModel(), testing::partial(bigModel(), 5'000)});
    QCOMPARE(state(), int(ModelManager::Partial));
    m_manager->discard(m_big);
    QCOMPARE(QString::fromStdString(last<service::ModelRemoveRequest>()->model), m_big);
}

void TestModelManager::brokenConnectionIsTriedAgain() {
    list({builtInModel(), bigModel()});
    m_manager->install(m_big);
    QTRY_COMPARE(state(), int(ModelManager::Fetching));
    auto waiting = testing::received(3'000, 17'000, 0, -1);
    waiting.phase = TransferPhase::waiting;
    waiting.note = "the connection was closed";
    m_engine->send(service::TransferProgress{m_engine->lastJob(), waiting});
    QCOMPARE(state(), int(ModelManager::Retrying));
    QCOMPARE(value(ModelManager::NoteRole).toString(), QString("the connection was closed"));
}

void TestModelManager::tokenGoesIntoTheRequestAlone() {
    list({builtInModel(), bigModel()});
    m_engine->failNext({ErrorCode::accessDenied, "the server refused: no account", "accept the licence"});
    m_manager->install(m_big);
    QTRY_VERIFY(value(ModelManager::IsGatedRole).toBool());
    m_manager->install(m_big, " hf_secret\n", true);
    QCOMPARE(last<service::ModelInstallRequest>()->download.token, std::string("hf_secret"));
    QVERIFY(last<service::ModelInstallRequest>()->download.keepToken);
    QVERIFY(!value(ModelManager::IsGatedRole).toBool());
    QTRY_COMPARE(state(), int(ModelManager::Fetching));
    m_manager->pause(m_big);
    QTRY_VERIFY(state() != int(ModelManager::Fetching));
    m_manager->install(m_big);
    QVERIFY(last<service::ModelInstallRequest>()->download.token.empty());  // it is the engine that keeps it
    m_settings.reset();
    QFile kept(m_folder->filePath("settings.ini"));
    QVERIFY(!kept.open(QIODevice::ReadOnly) || !kept.readAll().contains("hf_secret"));
    m_manager.reset();
}

void TestModelManager::settingsOfDownloadsAreUsed() {
    m_settings->setProxy(" http://proxy:3128 ");
    m_settings->setModelMirror("https://mirror.example/models");
    list({builtInModel(), testing::damaged(bigModel())});
    m_manager->repair(m_big);
    QCOMPARE(last<service::ModelRepairRequest>()->download.proxy, std::string("http://proxy:3128"));
    QCOMPARE(last<service::ModelRepairRequest>()->download.mirror, std::string("https://mirror.example/models"));
}

void TestModelManager::errorsAreWordsAndCanBeDismissed() {
    list({builtInModel(), bigModel()});
    QSignalSpy failed(m_manager.get(), &ModelManager::failed);
    m_engine->failNext(
        {ErrorCode::networkFailed, "cannot reach the server: no route to host", "connect to the network"});
    m_manager->install(m_big);
    QTRY_COMPARE(failed.count(), 1);
    const auto error = value(ModelManager::ErrorRole).value<session::ErrorReport>();
    QCOMPARE(error.message(), QString("Cannot reach the server: no route to host."));
    QVERIFY(error.details.contains("network-failed"));
    QVERIFY(!value(ModelManager::IsGatedRole).toBool());
    QCOMPARE(state(), int(ModelManager::NotInstalled));
    m_manager->dismissError(m_big);
    QVERIFY(!value(ModelManager::ErrorRole).value<session::ErrorReport>().isSet());
}

void TestModelManager::damagedIsRepaired() {
    list({builtInModel(), testing::damaged(bigModel())});
    QCOMPARE(state(), int(ModelManager::Damaged));
    QVERIFY(value(ModelManager::ProblemRole).toString().contains("other bytes"));
    m_manager->repair(m_big);
    QTRY_COMPARE(state(), int(ModelManager::Repairing));
    m_engine->setModelEntries({builtInModel(), testing::installed(bigModel())});
    m_engine->send(service::JobFinished{m_engine->lastJob(), service::ModelRepairReport{}});
    QTRY_COMPARE(state(), int(ModelManager::Installed));
}

void TestModelManager::checkSaysWhatItFound() {
    list({builtInModel(), testing::installed(bigModel())});
    m_manager->verify(m_big);
    QTRY_COMPARE(state(), int(ModelManager::Verifying));
    m_engine->send(service::JobFinished{m_engine->lastJob(), service::ModelVerifyReport{}});
    QTRY_VERIFY(value(ModelManager::VerifiedRole).toBool());
    m_engine->failNext({ErrorCode::modelDamaged, "a file is damaged: other bytes", "repair the model"});
    m_manager->verify(m_big);
    QTRY_VERIFY(value(ModelManager::ErrorRole).value<session::ErrorReport>().isSet());
    QVERIFY(!value(ModelManager::VerifiedRole).toBool());
}

void TestModelManager::importTellsHowManyFiles() {
    list({builtInModel(), bigModel()});
    m_manager->importFrom(QUrl::fromLocalFile("/disk/models"));
    QVERIFY(m_manager->isImporting());
    QCOMPARE(last<service::ModelImportRequest>()->folder, std::filesystem::path("/disk/models"));
    QCoreApplication::processEvents();  // the engine begins
    service::ModelImportReport report;
    report.files.resize(3);
    m_engine->send(service::JobFinished{m_engine->lastJob(), report});
    QVERIFY(!m_manager->isImporting());
    QCOMPARE(m_manager->importedFiles(), 3);
    m_engine->failNext({ErrorCode::inputUnsupported, "nothing of use is in /disk/other", "choose another folder"});
    m_manager->importFrom(QUrl::fromLocalFile("/disk/other"));
    QTRY_VERIFY(m_manager->importError().isSet());
    m_manager->dismissImport();
    QVERIFY(!m_manager->importError().isSet());
}

void TestModelManager::refreshKeepsRows() {
    list({builtInModel(), bigModel()});
    QSignalSpy reset(m_manager.get(), &QAbstractItemModel::modelReset);
    list({builtInModel(), testing::installed(bigModel())});
    QCOMPARE(reset.count(), 0);
    list({builtInModel()});
    QCOMPARE(reset.count(), 1);
}

// The page looks sentences of the catalogue up; whoever adds one translates it.
void TestModelManager::everySentenceOfTheCatalogueCanBeTranslated() {
    QFile catalogue(LIPAR_SOURCE_DIR "/resources/models/catalogue.json");
    QVERIFY(catalogue.open(QIODevice::ReadOnly));
    QFile french(LIPAR_SOURCE_DIR "/translations/lipar_fr.ts");
    QVERIFY(french.open(QIODevice::ReadOnly));
    const auto known = french.readAll();
    const auto models = QJsonDocument::fromJson(catalogue.readAll()).object()["models"].toArray();
    QVERIFY(!models.isEmpty());
    const auto check = [&known](const QString& text) {
        QVERIFY2(text.isEmpty() || known.contains("<source>" + text.toHtmlEscaped().toUtf8() + "</source>"),
                 qPrintable(text));
    };
    for (const auto& model : models) {
        check(model.toObject()["summary"].toString());
        const auto files = model.toObject()["files"].toArray();
        for (const auto& file : files)
            check(file.toObject()["purpose"].toString());
    }
}

QTEST_GUILESS_MAIN(TestModelManager)
#include "tst_model_manager.moc"
