#include "app/session/studio_session.h"

#include <algorithm>
#include <array>

#include <QClipboard>
#include <QDir>
#include <QGuiApplication>

#include "app/session/paths.h"

namespace lipar::session {

namespace {

constexpr double fallbackFps = 25;
constexpr int firstFramesCount = 12;                  // one block
const QString sampleLook = QStringLiteral("pencil");  // the change nobody overlooks

// The container of the edit: the clip's own where an encoder and any sound track fit in it.
std::string containerFor(const std::filesystem::path& clip) {
    const auto extension = toNative(clip.extension()).toLower().toStdString();
    static constexpr std::array kept{".mp4", ".mov", ".mkv"};
    if (std::ranges::find(kept, extension) != kept.end())
        return extension;
    return extension == ".m4v" ? ".mp4" : ".mkv";
}

QString outputTemplate(const std::filesystem::path& cacheFolder) {
    QDir().mkpath(toNative(cacheFolder));
    return toNative(cacheFolder / "edits-XXXXXX");
}

}  // namespace

StudioSession::StudioSession(jobs::JobRunner& runner, const Options& options, QObject* parent)
    : QObject(parent),
      m_outputFolder(outputTemplate(options.cacheFolder)),
      m_frames(options.frameMemory),
      m_clip(runner, options.cacheFolder),
      m_run(runner),
      m_transport(m_frames),
      m_models(runner),
      m_firstFrames(runner) {
    connect(&m_clip, &ClipSource::opened, this, &StudioSession::showOpenedClip);
    connect(&m_clip, &ClipSource::changed, this, &StudioSession::canEditChanged);
    connect(&m_parameters, &EditParameters::wordsChanged, this, &StudioSession::canEditChanged);
    connect(&m_parameters, &EditParameters::changed, this, [this] {
        m_differsFromRun = true;
        Q_EMIT canEditChanged();
    });

    connect(&m_run, &EditRun::stateChanged, this, &StudioSession::followRun);
    connect(&m_run, &EditRun::blockArrived, this, &StudioSession::takeBlock);
    connect(&m_run, &EditRun::prepared, this, [this](const service::EditPrepared& event) {
        QStringList words;
        for (const auto& word : event.unknownWords)
            words << QString::fromStdString(word);
        if (!m_differsFromRun)
            m_parameters.setUnknownWords(words);
    });
    connect(&m_saver, &ResultSaver::changed, this, &StudioSession::canSaveChanged);

    connect(&m_firstFrames, &jobs::LatestJob::blockFinished, this, [this](const service::BlockFinished& block) {
        if (block.source.empty() || !m_frames.isEmpty())
            return;
        m_poster = {.index = 0, .seconds = 0, .source = block.source.front(), .edited = nullptr, .tokens = nullptr};
        m_transport.reset(m_poster);
    });
    connect(&m_firstFrames, &jobs::LatestJob::finished, this, &StudioSession::readingFramesChanged);
    connect(&m_firstFrames, &jobs::LatestJob::failed, this, &StudioSession::readingFramesChanged);

    connect(&m_models, &jobs::LatestJob::finished, this, &StudioSession::takeModel);
    connect(&m_models, &jobs::LatestJob::failed, this, [this](const Error& error) {
        m_modelError = ErrorReport(error, {});
        Q_EMIT modelErrorChanged();
    });
    m_models.start(service::ModelListRequest{});
}

StudioSession::~StudioSession() = default;

bool StudioSession::canEdit() const {
    return m_clip.isOpen() && m_parameters.isUsable();
}

bool StudioSession::canSave() const {
    return m_run.state() == EditRun::Done && m_saver.state() != ResultSaver::Saving;
}

QUrl StudioSession::suggestedFile() const {
    const auto& clip = m_clip.info().path;
    const auto name =
        toNative(clip.stem()) + " (" + m_run.prompt() + ')' + toNative(m_run.request().output.path.extension());
    return QUrl::fromLocalFile(QDir(toNative(clip.parent_path())).filePath(name));
}

void StudioSession::open(const QUrl& file) {
    m_editWhenOpened = false;
    m_clip.open(toPath(file.toLocalFile()));
}

void StudioSession::trySample() {
    m_editWhenOpened = true;
    m_clip.openSample();
}

void StudioSession::edit() {
    if (!canEdit())
        return;
    m_firstFrames.abandon();
    Q_EMIT readingFramesChanged();
    removeOutput();
    service::EditRequest request;
    request.input = m_clip.info().path;
    request.settings = m_parameters.toSettings();
    request.output.path =
        toPath(m_outputFolder.filePath(QString("edit-%1").arg(++m_outputNumber))).concat(containerFor(request.input));
    request.sendPictures = true;

    m_frames.clear();
    m_transport.reset(m_poster);
    m_saver.reset();
    m_differsFromRun = false;
    m_run.start(request);
    Q_EMIT canEditChanged();
}

void StudioSession::cancel() {
    m_run.cancel();
}

void StudioSession::saveAs(const QUrl& file) {
    if (canSave())
        m_saver.save(m_run.request().output.path, m_clip.info().path, toPath(file.toLocalFile()));
}

void StudioSession::copyToClipboard(const QString& text) const {
    QGuiApplication::clipboard()->setText(text);
}

void StudioSession::takeModel(const service::Report& report) {
    const auto* list = std::get_if<service::ModelListReport>(&report);
    if (!list)
        return;
    const auto usable = [](const service::ModelInfo& model) { return model.canEdit && model.builtIn; };
    auto found = std::ranges::find_if(list->models, usable);
    if (found == list->models.end())
        found = std::ranges::find_if(list->models, &service::ModelInfo::canEdit);
    if (found == list->models.end()) {
        const Error error{
            ErrorCode::modelMissing,
            QCoreApplication::translate("StudioSession", "No model was found that can edit.").toStdString(),
            QCoreApplication::translate("StudioSession",
                                        "Install LIPAR Studio again: the built-in model comes with it.")
                .toStdString()};
        m_modelError = ErrorReport(error, {});
    } else {
        m_modelError = {};
        m_parameters.setModel(*found);
        readFirstFrames();
    }
    Q_EMIT modelErrorChanged();
}

void StudioSession::showOpenedClip() {
    removeOutput();
    m_run.reset();
    m_saver.reset();
    m_frames.clear();
    m_poster = {};
    m_transport.reset(m_poster);
    m_differsFromRun = true;
    Q_EMIT canEditChanged();
    if (!m_editWhenOpened) {
        readFirstFrames();
        return;
    }
    m_editWhenOpened = false;
    if (!m_parameters.isUsable())
        m_parameters.chooseLook(std::max(0, m_parameters.looks()->rowOfName(sampleLook)));
    edit();
}

// Shows the clip before anything is edited, and has the model loaded by the time a prompt is written: one block goes
// through the engine with the look that changes least, and only its source pictures are kept.
void StudioSession::readFirstFrames() {
    const auto& looks = *m_parameters.looks();
    if (!m_clip.isOpen() || looks.count() == 0 || m_run.isRunning())
        return;
    const double fps = m_clip.fps() > 0 ? m_clip.fps() : fallbackFps;
    service::EditRequest request;
    request.input = m_clip.info().path;
    request.settings.prompt = looks.prompt(std::max(0, looks.rowOfName("original"))).toStdString();
    request.settings.endSeconds = firstFramesCount / fps;
    request.sendPictures = true;
    m_firstFrames.start(request);
    Q_EMIT readingFramesChanged();
}

void StudioSession::takeBlock(const service::BlockFinished& block) {
    const bool isFirst = m_frames.isEmpty();
    m_frames.append(block);
    if (isFirst && !m_frames.isEmpty()) {
        const auto& first = m_frames.at(0);
        m_poster = {.index = 0, .seconds = 0, .source = first.source, .edited = nullptr, .tokens = nullptr};
    }
    m_transport.storeChanged();
    if (isFirst)
        m_transport.play();
}

void StudioSession::followRun() {
    m_transport.setLive(m_run.isRunning());
    Q_EMIT canSaveChanged();
}

void StudioSession::removeOutput() {
    std::error_code ignored;
    if (const auto& old = m_run.request().output.path; !old.empty())
        std::filesystem::remove(old, ignored);
}

}  // namespace lipar::session
