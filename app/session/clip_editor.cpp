#include "app/session/clip_editor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>
#include <QRandomGenerator>

#include "app/session/paths.h"
#include "app/session/playback_timecode.h"

namespace lipar::session {

namespace {

constexpr int largestSeed = 999'999;  // six digits are easy to write down
constexpr int latentGrid = 16;        // processing sizes are multiples of it
constexpr double defaultStrength = 0.7;
constexpr double fallbackThreshold = 0.05;
constexpr double fallbackTauRatio = 2;
constexpr double quietest = -60;
constexpr double loudest = 12;
constexpr std::array<int, 4> offeredHeights{240, 320, 480, 720};

QString joined(const std::vector<int>& steps) {
    QStringList texts;
    for (const int step : steps)
        texts << QString::number(step);
    return texts.join(", ");
}

// To the thousandth: what a slider gives, exactly kept.
Rational toRational(double value) {
    return Rational{std::llround(value * 1000), 1000} + Rational{};
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

void ClipEditor::followModel() {
    const auto& wanted = edit().model;
    auto found = std::ranges::find_if(
        m_installed, [&](const auto& model) { return model.canEdit && !wanted.empty() && model.name == wanted; });
    if (found == m_installed.end())
        found = std::ranges::find_if(m_installed, [](const auto& model) { return model.canEdit && model.builtIn; });
    if (found == m_installed.end())
        found = std::ranges::find_if(m_installed, &service::ModelInfo::canEdit);
    if (found == m_installed.end()) {
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
    const auto name = found->builtIn ? std::string() : found->name;
    changeEdit("model", [&](project::ClipEdit& edit) {
        edit.model = name;
        edit.steps.clear();
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

ClipEditor::Strength ClipEditor::strength() const {
    return Strength(m_words.strengthIn(prompt()));
}

double ClipEditor::strengthValue() const {
    return edit().strength.value_or(defaultStrength);
}

QString ClipEditor::steps() const {
    return joined(edit().steps);
}

QString ClipEditor::defaultSteps() const {
    return m_model ? joined(m_model->steps) : QString();
}

double ClipEditor::defaultThreshold() const {
    return m_model && m_model->tau1 > 0 ? m_model->tau1 : fallbackThreshold;
}

double ClipEditor::threshold() const {
    return edit().tau1.value_or(defaultThreshold());
}

QVariantList ClipEditor::sizes() const {
    QVariantList sizes{
        QVariantMap{{"text", QCoreApplication::translate("ClipEditor", "Automatic")}, {"width", 0}, {"height", 0}}};
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
        const int width = std::max(1, int(std::lround(height * aspect / latentGrid))) * latentGrid;
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

// --- changes ---

void ClipEditor::changeEdit(const char* field, const EditChange& change) {
    for (const auto id : m_pictures) {
        const auto* clip = project::findClip(m_document.project(), id);
        auto edit = clip->edit;
        change(edit);
        if (edit != clip->edit && !m_document.perform(commands::SetEdit{{id}, edit}, std::string("edit-") + field))
            return;
    }
}

void ClipEditor::changeSound(const char* field, const SoundChange& change) {
    for (const auto id : m_sounds) {
        const auto* clip = project::findClip(m_document.project(), id);
        auto sound = clip->sound;
        change(sound);
        const auto spare = clip->duration - sound.fadeIn;
        sound.fadeOut = std::min(sound.fadeOut, std::max(Rational{}, spare));
        if (sound != clip->sound && !m_document.perform(commands::SetSound{{id}, sound}, std::string("sound-") + field))
            return;
    }
}

void ClipEditor::endMerge() {
    m_document.endMerge();
}

void ClipEditor::setName(const QString& name) {
    const auto* clip = shown();
    if (!clip || name.trimmed().isEmpty() || name == this->name())
        return;
    m_document.endMerge();
    (void)m_document.perform(commands::RenameClip{clip->id, name.trimmed().toStdString()});
}

void ClipEditor::setSpeed(double speed) {
    const auto exact = toRational(std::clamp(speed, 0.1, 10.0));
    const auto ids = m_pictures.empty() ? m_sounds : m_pictures;
    for (const auto id : ids) {
        const auto* clip = project::findClip(m_document.project(), id);
        if (clip && clip->speed != exact && !m_document.perform(commands::SetSpeed{id, exact, true}, "speed"))
            return;
    }
}

void ClipEditor::setEdited(bool edited) {
    m_document.endMerge();
    changeEdit("enabled", [=](project::ClipEdit& edit) { edit.enabled = edited; });
    m_document.endMerge();
}

void ClipEditor::setPrompt(const QString& prompt) {
    changeEdit("prompt", [&](project::ClipEdit& edit) {
        edit.prompt = prompt.toStdString();
        edit.enabled = edit.enabled || !prompt.trimmed().isEmpty();
    });
}

void ClipEditor::chooseLook(int row) {
    if (row < 0 || row >= m_looks.count())
        return;
    m_document.endMerge();
    setPrompt(hasStrengthWords() ? m_words.withStrength(m_looks.prompt(row), m_words.strengthIn(prompt()))
                                 : m_looks.prompt(row));
    m_document.endMerge();
}

void ClipEditor::setStrength(Strength strength) {
    changeEdit("strength", [&](project::ClipEdit& edit) {
        const auto prompt = QString::fromStdString(edit.prompt);
        edit.prompt = m_words.withStrength(prompt, PromptStrength(strength)).toStdString();
    });
}

void ClipEditor::setStrengthValue(double value) {
    changeEdit("strength", [=](project::ClipEdit& edit) { edit.strength = std::clamp(value, 0.0, 1.0); });
}

void ClipEditor::setSeed(int seed) {
    changeEdit("seed", [=](project::ClipEdit& edit) { edit.seed = std::uint64_t(std::max(seed, 0)); });
}

void ClipEditor::rollSeed() {
    m_document.endMerge();
    setSeed(QRandomGenerator::global()->bounded(largestSeed + 1));
    m_document.endMerge();
}

bool ClipEditor::setSteps(const QString& text) {
    std::vector<int> steps;
    for (const auto& part : text.split(',', Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const int step = part.trimmed().toInt(&isNumber);
        if (!isNumber || step < 1 || step > 1000 || (!steps.empty() && step >= steps.back()))
            return false;
        steps.push_back(step);
    }
    changeEdit("steps", [&](project::ClipEdit& edit) { edit.steps = steps; });
    m_document.endMerge();
    return true;
}

void ClipEditor::chooseSize(int row) {
    const auto all = sizes();
    if (row < 0 || row >= all.size())
        return;
    const auto size = all[row].toMap();
    changeEdit("size", [&](project::ClipEdit& edit) {
        edit.width = size["width"].toInt();
        edit.height = size["height"].toInt();
    });
    m_document.endMerge();
}

void ClipEditor::setPruning(bool pruning) {
    changeEdit("pruning", [=](project::ClipEdit& edit) { edit.pruning = pruning; });
    m_document.endMerge();
}

void ClipEditor::setThreshold(double threshold) {
    threshold = std::clamp(threshold, 0.0, largestThreshold());
    const bool isRatioKnown = m_model && m_model->tau1 > 0 && m_model->tau2 > 0;
    const double ratio = isRatioKnown ? m_model->tau2 / m_model->tau1 : fallbackTauRatio;
    changeEdit("threshold", [=](project::ClipEdit& edit) {
        edit.tau1 = threshold;
        edit.tau2 = threshold * ratio;
    });
}

void ClipEditor::setProtectMask(const QUrl& file) {
    changeEdit("protect", [&](project::ClipEdit& edit) { edit.protectMask = file.toLocalFile().toStdString(); });
    m_document.endMerge();
}

void ClipEditor::setAlwaysEditMask(const QUrl& file) {
    changeEdit("always", [&](project::ClipEdit& edit) { edit.alwaysEditMask = file.toLocalFile().toStdString(); });
    m_document.endMerge();
}

void ClipEditor::setGainDb(double gain) {
    changeSound("gain", [=](project::ClipSound& sound) { sound.gainDb = std::clamp(gain, quietest, loudest); });
}

void ClipEditor::setSoundMuted(bool muted) {
    changeSound("muted", [=](project::ClipSound& sound) { sound.muted = muted; });
    m_document.endMerge();
}

void ClipEditor::setFadeIn(double seconds) {
    const auto* clip = m_sounds.empty() ? nullptr : project::findClip(m_document.project(), m_sounds.front());
    if (!clip)
        return;
    const auto fade = std::min(toRational(std::max(0.0, seconds)), clip->duration - clip->sound.fadeOut);
    changeSound("fade-in", [&](project::ClipSound& sound) { sound.fadeIn = fade; });
}

void ClipEditor::setFadeOut(double seconds) {
    const auto* clip = m_sounds.empty() ? nullptr : project::findClip(m_document.project(), m_sounds.front());
    if (!clip)
        return;
    const auto fade = std::min(toRational(std::max(0.0, seconds)), clip->duration - clip->sound.fadeIn);
    changeSound("fade-out", [&](project::ClipSound& sound) { sound.fadeOut = fade; });
}

// --- keyframes ---

Rational ClipEditor::playheadInClip(const project::Clip& clip) const {
    return (m_player.time() - clip.start) * clip.speed;
}

void ClipEditor::addKeyframe() {
    if (!m_canAddKeyframe)
        return;
    m_document.endMerge();
    const auto* clip = project::findClip(m_document.project(), m_pictures.front());
    const auto time = playheadInClip(*clip);
    auto edit = clip->edit;
    const auto after = std::ranges::lower_bound(edit.promptKeyframes, time, {}, &project::PromptKeyframe::time);
    if (after != edit.promptKeyframes.end() && after->time == time)
        return;
    const auto prompt = after == edit.promptKeyframes.begin() ? edit.prompt : std::prev(after)->prompt;
    edit.promptKeyframes.insert(after, {time, prompt});
    (void)m_document.perform(commands::SetEdit{{clip->id}, edit});
}

void ClipEditor::setKeyframePrompt(int row, const QString& prompt) {
    if (row < 0 || row >= m_keyframes.count())
        return;
    const auto* clip = project::findClip(m_document.project(), m_pictures.front());
    auto edit = clip->edit;
    edit.promptKeyframes[std::size_t(row)].prompt = prompt.toStdString();
    if (edit != clip->edit)
        (void)m_document.perform(commands::SetEdit{{clip->id}, edit}, "keyframe-" + std::to_string(row));
}

void ClipEditor::removeKeyframe(int row) {
    if (row < 0 || row >= m_keyframes.count())
        return;
    m_document.endMerge();
    const auto* clip = project::findClip(m_document.project(), m_pictures.front());
    auto edit = clip->edit;
    edit.promptKeyframes.erase(edit.promptKeyframes.begin() + row);
    (void)m_document.perform(commands::SetEdit{{clip->id}, edit});
}

void ClipEditor::goToKeyframe(int row) {
    if (row >= 0 && row < m_keyframes.count())
        m_player.seek(m_keyframes.at(row).frame);
}

}  // namespace lipar::session
