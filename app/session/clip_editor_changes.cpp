#include "app/session/clip_editor.h"

#include <algorithm>
#include <cmath>

#include <QRandomGenerator>
#include <QRegularExpression>

namespace lipar::session {

namespace {

constexpr int largestSeed = 999'999;  // six digits are easy to write down
constexpr double fallbackTauRatio = 2;
constexpr double quietest = -60;
constexpr double loudest = 12;

// To the thousandth: what a slider gives, exactly kept.
Rational toRational(double value) {
    return Rational{std::llround(value * 1000), 1000} + Rational{};
}

}  // namespace

void ClipEditor::changeEdit(const char* field, const EditChange& change) {
    for (const auto id : m_pictures) {
        const auto* clip = project::findClip(m_document.project(), id);
        auto edit = clip->edit;
        change(edit);
        // An edit that begins takes the model for new edits, so that it keeps it when another one becomes that.
        const auto* model = modelOf(clip->edit);
        if (edit.enabled && !clip->edit.enabled && edit.model.empty() && model && !model->builtIn)
            edit.model = model->name;
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
    static const QRegularExpression separators("[,;\\s]+");
    std::vector<int> steps;
    for (const auto& part : text.split(separators, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const int step = part.toInt(&isNumber);
        if (!isNumber || step < 1 || step > 1000 || (!steps.empty() && step >= steps.back()))
            return false;
        steps.push_back(step);
    }
    if (steps.size() > std::size_t(mostSteps()))
        return false;
    m_document.endMerge();
    changeEdit("steps", [&](project::ClipEdit& edit) {
        if (edit.steps == steps)
            return;
        edit.steps = steps;
        edit.strength.reset();
    });
    m_document.endMerge();
    return true;
}

bool ClipEditor::setShift(const QString& text) {
    std::optional<double> shift;
    if (const auto written = text.trimmed().replace(',', '.'); !written.isEmpty()) {
        bool isNumber = false;
        shift = written.toDouble(&isNumber);
        if (!isNumber || !(*shift >= lowestShift() && *shift <= highestShift()))
            return false;
    }
    m_document.endMerge();
    changeEdit("shift", [&](project::ClipEdit& edit) { edit.shift = shift; });
    m_document.endMerge();
    return true;
}

void ClipEditor::chooseSize(int row) {
    const auto all = sizes();
    if (row < 0 || row >= all.size())
        return;
    const auto size = all[row].toMap();
    m_document.endMerge();
    changeEdit("size", [&](project::ClipEdit& edit) {
        edit.width = size["width"].toInt();
        edit.height = size["height"].toInt();
    });
    m_document.endMerge();
}

void ClipEditor::setSize(int width, int height) {
    const auto onGrid = [grid = sizeGrid(), largest = largestSide()](int side) {
        return std::clamp(int(std::lround(double(side) / grid)), 1, largest / grid) * grid;
    };
    changeEdit("size", [&](project::ClipEdit& edit) {
        edit.width = onGrid(width);
        edit.height = onGrid(height);
    });
}

void ClipEditor::resetProcessing() {
    m_document.endMerge();
    changeEdit("processing", [](project::ClipEdit& edit) {
        edit.steps.clear();
        edit.shift.reset();
        edit.width = edit.height = 0;
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
