#include "app/session/studio_session.h"

#include <algorithm>

#include <QClipboard>
#include <QDir>
#include <QGuiApplication>

#include "app/session/paths.h"
#include "app/session/studio_actions.h"

namespace lipar::session {

namespace {

const QString sampleLook = QStringLiteral("pencil");  // the change nobody overlooks

service::Precision precisionOf(const QString& name) {
    if (name == "fp32")
        return service::Precision::fp32;
    if (name == "bf16")
        return service::Precision::bf16;
    if (name == "fp8")
        return service::Precision::fp8;
    return service::Precision::automatic;
}

bool isProject(const QUrl& file) {
    return file.fileName().endsWith(".lipar", Qt::CaseInsensitive);
}

bool isTimeline(const QUrl& file) {
    return file.fileName().endsWith(".otio", Qt::CaseInsensitive);
}

}  // namespace

StudioSession::StudioSession(jobs::JobRunner& runner, settings::AppSettings& settings, Options options, QObject* parent)
    : QObject(parent),
      m_settings(settings),
      m_cacheFolder(options.cacheFolder),
      m_runner(runner),
      m_actions(settings),
      m_recent(settings),
      m_files(m_document, m_recent, m_messages),
      m_journal(m_document, options.stateFolder / "recovery"),
      m_recovery(m_journal, m_messages, options.stateFolder / "recovery"),
      m_selection(m_document),
      m_thumbnails(m_runner, options.cacheFolder / "thumbnails"),
      m_waveforms(m_runner, options.cacheFolder / "waveforms"),
      m_timeline(m_document, m_selection, &m_thumbnails, &m_waveforms),
      m_proxies(m_document, m_runner, options.cacheFolder / "proxies"),
      m_player(m_document, m_runner, {cacheSettings(), std::move(options.sound), {}}),
      m_preview(m_document, m_runner, m_player, {cacheSettings(), options.previewDelayMs}),
      m_clipEditor(m_document, m_runner, m_player),
      m_bin(m_document, m_runner, settings),
      m_models(m_runner),
      m_modelManager(m_runner, settings),
      m_queue(m_runner, options.stateFolder / "exports"),
      m_exportForm(m_document, m_queue, m_runner, settings),
      m_exports(m_queue),
      m_sample(m_runner),
      m_doctor(m_runner),
      m_clearing(m_runner) {
    m_clipEditor.setNewEditModel(settings.newEditModel());
    connect(&settings, &settings::AppSettings::newEditModelChanged, &m_clipEditor,
            [this] { m_clipEditor.setNewEditModel(m_settings.newEditModel()); });
    connectProject();
    connectPlayback();
    connectEngineUse();
    connectMessages();
    connectActions(*this);
    connect(&settings, &settings::AppSettings::engineChanged, this, &StudioSession::applySettings);
    connect(&settings, &settings::AppSettings::cacheChanged, this, &StudioSession::applySettings);
    connect(&settings, &settings::AppSettings::proxiesChanged, this, &StudioSession::applySettings);
    connect(&settings, &settings::AppSettings::autosaveChanged, this, &StudioSession::applySettings);
    applySettings();
}

StudioSession::~StudioSession() = default;

service::EditCacheSettings StudioSession::cacheSettings() const {
    return {toPath(m_settings.cacheFolder()), std::uint64_t(m_settings.cacheLimitGiB()) << 30};
}

void StudioSession::applySettings() {
    m_runner.setDevice(m_settings.device().toStdString(), precisionOf(m_settings.precision()));
    const auto cache = cacheSettings();
    m_player.setCache(cache);
    m_proxies.setEnabled(m_settings.makesProxies());
    m_preview.setCache(cache);
    m_queue.setCache(cache);
    m_exportForm.setCache(cache);
    m_journal.setDelay(m_settings.autosaveSeconds() * 1000);
}

void StudioSession::connectProject() {
    connect(&m_selection, &Selection::changed, this, [this] { m_clipEditor.setClips(m_selection.clips()); });
    connect(&m_document, &ProjectDocument::historyChanged, this, &StudioSession::welcomeChanged);
    connect(&m_document, &ProjectDocument::replaced, this, &StudioSession::welcomeChanged);
    connect(&m_document, &ProjectDocument::changed, this,
            [this](const commands::Touched& touched) { showCachedBlocks(touched.clips); });
    connect(&m_document, &ProjectDocument::replaced, this, [this] {
        std::vector<project::Id> clips;
        for (const auto& track : m_document.project().tracks)
            for (const auto& clip : track.clips)
                clips.push_back(clip.id);
        showCachedBlocks(clips);
    });
    const auto begin = [this] {
        m_begun = true;
        Q_EMIT welcomeChanged();
    };
    connect(&m_files, &ProjectFiles::opened, this, begin);
    connect(&m_recovery, &CrashRecovery::recovered, this, begin);
    connect(&m_bin, &MediaBin::imported, this, [this](quint64 source, const QString& path) {
        const auto found = m_placements.find(path);
        if (found == m_placements.end())
            return;
        const auto placement = found->second;
        m_placements.erase(found);
        place(source, placement);
    });
    connect(&m_bin, &MediaBin::importFailed, this, [this](const QString& path) { m_placements.erase(path); });
    connect(&m_timeline, &TimelineEditor::filesDropped, this,
            [this](const QList<QUrl>& files, qulonglong track, qint64 frame) {
                for (const auto& file : files)
                    m_placements[QDir::toNativeSeparators(QDir::cleanPath(file.toLocalFile()))] = {
                        project::timeOfFrame(m_document.project().format, frame), track, false};
                m_bin.import(files);
            });
    connect(&m_sample, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        if (const auto* sample = std::get_if<service::MakeSampleReport>(&report)) {
            m_placements[toNative(sample->path)] = {std::nullopt, 0, true};
            m_bin.import({QUrl::fromLocalFile(toNative(sample->path))});
        }
        Q_EMIT welcomeChanged();
    });
    connect(&m_clipEditor, &ClipEditor::modelChanged, this, &StudioSession::placeSample);
}

void StudioSession::connectPlayback() {
    connect(&m_player, &Player::frameChanged, this, [this] { m_timeline.setPlayheadFrame(m_player.frame()); });
    connect(&m_player, &Player::rangeChanged, this, [this] {
        m_timeline.setInFrame(m_player.inFrame());
        m_timeline.setOutFrame(m_player.outFrame() < 0 ? -1 : m_player.outFrame() + 1);
        m_exportForm.setRange(m_player.inFrame(), m_player.outFrame());
    });
    connect(&m_timeline, &TimelineEditor::seekRequested, &m_player, &Player::seek);
    connect(&m_proxies, &ProxyStore::proxiesChanged, this, [this] { m_player.setProxies(m_proxies.proxies()); });
    connect(&m_timeline, &TimelineEditor::rangeRequested, this,
            [this](qint64 in, qint64 out) { m_player.setRange(in, out < 0 ? -1 : out - 1); });
    connect(&m_preview, &Preview::cacheChanged, this, [this](quint64 clip) { showCachedBlocks({clip}); });
    connect(&m_preview, &Preview::unknownWordsFound, &m_clipEditor, &ClipEditor::setUnknownWords);
    connect(&m_preview, &Preview::promptMeasured, &m_clipEditor, &ClipEditor::setPromptTokens);
    connect(&m_preview, &Preview::sizeChosen, &m_clipEditor, &ClipEditor::setAutomaticSize);
}

void StudioSession::connectEngineUse() {
    connect(&m_preview, &Preview::stateChanged, this, &StudioSession::followEngineUse);
    connect(&m_queue, &jobs::ExportQueue::runningChanged, this, [this] {
        m_preview.setPaused(m_queue.isRunning());
        if (!m_queue.isRunning())
            m_preview.cacheChangedOutside();  // the export has edited blocks that the timeline shows
        followEngineUse();
    });
    connect(&m_modelManager, &ModelManager::installedChanged, &m_models, &ModelCatalog::refresh);
    connect(&m_modelManager, &ModelManager::installedChanged, &m_clipEditor, &ClipEditor::refreshModels);
    connect(&m_clearing, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        if (const auto* cleared = std::get_if<service::ClearCacheReport>(&report))
            m_freedBytes = double(cleared->freedBytes);
        m_preview.cacheChangedOutside();
        Q_EMIT cacheCleared();
    });
    connect(&m_doctor, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        QStringList lines{"LIPAR Studio " + QCoreApplication::applicationVersion()};
        if (const auto* doctor = std::get_if<service::DoctorReport>(&report))
            for (const auto& line : doctor->lines)
                lines << QString::fromStdString((line.ok ? "" : "! ") + line.section + ": " + line.name + ": " +
                                                line.value);
        lines << QString() << m_messages.toText();
        copyToClipboard(lines.join('\n'));
        m_hasReported = true;
        Q_EMIT reportChanged();
    });
}

void StudioSession::connectMessages() {
    const auto take = [this](const char* what, const ErrorReport& error) {
        m_messages.add(MessageList::Failure, QString::fromUtf8(what), error);
    };
    connect(&m_document, &ProjectDocument::errorChanged, this,
            [this, take] { take(QT_TRANSLATE_NOOP("Message", "Project"), m_document.error()); });
    connect(&m_preview, &Preview::stateChanged, this, [this, take] {
        if (m_preview.state() == Preview::Failed)
            take(QT_TRANSLATE_NOOP("Message", "Preview"), m_preview.error());
    });
    connect(&m_player, &Player::errorChanged, this,
            [this, take] { take(QT_TRANSLATE_NOOP("Message", "Playback"), m_player.error()); });
    connect(&m_journal, &ProjectJournal::failed, this,
            [take](const ErrorReport& error) { take(QT_TRANSLATE_NOOP("Message", "Autosave"), error); });
    connect(&m_bin, &MediaBin::importFailed, this,
            [take](const QString&, const ErrorReport& error) { take(QT_TRANSLATE_NOOP("Message", "Import"), error); });
    connect(&m_queue, &jobs::ExportQueue::failed, this, [this, take](std::uint64_t id, const Error& error) {
        const auto* item = m_queue.find(id);
        take(QT_TRANSLATE_NOOP("Message", "Export"),
             ErrorReport(error, item ? "export: " + toNative(item->settings.file) : QString()));
    });
    connect(&m_modelManager, &ModelManager::failed, this,
            [take](const QString&, const ErrorReport& error) { take(QT_TRANSLATE_NOOP("Message", "Model"), error); });
    const auto takeError = [take](const char* what) {
        return [take, what](const Error& e) { take(what, ErrorReport(e, {})); };
    };
    connect(&m_sample, &jobs::LatestJob::failed, this, takeError(QT_TRANSLATE_NOOP("Message", "Sample clip")));
    connect(&m_sample, &jobs::LatestJob::failed, this, &StudioSession::welcomeChanged);
    connect(&m_doctor, &jobs::LatestJob::failed, this, takeError(QT_TRANSLATE_NOOP("Message", "Report")));
    connect(&m_doctor, &jobs::LatestJob::failed, this, &StudioSession::reportChanged);
    connect(&m_clearing, &jobs::LatestJob::failed, this, takeError(QT_TRANSLATE_NOOP("Message", "Cache")));
    connect(&m_clearing, &jobs::LatestJob::failed, this, &StudioSession::cacheCleared);
}

void StudioSession::followEngineUse() {
    m_bin.setEngineBusy(m_preview.isRunning() || m_queue.isRunning());
}

void StudioSession::showCachedBlocks(const std::vector<project::Id>& clips) {
    for (const auto id : clips) {
        const auto* clip = project::findClip(m_document.project(), id);
        if (!clip || !clip->edit.enabled)
            continue;
        const auto& blocks = m_preview.blocksOf(id);
        m_timeline.setCachedBlocks(id, QVector<service::CachedBlock>(blocks.begin(), blocks.end()));
    }
}

void StudioSession::takeFiles(const QList<QUrl>& files) {
    const auto project = std::ranges::find_if(files, isProject);
    const auto timeline = std::ranges::find_if(files, isTimeline);
    if (project != files.end())
        m_files.open(*project);
    else if (timeline != files.end())
        m_files.importTimeline(*timeline);
    else
        m_bin.import(files);
    m_begun = true;
    Q_EMIT welcomeChanged();
}

void StudioSession::openFile(const QUrl& file) {
    if (!isProject(file) && !isTimeline(file))
        m_placements[QDir::toNativeSeparators(QDir::cleanPath(file.toLocalFile()))] = {};
    takeFiles({file});
}

void StudioSession::addToTimeline(quint64 source) {
    if (source != 0 && !m_bin.isMissing(source))
        m_timeline.addSource(source);
}

void StudioSession::trySample() {
    if (m_sample.isRunning())
        return;
    std::error_code ignored;  // the job says what is wrong
    std::filesystem::create_directories(m_cacheFolder, ignored);
    m_sample.start(service::MakeSampleRequest{m_cacheFolder / "lipar-sample.mp4"});
    Q_EMIT welcomeChanged();
}

void StudioSession::newProject() {
    m_files.startNew();
}

void StudioSession::place(project::Id source, const Placement& placement) {
    if (placement.isSample) {
        m_sampleSource = source;
        placeSample();
        return;
    }
    const auto start = placement.start.value_or(project::durationOf(m_document.project()));
    const auto added = m_document.perform(commands::AddClip{
        .source = source, .track = placement.track, .start = start, .insert = placement.start.has_value()});
    if (added && !added->added.empty())
        m_selection.select({added->added.front()});
}

void StudioSession::placeSample() {
    if (m_sampleSource == 0 || !m_clipEditor.model())
        return;
    // Of the built-in model, whatever new edits get: nothing has to be downloaded for it.
    project::ClipEdit edit;
    edit.enabled = true;
    edit.prompt = m_clipEditor.builtInPrompt(sampleLook).toStdString();
    const auto start = project::durationOf(m_document.project());
    const auto added =
        m_document.perform(commands::AddClip{.source = std::exchange(m_sampleSource, 0), .start = start, .edit = edit});
    if (!added || added->added.empty())
        return;
    m_selection.select({added->added.front()});
    m_view.setMode(ViewState::Wipe);
    m_player.seek(project::frameAt(m_document.project().format, start));
    m_player.play();
}

void StudioSession::useCacheFolder(const QUrl& folder) {
    m_settings.setCacheFolder(QDir::toNativeSeparators(folder.toLocalFile()));
}

void StudioSession::clearCache() {
    m_clearing.start(service::ClearCacheRequest{cacheSettings()});
    Q_EMIT cacheCleared();
}

void StudioSession::copyReport() {
    m_hasReported = false;
    m_doctor.start(service::DoctorRequest{});
    Q_EMIT reportChanged();
}

void StudioSession::copyToClipboard(const QString& text) const {
    QGuiApplication::clipboard()->setText(text);
}

void StudioSession::cancelJob() {
    if (m_exports.isRunning())
        m_exports.cancelRunning();
    else
        m_preview.cancel();
}

}  // namespace lipar::session
