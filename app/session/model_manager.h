// The page of models: what can be had and what is there, fetched, checked and removed.
//
// One row a model of the engine's catalogue and one for every other model found. Facts are numbers and enumerations, so
// that the page has its words in the user's language; sentences of the catalogue are looked up in the context
// "ModelText". A download that is paused keeps what was received; cancelling it throws that away. Everything runs in
// the engine's own lane for such jobs, so that no edit waits for it. Thread: UI thread.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include <QAbstractListModel>
#include <QUrl>
#include <QVariantList>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/error_report.h"
#include "app/settings/app_settings.h"

namespace lipar::session {

class ModelManager : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(int count READ count NOTIFY listChanged)
    Q_PROPERTY(bool isListing READ isListing NOTIFY listChanged)
    Q_PROPERTY(QString folder READ folder NOTIFY listChanged)  // where models are installed, native separators
    Q_PROPERTY(lipar::session::ErrorReport listError READ listError NOTIFY listChanged)
    Q_PROPERTY(bool isImporting READ isImporting NOTIFY importChanged)
    Q_PROPERTY(double importProgress READ importProgress NOTIFY importChanged)  // 0..1; negative: not known
    Q_PROPERTY(int importedFiles READ importedFiles NOTIFY importChanged)  // by the last import; negative: none yet
    Q_PROPERTY(lipar::session::ErrorReport importError READ importError NOTIFY importChanged)

public:
    enum State {
        NotInstalled,
        Partial,
        Installed,
        Damaged,
        Paused,
        Waiting,   // behind another job
        Fetching,  // also connecting and reading again what an earlier run received
        Retrying,  // the connection broke; see `note`
        Verifying,
        Repairing,
        Removing,
        Busy,  // another program works on it
    };
    Q_ENUM(State)
    enum Fit { Fits, TooLittleDisk, TooLittleDeviceMemory, TooLittleHostMemory };
    Q_ENUM(Fit)
    enum FileState { FileMissing, FilePartial, FilePresent, FileDamaged };
    Q_ENUM(FileState)

    enum Role {
        NameRole = Qt::UserRole + 1,
        TitleRole,
        SummaryRole,
        LicenseRole,
        BytesRole,
        BytesPresentRole,
        BuiltInRole,
        InCatalogueRole,
        InUseRole,
        StateRole,
        ProblemRole,  // damaged: what is wrong, in the engine's words
        FitRole,
        DeviceRole,
        DiskBytesRole,  // still to be fetched
        DiskFreeRole,
        DeviceBytesRole,
        DeviceFreeRole,
        HostBytesRole,
        HostFreeRole,
        FilesRole,  // of {purpose, name, license, bytes, exact, present, state, optional, part, problem}
        DoneRole,   // bytes of the running job
        TotalRole,
        RateRole,     // bytes a second
        SecondsRole,  // left; negative: not known
        NoteRole,     // why it waits for another try
        ErrorRole,
        IsGatedRole,   // the server wants an account: a token helps
        VerifiedRole,  // the last verify found nothing wrong
    };

    // Both must outlive this object. Asks for nothing until refresh().
    ModelManager(jobs::JobRunner& runner, settings::AppSettings& settings, QObject* parent = nullptr);

    [[nodiscard]] int count() const { return int(m_entries.size()); }
    [[nodiscard]] bool isListing() const { return m_list.isRunning(); }
    [[nodiscard]] QString folder() const { return m_folder; }
    [[nodiscard]] const ErrorReport& listError() const { return m_listError; }
    [[nodiscard]] bool isImporting() const { return m_import.isRunning(); }
    [[nodiscard]] double importProgress() const { return m_importProgress; }
    [[nodiscard]] int importedFiles() const { return m_importedFiles; }
    [[nodiscard]] const ErrorReport& importError() const { return m_importError; }

    Q_INVOKABLE void refresh();
    // Also goes on with what was paused. `token`: of the account that files need; used for this job and, with
    // `keepToken`, kept by the engine in the system's keyring. Never stored here.
    Q_INVOKABLE void install(const QString& model, const QString& token = {}, bool keepToken = false);
    Q_INVOKABLE void installPart(const QString& model, const QString& part);
    Q_INVOKABLE void pause(const QString& model);
    // Stops the download and removes what was received.
    Q_INVOKABLE void discard(const QString& model);
    Q_INVOKABLE void verify(const QString& model);
    Q_INVOKABLE void stopVerifying(const QString& model);
    Q_INVOKABLE void repair(const QString& model);
    Q_INVOKABLE void remove(const QString& model);
    Q_INVOKABLE void dismissError(const QString& model);
    // A folder or a file; its models are recognised by what is in it.
    Q_INVOKABLE void importFrom(const QUrl& place);
    Q_INVOKABLE void stopImport();
    Q_INVOKABLE void dismissImport();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void listChanged();
    void importChanged();
    void installedChanged();  // a model came or went: whoever lists models asks again
    void failed(const QString& model, const lipar::session::ErrorReport& error);

private:
    enum class Kind { none, install, verify, repair, remove };
    // What is being done to a model, or was last.
    struct Work {
        std::unique_ptr<jobs::LatestJob> job;
        Kind kind = Kind::none;
        TransferState transfer;
        ErrorReport error;
        ErrorCode errorCode = ErrorCode::internal;
        bool isStarted = false;
        bool isPaused = false;
        bool removesAfterwards = false;
        bool isVerified = false;
    };

    void takeList(const service::Report& report);
    Work& workOf(const QString& model);
    void start(const QString& model, Kind kind, service::Request request);
    void finish(const QString& model, const service::Report& report);
    void fail(const QString& model, const Error& error);
    void tell(const QString& model);
    [[nodiscard]] State stateOf(const ModelEntry& entry, const Work* work) const;
    [[nodiscard]] DownloadSettings download() const;
    [[nodiscard]] static QVariantList filesOf(const ModelEntry& entry);

    jobs::JobRunner& m_runner;
    settings::AppSettings& m_settings;
    jobs::LatestJob m_list;
    jobs::LatestJob m_import;
    std::vector<ModelEntry> m_entries;
    std::map<QString, Work> m_work;
    QString m_folder;
    ErrorReport m_listError;
    ErrorReport m_importError;
    double m_importProgress = -1;
    int m_importedFiles = -1;
};

}  // namespace lipar::session
