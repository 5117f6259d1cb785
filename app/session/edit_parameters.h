// What the user asks of the next edit: prompt or look, strength, seed, pruning. Thread: UI thread.
#pragma once

#include <QObject>
#include <QSet>
#include <QStringList>
#include <QtQmlIntegration>

#include "app/session/look_model.h"
#include "engine/service/events.h"
#include "engine/service/requests.h"

namespace lipar::session {

class EditParameters : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(QString prompt READ prompt WRITE setPrompt NOTIFY promptChanged)
    Q_PROPERTY(lipar::session::LookModel* looks READ looks CONSTANT)
    Q_PROPERTY(int currentLook READ currentLook NOTIFY promptChanged)  // row of `looks`, -1 = a prompt of one's own
    // Words of the prompt that the model does not know: found while typing, confirmed by the engine. For both
    // lists of words QML gets a text, with commas.
    Q_PROPERTY(QString unknownWords READ unknownWordsText NOTIFY wordsChanged)
    Q_PROPERTY(QString knownWords READ knownWordsText NOTIFY modelChanged)  // empty = any word
    // The prompt says something that the model can do.
    Q_PROPERTY(bool isUsable READ isUsable NOTIFY wordsChanged)
    // A model with a closed vocabulary takes strength as a word of the prompt, others as a number.
    Q_PROPERTY(bool hasStrengthWords READ hasStrengthWords NOTIFY modelChanged)
    Q_PROPERTY(Strength strength READ strength WRITE setStrength NOTIFY strengthChanged)
    Q_PROPERTY(double strengthValue READ strengthValue WRITE setStrengthValue NOTIFY strengthChanged)  // 0..1
    Q_PROPERTY(int seed READ seed WRITE setSeed NOTIFY seedChanged)
    Q_PROPERTY(bool pruning READ pruning WRITE setPruning NOTIFY pruningChanged)
    // tau1 of the keep mask; tau2 follows at the model's own ratio.
    Q_PROPERTY(double threshold READ threshold WRITE setThreshold NOTIFY pruningChanged)
    Q_PROPERTY(double defaultThreshold READ defaultThreshold NOTIFY modelChanged)
    Q_PROPERTY(double largestThreshold READ largestThreshold CONSTANT)
    Q_PROPERTY(QString modelName READ modelName NOTIFY modelChanged)

public:
    enum Strength { Subtle, Normal, Strong };
    Q_ENUM(Strength)

    explicit EditParameters(QObject* parent = nullptr);

    [[nodiscard]] QString prompt() const { return m_prompt; }
    [[nodiscard]] LookModel* looks() { return &m_looks; }
    [[nodiscard]] int currentLook() const { return m_looks.rowOfPrompt(m_prompt); }
    [[nodiscard]] QStringList unknownWords() const;
    [[nodiscard]] QStringList knownWords() const;
    [[nodiscard]] QString unknownWordsText() const { return unknownWords().join(", "); }
    [[nodiscard]] QString knownWordsText() const { return knownWords().join(", "); }
    [[nodiscard]] bool isUsable() const;
    [[nodiscard]] bool hasStrengthWords() const;
    [[nodiscard]] Strength strength() const { return m_strength; }
    [[nodiscard]] double strengthValue() const { return m_strengthValue; }
    [[nodiscard]] int seed() const { return m_seed; }
    [[nodiscard]] bool pruning() const { return m_pruning; }
    [[nodiscard]] double threshold() const { return m_threshold; }
    [[nodiscard]] double defaultThreshold() const { return m_defaultThreshold; }
    [[nodiscard]] double largestThreshold() const { return 0.3; }
    [[nodiscard]] QString modelName() const { return m_modelName; }

    void setPrompt(const QString& prompt);
    void setStrength(Strength strength);
    void setStrengthValue(double value);  // clamped to 0..1
    void setSeed(int seed);               // negative = 0
    void setPruning(bool pruning);
    void setThreshold(double threshold);  // clamped to 0..largestThreshold
    Q_INVOKABLE void chooseLook(int row);
    Q_INVOKABLE void rollSeed();

    // Takes over a model's looks, words and defaults.
    void setModel(const service::ModelInfo& model);
    // What the engine said of the prompt it was given.
    void setUnknownWords(const QStringList& words);
    // The settings as the engine takes them, strength included.
    [[nodiscard]] service::EditSettings toSettings() const;

Q_SIGNALS:
    void promptChanged();
    void wordsChanged();
    void strengthChanged();
    void seedChanged();
    void pruningChanged();
    void modelChanged();
    // Anything that makes the next edit differ from the last.
    void changed();

private:
    [[nodiscard]] QStringList promptWords() const;

    LookModel m_looks;
    QString m_prompt;
    QStringList m_engineUnknown;
    QSet<QString> m_vocabulary;
    QString m_modelName;
    Strength m_strength = Normal;
    double m_strengthValue = 0.7;
    int m_seed = 0;
    bool m_pruning = true;
    double m_threshold = 0.05;
    double m_defaultThreshold = 0.05;
    double m_tauRatio = 2;  // tau2 / tau1
};

}  // namespace lipar::session
