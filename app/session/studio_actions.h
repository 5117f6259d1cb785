// What the actions of the menus and keys do, as far as it needs no window: dialogs and pages are the window's.
#pragma once

namespace lipar::session {

class StudioSession;

// Connects actions to the session's parts and keeps `enabled` and `checked` right. Called once, by the session.
void connectActions(StudioSession& session);

}  // namespace lipar::session
