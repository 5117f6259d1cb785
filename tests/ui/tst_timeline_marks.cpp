#include <QTest>

#include "app/session/timeline_editor.h"
#include "tests/support/sample_project.h"

using namespace lipar;
using session::TimelineEditor;

// The range's marks on the ruler, dragged.
class TestTimelineMarks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void followTheMouse();
    void doNotPassEachOther();
    void snapAndGoBack();
    void elsewhereThePlayheadMoves();

private:
    void drag(double fromFrame, double toFrame, Qt::KeyboardModifiers modifiers = {}) {
        m_editor->pressRuler(at(fromFrame), modifiers);
        m_editor->move(at((fromFrame + toFrame) / 2), modifiers);
        m_editor->release(at(toFrame), modifiers);
    }
    [[nodiscard]] QPointF at(double frame) const { return {m_editor->scale().xOf(frame), 10}; }

    std::unique_ptr<session::ProjectDocument> m_document;
    std::unique_ptr<session::Selection> m_selection;
    std::unique_ptr<TimelineEditor> m_editor;
};

// Two clips of 100 frames; 40..160 is marked.
void TestTimelineMarks::init() {
    m_editor.reset();
    m_selection.reset();
    m_document = std::make_unique<session::ProjectDocument>();
    testing::fillTimeline(*m_document, 2);
    m_selection = std::make_unique<session::Selection>(*m_document);
    m_editor = std::make_unique<TimelineEditor>(*m_document, *m_selection);
    m_editor->setViewSize({1000, 300});
    // As the session ties it to the player.
    connect(m_editor.get(), &TimelineEditor::rangeRequested, m_editor.get(), [this](qint64 in, qint64 out) {
        m_editor->setInFrame(in);
        m_editor->setOutFrame(out);
    });
    m_editor->setInFrame(40);
    m_editor->setOutFrame(160);
}

void TestTimelineMarks::followTheMouse() {
    QCOMPARE(m_editor->rulerCursor(at(40).x()), Qt::SizeHorCursor);
    QCOMPARE(m_editor->rulerCursor(at(60).x()), Qt::ArrowCursor);
    const auto revision = m_document->revision();
    drag(40, 25);
    QCOMPARE(m_editor->inFrame(), 25);
    drag(160, 130);
    QCOMPARE(m_editor->outFrame(), 130);
    QCOMPARE(m_document->revision(), revision);  // no edit of the project
    QCOMPARE(m_editor->playheadFrame(), 0);
}

void TestTimelineMarks::doNotPassEachOther() {
    drag(40, 190);
    QCOMPARE(m_editor->inFrame(), 159);
    drag(160, 20);
    QCOMPARE(m_editor->outFrame(), 160);
    drag(159, -50);
    QCOMPARE(m_editor->inFrame(), 0);
    drag(160, 900);
    QCOMPARE(m_editor->outFrame(), 200);
    m_editor->setInFrame(-1);
    drag(200, -50);
    QCOMPARE(m_editor->outFrame(), 1);
}

void TestTimelineMarks::snapAndGoBack() {
    drag(40, 99);  // a cut is at 100
    QCOMPARE(m_editor->inFrame(), 100);
    drag(100, 99, Qt::ShiftModifier);
    QCOMPARE(m_editor->inFrame(), 99);
    m_editor->pressRuler(at(160), {});
    m_editor->move(at(140), {});
    QCOMPARE(m_editor->outFrame(), 140);
    QCOMPARE(m_editor->dragText(), QString("00:00:05:15"));
    QVERIFY(m_editor->pressKey(Qt::Key_Escape, 0));
    QCOMPARE(m_editor->outFrame(), 160);
}

void TestTimelineMarks::elsewhereThePlayheadMoves() {
    drag(60, 75);
    QCOMPARE(m_editor->playheadFrame(), 75);
    QCOMPARE(m_editor->inFrame(), 40);
    QCOMPARE(m_editor->outFrame(), 160);
}

QTEST_GUILESS_MAIN(TestTimelineMarks)
#include "tst_timeline_marks.moc"
