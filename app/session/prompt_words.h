// What a model understands of a prompt: its vocabulary, and strength as a word where it takes it so. Thread: any.
#pragma once

#include <optional>

#include <QSet>
#include <QString>
#include <QStringList>

#include "engine/service/events.h"

namespace lipar::session {

enum class PromptStrength { subtle, normal, strong };

class PromptWords {
public:
    PromptWords() = default;
    explicit PromptWords(const service::ModelInfo& model);

    // Any word is known.
    [[nodiscard]] bool isOpen() const { return m_vocabulary.isEmpty(); }
    [[nodiscard]] QStringList known() const;  // sorted, without those of strength
    [[nodiscard]] QStringList unknownIn(const QString& prompt) const;
    // It says something that the model can do.
    [[nodiscard]] bool isUsable(const QString& prompt) const;

    // The model takes strength as a word of the prompt; otherwise as a number.
    [[nodiscard]] bool hasStrength() const;
    [[nodiscard]] PromptStrength strengthIn(const QString& prompt) const;
    [[nodiscard]] QString withStrength(const QString& prompt, PromptStrength strength) const;
    [[nodiscard]] QString withoutStrength(const QString& prompt) const;

private:
    QSet<QString> m_vocabulary;
};

}  // namespace lipar::session
