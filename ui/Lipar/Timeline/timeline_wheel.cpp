#include "ui/Lipar/Timeline/timeline_wheel.h"

#include <cmath>

namespace lipar::ui {

namespace {

constexpr double zoomPerNotch = 1.25;
constexpr double pixelsPerNotch = 80;
constexpr double notch = 120;  // eighths of a degree, as Qt counts

}  // namespace

void turnWheel(session::TimelineEditor& timeline, QWheelEvent& event) {
    const auto turned = event.angleDelta();
    event.accept();
    if (event.modifiers() & Qt::ControlModifier) {
        timeline.zoomAround(std::pow(zoomPerNotch, turned.y() / notch), event.position().x());
        return;
    }
    const QPointF pixels = event.pixelDelta().isNull() ? QPointF(turned) / notch * pixelsPerNotch
                                                       : QPointF(event.pixelDelta());
    // A wheel that only turns one way scrolls along the timeline, unless there are tracks out of sight.
    const bool isSideways = event.modifiers() & Qt::ShiftModifier || timeline.verticalSize() >= 1;
    if (isSideways)
        timeline.scrollBy(-(pixels.x() + pixels.y()), 0);
    else
        timeline.scrollBy(-pixels.x(), -pixels.y());
}

}  // namespace lipar::ui
