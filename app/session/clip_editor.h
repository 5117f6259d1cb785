// The inspector's view of the selected clips: how they are edited, how they sound, what they are.
//
// Shows the first of them; a change is made to all of them, field by field, so that what differs otherwise stays. While a
// control is dragged its changes are one step of undo: call endMerge() when it is let go. Thread: UI thread.
#pragma once

#include <functional>
#include <optional>

#include <QObject>
#include <QUrl>
#include <QVariantList>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/error_report.h"
#include "app/session/look_model.h"
#include "app/session/player.h"
#include "app/session/project_document.h"
#include "app/session/prompt_keyframes.h"
#include "app/session/prompt_words.h"

namespace lipar::session {

class ClipEditor : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(quint64 clip READ clip NOTIFY changed)  // shown; 0: none
    Q_PROPERTY(int count READ count NOTIFY changed)    // clips selected
    Q_PROPERTY(bool hasPicture READ hasPicture NOTIFY changed)  // a clip on a video track is among it or linked to it
    Q_PROPERTY(bool hasSound READ hasSound NOTIFY changed)
    Q_PROPERTY(bool isLocked READ isLocked NOTIFY changed)
    Q_PROPERTY(bool isMissing READ isMissing NOTIFY changed)  // its file is not there
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY changed)
    Q_PROPERTY(QString sourceName READ sourceName NOTIFY changed)
    Q_PROPERTY(QString sourcePath READ sourcePath NOTIFY changed)   // native separators
    Q_PROPERTY(QString sourceFacts READ sourceFacts NOTIFY changed)  // "832 × 480, 24 FPS, 10-bit"
    Q_PROPERTY(QString startTimecode READ startTimecode NOTIFY changed)
    Q_PROPERTY(QString durationTimecode READ durationTimecode NOTIFY changed)
    Q_PROPERTY(double speed READ speed WRITE setSpeed NOTIFY changed)  // 0.1..10

    Q_PROPERTY(bool edited READ isEdited WRITE setEdited NOTIFY changed)
    Q_PROPERTY(QString prompt READ prompt WRITE setPrompt NOTIFY changed)
    Q_PROPERTY(lipar::session::LookModel* looks READ looks CONSTANT)
    Q_PROPERTY(int currentLook READ currentLook NOTIFY changed)  // row of `looks`; -1: a prompt of one's own
    // Words of the prompt that the model does not know, with commas: found while typing, confirmed by the engine.
    Q_PROPERTY(QString unknownWords READ unknownWords NOTIFY changed)
    // Tokens of the prompt, of which the model reads the first promptLimit. 0: the engine has not said it of this
    // prompt yet.
    Q_PROPERTY(int promptTokens READ promptTokens NOTIFY changed)
    Q_PROPERTY(int promptLimit READ promptLimit NOTIFY changed)
    Q_PROPERTY(QString knownWords READ knownWords NOTIFY modelChanged)  // empty: any word
    Q_PROPERTY(bool isUsable READ isUsable NOTIFY changed)  // the prompt says something that the model can do
    Q_PROPERTY(bool hasStrengthWords READ hasStrengthWords NOTIFY modelChanged)
    Q_PROPERTY(Strength strength READ strength WRITE setStrength NOTIFY changed)
    Q_PROPERTY(double strengthValue READ strengthValue WRITE setStrengthValue NOTIFY changed)  // 0..1
    Q_PROPERTY(double defaultStrength READ defaultStrength NOTIFY changed)  // where the steps as they are begin
    Q_PROPERTY(int seed READ seed WRITE setSeed NOTIFY changed)
    Q_PROPERTY(QString steps READ steps NOTIFY changed)  // "1000, 750"; empty: the model's own
    Q_PROPERTY(QString defaultSteps READ defaultSteps NOTIFY modelChanged)
    Q_PROPERTY(int mostSteps READ mostSteps NOTIFY modelChanged)  // 1: there is nothing to choose
    // Of the noise schedule. 0: the model's own; the model takes lowestShift..highestShift, which may be the same.
    Q_PROPERTY(double shift READ shift NOTIFY changed)
    Q_PROPERTY(double defaultShift READ defaultShift NOTIFY modelChanged)
    Q_PROPERTY(double lowestShift READ lowestShift NOTIFY modelChanged)
    Q_PROPERTY(double highestShift READ highestShift NOTIFY modelChanged)
    Q_PROPERTY(QVariantList sizes READ sizes NOTIFY changed)  // of {text, width, height}; the first is automatic
    Q_PROPERTY(int currentSize READ currentSize NOTIFY changed)
    Q_PROPERTY(int width READ width NOTIFY changed)  // of the processing size; 0: automatic
    Q_PROPERTY(int height READ height NOTIFY changed)
    Q_PROPERTY(int sizeGrid READ sizeGrid NOTIFY modelChanged)  // its sides are multiples of this, up to largestSide
    Q_PROPERTY(int largestSide READ largestSide CONSTANT)
    // Any of steps, shift and size is not the model's own.
    Q_PROPERTY(bool hasOwnProcessing READ hasOwnProcessing NOTIFY changed)
    Q_PROPERTY(lipar::session::PromptKeyframes* keyframes READ keyframes CONSTANT)
    Q_PROPERTY(bool canAddKeyframe READ canAddKeyframe NOTIFY canAddKeyframeChanged)  // the playhead is in the clip

    Q_PROPERTY(bool pruning READ pruning WRITE setPruning NOTIFY changed)
    // tau1 of the keep mask; tau2 follows at the model's own ratio.
    Q_PROPERTY(double threshold READ threshold WRITE setThreshold NOTIFY changed)
    Q_PROPERTY(double defaultThreshold READ defaultThreshold NOTIFY modelChanged)
    Q_PROPERTY(double largestThreshold READ largestThreshold CONSTANT)
    Q_PROPERTY(QUrl protectMask READ protectMask WRITE setProtectMask NOTIFY changed)  // empty: none
    Q_PROPERTY(QUrl alwaysEditMask READ alwaysEditMask WRITE setAlwaysEditMask NOTIFY changed)
    Q_PROPERTY(QString protectMaskName READ protectMaskName NOTIFY changed)
    Q_PROPERTY(QString alwaysEditMaskName READ alwaysEditMaskName NOTIFY changed)

    Q_PROPERTY(double gainDb READ gainDb WRITE setGainDb NOTIFY changed)  // -60..12
    Q_PROPERTY(bool soundMuted READ isSoundMuted WRITE setSoundMuted NOTIFY changed)
    Q_PROPERTY(double fadeIn READ fadeIn WRITE setFadeIn NOTIFY changed)  // seconds
    Q_PROPERTY(double fadeOut READ fadeOut WRITE setFadeOut NOTIFY changed)
    Q_PROPERTY(double longestFade READ longestFade NOTIFY changed)
    Q_PROPERTY(QString modelName READ modelName NOTIFY modelChanged)
    Q_PROPERTY(QString newEditModel READ newEditModel NOTIFY modelChanged)  // that a clip gets when its edit begins
    Q_PROPERTY(QStringList usableModels READ usableModels NOTIFY modelChanged)
    Q_PROPERTY(lipar::session::ErrorReport modelError READ modelError NOTIFY modelChanged)  // no model to edit with

public:
    enum Strength { Subtle, Normal, Strong };
    Q_ENUM(Strength)

    // All must outlive this object. Asks the engine for its models.
    ClipEditor(ProjectDocument& document, jobs::JobRunner& runner, Player& player, QObject* parent = nullptr);

    void setClip(project::Id clip);
    // The first is shown.
    void setClips(const std::vector<project::Id>& clips);
    // What the engine said of the prompt it was given.
    void setUnknownWords(quint64 clip, const QStringList& words);
    void setPromptTokens(quint64 clip, int tokens, int limit);
    // What the automatic size was for the clip and its model.
    void setAutomaticSize(quint64 clip, int width, int height);
    // By name, empty = the built-in one; where it is not installed the built-in one is taken.
    void setNewEditModel(const QString& model);
    // The prompt of one of the built-in model's looks, by name; empty: not known yet.
    [[nodiscard]] QString builtInPrompt(const QString& look) const;
    // The shown clip's model, else the one for new edits; empty before it is known.
    [[nodiscard]] const std::optional<service::ModelInfo>& model() const { return m_model; }

    [[nodiscard]] quint64 clip() const;
    [[nodiscard]] int count() const { return int(m_clips.size()); }
    [[nodiscard]] bool hasPicture() const { return !m_pictures.empty(); }
    [[nodiscard]] bool hasSound() const { return !m_sounds.empty(); }
    [[nodiscard]] bool isLocked() const;
    [[nodiscard]] bool isMissing() const { return m_isMissing; }
    [[nodiscard]] QString name() const;
    [[nodiscard]] QString sourceName() const;
    [[nodiscard]] QString sourcePath() const;
    [[nodiscard]] QString sourceFacts() const;
    [[nodiscard]] QString startTimecode() const;
    [[nodiscard]] QString durationTimecode() const;
    [[nodiscard]] double speed() const;
    [[nodiscard]] bool isEdited() const { return edit().enabled; }
    [[nodiscard]] QString prompt() const { return QString::fromStdString(edit().prompt); }
    [[nodiscard]] LookModel* looks() { return &m_looks; }
    [[nodiscard]] int currentLook() const;
    [[nodiscard]] QString unknownWords() const;
    [[nodiscard]] int promptTokens() const;
    [[nodiscard]] int promptLimit() const;
    [[nodiscard]] QString knownWords() const { return m_words.known().join(", "); }
    [[nodiscard]] bool isUsable() const { return m_words.isUsable(prompt()); }
    [[nodiscard]] bool hasStrengthWords() const { return m_words.hasStrength(); }
    [[nodiscard]] Strength strength() const;
    [[nodiscard]] double strengthValue() const;
    [[nodiscard]] double defaultStrength() const;
    [[nodiscard]] int seed() const { return int(edit().seed); }
    [[nodiscard]] QString steps() const;
    [[nodiscard]] QString defaultSteps() const;
    [[nodiscard]] int mostSteps() const;
    [[nodiscard]] double shift() const { return edit().shift.value_or(0); }
    [[nodiscard]] double defaultShift() const;
    [[nodiscard]] double lowestShift() const;
    [[nodiscard]] double highestShift() const;
    [[nodiscard]] QVariantList sizes() const;
    [[nodiscard]] int currentSize() const;
    [[nodiscard]] int width() const { return edit().width; }
    [[nodiscard]] int height() const { return edit().height; }
    [[nodiscard]] int sizeGrid() const;
    [[nodiscard]] int largestSide() const { return 8192; }
    [[nodiscard]] bool hasOwnProcessing() const;
    [[nodiscard]] PromptKeyframes* keyframes() { return &m_keyframes; }
    [[nodiscard]] bool canAddKeyframe() const { return m_canAddKeyframe; }
    [[nodiscard]] bool pruning() const { return edit().pruning; }
    [[nodiscard]] double threshold() const;
    [[nodiscard]] double defaultThreshold() const;
    [[nodiscard]] double largestThreshold() const { return 0.3; }
    [[nodiscard]] QUrl protectMask() const;
    [[nodiscard]] QUrl alwaysEditMask() const;
    [[nodiscard]] QString protectMaskName() const { return protectMask().fileName(); }
    [[nodiscard]] QString alwaysEditMaskName() const { return alwaysEditMask().fileName(); }
    [[nodiscard]] double gainDb() const { return sound().gainDb; }
    [[nodiscard]] bool isSoundMuted() const { return sound().muted; }
    [[nodiscard]] double fadeIn() const { return sound().fadeIn.value(); }
    [[nodiscard]] double fadeOut() const { return sound().fadeOut.value(); }
    [[nodiscard]] double longestFade() const;
    [[nodiscard]] QString modelName() const;
    [[nodiscard]] QString newEditModel() const;
    [[nodiscard]] QStringList usableModels() const;
    [[nodiscard]] const ErrorReport& modelError() const { return m_modelError; }

    void setName(const QString& name);
    void setSpeed(double speed);
    void setEdited(bool edited);
    void setPrompt(const QString& prompt);  // also switches the edit on; an empty one does not switch it off
    void setStrength(Strength strength);
    void setStrengthValue(double value);
    void setSeed(int seed);  // negative = 0
    void setPruning(bool pruning);
    void setThreshold(double threshold);
    void setProtectMask(const QUrl& file);
    void setAlwaysEditMask(const QUrl& file);
    void setGainDb(double gain);
    void setSoundMuted(bool muted);
    void setFadeIn(double seconds);  // shortened to what the other one leaves
    void setFadeOut(double seconds);
    // An installed model's name. Steps, shift, strength and thresholds go back to that model's own.
    Q_INVOKABLE void chooseModel(const QString& model);
    // Asks the engine again which models are installed.
    void refreshModels();
    Q_INVOKABLE void chooseLook(int row);
    Q_INVOKABLE void rollSeed();
    // Whole numbers 1..1000, falling, with commas or spaces, mostSteps at most; empty: the model's own. They are taken as
    // they are: an own strength is given up. False: not such a list.
    Q_INVOKABLE bool setSteps(const QString& text);
    // A number within the model's limits, with a point or a comma; empty: the model's own. False: not such a number.
    Q_INVOKABLE bool setShift(const QString& text);
    Q_INVOKABLE void chooseSize(int row);
    // Brought to the nearest multiples of sizeGrid. One step of undo with other sizes before it, until endMerge().
    Q_INVOKABLE void setSize(int width, int height);
    // Steps, shift and size as the model has them.
    Q_INVOKABLE void resetProcessing();
    // The prompt as it is at the playhead, to be changed from there on.
    Q_INVOKABLE void addKeyframe();
    Q_INVOKABLE void setKeyframePrompt(int row, const QString& prompt);
    Q_INVOKABLE void removeKeyframe(int row);
    Q_INVOKABLE void goToKeyframe(int row);
    Q_INVOKABLE void endMerge();

Q_SIGNALS:
    void changed();
    void canAddKeyframeChanged();
    void modelChanged();

private:
    using EditChange = std::function<void(project::ClipEdit&)>;
    using SoundChange = std::function<void(project::ClipSound&)>;

    void takeProject();
    void takeModels(const service::Report& report);
    void followModel();
    // The one that the edit names, or of an edit that has not begun, the one for new edits; else the built-in one, else any
    // that can edit; nullptr where none can.
    [[nodiscard]] const service::ModelInfo* modelOf(const project::ClipEdit& edit) const;
    void followPlayhead();
    // One step of undo with the changes before it of the same field, until endMerge().
    void changeEdit(const char* field, const EditChange& change);
    void changeSound(const char* field, const SoundChange& change);
    [[nodiscard]] const project::Clip* shown() const;
    [[nodiscard]] const project::Source* source() const;
    [[nodiscard]] const project::ClipEdit& edit() const;
    [[nodiscard]] const project::ClipSound& sound() const;
    [[nodiscard]] Rational playheadInClip(const project::Clip& clip) const;

    ProjectDocument& m_document;
    Player& m_player;
    jobs::LatestJob m_models;
    std::vector<service::ModelInfo> m_installed;
    std::optional<service::ModelInfo> m_model;
    std::string m_newEditModel;
    ErrorReport m_modelError;
    PromptWords m_words;
    LookModel m_looks;
    PromptKeyframes m_keyframes;
    std::vector<project::Id> m_clips;
    std::vector<project::Id> m_pictures;  // of those, and linked to them
    std::vector<project::Id> m_sounds;
    QStringList m_engineUnknown;
    QString m_unknownOf;  // the prompt they belong to
    int m_promptTokens = 0;
    int m_promptLimit = 0;
    QString m_measuredPrompt;  // that the two belong to
    // Told beside "Automatic" as long as clip and model are these.
    struct AutomaticSize {
        quint64 clip = 0;
        QString model;
        int width = 0;
        int height = 0;
    } m_automaticSize;
    bool m_isMissing = false;
    bool m_canAddKeyframe = false;
};

}  // namespace lipar::session
