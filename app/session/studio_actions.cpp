#include "app/session/studio_actions.h"

#include <cmath>
#include <initializer_list>

#include "app/session/studio_session.h"

namespace lipar::session {

namespace {

// The action's `triggered` calls `action`; ids are those of the table in action_model.cpp.
template <class Action>
void on(StudioSession& session, const char* id, const Action& action) {
    auto* found = session.actions()->find(id);
    Q_ASSERT(found);
    QObject::connect(found, &StudioAction::triggered, &session, action);
}

void enable(StudioSession& session, std::initializer_list<const char*> ids, bool enabled) {
    for (const auto* id : ids)
        session.actions()->find(id)->setEnabled(enabled);
}

void connectFiles(StudioSession& session) {
    on(session, "file.new", [&session] { session.newProject(); });
    on(session, "file.save", [&session] { session.files()->save(); });
    on(session, "file.quit", [&session] { session.files()->requestQuit(); });
    on(session, "help.sample", [&session] { session.trySample(); });
    on(session, "help.report", [&session] { session.copyReport(); });
    on(session, "edit.undo", [&session] { session.document()->undo(); });
    on(session, "edit.redo", [&session] { session.document()->redo(); });
    on(session, "job.cancel", [&session] { session.cancelJob(); });
}

void connectTimeline(StudioSession& session) {
    auto* timeline = session.timeline();
    on(session, "edit.cut", [timeline] { timeline->cut(); });
    on(session, "edit.copy", [timeline] { timeline->copy(); });
    on(session, "edit.paste", [timeline] { timeline->paste(); });
    on(session, "edit.duplicate", [timeline] { timeline->duplicate(); });
    on(session, "edit.delete", [timeline] { timeline->deleteSelected(); });
    on(session, "edit.rippleDelete", [timeline] { timeline->rippleDeleteSelected(); });
    on(session, "edit.selectAll", [timeline] { timeline->selectAll(); });
    on(session, "edit.selectNone", [&session] { session.selection()->clear(); });
    on(session, "clip.split", [timeline] { timeline->split(); });
    on(session, "clip.trimStart", [timeline] { timeline->trimToPlayhead(true); });
    on(session, "clip.trimEnd", [timeline] { timeline->trimToPlayhead(false); });
    on(session, "clip.crossFade", [timeline] { timeline->crossFade(); });
    on(session, "clip.marker", [timeline] { timeline->addMarker(); });
    on(session, "clip.addVideoTrack", [timeline] { timeline->addTrack(true); });
    on(session, "clip.addAudioTrack", [timeline] { timeline->addTrack(false); });
    on(session, "view.zoomIn", [timeline] { timeline->zoomBy(1.5); });
    on(session, "view.zoomOut", [timeline] { timeline->zoomBy(1 / 1.5); });
    on(session, "view.zoomFit", [timeline] { timeline->zoomToFit(); });
    on(session, "view.snapping", [timeline] { timeline->setSnapping(!timeline->snapping()); });
    auto* snapping = session.actions()->find("view.snapping");
    const auto followSnapping = [timeline, snapping] { snapping->setChecked(timeline->snapping()); };
    QObject::connect(timeline, &TimelineEditor::snappingChanged, snapping, followSnapping);
    followSnapping();
}

void connectPlayer(StudioSession& session) {
    auto* player = session.player();
    on(session, "play.toggle", [player] { player->toggle(); });
    on(session, "play.backward", [player] { player->shuttle(-1); });
    on(session, "play.stop", [player] { player->shuttle(0); });
    on(session, "play.forward", [player] { player->shuttle(1); });
    on(session, "play.stepBack", [player] { player->step(-1); });
    on(session, "play.stepForward", [player] { player->step(1); });
    const auto jump = [player](int seconds) {
        player->seek(player->frame() + qint64(std::lround(seconds * player->rate())));
    };
    on(session, "play.jumpBack", [jump] { jump(-1); });
    on(session, "play.jumpForward", [jump] { jump(1); });
    on(session, "play.previousCut", [player] { player->goToPreviousCut(); });
    on(session, "play.nextCut", [player] { player->goToNextCut(); });
    on(session, "play.toStart", [player] { player->toStart(); });
    on(session, "play.toEnd", [player] { player->toEnd(); });
    on(session, "play.markIn", [player] { player->setIn(); });
    on(session, "play.markOut", [player] { player->setOut(); });
    on(session, "play.clearMarks", [player] { player->clearInOut(); });
    on(session, "play.loop", [player] { player->setLoop(!player->loop()); });
    auto* loop = session.actions()->find("play.loop");
    QObject::connect(player, &Player::loopChanged, loop, [player, loop] { loop->setChecked(player->loop()); });
}

void connectView(StudioSession& session) {
    auto* view = session.view();
    on(session, "view.source", [view] { view->setMode(ViewState::Source); });
    on(session, "view.edited", [view] { view->setMode(ViewState::Edited); });
    on(session, "view.wipe", [view] { view->setMode(ViewState::Wipe); });
    on(session, "view.split", [view] { view->setMode(ViewState::Split); });
    on(session, "view.heatmap", [view] { view->toggleHeatmap(); });
    on(session, "view.tokenAge", [view] { view->setHeatmap(ViewState::TokenAge); });
}

void followState(StudioSession& session) {
    const auto update = [&session] {
        auto* document = session.document();
        const bool hasClips = !session.timeline()->isEmpty();
        const bool hasSelection = session.selection()->count() > 0;
        session.actions()->find("edit.undo")->setEnabled(document->canUndo());
        session.actions()->find("edit.redo")->setEnabled(document->canRedo());
        enable(session, {"edit.cut", "edit.copy", "edit.duplicate", "clip.trimStart", "clip.trimEnd", "clip.crossFade"},
               hasSelection);
        enable(session, {"edit.delete", "edit.rippleDelete", "edit.selectNone"}, !session.selection()->isEmpty());
        enable(session, {"edit.selectAll", "clip.split", "view.zoomFit", "play.toggle", "play.backward", "play.forward",
                         "play.stepBack", "play.stepForward", "play.jumpBack", "play.jumpForward", "play.previousCut",
                         "play.nextCut", "play.toStart", "play.toEnd", "play.markIn", "play.markOut", "file.exportTimeline"},
               hasClips);
        session.actions()->find("edit.paste")->setEnabled(session.timeline()->canPaste());
        session.actions()->find("clip.prompt")->setEnabled(session.clipEditor()->hasPicture());
        session.actions()->find("job.cancel")->setEnabled(session.preview()->isRunning() ||
                                                          session.exports()->isRunning());
    };
    QObject::connect(session.document(), &ProjectDocument::historyChanged, &session, update);
    QObject::connect(session.document(), &ProjectDocument::replaced, &session, update);
    QObject::connect(session.selection(), &Selection::changed, &session, update);
    QObject::connect(session.timeline(), &TimelineEditor::layoutChanged, &session, update);
    QObject::connect(session.timeline(), &TimelineEditor::clipboardChanged, &session, update);
    QObject::connect(session.clipEditor(), &ClipEditor::changed, &session, update);
    QObject::connect(session.preview(), &Preview::stateChanged, &session, update);
    QObject::connect(session.exports(), &ExportList::runningChanged, &session, update);
    update();
}

}  // namespace

void connectActions(StudioSession& session) {
    connectFiles(session);
    connectTimeline(session);
    connectPlayer(session);
    connectView(session);
    followState(session);
}

}  // namespace lipar::session
