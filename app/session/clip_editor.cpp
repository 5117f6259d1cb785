#include "app/session/clip_editor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include "app/session/paths.h"
#include "app/session/playback_timecode.h"

namespace lipar::session {

namespace {

constexpr int fallbackGrid = 16;
constexpr double fallbackStrength = 0.4;
constexpr double fallbackThreshold = 0.05;
constexpr std::array<int, 4> offeredHeights{240, 320, 480, 720};

QString joined(const std::vector<int>& steps) {
    QStringList texts;
    for (const int step : steps)
        texts << QString::number(step);
    return texts.join(", ");
}

bool isBegun(const project::ClipEdit& edit) {
    return edit.enabled || !edit.prompt.empty() || !edit.model.empty();
}

QUrl toUrl(const std::string& path) {
    return path.empty() ? QUrl() : QUrl::fromLocalFile(QString::fromStdString(path));
}

}  // namespace

ClipEditor::ClipEditor(ProjectDocument& document, jobs::JobRunner& runner, Player& player, QObject* parent)
    : QObject(parent), m_document(document), m_player(player), m_models(runner) {
    connect(&m_document, &ProjectDocument::changed, this, &ClipEditor::takeProject);
    connect(&m_document, &ProjectDocument::replaced, this, [this] { setClips({}); });
    connect(&m_player, &Player::frameChanged, this, &ClipEditor::followPlayhead);
    connect(&m_models, &jobs::LatestJob::finished, this, &ClipEditor::takeModels);
    connect(&m_models, &jobs::LatestJob::failed, this, [this](const Error& error) {
        m_modelError = ErrorReport(error, {});
        Q_EMIT modelChanged();
    });
    refreshModels();
}

// --- what is shown ---

void ClipEditor::setClip(project::Id clip) {
    setClips(clip == 0 ? std::vector<project::Id>{} : std::vector{clip});
}

void ClipEditor::setClips(const std::vector<project::Id>& clips) {
    if (clips == m_clips)
        return;
    m_document.endMerge();
    m_clips = clips;
    takeProject();
}

void ClipEditor::takeProject() {
    const auto& project = m_document.project();
    std::erase_if(m_clips, [&](project::Id id) { return !project::findClip(project, id); });
    m_pictures.clear();
    m_sounds.clear();
    const auto isAmong = [&](const project::Clip& clip) {
        return std::ranges::any_of(m_clips, [&](project::Id id) {
            return clip.id == id || (clip.link != 0 && project::findClip(project, id)->link == clip.link);
        });
    };
    if (!m_clips.empty())
        for (const auto& track : project.tracks)
            for (const auto& clip : track.clips)
                if (isAmong(clip))
                    (track.kind == project::TrackKind::video ? m_pictures : m_sounds).push_back(clip.id);
    // The clip that is shown comes first, so that its fields are the ones that are read.
    if (const auto* clip = shown())
        for (auto* ids : {&m_pictures, &m_sounds})
            std::ranges::stable_partition(*ids, [&](project::Id id) {
                const auto* other = project::findClip(project, id);
                return id == clip->id || (clip->link != 0 && other->link == clip->link);
            });
    m_keyframes.show(project, m_pictures.empty() ? nullptr : project::findClip(project, m_pictures.front()));
    const auto* file = source();
    m_isMissing = file && !QFileInfo::exists(toNative(file->path));
    followPlayhead();
    if (!m_installed.empty())
        followModel();
    Q_EMIT changed();
}

void ClipEditor::followPlayhead() {
    const auto* clip = m_pictures.empty() ? nullptr : project::findClip(m_document.project(), m_pictures.front());
    const auto time = m_player.time();
    const bool can = clip && time > clip->start && time < clip->end();
    if (can == m_canAddKeyframe)
        return;
    m_canAddKeyframe = can;
    Q_EMIT canAddKeyframeChanged();
}

void ClipEditor::refreshModels() {
    m_models.start(service::ModelListRequest{});
}

void ClipEditor::takeModels(const service::Report& report) {
    const auto* list = std::get_if<service::ModelListReport>(&report);
    if (!list)
        return;
    m_installed = list->models;
    m_model.reset();
    followModel();
}

const service::ModelInfo* ClipEditor::modelOf(const project::ClipEdit& edit) const {
    const auto& wanted = isBegun(edit) ? edit.model : m_newEditModel;
    auto found = std::ranges::find_if(
        m_installed, [&](const auto& model) { return model.canEdit && !wanted.empty() && model.name == wanted; });
    if (found == m_installed.end())
        found = std::ranges::find_if(m_installed, [](const auto& model) { return model.canEdit && model.builtIn; });
    if (found == m_installed.end())
        found = std::ranges::find_if(m_installed, &service::ModelInfo::canEdit);
    return found == m_installed.end() ? nullptr : &*found;
}

void ClipEditor::setNewEditModel(const QString& model) {
    m_newEditModel = model.toStdString();
    if (m_installed.empty())
        return;
    followModel();
    Q_EMIT modelChanged();
}

void ClipEditor::followModel() {
    const auto* found = modelOf(edit());
    if (!found) {
        const Error error{
            ErrorCode::modelMissing,
            QCoreApplication::translate("ClipEditor", "No model was found that can edit.").toStdString(),
            QCoreApplication::translate("ClipEditor", "Install LIPAR Studio again: the built-in model comes with it.")
                .toStdString()};
        m_modelError = ErrorReport::verbatim(error);
    } else if (m_model && m_model->name == found->name) {
        return;
    } else {
        m_modelError = {};
        m_model = *found;
        m_words = PromptWords(*found);
        m_looks.setLooks(found->looks);
    }
    Q_EMIT modelChanged();
    Q_EMIT changed();
}

void ClipEditor::chooseModel(const QString& model) {
    const auto found = std::ranges::find(m_installed, model.toStdString(), &service::ModelInfo::name);
    if (found == m_installed.end() || !found->canEdit)
        return;
    // The built-in one goes without a name, unless an edit without a name would be taken for one that has not begun.
    const auto* forNew = modelOf({});
    const auto name = found->builtIn && forNew && forNew->builtIn ? std::string() : found->name;
    changeEdit("model", [&](project::ClipEdit& edit) {
        edit.model = name;
        edit.steps.clear();
        edit.shift.reset();
        edit.strength.reset();
        edit.tau1.reset();
        edit.tau2.reset();
    });
    endMerge();
}

const project::Clip* ClipEditor::shown() const {
    return m_clips.empty() ? nullptr : project::findClip(m_document.project(), m_clips.front());
}

const project::Source* ClipEditor::source() const {
    const auto* clip = shown();
    return clip ? project::findSource(m_document.project(), clip->source) : nullptr;
}

const project::ClipEdit& ClipEditor::edit() const {
    static const project::ClipEdit none;
    const auto* clip = m_pictures.empty() ? nullptr : project::findClip(m_document.project(), m_pictures.front());
    return clip ? clip->edit : none;
}

const project::ClipSound& ClipEditor::sound() const {
    static const project::ClipSound none;
    const auto* clip = m_sounds.empty() ? nullptr : project::findClip(m_document.project(), m_sounds.front());
    return clip ? clip->sound : none;
}

quint64 ClipEditor::clip() const {
    return m_clips.empty() ? 0 : m_clips.front();
}

bool ClipEditor::isLocked() const {
    return std::ranges::any_of(m_clips, [this](project::Id id) {
        const auto* track = project::trackOfClip(m_document.project(), id);
        return track && track->locked;
    });
}

QString ClipEditor::name() const {
    const auto* clip = shown();
    return clip ? QString::fromStdString(clip->name) : QString();
}

QString ClipEditor::sourceName() const {
    const auto* file = source();
    return file ? toNative(file->path.filename()) : QString();
}

QString ClipEditor::sourcePath() const {
    const auto* file = source();
    return file ? toNative(file->path) : QString();
}

QString ClipEditor::sourceFacts() const {
    const auto* file = source();
    if (!file)
        return {};
    const QLocale locale;
    QStringList facts;
    if (file->width > 0) {
        facts << QCoreApplication::translate("ClipEditor", "%1 × %2").arg(file->width).arg(file->height);
        const auto rate = locale.toString(std::round(file->rate.value() * 100) / 100, 'g', 5);
        facts << (file->variableRate ? QCoreApplication::translate("ClipEditor", "%1 FPS, varying").arg(rate)
                                     : QCoreApplication::translate("ClipEditor", "%1 FPS").arg(rate));
    }
    facts << (file->hasSound ? QCoreApplication::translate("ClipEditor", "with sound")
                             : QCoreApplication::translate("ClipEditor", "no sound"));
    if (!file->note.empty())
        facts << QString::fromStdString(file->note);
    return facts.join(", ");
}

QString ClipEditor::startTimecode() const {
    const auto* clip = shown();
    const auto& format = m_document.project().format;
    return clip ? frameTimecode(format.rate, project::frameAt(format, clip->start)) : QString();
}

QString ClipEditor::durationTimecode() const {
    const auto* clip = shown();
    const auto& format = m_document.project().format;
    return clip ? frameTimecode(format.rate, project::frameAt(format, clip->duration)) : QString();
}

double ClipEditor::speed() const {
    const auto* clip = shown();
    return clip ? clip->speed.value() : 1;
}

int ClipEditor::currentLook() const {
    return m_looks.rowOfPrompt(hasStrengthWords() ? m_words.withoutStrength(prompt()) : prompt());
}

QString ClipEditor::unknownWords() const {
    auto words = m_words.unknownIn(prompt());
    if (m_unknownOf == prompt())
        for (const auto& word : m_engineUnknown)
            if (!words.contains(word, Qt::CaseInsensitive))
                words << word;
    return words.join(", ");
}

void ClipEditor::setUnknownWords(quint64 clip, const QStringList& words) {
    if (std::ranges::find(m_pictures, clip) == m_pictures.end())
        return;
    m_engineUnknown = words;
    m_unknownOf = prompt();
    Q_EMIT changed();
}

int ClipEditor::promptTokens() const {
    return m_measuredPrompt == prompt() ? m_promptTokens : 0;
}

int ClipEditor::promptLimit() const {
    return m_measuredPrompt == prompt() ? m_promptLimit : 0;
}

void ClipEditor::setPromptTokens(quint64 clip, int tokens, int limit) {
    if (std::ranges::find(m_pictures, clip) == m_pictures.end())
        return;
    m_promptTokens = tokens;
    m_promptLimit = limit;
    m_measuredPrompt = prompt();
    Q_EMIT changed();
}

void ClipEditor::setAutomaticSize(quint64 clip, int width, int height) {
    if (std::ranges::find(m_pictures, clip) == m_pictures.end())
        return;
    m_automaticSize = {clip, modelName(), width, height};
    Q_EMIT changed();
}

ClipEditor::Strength ClipEditor::strength() const {
    return Strength(m_words.strengthIn(prompt()));
}

double ClipEditor::strengthValue() const {
    return edit().strength.value_or(defaultStrength());
}

double ClipEditor::defaultStrength() const {
    const auto& steps = !edit().steps.empty() || !m_model ? edit().steps : m_model->steps;
    return steps.empty() ? fallbackStrength : steps.front() / 1000.0;
}

QString ClipEditor::steps() const {
    return joined(edit().steps);
}

QString ClipEditor::defaultSteps() const {
    return m_model ? joined(m_model->steps) : QString();
}

int ClipEditor::mostSteps() const {
    return m_model ? m_model->mostSteps : service::ModelInfo().mostSteps;
}

double ClipEditor::defaultShift() const {
    return m_model ? m_model->shift : service::ModelInfo().shift;
}

double ClipEditor::lowestShift() const {
    return m_model ? m_model->lowestShift : service::ModelInfo().lowestShift;
}

double ClipEditor::highestShift() const {
    return m_model ? m_model->highestShift : service::ModelInfo().highestShift;
}

bool ClipEditor::hasOwnProcessing() const {
    const auto& edit = this->edit();
    return !edit.steps.empty() || edit.shift || edit.width > 0;
}

int ClipEditor::sizeGrid() const {
    return m_model && m_model->pixelsPerToken > 0 ? m_model->pixelsPerToken : fallbackGrid;
}

double ClipEditor::defaultThreshold() const {
    return m_model && m_model->tau1 > 0 ? m_model->tau1 : fallbackThreshold;
}

double ClipEditor::threshold() const {
    return edit().tau1.value_or(defaultThreshold());
}

QVariantList ClipEditor::sizes() const {
    auto automatic = QCoreApplication::translate("ClipEditor", "Automatic");
    if (!m_pictures.empty() && m_automaticSize.clip == m_pictures.front() && m_automaticSize.model == modelName())
        automatic = QCoreApplication::translate("ClipEditor", "Automatic: %1 × %2")
                        .arg(m_automaticSize.width)
                        .arg(m_automaticSize.height);
    QVariantList sizes{QVariantMap{{"text", automatic}, {"width", 0}, {"height", 0}}};
    const auto* file = source();
    if (!file || file->width <= 0)
        return sizes;
    const double aspect = file->width * file->sampleAspect / file->height;
    const auto add = [&](int width, int height) {
        sizes << QVariantMap{{"text", QCoreApplication::translate("ClipEditor", "%1 × %2").arg(width).arg(height)},
                             {"width", width},
                             {"height", height}};
    };
    bool isOffered = edit().width == 0;
    for (const int height : offeredHeights) {
        if (height > file->height && height != offeredHeights.front())
            break;
        const int width = std::max(1, int(std::lround(height * aspect / sizeGrid()))) * sizeGrid();
        isOffered = isOffered || (width == edit().width && height == edit().height);
        add(width, height);
    }
    if (!isOffered)
        add(edit().width, edit().height);
    return sizes;
}

int ClipEditor::currentSize() const {
    const auto all = sizes();
    for (qsizetype row = 0; row < all.size(); ++row) {
        const auto size = all[row].toMap();
        if (size["width"].toInt() == edit().width && size["height"].toInt() == edit().height)
            return int(row);
    }
    return 0;
}

QUrl ClipEditor::protectMask() const {
    return toUrl(edit().protectMask);
}

QUrl ClipEditor::alwaysEditMask() const {
    return toUrl(edit().alwaysEditMask);
}

double ClipEditor::longestFade() const {
    const auto* clip = m_sounds.empty() ? nullptr : project::findClip(m_document.project(), m_sounds.front());
    return clip ? clip->duration.value() : 0;
}

QString ClipEditor::modelName() const {
    return m_model ? QString::fromStdString(m_model->name) : QString();
}

QString ClipEditor::newEditModel() const {
    const auto* model = modelOf({});
    return model ? QString::fromStdString(model->name) : QString();
}

QStringList ClipEditor::usableModels() const {
    QStringList names;
    for (const auto& model : m_installed)
        if (model.canEdit)
            names << QString::fromStdString(model.name);
    return names;
}

QString ClipEditor::builtInPrompt(const QString& look) const {
    const auto model = std::ranges::find_if(m_installed, &service::ModelInfo::builtIn);
    if (model == m_installed.end())
        return {};
    const auto found = std::ranges::find(model->looks, look.toStdString(), &std::pair<std::string, std::string>::first);
    return found == model->looks.end() ? QString() : QString::fromStdString(found->second);
}

}  // namespace lipar::session
