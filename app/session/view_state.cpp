#include "app/session/view_state.h"

#include <algorithm>

namespace lipar::session {

void ViewState::setMode(Mode mode) {
    if (mode == m_mode)
        return;
    m_mode = mode;
    Q_EMIT modeChanged();
}

void ViewState::setWipe(double wipe) {
    wipe = std::clamp(wipe, 0.0, 1.0);
    if (wipe == m_wipe)
        return;
    m_wipe = wipe;
    Q_EMIT wipeChanged();
}

void ViewState::setHeatmap(Heatmap heatmap) {
    if (heatmap == m_heatmap)
        return;
    m_heatmap = heatmap;
    if (heatmap != NoHeatmap)
        m_lastHeatmap = heatmap;
    Q_EMIT heatmapChanged();
}

void ViewState::toggleHeatmap() {
    setHeatmap(m_heatmap == NoHeatmap ? m_lastHeatmap : NoHeatmap);
}

}  // namespace lipar::session
