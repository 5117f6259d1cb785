// The view of the timeline: zoom, scrolling, playhead, what is drawn over the clips.
#include "app/session/timeline_editor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QCoreApplication>

namespace lipar::session {

namespace {

constexpr double mostPixelsPerFrame = 40;
constexpr double leastSecondsShown = 60;  // zoomed all the way out
constexpr double fitMargin = 0.94;        // of the width, for the project in view
constexpr double snapReach = 8;           // pixels
constexpr double defaultPixelsPerSecond = 60;

}  // namespace

TimelineEditor::TimelineEditor(ProjectDocument& document, Selection& selection, ThumbnailStore* thumbnails,
                               WaveformStore* waveforms, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_selection(selection),
      m_thumbnails(thumbnails),
      m_waveforms(waveforms) {
    connect(&document, &ProjectDocument::changed, this, &TimelineEditor::rebuild);
    connect(&document, &ProjectDocument::replaced, this, &TimelineEditor::rebuildAll);
    connect(&selection, &Selection::changed, this, &TimelineEditor::descriptionChanged);
    connect(&selection, &Selection::changed, this, &TimelineEditor::overlayChanged);
    rebuild();
}

void TimelineEditor::rebuild() {
    const bool wasEmpty = isEmpty();
    m_layout.rebuild(project(), m_viewSize.height(), m_showsKept);
    m_tracks.show(m_layout);
    if (m_hovered.clip != 0 && !m_layout.laneOfClip(m_hovered.clip))
        m_hovered = {};
    if (wasEmpty && !isEmpty())
        zoomToFit();
    clampView();
    Q_EMIT layoutChanged();
    Q_EMIT viewChanged();
    Q_EMIT playheadChanged();  // the frame rate may be another one
    Q_EMIT descriptionChanged();
}

void TimelineEditor::rebuildAll() {
    m_drag = {};
    m_hovered = {};
    m_blocks.clear();
    m_clipboard = {};
    m_playhead = 0;
    m_contentY = 0;
    rebuild();
    zoomToFit();
    Q_EMIT overlayChanged();
    Q_EMIT clipboardChanged();
    Q_EMIT cachedBlocksChanged();
}

// Playhead and range.

void TimelineEditor::setPlayheadFrame(qint64 frame) {
    if (frame == m_playhead)
        return;
    const double before = playheadX();
    m_playhead = frame;
    const double now = playheadX();
    // Playback that leaves the view turns the page; what the user has scrolled away from stays away.
    const bool wasSeen = before >= 0 && before <= m_viewSize.width();
    if (wasSeen && !isDragging() && (now < 0 || now > m_viewSize.width())) {
        m_scale.firstFrame = double(frame) - 0.1 * m_viewSize.width() / m_scale.pixelsPerFrame;
        clampView();
        Q_EMIT viewChanged();
    }
    Q_EMIT playheadChanged();
    Q_EMIT playheadMoved();
}

void TimelineEditor::setInFrame(qint64 frame) {
    if (frame != m_in) {
        m_in = frame;
        Q_EMIT rangeChanged();
    }
}

void TimelineEditor::setOutFrame(qint64 frame) {
    if (frame != m_out) {
        m_out = frame;
        Q_EMIT rangeChanged();
    }
}

void TimelineEditor::seek(qint64 frame) {
    frame = std::max<qint64>(0, frame);
    setPlayheadFrame(frame);
    Q_EMIT seekRequested(frame);
}

QString TimelineEditor::playheadTime() const {
    return frameTimecode(m_playhead, project().format.rate);
}

void TimelineEditor::setTool(Tool tool) {
    if (tool == m_tool)
        return;
    m_tool = tool;
    Q_EMIT toolChanged();
    Q_EMIT overlayChanged();
}

void TimelineEditor::setSnapping(bool snapping) {
    if (snapping == m_snapping)
        return;
    m_snapping = snapping;
    Q_EMIT snappingChanged();
}

void TimelineEditor::setShowsKept(bool shows) {
    if (shows == m_showsKept)
        return;
    m_showsKept = shows;
    rebuild();
}

// Zoom and scrolling.

double TimelineEditor::leastPixelsPerFrame() const {
    const double shown = std::max(2.0 * double(m_layout.frames()), leastSecondsShown * project().format.rate.value());
    return std::min(mostPixelsPerFrame / 2, std::max(1.0, m_viewSize.width()) / shown);
}

double TimelineEditor::zoom() const {
    const double least = leastPixelsPerFrame();
    return std::clamp(std::log(m_scale.pixelsPerFrame / least) / std::log(mostPixelsPerFrame / least), 0.0, 1.0);
}

void TimelineEditor::setZoom(double zoom) {
    const double least = leastPixelsPerFrame();
    const double wanted = least * std::pow(mostPixelsPerFrame / least, std::clamp(zoom, 0.0, 1.0));
    const double playhead = playheadX();
    const bool isSeen = playhead >= 0 && playhead <= m_viewSize.width();
    zoomAround(wanted / m_scale.pixelsPerFrame, isSeen ? playhead : m_viewSize.width() / 2);
}

void TimelineEditor::zoomBy(double factor) {
    const double playhead = playheadX();
    const bool isSeen = playhead >= 0 && playhead <= m_viewSize.width();
    zoomAround(factor, isSeen ? playhead : m_viewSize.width() / 2);
}

void TimelineEditor::zoomAround(double factor, double x) {
    const double frame = m_scale.frameOf(x);
    m_scale.pixelsPerFrame = std::clamp(m_scale.pixelsPerFrame * factor, leastPixelsPerFrame(), mostPixelsPerFrame);
    m_scale.firstFrame = frame - x / m_scale.pixelsPerFrame;
    clampView();
    Q_EMIT viewChanged();
    Q_EMIT playheadMoved();
    Q_EMIT overlayChanged();
}

void TimelineEditor::zoomToFit() {
    if (m_viewSize.width() <= 0) {
        m_fitsWhenSized = true;
        return;
    }
    m_scale.firstFrame = 0;
    const double rate = project().format.rate.value();
    const double wanted = isEmpty() ? defaultPixelsPerSecond / rate
                                    : fitMargin * m_viewSize.width() / double(m_layout.frames());
    m_scale.pixelsPerFrame = std::clamp(wanted, leastPixelsPerFrame(), mostPixelsPerFrame);
    Q_EMIT viewChanged();
    Q_EMIT playheadMoved();
    Q_EMIT overlayChanged();
}

void TimelineEditor::setViewSize(QSizeF size) {
    if (size == m_viewSize)
        return;
    const bool sameHeight = size.height() == m_viewSize.height();
    m_viewSize = size;
    if (!sameHeight)
        m_layout.rebuild(project(), size.height(), m_showsKept);
    m_tracks.show(m_layout);
    if (m_fitsWhenSized && size.width() > 0) {
        m_fitsWhenSized = false;
        zoomToFit();
    }
    clampView();
    Q_EMIT layoutChanged();
    Q_EMIT viewChanged();
    Q_EMIT playheadMoved();
}

void TimelineEditor::clampView() {
    m_scale.pixelsPerFrame = std::max(m_scale.pixelsPerFrame, leastPixelsPerFrame());
    const double seen = m_viewSize.width() / m_scale.pixelsPerFrame;
    // Half a view of free space behind the end, for what is added there.
    const double last = std::max(0.0, double(m_layout.frames()) - seen / 2);
    m_scale.firstFrame = std::clamp(m_scale.firstFrame, 0.0, std::max(last, 0.0));
    m_contentY = std::clamp(m_contentY, 0.0, std::max(0.0, m_layout.contentHeight() - m_viewSize.height()));
}

void TimelineEditor::scrollBy(double dx, double dy) {
    m_scale.firstFrame += dx / m_scale.pixelsPerFrame;
    m_contentY += dy;
    clampView();
    Q_EMIT viewChanged();
    Q_EMIT playheadMoved();
    Q_EMIT overlayChanged();
}

double TimelineEditor::scrollSize() const {
    const double seen = m_viewSize.width() / m_scale.pixelsPerFrame;
    const double all = std::max(seen, double(m_layout.frames()) + seen / 2);
    return all > 0 ? seen / all : 1;
}

double TimelineEditor::scrollPosition() const {
    const double seen = m_viewSize.width() / m_scale.pixelsPerFrame;
    const double all = std::max(seen, double(m_layout.frames()) + seen / 2);
    return all > 0 ? m_scale.firstFrame / all : 0;
}

void TimelineEditor::setScrollPosition(double position) {
    const double seen = m_viewSize.width() / m_scale.pixelsPerFrame;
    const double all = std::max(seen, double(m_layout.frames()) + seen / 2);
    scrollBy((position * all - m_scale.firstFrame) * m_scale.pixelsPerFrame, 0);
}

double TimelineEditor::verticalSize() const {
    return m_layout.contentHeight() > m_viewSize.height() ? m_viewSize.height() / m_layout.contentHeight() : 1;
}

double TimelineEditor::verticalPosition() const {
    return m_layout.contentHeight() > 0 ? m_contentY / m_layout.contentHeight() : 0;
}

void TimelineEditor::setVerticalPosition(double position) {
    scrollBy(0, position * m_layout.contentHeight() - m_contentY);
}

void TimelineEditor::showFrame(qint64 frame) {
    const double x = m_scale.xOf(double(frame));
    const double margin = std::min(40.0, m_viewSize.width() / 4);
    if (x < margin)
        scrollBy(x - margin, 0);
    else if (x > m_viewSize.width() - margin)
        scrollBy(x - m_viewSize.width() + margin, 0);
}

// What lies over the clips.

TimelineEditor::Overlay TimelineEditor::overlay() const {
    Overlay overlay;
    overlay.ghosts = ghostsOf(m_drag, dragSpace());
    if (m_sourceGhost)
        overlay.ghosts.push_back(*m_sourceGhost);
    if (m_drag.kind == TimelineDrag::Kind::rubberBand)
        overlay.rubberBand = bandRect();
    if (m_tool == BladeTool && m_hovered.clip != 0 && !isDragging())
        overlay.bladeX = m_hoverX;
    overlay.hovered = m_hovered;
    return overlay;
}

double TimelineEditor::snapX() const {
    const auto snapped = m_sourceGhost ? m_sourceSnapped : m_drag.snapped;
    return snapped < 0 ? -1 : m_scale.xOf(double(snapped));
}

QString TimelineEditor::dragText() const {
    using Kind = TimelineDrag::Kind;
    const auto& rate = project().format.rate;
    const auto signedTime = [&](const Rational& time) {
        const auto frames = (time * rate).rounded();
        return (frames < 0 ? QStringLiteral("−") : QStringLiteral("+")) + frameTimecode(std::llabs(frames), rate);
    };
    const auto* clip = project::findClip(project(), m_drag.clip.id);
    switch (m_drag.kind) {
        case Kind::move: return signedTime(project::timeOfFrame(project().format, m_drag.by));
        case Kind::trimStart:
        case Kind::roll: return clip ? signedTime(clip->sourceStart - m_drag.clip.sourceStart) : QString();
        case Kind::trimEnd: return clip ? signedTime(clip->end() - m_drag.clip.end()) : QString();
        case Kind::slip: return clip ? signedTime(clip->sourceStart - m_drag.clip.sourceStart) : QString();
        case Kind::inMark: return frameTimecode(m_in, rate);
        case Kind::outMark: return frameTimecode(m_out, rate);
        case Kind::crossFade:
            return clip ? QCoreApplication::translate("TimelineEditor", "Cross-fade %1 s")
                              .arg(clip->crossFade.value(), 0, 'f', 2)
                        : QString();
        case Kind::gain:
            return clip ? QCoreApplication::translate("TimelineEditor", "%1 dB").arg(clip->sound.gainDb, 0, 'f', 1)
                        : QString();
        case Kind::fadeIn:
            return clip ? QCoreApplication::translate("TimelineEditor", "Fade in %1 s")
                              .arg(clip->sound.fadeIn.value(), 0, 'f', 2)
                        : QString();
        case Kind::fadeOut:
            return clip ? QCoreApplication::translate("TimelineEditor", "Fade out %1 s")
                              .arg(clip->sound.fadeOut.value(), 0, 'f', 2)
                        : QString();
        default: return {};
    }
}

QPointF TimelineEditor::dragPoint() const {
    return {m_drag.pointer.x(), m_drag.pointer.y() - m_contentY};
}

void TimelineEditor::setCachedBlocks(project::Id clip, const QVector<service::CachedBlock>& blocks) {
    if (blocks.isEmpty())
        m_blocks.erase(clip);
    else
        m_blocks[clip] = blocks;
    Q_EMIT cachedBlocksChanged();
}

const QVector<service::CachedBlock>& TimelineEditor::cachedBlocks(project::Id clip) const {
    static const QVector<service::CachedBlock> none;
    const auto found = m_blocks.find(clip);
    return found == m_blocks.end() ? none : found->second;
}

const project::Clip* TimelineEditor::currentClip() const {
    return project::findClip(project(), m_selection.currentClip());
}

QString TimelineEditor::currentDescription() const {
    const auto& rate = project().format.rate;
    const auto* clip = currentClip();
    if (!clip)
        return isEmpty() ? QCoreApplication::translate("TimelineEditor", "No clips")
                         : QCoreApplication::translate("TimelineEditor",
                                                       "No clip selected. Press an arrow key to select one.");
    const auto* lane = m_layout.laneOfClip(clip->id);
    if (!lane)
        return {};
    const auto index = lane->indexOf(clip->id);
    const auto& box = lane->clips[std::size_t(index)];
    auto text = QCoreApplication::translate("TimelineEditor", "%1, clip %2 of %3 on %4, from %5 to %6")
                    .arg(QString::fromStdString(clip->name))
                    .arg(index + 1)
                    .arg(lane->clips.size())
                    .arg(QString::fromStdString(lane->track->name), frameTimecode(box.start, rate),
                         frameTimecode(box.end, rate));
    if (clip->edit.enabled)
        text +=
            ", " +
            QCoreApplication::translate("TimelineEditor", "edited: %1").arg(QString::fromStdString(clip->edit.prompt));
    if (m_selection.count() > 1)
        text += ". " + QCoreApplication::translate("TimelineEditor", "%n clip(s) selected", "", m_selection.count());
    return text;
}

DragSpace TimelineEditor::dragSpace(Qt::KeyboardModifiers modifiers) const {
    // Shift, once a drag is on its way, places freely.
    const bool snaps = m_snapping && !(modifiers & Qt::ShiftModifier);
    return {project().format, m_layout, m_scale, snaps ? snapReach / m_scale.pixelsPerFrame : 0};
}

SnapTargets TimelineEditor::snapTargets(const std::vector<project::Id>& moving, bool withPlayhead) const {
    std::vector<qint64> others{0};
    if (withPlayhead)
        others.push_back(m_playhead);
    for (const auto& marker : project().markers)
        if (marker.id != m_drag.marker.id || m_drag.kind != TimelineDrag::Kind::marker)
            others.push_back((marker.time * project().format.rate).rounded());
    if (m_in >= 0 && m_drag.kind != TimelineDrag::Kind::inMark)
        others.push_back(m_in);
    if (m_out >= 0 && m_drag.kind != TimelineDrag::Kind::outMark)
        others.push_back(m_out);
    return {m_layout, moving, std::move(others)};
}

std::string TimelineEditor::newKey(const char* what) {
    return std::string("timeline-") + what + '-' + std::to_string(++m_keys);
}

}  // namespace lipar::session
