#include <fstream>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/project/project_file.h"
#include "app/session/paths.h"
#include "app/session/project_document.h"
#include "app/session/selection.h"
#include "tests/support/sample_project.h"

using namespace lipar;
using session::ProjectDocument;
using session::toPath;

namespace {

// Saves and waits for it; false: it could not be written.
bool save(ProjectDocument& document, const std::filesystem::path& file) {
    QSignalSpy finished(&document, &ProjectDocument::saveFinished);
    document.save(file);
    return finished.wait(60000) && finished.front().front().toBool();
}

}  // namespace

class TestProjectDocument : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void startsUntitledAndUnmodified();
    void editsAreUndoable();
    void errorsChangeNothing();
    void amendDependsOnTheLastOnly();
    void amendThatFailsLeavesTheStart();
    void savesAndLoads();
    void editsGoOnWhileItIsWritten();
    void keepsTheOldFileWhereItCannotWrite();
    void refusesDamagedFiles();
    void selectionFollowsTheProject();
};

void TestProjectDocument::startsUntitledAndUnmodified() {
    ProjectDocument document;
    QCOMPARE(document.name(), QString("Untitled"));
    QVERIFY(document.file().isEmpty());
    QVERIFY(!document.isModified());
    QVERIFY(document.isEmpty());
    QVERIFY(!document.canUndo());
}

void TestProjectDocument::editsAreUndoable() {
    ProjectDocument document;
    testing::fillTimeline(document, 2);
    const auto before = document.project();
    QSignalSpy changed(&document, &ProjectDocument::changed);
    QVERIFY(document.perform(commands::AddMarker{{1, 1}, "one", "#ff0000"}));
    QCOMPARE(changed.count(), 1);
    QVERIFY(document.isModified());
    QCOMPARE(document.undoName(), QString("Add marker"));
    const auto after = document.project();
    document.undo();
    QVERIFY(document.project() == before);
    QCOMPARE(document.redoName(), QString("Add marker"));
    document.redo();
    QVERIFY(document.project() == after);
    QCOMPARE(changed.count(), 3);
}

void TestProjectDocument::errorsChangeNothing() {
    ProjectDocument document;
    testing::fillTimeline(document, 1);
    const auto before = document.project();
    QSignalSpy changed(&document, &ProjectDocument::changed);
    QSignalSpy errors(&document, &ProjectDocument::errorChanged);
    QVERIFY(!document.perform(commands::SplitClips{{}, {100, 1}}));
    QVERIFY(document.error().isSet());
    QVERIFY(!document.error().hint().isEmpty());
    QCOMPARE(errors.count(), 1);
    QCOMPARE(changed.count(), 0);
    QVERIFY(document.project() == before);
    // The next edit that works takes the message away.
    QVERIFY(document.perform(commands::SplitClips{{}, {1, 1}}));
    QVERIFY(!document.error().isSet());
}

void TestProjectDocument::amendDependsOnTheLastOnly() {
    ProjectDocument document;
    testing::fillTimeline(document, 3);
    const auto before = document.project();
    const auto undoName = document.undoName();
    const auto clip = before.tracks.front().clips[1].id;
    QSignalSpy changed(&document, &ProjectDocument::changed);
    for (const int to : {6, 5, 7})
        QVERIFY(document.amend(commands::TrimClip{clip, commands::Edge::end, {to, 1}}, "drag"));
    QCOMPARE(changed.count(), 3);
    QCOMPARE(project::findClip(document.project(), clip)->end().num, 7);
    document.endMerge();
    document.undo();
    QVERIFY(document.project() == before);
    QCOMPARE(document.undoName(), undoName);
    // A step that was finished is not replaced.
    QVERIFY(document.amend(commands::TrimClip{clip, commands::Edge::end, {7, 1}}, "drag"));
    document.endMerge();
    QVERIFY(document.amend(commands::TrimClip{clip, commands::Edge::end, {6, 1}}, "drag"));
    document.retract("drag");
    QCOMPARE(project::findClip(document.project(), clip)->end().num, 7);
    document.undo();
    QVERIFY(document.project() == before);
}

void TestProjectDocument::amendThatFailsLeavesTheStart() {
    ProjectDocument document;
    testing::fillTimeline(document, 2);
    const auto before = document.project();
    const auto clip = before.tracks.front().clips[0].id;
    QVERIFY(document.amend(commands::MoveClips{{clip}, {20, 1}}, "drag"));
    QSignalSpy changed(&document, &ProjectDocument::changed);
    QVERIFY(!document.amend(commands::MoveClips{{clip}, {20, 1}, 99}, "drag"));
    QCOMPARE(changed.count(), 1);
    QVERIFY(document.error().isSet());
    QVERIFY(document.project() == before);
}

void TestProjectDocument::savesAndLoads() {
    const QTemporaryDir folder;
    const auto file = toPath(folder.filePath("Summer.lipar"));
    ProjectDocument document;
    testing::fillTimeline(document, 3);
    QSignalSpy files(&document, &ProjectDocument::fileChanged);
    QVERIFY(save(document, file));
    QCOMPARE(document.name(), QString("Summer"));
    QVERIFY(!document.isModified());
    QCOMPARE(files.count(), 1);
    // Changed is what differs from the file, whichever way it came about.
    document.undo();
    QVERIFY(document.isModified());
    document.redo();
    QVERIFY(!document.isModified());
    QVERIFY(document.perform(commands::AddMarker{{1, 1}, "one", "#ff0000"}));
    QVERIFY(document.isModified());
    document.undo();
    QVERIFY(!document.isModified());
    document.undo();
    QVERIFY(document.perform(commands::AddMarker{{2, 1}, "two", "#ff0000"}));
    QVERIFY(document.isModified());  // as many steps, another project
    document.undo();
    QVERIFY(document.isModified());
    document.redo();
    QVERIFY(save(document, file));

    ProjectDocument other;
    QSignalSpy replaced(&other, &ProjectDocument::replaced);
    QVERIFY(other.load(file));
    QCOMPARE(replaced.count(), 1);
    QVERIFY(other.project() == document.project());
    QVERIFY(!other.isModified());
    QVERIFY(!other.canUndo());
    other.startNew();
    QVERIFY(other.isEmpty());
    QVERIFY(other.file().isEmpty());
}

void TestProjectDocument::editsGoOnWhileItIsWritten() {
    const QTemporaryDir folder;
    const auto file = toPath(folder.filePath("Summer.lipar"));
    ProjectDocument document;
    testing::fillTimeline(document, 300);
    QSignalSpy finished(&document, &ProjectDocument::saveFinished);
    document.save(file);
    QVERIFY(document.isSaving());
    const auto written = document.project();
    QVERIFY(document.perform(commands::AddMarker{{1, 1}, "one", "#ff0000"}));
    QVERIFY(finished.wait(60000));
    QVERIFY(!document.isSaving());
    QVERIFY(document.isModified());  // the marker is not in the file
    QVERIFY(project::loadProject(file).value() == written);
    document.undo();
    QVERIFY(!document.isModified());

    // Asked for twice at once: the file holds what was there at the second time.
    document.save(file);
    QVERIFY(document.perform(commands::AddMarker{{2, 1}, "two", "#ff0000"}));
    document.save(file);
    QTRY_VERIFY(!document.isSaving());
    QTRY_COMPARE(finished.count(), 2);
    QVERIFY(!document.isModified());
    QVERIFY(project::loadProject(file).value() == document.project());

    // Another project meanwhile has nothing to do with that file.
    document.save(file);
    document.startNew();
    QTRY_COMPARE(finished.count(), 3);
    QVERIFY(document.file().isEmpty());
    QVERIFY(!document.isModified());
}

void TestProjectDocument::keepsTheOldFileWhereItCannotWrite() {
    const QTemporaryDir folder;
    ProjectDocument document;
    testing::fillTimeline(document, 1);
    const auto blocked = toPath(folder.filePath("missing/Summer.lipar"));
    QVERIFY(!save(document, blocked));
    QVERIFY(document.error().isSet());
    QVERIFY(!document.error().hint().isEmpty());
    QVERIFY(document.isModified());
    QVERIFY(document.file().isEmpty());

    // A file system without space: the kernel's own.
    if (!QFile::exists("/dev/full"))
        return;
    QFile full("/dev/full");
    QVERIFY(full.open(QIODevice::WriteOnly));
    QVERIFY(!save(document, "/dev/full/Summer.lipar"));
    QVERIFY(document.isModified());
}

void TestProjectDocument::refusesDamagedFiles() {
    const QTemporaryDir folder;
    const auto file = toPath(folder.filePath("Broken.lipar"));
    ProjectDocument document;
    testing::fillTimeline(document, 1);
    QVERIFY(save(document, file));
    auto text = project::toJson(document.project());
    std::ofstream(file) << text.substr(0, text.size() / 2);
    const auto before = document.project();
    QVERIFY(!document.load(file));
    QVERIFY(document.error().isSet());
    QVERIFY(document.project() == before);
}

void TestProjectDocument::selectionFollowsTheProject() {
    ProjectDocument document;
    testing::fillTimeline(document, 3);
    session::Selection selection(document);
    const auto& clips = document.project().tracks.front().clips;
    const auto first = clips[0].id;
    const auto second = clips[1].id;
    selection.select({first, second, 987654});
    QCOMPARE(selection.count(), 2);
    QCOMPARE(selection.currentClip(), qulonglong(second));
    QVERIFY(document.perform(commands::DeleteClips{{second}}));
    QCOMPARE(selection.count(), 1);
    QCOMPARE(selection.currentClip(), qulonglong(first));
    selection.toggle(first);
    QVERIFY(selection.isEmpty());
    // A gap stays selected until something lies in it.
    selection.selectGap({document.project().tracks.front().id, {4, 1}, {8, 1}});
    QVERIFY(document.perform(commands::AddMarker{{1, 1}, "one", "#ff0000"}));
    QVERIFY(selection.gap());
    document.undo();
    document.undo();
    QVERIFY(!selection.gap());
    selection.select({first});
    document.startNew();
    QVERIFY(selection.isEmpty());
}

QTEST_GUILESS_MAIN(TestProjectDocument)
#include "tst_project_document.moc"
