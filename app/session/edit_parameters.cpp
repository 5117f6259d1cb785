#include "app/session/edit_parameters.h"

#include <algorithm>

#include <QRandomGenerator>
#include <QRegularExpression>

namespace lipar::session {

namespace {

constexpr int largestSeed = 999'999;  // six digits are easy to write down
const QString subtleWord = QStringLiteral("subtle");
const QString strongWord = QStringLiteral("strong");

bool isStrengthWord(const QString& word) {
    return word == subtleWord || word == strongWord;
}

}  // namespace

EditParameters::EditParameters(QObject* parent) : QObject(parent) {
    for (const auto signal : {&EditParameters::promptChanged, &EditParameters::strengthChanged,
                              &EditParameters::seedChanged, &EditParameters::pruningChanged})
        connect(this, signal, this, &EditParameters::changed);
}

QStringList EditParameters::promptWords() const {
    static const QRegularExpression separators("[^\\w'-]+", QRegularExpression::UseUnicodePropertiesOption);
    auto words = m_prompt.toLower().split(separators, Qt::SkipEmptyParts);
    words.removeDuplicates();
    return words;
}

QStringList EditParameters::unknownWords() const {
    auto unknown = m_engineUnknown;
    if (!m_vocabulary.isEmpty())
        for (const auto& word : promptWords())
            if (!m_vocabulary.contains(word) && !unknown.contains(word))
                unknown << word;
    return unknown;
}

QStringList EditParameters::knownWords() const {
    QStringList words(m_vocabulary.begin(), m_vocabulary.end());
    words.removeIf(isStrengthWord);
    words.sort();
    return words;
}

bool EditParameters::isUsable() const {
    const auto words = promptWords();
    return std::ranges::any_of(words, [&](const QString& word) {
        return m_vocabulary.isEmpty() || (m_vocabulary.contains(word) && !isStrengthWord(word));
    });
}

bool EditParameters::hasStrengthWords() const {
    return m_vocabulary.contains(subtleWord) && m_vocabulary.contains(strongWord);
}

void EditParameters::setPrompt(const QString& prompt) {
    if (prompt == m_prompt)
        return;
    m_prompt = prompt;
    m_engineUnknown.clear();
    Q_EMIT promptChanged();
    Q_EMIT wordsChanged();
}

void EditParameters::chooseLook(int row) {
    if (row >= 0 && row < m_looks.count())
        setPrompt(m_looks.prompt(row));
}

void EditParameters::setStrength(Strength strength) {
    if (strength == m_strength)
        return;
    m_strength = strength;
    Q_EMIT strengthChanged();
}

void EditParameters::setStrengthValue(double value) {
    value = std::clamp(value, 0.0, 1.0);
    if (value == m_strengthValue)
        return;
    m_strengthValue = value;
    Q_EMIT strengthChanged();
}

void EditParameters::setSeed(int seed) {
    seed = std::max(seed, 0);
    if (seed == m_seed)
        return;
    m_seed = seed;
    Q_EMIT seedChanged();
}

void EditParameters::rollSeed() {
    setSeed(QRandomGenerator::global()->bounded(largestSeed + 1));
}

void EditParameters::setPruning(bool pruning) {
    if (pruning == m_pruning)
        return;
    m_pruning = pruning;
    Q_EMIT pruningChanged();
}

void EditParameters::setThreshold(double threshold) {
    threshold = std::clamp(threshold, 0.0, largestThreshold());
    if (threshold == m_threshold)
        return;
    m_threshold = threshold;
    Q_EMIT pruningChanged();
}

void EditParameters::setModel(const service::ModelInfo& model) {
    m_looks.setLooks(model.looks);
    m_vocabulary.clear();
    for (const auto& word : model.words)
        if (!word.starts_with('<'))  // <pad> and <end> are not words
            m_vocabulary.insert(QString::fromStdString(word));
    m_modelName = QString::fromStdString(model.name);
    if (model.tau1 > 0) {
        m_defaultThreshold = model.tau1;
        m_tauRatio = model.tau2 > 0 ? model.tau2 / model.tau1 : 2;
        m_threshold = m_defaultThreshold;
    }
    Q_EMIT modelChanged();
    Q_EMIT promptChanged();
    Q_EMIT wordsChanged();
    Q_EMIT pruningChanged();
}

void EditParameters::setUnknownWords(const QStringList& words) {
    if (words == m_engineUnknown)
        return;
    m_engineUnknown = words;
    Q_EMIT wordsChanged();
}

service::EditSettings EditParameters::toSettings() const {
    service::EditSettings settings;
    auto prompt = m_prompt.simplified();
    if (!hasStrengthWords()) {
        settings.strength = m_strengthValue;
    } else if (m_strength != Normal) {
        // Whoever typed a strength has chosen it.
        const auto words = promptWords();
        if (std::ranges::none_of(words, isStrengthWord))
            prompt = (m_strength == Subtle ? subtleWord : strongWord) + ' ' + prompt;
    }
    settings.prompt = prompt.toStdString();
    settings.seed = std::uint64_t(m_seed);
    settings.pruning = m_pruning;
    settings.tau1 = m_threshold;
    settings.tau2 = m_threshold * m_tauRatio;
    return settings;
}

}  // namespace lipar::session
