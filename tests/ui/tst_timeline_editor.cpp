#include <random>

#include <QSignalSpy>
#include <QTest>

#include "app/session/timeline_editor.h"
#include "tests/support/sample_project.h"

using namespace lipar;
using project::Id;
using session::ProjectDocument;
using session::TimelineEditor;

namespace {

constexpr double ppf = 4;          // pixels a frame in these tests
constexpr qint64 clipFrames = 100;  // of every clip

}  // namespace

class TestTimelineEditor : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void movesClipsWithTheirSound();
    void movesSnapToCuts();
    void movesAcrossTracks();
    void trimsAtTheEdges();
    void trimsDependOnTheEndOnly();
    void ripplesWithControl();
    void rollsAtTheCut();
    void slipsWithAlt();
    void crossFadesWithTheHandle();
    void changesLevelAndFades();
    void cutsWithBladeAndKey();
    void deletesAndCloses();
    void selectsWithMouseAndModifiers();
    void copiesAndPastes();
    void duplicatesWithSpeedAndSound();
    void keepsMarkers();
    void changesTracks();
    void lockedTracksRefuse();
    void takesDrops();
    void zoomsAndScrolls();
    void followsPlayback();
    void worksByKeyboard();
    void escapeEndsADrag();
    void holdsWhateverTheMouseDoes();

private:
    [[nodiscard]] const project::Project& project() const { return m_document->project(); }
    [[nodiscard]] const std::vector<project::Clip>& pictures() const { return project().tracks.front().clips; }
    [[nodiscard]] const std::vector<project::Clip>& sounds() const { return project().tracks.back().clips; }
    [[nodiscard]] qint64 startOf(const project::Clip& clip) const { return (clip.start * project().format.rate).rounded(); }
    [[nodiscard]] qint64 lengthOf(const project::Clip& clip) const { return (clip.duration * project().format.rate).rounded(); }
    // A point in the lane that lies `lane` from the top, `y` below its top.
    [[nodiscard]] QPointF at(int lane, double frame, double y) const {
        return {m_editor->scale().xOf(frame), m_editor->layout().lanes()[std::size_t(lane)].y + y};
    }
    void drag(QPointF from, QPointF to, Qt::KeyboardModifiers modifiers = {}) {
        m_editor->hover(from, modifiers);
        m_editor->press(from, modifiers);
        m_editor->move((from + to) / 2, {});
        m_editor->move(to, {});
        m_editor->release(to, {});
    }
    void laneKey(int key) { QVERIFY(m_editor->pressLaneKey(key, 0)); }
    void key(int key, int modifiers = 0) { QVERIFY(m_editor->pressKey(key, modifiers)); }
    // One step of undo brings `before` back, and redo what is there now.
    void verifyUndo(const project::Project& before) {
        const auto after = project();
        QVERIFY(project::checkInvariants(after));
        m_document->undo();
        QVERIFY(project() == before);
        m_document->redo();
        QVERIFY(project() == after);
    }

    std::unique_ptr<ProjectDocument> m_document;
    std::unique_ptr<session::Selection> m_selection;
    std::unique_ptr<TimelineEditor> m_editor;
};

void TestTimelineEditor::init() {
    m_editor.reset();
    m_selection.reset();
    m_document = std::make_unique<ProjectDocument>();
    testing::fillTimeline(*m_document, 3);
    m_selection = std::make_unique<session::Selection>(*m_document);
    m_editor = std::make_unique<TimelineEditor>(*m_document, *m_selection);
    m_editor->setViewSize({1600, 160});
    m_editor->zoomAround(ppf / m_editor->scale().pixelsPerFrame, 0);
    m_editor->setSnapping(false);
    QCOMPARE(m_editor->scale().pixelsPerFrame, ppf);
    QCOMPARE(m_editor->scale().firstFrame, 0.0);
    QCOMPARE(m_editor->layout().lanes().size(), std::size_t(2));
    QCOMPARE(pictures().size(), std::size_t(3));
    QCOMPARE(sounds().size(), std::size_t(3));
}

void TestTimelineEditor::movesClipsWithTheirSound() {
    const auto before = project();
    const auto from = at(0, 250, 30);
    m_editor->press(from, {});
    m_editor->move(from + QPointF(100, 0), {});
    // Nothing has moved yet: an outline shows where it would lie, and its sound.
    QVERIFY(project() == before);
    const auto ghosts = m_editor->overlay().ghosts;
    QCOMPARE(ghosts.size(), std::size_t(2));
    QCOMPARE(ghosts.front().start, 225);
    QCOMPARE(m_editor->dragText(), QString("+00:00:01:00"));
    m_editor->release(from + QPointF(120, 0), {});
    QCOMPARE(startOf(pictures()[2]), 230);
    QCOMPARE(startOf(sounds()[2]), 230);
    QCOMPARE(m_selection->currentClip(), qulonglong(pictures()[2].id));
    verifyUndo(before);
}

void TestTimelineEditor::movesSnapToCuts() {
    drag(at(0, 250, 30), at(0, 350, 30));
    QCOMPARE(startOf(pictures()[2]), 300);
    m_editor->setSnapping(true);
    const auto from = at(0, 350, 30);
    m_editor->press(from, {});
    m_editor->move(at(0, 251.4, 30), {});
    QCOMPARE(m_editor->snapX(), 200 * ppf);
    // Held, Shift places freely.
    m_editor->move(at(0, 251.4, 30), Qt::ShiftModifier);
    QCOMPARE(m_editor->snapX(), -1.0);
    m_editor->release(at(0, 251.4, 30), {});
    QCOMPARE(startOf(pictures()[2]), 200);
    // To the playhead, with its end.
    m_editor->setPlayheadFrame(333);
    drag(at(0, 250, 30), at(0, 282, 30));
    QCOMPARE(startOf(pictures()[2]) + clipFrames, 333);
}

void TestTimelineEditor::movesAcrossTracks() {
    m_editor->addTrack(true);
    QCOMPARE(m_editor->layout().lanes().size(), std::size_t(3));
    const auto before = project();
    const auto moved = pictures()[1].id;
    drag(at(1, 150, 30), at(0, 155, 30));
    const auto* track = project::trackOfClip(project(), moved);
    QCOMPARE(track->id, project().tracks[1].id);
    QCOMPARE(startOf(*project::findClip(project(), moved)), 105);
    QCOMPARE(startOf(sounds()[1]), 105);
    verifyUndo(before);
    // Beyond the topmost track it stays there.
    drag(at(0, 150, 30), QPointF(at(0, 160, 0).x(), -200));
    QCOMPARE(project::trackOfClip(project(), moved)->id, project().tracks[1].id);
    QVERIFY(!m_document->error().isSet());
}

void TestTimelineEditor::trimsAtTheEdges() {
    const auto before = project();
    m_editor->hover(at(0, 299, 30), {});
    QCOMPARE(m_editor->overlay().hovered.part, session::TimelineHit::Part::endEdge);
    QCOMPARE(m_editor->cursor(), Qt::SizeHorCursor);
    drag(at(0, 299, 30), at(0, 279, 30));
    QCOMPARE(lengthOf(pictures()[2]), 80);
    QCOMPARE(lengthOf(sounds()[2]), 80);
    verifyUndo(before);
    m_document->undo();
    drag(at(0, 1, 30), at(0, 21, 30));
    QCOMPARE(startOf(pictures()[0]), 20);
    QCOMPARE(pictures()[0].sourceStart, (Rational{2 * 25 + 20, 25}));
    verifyUndo(before);
}

void TestTimelineEditor::trimsDependOnTheEndOnly() {
    const auto before = project();
    const auto from = at(0, 299, 30);
    m_editor->press(from, {});
    // As far in as it goes and out again: live, and as if it had never been there.
    m_editor->move(at(0, 205, 30), {});
    QCOMPARE(lengthOf(pictures()[2]), 6);
    m_editor->move(at(0, 320, 30), {});
    QCOMPARE(lengthOf(pictures()[2]), 121);
    m_editor->move(at(0, 299, 30), {});
    m_editor->release(at(0, 299, 30), {});
    QVERIFY(project() == before);
    // Not further than the source goes.
    drag(at(0, 299, 30), at(0, 390, 30));
    QCOMPARE(lengthOf(pictures()[2]), clipFrames + 50);
    verifyUndo(before);
}

void TestTimelineEditor::ripplesWithControl() {
    const auto before = project();
    drag(at(0, 98.5, 30), at(0, 78.5, 30), Qt::ControlModifier);
    QCOMPARE(lengthOf(pictures()[0]), 80);
    QCOMPARE(startOf(pictures()[1]), 80);
    QCOMPARE(startOf(sounds()[2]), 180);
    verifyUndo(before);
}

void TestTimelineEditor::rollsAtTheCut() {
    const auto before = project();
    m_editor->hover(at(0, 100, 40), {});
    QCOMPARE(m_editor->cursor(), Qt::SplitHCursor);
    drag(at(0, 100, 40), at(0, 110, 40));
    QCOMPARE(lengthOf(pictures()[0]), 110);
    QCOMPARE(startOf(pictures()[1]), 110);
    QCOMPARE(lengthOf(pictures()[1]), 90);
    verifyUndo(before);
}

void TestTimelineEditor::slipsWithAlt() {
    const auto before = project();
    drag(at(0, 150, 30), at(0, 140, 30), Qt::AltModifier);
    QCOMPARE(startOf(pictures()[1]), 100);
    QCOMPARE(pictures()[1].sourceStart, (Rational{60, 25}));
    verifyUndo(before);
}

void TestTimelineEditor::crossFadesWithTheHandle() {
    const auto before = project();
    m_editor->hover(at(0, 200, 6), {});
    QCOMPARE(m_editor->overlay().hovered.part, session::TimelineHit::Part::crossFade);
    drag(at(0, 200, 6), at(0, 206, 6));
    QCOMPARE(pictures()[2].crossFade, (Rational{12, 25}));
    verifyUndo(before);
    // Its handles lie at its ends now.
    m_editor->hover(at(0, 206, 6), {});
    QCOMPARE(m_editor->overlay().hovered.part, session::TimelineHit::Part::crossFade);
    drag(at(0, 194, 6), at(0, 190, 6));
    QCOMPARE(pictures()[2].crossFade, (Rational{20, 25}));
    // Back onto the cut: gone.
    drag(at(0, 190, 6), at(0, 200, 6));
    QCOMPARE(pictures()[2].crossFade, Rational{});
}

void TestTimelineEditor::changesLevelAndFades() {
    const auto before = project();
    const double height = m_editor->layout().lanes()[1].clipHeight;
    const double line = (1 - session::heightOfGain(0)) * height;
    drag(at(1, 150, line), at(1, 150, line + height / 6));
    QCOMPARE(sounds()[1].sound.gainDb, -12.0);
    verifyUndo(before);
    drag({at(1, 100, 6).x() + 6, at(1, 100, 6).y()}, {at(1, 125, 6).x() + 6, at(1, 100, 6).y()});
    QCOMPARE(sounds()[1].sound.fadeIn, (Rational{1, 1}));
    drag({at(1, 200, 6).x() - 6, at(1, 100, 6).y()}, {at(1, 150, 6).x() - 6, at(1, 100, 6).y()});
    QCOMPARE(sounds()[1].sound.fadeOut, (Rational{2, 1}));
    // Together they are no longer than the clip.
    drag(at(1, 125, 6), at(1, 190, 6));
    QCOMPARE(sounds()[1].sound.fadeIn, (Rational{2, 1}));
    m_document->undo();
    m_document->undo();
    m_document->undo();
    m_document->undo();
    QVERIFY(project() == before);
}

void TestTimelineEditor::cutsWithBladeAndKey() {
    const auto before = project();
    key(Qt::Key_B);
    QCOMPARE(m_editor->tool(), TimelineEditor::BladeTool);
    m_editor->hover(at(0, 150, 30), {});
    QVERIFY(m_editor->overlay().bladeX);
    m_editor->press(at(0, 150, 30), {});
    m_editor->release(at(0, 150, 30), {});
    QCOMPARE(pictures().size(), std::size_t(4));
    QCOMPARE(sounds().size(), std::size_t(4));
    QCOMPARE(startOf(pictures()[2]), 150);
    verifyUndo(before);
    key(Qt::Key_V);
    // At the playhead: what is selected there, else everything.
    m_editor->setPlayheadFrame(50);
    m_selection->clear();
    m_editor->split();
    QCOMPARE(pictures().size(), std::size_t(5));
    m_editor->split();
    QVERIFY(m_document->error().isSet());  // there is a cut already
    QCOMPARE(pictures().size(), std::size_t(5));
}

void TestTimelineEditor::deletesAndCloses() {
    const auto before = project();
    m_selection->select({pictures()[1].id});
    m_editor->deleteSelected();
    QCOMPARE(pictures().size(), std::size_t(2));
    QCOMPARE(startOf(pictures()[1]), 200);
    verifyUndo(before);
    // A click into the gap selects it; Delete closes it.
    m_editor->press(at(0, 150, 30), {});
    m_editor->release(at(0, 150, 30), {});
    QVERIFY(m_selection->gap());
    QCOMPARE(m_editor->playheadFrame(), 150);
    m_editor->deleteSelected();
    QCOMPARE(startOf(pictures()[1]), 100);
    QCOMPARE(startOf(sounds()[1]), 100);
    m_document->undo();
    m_document->undo();
    m_selection->select({pictures()[0].id});
    m_editor->rippleDeleteSelected();
    QCOMPARE(startOf(pictures()[0]), 0);
    QCOMPARE(pictures().size(), std::size_t(2));
    verifyUndo(before);
}

void TestTimelineEditor::selectsWithMouseAndModifiers() {
    const auto click = [this](QPointF point, Qt::KeyboardModifiers modifiers = {}) {
        m_editor->press(point, modifiers);
        m_editor->release(point, modifiers);
    };
    click(at(0, 50, 30));
    QCOMPARE(m_selection->count(), 1);
    click(at(0, 250, 30), Qt::ControlModifier);
    QCOMPARE(m_selection->count(), 2);
    click(at(0, 250, 30), Qt::ControlModifier);
    QCOMPARE(m_selection->count(), 1);
    QCOMPARE(m_selection->currentClip(), qulonglong(pictures()[0].id));
    click(at(0, 250, 30), Qt::ShiftModifier);
    QCOMPARE(m_selection->count(), 3);
    click(at(1, 50, 30), Qt::ShiftModifier);
    QCOMPARE(m_selection->count(), 6);
    // A click on one of several leaves only it; with a drag all of them move.
    click(at(0, 150, 30));
    QCOMPARE(m_selection->count(), 1);
    drag(at(0, 350, 5), at(1, 120, 30));
    QCOMPARE(m_selection->count(), 4);  // two pictures, two sounds
    drag(at(0, 150, 30), at(0, 160, 30));
    QCOMPARE(startOf(pictures()[1]), 110);
    QCOMPARE(startOf(pictures()[2]), 210);
    m_editor->selectAll();
    QCOMPARE(m_selection->count(), 6);
}

void TestTimelineEditor::copiesAndPastes() {
    const auto before = project();
    QVERIFY(!m_editor->canPaste());
    m_selection->select({pictures()[0].id, sounds()[0].id, pictures()[1].id});
    m_editor->copy();
    QVERIFY(m_editor->canPaste());
    m_editor->setPlayheadFrame(400);
    m_editor->paste();
    QCOMPARE(pictures().size(), std::size_t(5));
    QCOMPARE(sounds().size(), std::size_t(5));
    QCOMPARE(startOf(pictures()[3]), 400);
    QCOMPARE(startOf(pictures()[4]), 500);
    QCOMPARE(pictures()[3].sourceStart, pictures()[0].sourceStart);
    QCOMPARE(m_selection->count(), 2);
    verifyUndo(before);
    m_editor->selectAll();
    m_editor->cut();
    QVERIFY(pictures().empty());
}

void TestTimelineEditor::duplicatesWithSpeedAndSound() {
    QVERIFY(m_document->perform(commands::SetSpeed{pictures()[2].id, {2, 1}, false}));
    project::ClipSound sound;
    sound.gainDb = -6;
    QVERIFY(m_document->perform(commands::SetSound{{sounds()[2].id}, sound}));
    QVERIFY(m_document->perform(commands::RenameClip{pictures()[2].id, "fast"}));
    const auto before = project();
    const auto original = pictures()[2];
    m_selection->select({original.id});
    m_editor->duplicate();
    QCOMPARE(pictures().size(), std::size_t(4));
    const auto& copy = pictures()[3];
    QCOMPARE(copy.start, original.end());
    QCOMPARE(copy.duration, original.duration);
    QCOMPARE(copy.speed, original.speed);
    QCOMPARE(copy.name, original.name);
    QCOMPARE(sounds()[3].sound.gainDb, -6.0);
    verifyUndo(before);
}

void TestTimelineEditor::keepsMarkers() {
    const auto before = project();
    m_editor->setPlayheadFrame(60);
    m_editor->addMarker();
    QCOMPARE(project().markers.size(), std::size_t(1));
    verifyUndo(before);
    QVERIFY(m_editor->markerAt(60 * ppf + 3));
    m_editor->pressRuler({60 * ppf, 5}, {});
    m_editor->move({90 * ppf, 5}, {});
    m_editor->release({90 * ppf, 5}, {});
    QCOMPARE((project().markers.front().time * project().format.rate).rounded(), 90);
    m_editor->renameMarker(project().markers.front().id, "Chorus");
    QCOMPARE(m_editor->markerName(project().markers.front().id), QString("Chorus"));
    m_selection->selectMarker(project().markers.front().id);
    m_editor->deleteSelected();
    QVERIFY(project().markers.empty());
    // Elsewhere the ruler moves the playhead.
    QSignalSpy seeks(m_editor.get(), &TimelineEditor::seekRequested);
    m_editor->pressRuler({30 * ppf, 5}, {});
    m_editor->move({33 * ppf, 5}, {});
    m_editor->release({33 * ppf, 5}, {});
    QCOMPARE(m_editor->playheadFrame(), 33);
    QCOMPARE(seeks.last().front().toLongLong(), 33);
}

void TestTimelineEditor::changesTracks() {
    auto* tracks = m_editor->tracks();
    QCOMPARE(tracks->rowCount(), 2);
    m_editor->addTrack(false);
    m_editor->addTrack(true);
    QCOMPARE(tracks->rowCount(), 4);
    using Tracks = session::TimelineTracks;
    const auto value = [&](int row, int role) { return tracks->data(tracks->index(row), role); };
    QVERIFY(value(0, Tracks::IsVideoRole).toBool());
    QVERIFY(!value(3, Tracks::IsVideoRole).toBool());
    const auto top = value(0, Tracks::TrackIdRole).toULongLong();
    QSignalSpy resets(tracks, &QAbstractItemModel::modelReset);
    m_editor->renameTrack(top, "  Titles ");
    QCOMPARE(value(0, Tracks::NameRole).toString(), QString("Titles"));
    m_editor->renameTrack(top, "  ");
    QCOMPARE(value(0, Tracks::NameRole).toString(), QString("Titles"));
    m_editor->setTrackMuted(top, true);
    m_editor->setTrackSolo(top, true);
    QVERIFY(value(0, Tracks::MutedRole).toBool());
    QVERIFY(value(0, Tracks::SoloRole).toBool());
    QCOMPARE(resets.count(), 0);
    m_editor->removeTrack(top);
    QCOMPARE(tracks->rowCount(), 3);
}

void TestTimelineEditor::lockedTracksRefuse() {
    m_editor->setTrackLocked(project().tracks.front().id, true);
    const auto before = project();
    drag(at(0, 250, 30), at(0, 280, 30));
    QVERIFY(m_document->error().isSet());
    QVERIFY(project() == before);
    drag(at(0, 299, 30), at(0, 280, 30));
    QVERIFY(project() == before);
}

void TestTimelineEditor::takesDrops() {
    const auto before = project();
    const auto source = project().sources.front().id;
    m_editor->setSnapping(true);
    QVERIFY(m_editor->dragSource(source, at(0, 301, 30)));
    QCOMPARE(m_editor->overlay().ghosts.size(), std::size_t(1));
    QCOMPARE(m_editor->overlay().ghosts.front().start, 300);
    QCOMPARE(m_editor->snapX(), 300 * ppf);
    m_editor->leaveSource();
    QVERIFY(m_editor->overlay().ghosts.empty());
    m_editor->dropSource(source, at(0, 301, 30), false);
    QCOMPARE(pictures().size(), std::size_t(4));
    QCOMPARE(startOf(pictures()[3]), 300);
    verifyUndo(before);
    m_document->undo();
    m_editor->dropSource(source, at(0, 100, 30), true);
    QCOMPARE(startOf(pictures()[1]), 100);
    QCOMPARE(startOf(pictures()[2]), 300);
    QVERIFY(!m_editor->dragSource(987654, at(0, 10, 10)));
    QSignalSpy files(m_editor.get(), &TimelineEditor::filesDropped);
    m_editor->dropFiles({QUrl("file:///media/new.mp4")}, at(0, 120, 30));
    QCOMPARE(files.count(), 1);
    QCOMPARE(files.front().at(1).toULongLong(), qulonglong(project().tracks.front().id));
    QCOMPARE(files.front().at(2).toLongLong(), 120);
}

void TestTimelineEditor::zoomsAndScrolls() {
    m_editor->zoomToFit();
    const auto& scale = m_editor->scale();
    QVERIFY(scale.xOf(300) <= 1600);
    QVERIFY(scale.xOf(300) > 1200);
    QCOMPARE(m_editor->scrollPosition(), 0.0);
    // What is under the pointer stays there.
    const double frame = scale.frameOf(700);
    m_editor->zoomAround(3, 700);
    QVERIFY(qAbs(scale.frameOf(700) - frame) < 1e-6);
    m_editor->setScrollPosition(0);
    QCOMPARE(scale.firstFrame, 0.0);
    m_editor->scrollBy(-500, 0);
    QCOMPARE(scale.firstFrame, 0.0);
    m_editor->scrollBy(1e9, 0);
    QVERIFY(scale.xOf(300) > 0);
    m_editor->setZoom(1);
    QCOMPARE(scale.pixelsPerFrame, 40.0);
    QVERIFY(qAbs(m_editor->zoom() - 1) < 1e-9);
    m_editor->setZoom(0);
    QVERIFY(qAbs(m_editor->zoom()) < 1e-9);
    // More tracks than there is room for.
    for (int i = 0; i < 5; ++i)
        m_editor->addTrack(true);
    QVERIFY(m_editor->verticalSize() < 1);
    m_editor->setVerticalPosition(1);
    QVERIFY(m_editor->contentY() > 0);
    QVERIFY(m_editor->verticalPosition() + m_editor->verticalSize() <= 1.0001);
}

void TestTimelineEditor::followsPlayback() {
    m_editor->setZoom(1);
    m_editor->setScrollPosition(0);
    m_editor->setPlayheadFrame(0);
    m_editor->setPlayheadFrame(39);
    QCOMPARE(m_editor->scale().firstFrame, 0.0);
    m_editor->setPlayheadFrame(41);
    QVERIFY(m_editor->scale().firstFrame > 30);
    QVERIFY(m_editor->playheadX() > 0 && m_editor->playheadX() < 1600);
    // What was scrolled away from stays out of sight.
    m_editor->setScrollPosition(0);
    m_editor->setPlayheadFrame(42);
    QCOMPARE(m_editor->scale().firstFrame, 0.0);
    QCOMPARE(m_editor->playheadTime(), QString("00:00:01:17"));
}

void TestTimelineEditor::worksByKeyboard() {
    m_selection->clear();
    laneKey(Qt::Key_Right);
    QCOMPARE(m_selection->currentClip(), qulonglong(pictures()[0].id));
    laneKey(Qt::Key_Right);
    QCOMPARE(m_selection->currentClip(), qulonglong(pictures()[1].id));
    QVERIFY(m_editor->currentDescription().contains("clip 2 of 3"));
    laneKey(Qt::Key_Down);
    QCOMPARE(m_selection->currentClip(), qulonglong(sounds()[1].id));
    laneKey(Qt::Key_Up);
    const auto before = project();
    laneKey(Qt::Key_Right);
    key(Qt::Key_Period);
    QCOMPARE(startOf(pictures()[2]), 201);
    key(Qt::Key_Comma);
    QCOMPARE(startOf(pictures()[2]), 200);
    key(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(lengthOf(pictures()[2]), 99);
    key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(startOf(pictures()[2]), 201);
    m_editor->setPlayheadFrame(250);
    m_editor->trimToPlayhead(true);
    QCOMPARE(startOf(pictures()[2]), 250);
    m_editor->setPlayheadFrame(280);
    m_editor->trimToPlayhead(false);
    QCOMPARE(lengthOf(pictures()[2]), 30);
    for (int i = 0; i < 6; ++i)
        m_document->undo();
    QVERIFY(project() == before);
    m_selection->select({pictures()[1].id});
    m_editor->crossFade();
    QVERIFY(pictures()[1].crossFade > Rational{});
    m_editor->crossFade();
    QCOMPARE(pictures()[1].crossFade, Rational{});
    QVERIFY(!m_editor->pressKey(Qt::Key_F5, 0));
}

void TestTimelineEditor::escapeEndsADrag() {
    const auto before = project();
    m_editor->press(at(0, 299, 30), {});
    m_editor->move(at(0, 250, 30), {});
    QVERIFY(project() != before);
    key(Qt::Key_Escape);
    QVERIFY(project() == before);
    QVERIFY(!m_editor->isDragging());
    m_editor->move(at(0, 220, 30), {});
    m_editor->release(at(0, 220, 30), {});
    QVERIFY(project() == before);
    m_editor->press(at(0, 250, 30), {});
    m_editor->move(at(0, 290, 30), {});
    key(Qt::Key_Escape);
    m_editor->release(at(0, 290, 30), {});
    QVERIFY(project() == before);
}

void TestTimelineEditor::holdsWhateverTheMouseDoes() {
    m_editor->addTrack(true);
    m_editor->addTrack(false);
    const auto start = project();
    int steps = 0;
    std::mt19937 random(7);
    const auto roll = [&](int below) { return int(random() % unsigned(below)); };
    const Qt::KeyboardModifiers modifiers[] = {{}, Qt::ControlModifier, Qt::AltModifier, Qt::ShiftModifier};
    void (TimelineEditor::*const actions[])() = {&TimelineEditor::deleteSelected, &TimelineEditor::rippleDeleteSelected,
                                                &TimelineEditor::crossFade,      &TimelineEditor::addMarker,
                                                &TimelineEditor::duplicate,      &TimelineEditor::split};
    for (int i = 0; i < 300; ++i) {
        const auto point = [&] { return QPointF(roll(1500), roll(200)); };
        m_editor->setSnapping(roll(2) == 0);
        m_editor->setPlayheadFrame(roll(350));
        const auto revision = m_document->revision();
        if (roll(5) == 0) {
            (m_editor.get()->*actions[roll(6)])();
        } else {
            const auto held = modifiers[roll(4)];
            const auto from = point();
            m_editor->hover(from, held);
            m_editor->press(from, held);
            for (int k = roll(4); k >= 0; --k)
                m_editor->move(point(), modifiers[roll(4)]);
            roll(6) == 0 ? m_editor->cancelDrag() : m_editor->release(point(), held);
        }
        const auto sound = project::checkInvariants(project());
        QVERIFY2(sound, sound ? "" : sound.error().message.c_str());
        if (m_document->revision() != revision)
            ++steps;
        if (roll(40) == 0)
            testing::fillTimeline(*m_document, 3);
    }
    QVERIFY(steps > 50);
    while (m_document->canUndo() && !(project() == start))
        m_document->undo();
    QVERIFY(project() == start);
}

QTEST_MAIN(TestTimelineEditor)
#include "tst_timeline_editor.moc"
