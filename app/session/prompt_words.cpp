#include "app/session/prompt_words.h"

#include <algorithm>

#include <QRegularExpression>

namespace lipar::session {

namespace {

const QString subtleWord = QStringLiteral("subtle");
const QString strongWord = QStringLiteral("strong");

bool isStrengthWord(const QString& word) {
    return word == subtleWord || word == strongWord;
}

QStringList wordsOf(const QString& prompt) {
    static const QRegularExpression separators("[^\\w'-]+", QRegularExpression::UseUnicodePropertiesOption);
    auto words = prompt.toLower().split(separators, Qt::SkipEmptyParts);
    words.removeDuplicates();
    return words;
}

}  // namespace

PromptWords::PromptWords(const service::ModelInfo& model) {
    for (const auto& word : model.words)
        if (!word.starts_with('<'))  // <pad> and <end> are not words
            m_vocabulary.insert(QString::fromStdString(word));
}

QStringList PromptWords::known() const {
    QStringList words(m_vocabulary.begin(), m_vocabulary.end());
    words.removeIf(isStrengthWord);
    words.sort();
    return words;
}

QStringList PromptWords::unknownIn(const QString& prompt) const {
    if (isOpen())
        return {};
    auto words = wordsOf(prompt);
    words.removeIf([this](const QString& word) { return m_vocabulary.contains(word); });
    return words;
}

bool PromptWords::isUsable(const QString& prompt) const {
    const auto words = wordsOf(prompt);
    return std::ranges::any_of(words, [this](const QString& word) {
        return isOpen() || (m_vocabulary.contains(word) && !isStrengthWord(word));
    });
}

bool PromptWords::hasStrength() const {
    return m_vocabulary.contains(subtleWord) && m_vocabulary.contains(strongWord);
}

PromptStrength PromptWords::strengthIn(const QString& prompt) const {
    const auto words = wordsOf(prompt);
    return words.contains(strongWord)   ? PromptStrength::strong
           : words.contains(subtleWord) ? PromptStrength::subtle
                                        : PromptStrength::normal;
}

QString PromptWords::withStrength(const QString& prompt, PromptStrength strength) const {
    const auto bare = withoutStrength(prompt);
    if (strength == PromptStrength::normal || !hasStrength())
        return bare;
    return ((strength == PromptStrength::strong ? strongWord : subtleWord) + ' ' + bare).trimmed();
}

QString PromptWords::withoutStrength(const QString& prompt) const {
    static const QRegularExpression strengthWords("\\b(subtle|strong)\\b\\s*", QRegularExpression::CaseInsensitiveOption);
    auto bare = prompt;
    return bare.remove(strengthWords).trimmed();
}

}  // namespace lipar::session
