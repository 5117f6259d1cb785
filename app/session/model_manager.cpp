#include "app/session/model_manager.h"

#include <algorithm>

#include "app/session/paths.h"

namespace lipar::session {

namespace {

// The catalogue's sentences, so that translators find them; the page looks them up by what the engine sends.
[[maybe_unused]] constexpr const char* catalogueTexts[] = {
    QT_TRANSLATE_NOOP(
        "ModelText",
        "The small model that comes with the program. It knows a fixed list of looks and runs on any processor."),
    QT_TRANSLATE_NOOP("ModelText",
                      "A video model of 1.3 billion parameters, distilled to few steps. It takes any English or "
                      "Chinese prompt and wants a GPU."),
    QT_TRANSLATE_NOOP("ModelText", "Denoises the video: the causal transformer."),
    QT_TRANSLATE_NOOP("ModelText", "Reads the prompt."),
    QT_TRANSLATE_NOOP("ModelText", "Cuts the prompt into the words that the text encoder knows."),
    QT_TRANSLATE_NOOP("ModelText", "Turns pictures into latents and back, quickly: the one that edits use."),
    QT_TRANSLATE_NOOP("ModelText", "Turns pictures into latents and back, with more detail and slowly."),
};

const TransferState* transferOf(const jobs::EventPtr& event) {
    const auto* progress = std::get_if<service::TransferProgress>(event.get());
    return progress ? &progress->state : nullptr;
}

}  // namespace

ModelManager::ModelManager(jobs::JobRunner& runner, settings::AppSettings& settings, QObject* parent)
    : QAbstractListModel(parent), m_runner(runner), m_settings(settings), m_list(runner), m_import(runner) {
    connect(&m_list, &jobs::LatestJob::finished, this, &ModelManager::takeList);
    connect(&m_list, &jobs::LatestJob::failed, this, [this](const Error& error) {
        m_listError = ErrorReport(error, "list of models");
        Q_EMIT listChanged();
    });
    connect(&m_import, &jobs::LatestJob::arrived, this, [this](const jobs::EventPtr& event) {
        if (const auto* state = transferOf(event)) {
            m_importProgress = state->total > 0 ? double(state->done) / double(state->total) : -1;
            Q_EMIT importChanged();
        }
    });
    connect(&m_import, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        if (const auto* done = std::get_if<service::ModelImportReport>(&report))
            m_importedFiles = int(done->files.size());
        Q_EMIT importChanged();
        Q_EMIT installedChanged();
        refresh();
    });
    connect(&m_import, &jobs::LatestJob::failed, this, [this](const Error& error) {
        if (error.code != ErrorCode::cancelled)
            m_importError = ErrorReport(error, "import of a model");
        Q_EMIT importChanged();
        refresh();
    });
}

void ModelManager::refresh() {
    m_list.start(service::ModelListRequest{.catalogue = true});
    Q_EMIT listChanged();
}

void ModelManager::takeList(const service::Report& report) {
    const auto* list = std::get_if<service::ModelListReport>(&report);
    if (!list)
        return;
    m_listError = {};
    m_folder = toNative(list->folder);
    const bool isSame = std::ranges::equal(m_entries, list->entries, {}, &ModelEntry::name, &ModelEntry::name);
    // The same models keep their rows: a field that is being typed into stays.
    if (isSame) {
        m_entries = list->entries;
        if (!m_entries.empty())
            Q_EMIT dataChanged(index(0), index(count() - 1));
    } else {
        beginResetModel();
        m_entries = list->entries;
        endResetModel();
    }
    Q_EMIT listChanged();
}

ModelManager::Work& ModelManager::workOf(const QString& model) {
    auto& work = m_work[model];
    if (work.job)
        return work;
    work.job = std::make_unique<jobs::LatestJob>(m_runner);
    auto* job = work.job.get();
    connect(job, &jobs::LatestJob::started, this, [this, model] {
        m_work[model].isStarted = true;
        tell(model);
    });
    connect(job, &jobs::LatestJob::arrived, this, [this, model](const jobs::EventPtr& event) {
        if (const auto* state = transferOf(event)) {
            m_work[model].transfer = *state;
            tell(model);
        }
    });
    connect(job, &jobs::LatestJob::finished, this,
            [this, model](const service::Report& report) { finish(model, report); });
    connect(job, &jobs::LatestJob::failed, this, [this, model](const Error& error) { fail(model, error); });
    return work;
}

void ModelManager::start(const QString& model, Kind kind, service::Request request) {
    auto& work = workOf(model);
    if (work.job->isRunning())
        return;
    work.kind = kind;
    work.transfer = {};
    work.error = {};
    work.isStarted = work.isPaused = work.removesAfterwards = work.isVerified = false;
    work.job->start(std::move(request));
    tell(model);
}

void ModelManager::finish(const QString& model, const service::Report&) {
    auto& work = m_work[model];
    work.isVerified = work.kind == Kind::verify;
    const bool hasChanged = work.kind != Kind::verify;
    if (work.removesAfterwards) {  // the last byte came before the cancel did
        start(model, Kind::remove, service::ModelRemoveRequest{model.toStdString()});
        return;
    }
    tell(model);
    if (hasChanged)
        Q_EMIT installedChanged();
    refresh();
}

void ModelManager::fail(const QString& model, const Error& error) {
    auto& work = m_work[model];
    const bool isFetch = work.kind == Kind::install || work.kind == Kind::repair;
    if (work.removesAfterwards) {
        start(model, Kind::remove, service::ModelRemoveRequest{model.toStdString()});
        return;
    }
    if (error.code == ErrorCode::cancelled) {
        work.isPaused = isFetch;
    } else {
        work.error = ErrorReport(error, "model: " + model);
        work.errorCode = error.code;
        Q_EMIT failed(model, work.error);
    }
    tell(model);
    refresh();
}

DownloadSettings ModelManager::download() const {
    DownloadSettings download;
    download.mirror = m_settings.modelMirror().toStdString();
    download.proxy = m_settings.proxy().toStdString();
    return download;
}

void ModelManager::install(const QString& model, const QString& token, bool keepToken) {
    service::ModelInstallRequest request{.model = model.toStdString(), .parts = {}, .download = download()};
    request.download.token = token.trimmed().toStdString();
    request.download.keepToken = keepToken && !request.download.token.empty();
    start(model, Kind::install, std::move(request));
}

void ModelManager::installPart(const QString& model, const QString& part) {
    start(model, Kind::install,
          service::ModelInstallRequest{
              .model = model.toStdString(), .parts = {part.toStdString()}, .download = download()});
}

void ModelManager::pause(const QString& model) {
    workOf(model).job->cancel();
    tell(model);
}

void ModelManager::discard(const QString& model) {
    auto& work = workOf(model);
    if (work.job->isRunning()) {
        work.removesAfterwards = true;
        work.job->cancel();
        tell(model);
    } else {
        remove(model);
    }
}

void ModelManager::verify(const QString& model) {
    start(model, Kind::verify, service::ModelVerifyRequest{model.toStdString()});
}

void ModelManager::stopVerifying(const QString& model) {
    workOf(model).job->cancel();
}

void ModelManager::repair(const QString& model) {
    start(model, Kind::repair, service::ModelRepairRequest{.model = model.toStdString(), .download = download()});
}

void ModelManager::remove(const QString& model) {
    start(model, Kind::remove, service::ModelRemoveRequest{model.toStdString()});
}

void ModelManager::dismissError(const QString& model) {
    workOf(model).error = {};
    tell(model);
}

void ModelManager::importFrom(const QUrl& place) {
    m_importError = {};
    m_importProgress = -1;
    m_importedFiles = -1;
    m_import.start(service::ModelImportRequest{.folder = toPath(place.toLocalFile()), .model = {}});
    Q_EMIT importChanged();
}

void ModelManager::stopImport() {
    m_import.cancel();
}

void ModelManager::dismissImport() {
    m_importError = {};
    m_importedFiles = -1;
    Q_EMIT importChanged();
}

void ModelManager::tell(const QString& model) {
    for (int row = 0; row < count(); ++row)
        if (m_entries[std::size_t(row)].name == model.toStdString())
            Q_EMIT dataChanged(index(row), index(row));
}

ModelManager::State ModelManager::stateOf(const ModelEntry& entry, const Work* work) const {
    if (work && work->job->isRunning()) {
        switch (work->kind) {
            case Kind::install:
            case Kind::repair:
                if (work->removesAfterwards)
                    return Removing;
                if (!work->isStarted)
                    return Waiting;
                if (work->transfer.phase == TransferPhase::waiting)
                    return Retrying;
                return work->kind == Kind::repair ? Repairing : Fetching;
            case Kind::verify: return work->isStarted ? Verifying : Waiting;
            case Kind::remove: return Removing;
            case Kind::none: break;
        }
    }
    if (entry.busy)
        return Busy;
    switch (entry.state) {
        case lipar::ModelState::notInstalled: return work && work->isPaused ? Paused : NotInstalled;
        case lipar::ModelState::partial: return work && work->isPaused ? Paused : Partial;
        case lipar::ModelState::damaged: return Damaged;
        case lipar::ModelState::installed: break;
    }
    return Installed;
}

QVariantList ModelManager::filesOf(const ModelEntry& entry) {
    QVariantList files;
    for (const auto& file : entry.files)
        files << QVariantMap{{"purpose", QString::fromStdString(file.purpose)},
                             {"part", QString::fromStdString(file.part)},
                             {"name", QString::fromStdString(file.name)},
                             {"license", QString::fromStdString(file.license)},
                             {"bytes", double(file.bytes)},
                             {"exact", file.exactSize},
                             {"present", double(file.bytesPresent)},
                             {"state", int(file.state)},
                             {"optional", file.optional},
                             {"problem", QString::fromStdString(file.problem)}};
    return files;
}

int ModelManager::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant ModelManager::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& entry = m_entries[std::size_t(index.row())];
    const auto found = m_work.find(QString::fromStdString(entry.name));
    const auto* work = found == m_work.end() ? nullptr : &found->second;
    switch (role) {
        case NameRole: return QString::fromStdString(entry.name);
        case TitleRole: return QString::fromStdString(entry.title.empty() ? entry.name : entry.title);
        case SummaryRole: return QString::fromStdString(entry.summary);
        case LicenseRole: return QString::fromStdString(entry.license);
        case BytesRole: return double(entry.bytes);
        case BytesPresentRole: return double(entry.bytesPresent);
        case BuiltInRole: return entry.builtIn;
        case InCatalogueRole: return entry.inCatalogue;
        case InUseRole: return entry.inUse;
        case StateRole: return stateOf(entry, work);
        case ProblemRole: return QString::fromStdString(entry.problem);
        case FitRole: return int(entry.fit.verdict);
        case DeviceRole: return QString::fromStdString(entry.fit.device);
        case DiskBytesRole: return double(entry.fit.diskBytes);
        case DiskFreeRole: return double(entry.fit.diskFree);
        case DeviceBytesRole: return double(entry.fit.deviceBytes);
        case DeviceFreeRole: return double(entry.fit.deviceFree);
        case HostBytesRole: return double(entry.fit.hostBytes);
        case HostFreeRole: return double(entry.fit.hostFree);
        case FilesRole: return filesOf(entry);
        case DoneRole: return work ? double(work->transfer.done) : 0.0;
        case TotalRole: return work ? double(work->transfer.total) : 0.0;
        case RateRole: return work ? work->transfer.bytesPerSecond : 0.0;
        case SecondsRole: return work ? work->transfer.secondsLeft : -1.0;
        case NoteRole: return work ? QString::fromStdString(work->transfer.note) : QString();
        case ErrorRole: return QVariant::fromValue(work ? work->error : ErrorReport());
        case IsGatedRole: return work && work->error.isSet() && work->errorCode == ErrorCode::accessDenied;
        case VerifiedRole: return work && work->isVerified;
        default: return {};
    }
}

QHash<int, QByteArray> ModelManager::roleNames() const {
    return {{NameRole, "name"},
            {TitleRole, "title"},
            {SummaryRole, "summary"},
            {LicenseRole, "license"},
            {BytesRole, "bytes"},
            {BytesPresentRole, "bytesPresent"},
            {BuiltInRole, "builtIn"},
            {InCatalogueRole, "inCatalogue"},
            {InUseRole, "inUse"},
            {StateRole, "modelState"},
            {ProblemRole, "problem"},
            {FitRole, "fit"},
            {DeviceRole, "device"},
            {DiskBytesRole, "diskBytes"},
            {DiskFreeRole, "diskFree"},
            {DeviceBytesRole, "deviceBytes"},
            {DeviceFreeRole, "deviceFree"},
            {HostBytesRole, "hostBytes"},
            {HostFreeRole, "hostFree"},
            {FilesRole, "files"},
            {DoneRole, "done"},
            {TotalRole, "total"},
            {RateRole, "rate"},
            {SecondsRole, "secondsLeft"},
            {NoteRole, "note"},
            {ErrorRole, "error"},
            {IsGatedRole, "isGated"},
            {VerifiedRole, "isVerified"}};
}

}  // namespace lipar::session
