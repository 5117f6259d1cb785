#include <QSignalSpy>
#include <QTest>

#include "app/session/clip_editor.h"
#include "tests/support/fake_engine.h"
#include "tests/support/fake_models.h"
#include "tests/support/small_project.h"

using namespace lipar;
using session::ClipEditor;
using session::Player;

class TestClipEditor : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void showsTheClip();
    void nothingSelected();
    void typingIsOneStep();
    void draggingIsOneStep();
    void looksKeepTheStrength();
    void unknownWords();
    void promptLengthBelongsToItsPrompt();
    void allSelectedClipsFollow();
    void keyframes();
    void soundOfTheLinkedClip();
    void stepsAndSizes();
    void sizesLieOnTheModelsGrid();
    void automaticSizeIsTold();
    void shiftStaysWithinTheModelsLimits();
    void strengthBeginsWithTheSteps();
    void processingGoesBackToTheDefaults();
    void newEditsGetTheirModel();
    void masks();
    void speedAndName();
    void followsUndo();

private:
    [[nodiscard]] const project::Clip& clip(std::size_t index = 0) const {
        return *project::findClip(m_document->project(), m_small.pictures[index]);
    }
    [[nodiscard]] const project::Clip& sound(std::size_t index = 0) const {
        return *project::findClip(m_document->project(), m_small.sounds[index]);
    }
    [[nodiscard]] int undoSteps();
    // A model for any prompt beside the built-in one.
    void installBigModel();

    testing::SmallProject m_small;
    std::unique_ptr<testing::FakeEngine> m_engine;
    std::unique_ptr<session::ProjectDocument> m_document;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<ClipEditor> m_editor;
};

void TestClipEditor::init() {
    m_engine = std::make_unique<testing::FakeEngine>();
    m_document = std::make_unique<session::ProjectDocument>();
    m_small = testing::smallProject(2, 36, "oil painting");
    m_document->replace(m_small.project, {}, false);
    m_player = std::make_unique<Player>(*m_document, *m_engine, Player::Options{.cache = {}, .sound = {}, .now = {}});
    m_editor = std::make_unique<ClipEditor>(*m_document, *m_engine, *m_player);
    QTRY_COMPARE(m_editor->looks()->count(), 16);
    m_editor->setClip(m_small.pictures.front());
}

void TestClipEditor::cleanup() {
    m_editor.reset();
    m_player.reset();
    m_document.reset();
    m_engine.reset();
}

// Undoes everything and counts.
int TestClipEditor::undoSteps() {
    int steps = 0;
    for (; m_document->canUndo(); ++steps)
        m_document->undo();
    return steps;
}

void TestClipEditor::installBigModel() {
    m_engine->setModelEntries({testing::installed(testing::bigModel())});
    m_editor->refreshModels();
    QTRY_COMPARE(m_editor->usableModels(), (QStringList{"lipar-mini", "wan2.1-1.3b"}));
}

void TestClipEditor::showsTheClip() {
    QVERIFY(m_editor->hasPicture());
    QVERIFY(m_editor->hasSound());
    QVERIFY(m_editor->isEdited());
    QCOMPARE(m_editor->prompt(), QString("oil painting"));
    QCOMPARE(m_editor->currentLook(), 1);
    QCOMPARE(m_editor->name(), QString("holiday.mp4"));
    QVERIFY(m_editor->isMissing());
    QVERIFY2(m_editor->sourceFacts().contains("160 × 96"), qPrintable(m_editor->sourceFacts()));
    QCOMPARE(m_editor->durationTimecode(), QString("00:00:01:12"));
    QCOMPARE(m_editor->threshold(), 0.05);
    m_editor->setClip(m_small.sounds.back());  // its picture is what is edited
    QCOMPARE(m_editor->startTimecode(), QString("00:00:01:12"));
    QVERIFY(m_editor->hasPicture());
    QVERIFY(m_editor->isEdited());
}

void TestClipEditor::nothingSelected() {
    m_editor->setClip(0);
    QCOMPARE(m_editor->count(), 0);
    QCOMPARE(m_editor->clip(), quint64(0));
    QVERIFY(!m_editor->hasPicture());
    m_editor->setPrompt("pencil sketch");
    m_editor->setGainDb(3);
    m_editor->addKeyframe();
    m_editor->setSpeed(2);
    m_editor->setName("boat");
    QVERIFY(!m_document->canUndo());
    // A clip that leaves the project leaves the inspector.
    m_editor->setClip(m_small.pictures.front());
    QVERIFY(m_document->perform(commands::DeleteClips{{m_small.pictures.front()}}).has_value());
    QCOMPARE(m_editor->count(), 0);
}

void TestClipEditor::typingIsOneStep() {
    for (const auto* text : {"p", "pe", "pen", "pencil"})
        m_editor->setPrompt(text);
    QCOMPARE(clip().edit.prompt, std::string("pencil"));
    m_editor->endMerge();
    m_editor->setPrompt("pencil sketch");
    QCOMPARE(undoSteps(), 2);
    QCOMPARE(m_editor->prompt(), QString("oil painting"));
}

void TestClipEditor::draggingIsOneStep() {
    for (int i = 1; i <= 20; ++i)
        m_editor->setThreshold(0.01 * i);
    QCOMPARE(clip().edit.tau1.value(), 0.2);
    QCOMPARE(clip().edit.tau2.value(), 0.4);
    m_editor->endMerge();
    m_editor->setPruning(false);
    m_editor->rollSeed();
    QCOMPARE(undoSteps(), 3);
    QVERIFY(!clip().edit.tau1.has_value());
    QVERIFY(m_editor->pruning());
}

void TestClipEditor::looksKeepTheStrength() {
    QVERIFY(m_editor->hasStrengthWords());
    QCOMPARE(m_editor->strength(), ClipEditor::Normal);
    m_editor->setStrength(ClipEditor::Strong);
    QCOMPARE(clip().edit.prompt, std::string("strong oil painting"));
    QCOMPARE(m_editor->currentLook(), 1);
    m_editor->chooseLook(2);
    QCOMPARE(clip().edit.prompt, std::string("strong pencil sketch"));
    m_editor->setStrength(ClipEditor::Subtle);
    QCOMPARE(clip().edit.prompt, std::string("subtle pencil sketch"));
    m_editor->setStrength(ClipEditor::Normal);
    QCOMPARE(clip().edit.prompt, std::string("pencil sketch"));
    m_editor->setEdited(false);
    QVERIFY(!clip().edit.enabled);
    m_editor->chooseLook(3);
    QVERIFY(clip().edit.enabled);
}

void TestClipEditor::unknownWords() {
    QVERIFY(m_editor->isUsable());
    m_editor->setPrompt("oil dragon");
    QCOMPARE(m_editor->unknownWords(), QString("dragon"));
    m_editor->setUnknownWords(m_small.pictures.front(), {"dragon", "oil"});
    QCOMPARE(m_editor->unknownWords(), QString("dragon, oil"));
    m_editor->setPrompt("dragon");
    QCOMPARE(m_editor->unknownWords(), QString("dragon"));
    QVERIFY(!m_editor->isUsable());
    QVERIFY(m_editor->knownWords().contains("watercolor"));
    QVERIFY(!m_editor->knownWords().contains("subtle"));
}

void TestClipEditor::promptLengthBelongsToItsPrompt() {
    m_editor->setPrompt("oil painting");
    QCOMPARE(m_editor->promptTokens(), 0);
    m_editor->setPromptTokens(m_small.pictures.front(), 37, 512);
    QCOMPARE(m_editor->promptTokens(), 37);
    QCOMPARE(m_editor->promptLimit(), 512);
    m_editor->setPromptTokens(m_small.pictures.back() + 1000, 5, 6);  // of another clip
    QCOMPARE(m_editor->promptTokens(), 37);
    m_editor->setPrompt("oil painting of a fox");
    QCOMPARE(m_editor->promptTokens(), 0);
}

void TestClipEditor::allSelectedClipsFollow() {
    m_editor->setClip(m_small.pictures.back());
    m_editor->setSeed(7);
    m_editor->endMerge();
    m_editor->setClips(m_small.pictures);
    QCOMPARE(m_editor->count(), 2);
    QCOMPARE(m_editor->seed(), 0);  // of the first
    m_editor->setPrompt("pencil");
    m_editor->setPrompt("pencil sketch");
    m_editor->endMerge();
    QCOMPARE(clip(0).edit.prompt, std::string("pencil sketch"));
    QCOMPARE(clip(1).edit.prompt, std::string("pencil sketch"));
    QCOMPARE(clip(1).edit.seed, std::uint64_t(7));  // what was not changed stays
    m_editor->setGainDb(-6);
    QCOMPARE(sound(0).sound.gainDb, -6.0);
    QCOMPARE(sound(1).sound.gainDb, -6.0);
    QCOMPARE(undoSteps(), 3);
    QCOMPARE(clip(1).edit.prompt, std::string("oil painting"));
}

void TestClipEditor::keyframes() {
    QVERIFY(!m_editor->canAddKeyframe());  // none at a clip's start
    m_player->seek(24);
    QVERIFY(m_editor->canAddKeyframe());
    m_editor->addKeyframe();
    m_player->seek(12);
    m_editor->addKeyframe();
    m_editor->addKeyframe();  // there is one
    QCOMPARE(m_editor->keyframes()->count(), 2);
    QCOMPARE(m_editor->keyframes()->at(0).timecode, QString("00:00:00:12"));
    QCOMPARE(m_editor->keyframes()->at(1).prompt, QString("oil painting"));
    m_editor->setKeyframePrompt(1, "winter");
    m_editor->setKeyframePrompt(1, "winter snow");
    m_editor->endMerge();
    QCOMPARE(clip().edit.promptKeyframes[1].prompt, std::string("winter snow"));
    QVERIFY(clip().edit.promptKeyframes[1].time == Rational(1, 1));
    m_editor->goToKeyframe(1);
    QCOMPARE(m_player->frame(), 24);
    m_editor->removeKeyframe(0);
    QCOMPARE(m_editor->keyframes()->count(), 1);
    QCOMPARE(undoSteps(), 4);
    QCOMPARE(m_editor->keyframes()->count(), 0);
}

void TestClipEditor::soundOfTheLinkedClip() {
    m_editor->setGainDb(20);
    QCOMPARE(sound().sound.gainDb, 12.0);
    m_editor->setFadeIn(1);
    m_editor->setFadeOut(1);  // the clip is 1.5 s long
    QCOMPARE(m_editor->fadeIn(), 1.0);
    QCOMPARE(m_editor->fadeOut(), 0.5);
    m_editor->setSoundMuted(true);
    QVERIFY(sound().sound.muted);
    QVERIFY(project::checkInvariants(m_document->project()).has_value());
}

void TestClipEditor::stepsAndSizes() {
    QVERIFY(m_editor->setSteps("1000, 750,500"));
    QCOMPARE(m_editor->steps(), QString("1000, 750, 500"));
    QVERIFY(!m_editor->setSteps("500, 750"));
    QVERIFY(!m_editor->setSteps("many"));
    QCOMPARE(m_editor->mostSteps(), 4);
    QVERIFY(!m_editor->setSteps("500, 400, 300, 200, 100"));
    QCOMPARE(m_editor->steps(), QString("1000, 750, 500"));
    QVERIFY(m_editor->setSteps(""));
    QCOMPARE(clip().edit.steps.size(), std::size_t(0));
    QCOMPARE(m_editor->currentSize(), 0);
    QVERIFY(m_editor->sizes().size() >= 2);
    m_editor->chooseSize(1);
    QCOMPARE(m_editor->currentSize(), 1);
    QCOMPARE(clip().edit.width % 16, 0);
    m_editor->chooseSize(0);
    QCOMPARE(clip().edit.width, 0);
}

void TestClipEditor::sizesLieOnTheModelsGrid() {
    QCOMPARE(m_editor->sizeGrid(), 16);
    m_editor->setSize(330, 100);
    m_editor->setSize(346, 100);
    QCOMPARE(m_editor->width(), 352);
    QCOMPARE(m_editor->height(), 96);
    QCOMPARE(m_editor->sizes().at(m_editor->currentSize()).toMap()["text"].toString(), QString("352 × 96"));
    m_editor->endMerge();
    m_editor->setSize(1, 1'000'000);
    QCOMPARE(m_editor->width(), 16);
    QCOMPARE(m_editor->height(), m_editor->largestSide());
    QCOMPARE(undoSteps(), 2);
    QCOMPARE(m_editor->currentSize(), 0);
    installBigModel();
    m_editor->chooseModel("wan2.1-1.3b");
    QCOMPARE(m_editor->sizeGrid(), 32);
    m_editor->setSize(330, 100);
    QCOMPARE(m_editor->width(), 320);
}

void TestClipEditor::automaticSizeIsTold() {
    const auto automatic = [this] { return m_editor->sizes().front().toMap()["text"].toString(); };
    QCOMPARE(automatic(), QString("Automatic"));
    m_editor->setAutomaticSize(m_small.pictures.front(), 320, 192);
    QCOMPARE(automatic(), QString("Automatic: 320 × 192"));
    m_editor->setAutomaticSize(m_small.pictures.front() + 1000, 16, 16);  // of another clip
    QCOMPARE(automatic(), QString("Automatic: 320 × 192"));
    m_editor->setClip(m_small.pictures.back());
    QCOMPARE(automatic(), QString("Automatic"));
    m_editor->setClip(m_small.pictures.front());
    installBigModel();
    m_editor->chooseModel("wan2.1-1.3b");
    QCOMPARE(automatic(), QString("Automatic"));
}

void TestClipEditor::shiftStaysWithinTheModelsLimits() {
    QCOMPARE(m_editor->defaultShift(), 5.0);
    QCOMPARE(m_editor->lowestShift(), m_editor->highestShift());
    QVERIFY(!m_editor->setShift("3"));
    installBigModel();
    m_editor->chooseModel("wan2.1-1.3b");
    QVERIFY(m_editor->setShift("3,5"));
    QCOMPARE(clip().edit.shift, std::optional(3.5));
    QVERIFY(m_editor->setShift(" 2.25 "));
    QCOMPARE(m_editor->shift(), 2.25);
    for (const auto* wrong : {"0", "-1", "101", "much", "nan"})
        QVERIFY2(!m_editor->setShift(wrong), wrong);
    QCOMPARE(m_editor->shift(), 2.25);
    // Another model has another schedule.
    m_editor->chooseModel("lipar-mini");
    QVERIFY(!clip().edit.shift);
    m_document->undo();
    QCOMPARE(m_editor->shift(), 2.25);
    QVERIFY(m_editor->setShift(""));
    QVERIFY(!clip().edit.shift);
    QCOMPARE(undoSteps(), 4);
}

void TestClipEditor::strengthBeginsWithTheSteps() {
    QCOMPARE(m_editor->strengthValue(), 0.4);
    m_editor->setStrengthValue(0.8);
    m_editor->setStrengthValue(0.9);
    m_editor->endMerge();
    QCOMPARE(m_editor->strengthValue(), 0.9);
    QCOMPARE(m_editor->defaultStrength(), 0.4);
    QVERIFY(m_editor->setSteps("600 300"));  // taken as they are
    QVERIFY(!clip().edit.strength);
    QCOMPARE(m_editor->strengthValue(), 0.6);
    QCOMPARE(undoSteps(), 2);
}

void TestClipEditor::processingGoesBackToTheDefaults() {
    QVERIFY(!m_editor->hasOwnProcessing());
    m_editor->setSteps("600, 300");
    m_editor->chooseSize(1);
    QVERIFY(m_editor->hasOwnProcessing());
    m_editor->resetProcessing();
    QVERIFY(!m_editor->hasOwnProcessing());
    QCOMPARE(clip().edit.prompt, std::string("oil painting"));
    m_document->undo();
    QCOMPARE(m_editor->steps(), QString("600, 300"));
    QVERIFY(m_editor->width() > 0);
}

void TestClipEditor::newEditsGetTheirModel() {
    auto none = clip().edit;
    none.enabled = false;
    none.prompt.clear();
    QVERIFY(m_document->perform(commands::SetEdit{{m_small.pictures.back()}, none}));
    QCOMPARE(m_editor->newEditModel(), QString("lipar-mini"));
    m_editor->setNewEditModel("wan2.1-1.3b");
    QCOMPARE(m_editor->newEditModel(), QString("lipar-mini"));  // the other one is not installed
    installBigModel();
    QCOMPARE(m_editor->newEditModel(), QString("wan2.1-1.3b"));
    // An edit that has begun keeps its model.
    QCOMPARE(m_editor->modelName(), QString("lipar-mini"));
    m_editor->setPrompt("pencil sketch");
    QCOMPARE(clip().edit.model, std::string());
    m_editor->endMerge();
    // One that begins has the new one, from its first letter on and for good.
    m_editor->setClip(m_small.pictures.back());
    QCOMPARE(m_editor->modelName(), QString("wan2.1-1.3b"));
    m_editor->setPrompt("a");
    m_editor->setPrompt("a storm at sea");
    QCOMPARE(clip(1).edit.model, std::string("wan2.1-1.3b"));
    m_editor->endMerge();
    m_editor->setNewEditModel({});
    QCOMPARE(m_editor->modelName(), QString("wan2.1-1.3b"));
    m_document->undo();
    QCOMPARE(m_editor->modelName(), QString("lipar-mini"));
    // The built-in one can be chosen before the edit begins, whatever others get.
    m_editor->setNewEditModel("wan2.1-1.3b");
    m_editor->chooseModel("lipar-mini");
    QCOMPARE(m_editor->modelName(), QString("lipar-mini"));
    m_editor->setPrompt("oil painting");
    QCOMPARE(m_editor->modelName(), QString("lipar-mini"));
    // A sample is of the built-in model.
    QCOMPARE(m_editor->builtInPrompt("oil"), QString("oil painting"));
}

void TestClipEditor::masks() {
    m_editor->setProtectMask(QUrl::fromLocalFile("/masks/face.png"));
    QCOMPARE(clip().edit.protectMask, std::string("/masks/face.png"));
    QCOMPARE(m_editor->protectMaskName(), QString("face.png"));
    m_editor->setProtectMask({});
    QVERIFY(clip().edit.protectMask.empty());
}

void TestClipEditor::speedAndName() {
    m_editor->setSpeed(0.5);
    m_editor->endMerge();
    QVERIFY(clip().speed == Rational(1, 2));
    m_editor->setName("boat");
    QCOMPARE(m_editor->name(), QString("boat"));
    m_editor->setName("  ");
    QCOMPARE(m_editor->name(), QString("boat"));
    QCOMPARE(undoSteps(), 2);
}

void TestClipEditor::followsUndo() {
    QSignalSpy changed(m_editor.get(), &ClipEditor::changed);
    m_editor->setPrompt("pencil sketch");
    m_document->undo();
    QCOMPARE(m_editor->prompt(), QString("oil painting"));
    m_document->redo();
    QCOMPARE(m_editor->prompt(), QString("pencil sketch"));
    QVERIFY(changed.count() >= 3);
}

QTEST_GUILESS_MAIN(TestClipEditor)
#include "tst_clip_editor.moc"
