// The mouse wheel over ruler and lanes alike: turns scroll, with Control they zoom around the pointer.
#pragma once

#include <QWheelEvent>

#include "app/session/timeline_editor.h"

namespace lipar::ui {

void turnWheel(session::TimelineEditor& timeline, QWheelEvent& event);

}  // namespace lipar::ui
