#include "ui/Lipar/Timeline/timeline_lanes.h"

#include <QCursor>
#include <QMimeData>
#include <QQuickWindow>

#include "ui/Lipar/Timeline/timeline_wheel.h"

namespace lipar::ui {

namespace {

using session::TimelineEditor;

constexpr char sourceFormat[] = "application/x-lipar-source";

qulonglong sourceOf(const QMimeData& data) {
    return QString::fromUtf8(data.data(sourceFormat)).toULongLong();
}

}  // namespace

TimelineLanes::TimelineLanes(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setAcceptedMouseButtons(Qt::LeftButton | Qt::MiddleButton | Qt::RightButton);
    setAcceptHoverEvents(true);
    setFlag(ItemAcceptsDrops);
    setOpaquePainting(true);
}

TimelineLanes::~TimelineLanes() {
    if (auto* thumbnails = m_timeline ? m_timeline->thumbnails() : nullptr)
        thumbnails->want(this, {});
    if (auto* waveforms = m_timeline ? m_timeline->waveforms() : nullptr)
        waveforms->want(this, {});
}

void TimelineLanes::setTimeline(TimelineEditor* timeline) {
    if (timeline == m_timeline)
        return;
    if (m_timeline)
        m_timeline->disconnect(this);
    m_timeline = timeline;
    if (m_timeline) {
        const auto redraw = [this] { update(); };
        connect(m_timeline, &TimelineEditor::viewChanged, this, redraw);
        connect(m_timeline, &TimelineEditor::layoutChanged, this, redraw);
        connect(m_timeline, &TimelineEditor::cachedBlocksChanged, this, redraw);
        connect(m_timeline, &TimelineEditor::overlayChanged, this, [this] {
            showCursor();
            update();
        });
        connect(m_timeline, &TimelineEditor::toolChanged, this, &TimelineLanes::showCursor);
        if (auto* thumbnails = m_timeline->thumbnails())
            connect(thumbnails, &session::ThumbnailStore::ready, this, redraw);
        if (auto* waveforms = m_timeline->waveforms())
            connect(waveforms, &session::WaveformStore::ready, this, redraw);
        m_timeline->setViewSize(size());
    }
    update();
    Q_EMIT timelineChanged();
}

void TimelineLanes::setColor(QColor& member, const QColor& color) {
    if (member == color)
        return;
    member = color;
    update();
    Q_EMIT colorsChanged();
}

void TimelineLanes::paint(QPainter* painter) {
    painter->fillRect(boundingRect(), m_lineColor);
    if (!m_timeline)
        return;
    const double ratio = window() ? window()->effectiveDevicePixelRatio() : 1;
    const TimelineColors colors{m_laneColor,   m_lineColor,      m_textColor, m_quietTextColor,
                                m_accentColor, m_accentInkColor, m_focusColor};
    LanePainter lanes(*painter, *m_timeline, colors, ratio);
    lanes.paint();
    // Painting may be the business of another thread, for which this one waits; the stores belong to this one.
    QMetaObject::invokeMethod(
        this,
        [this, thumbnails = lanes.takeThumbnailWishes(), waveforms = lanes.takeWaveformWishes()] {
            if (auto* store = m_timeline ? m_timeline->thumbnails() : nullptr)
                store->want(this, thumbnails);
            if (auto* store = m_timeline ? m_timeline->waveforms() : nullptr)
                store->want(this, waveforms);
        },
        Qt::QueuedConnection);
}

void TimelineLanes::geometryChange(const QRectF& now, const QRectF& before) {
    QQuickPaintedItem::geometryChange(now, before);
    if (m_timeline)
        m_timeline->setViewSize(now.size());
}

void TimelineLanes::showCursor() {
    if (m_timeline)
        setCursor(m_isPanning ? Qt::ClosedHandCursor : m_timeline->cursor());
}

void TimelineLanes::mousePressEvent(QMouseEvent* event) {
    if (!m_timeline)
        return;
    Q_EMIT pressed();
    if (event->button() == Qt::MiddleButton) {
        m_isPanning = true;
        m_panFrom = event->position();
        showCursor();
    } else if (event->button() == Qt::RightButton) {
        m_timeline->pickForMenu(event->position());
        Q_EMIT menuRequested(event->position());
    } else {
        setKeepMouseGrab(true);
        m_timeline->press(event->position(), event->modifiers());
    }
    event->accept();
}

void TimelineLanes::mouseMoveEvent(QMouseEvent* event) {
    if (!m_timeline)
        return;
    if (m_isPanning) {
        const auto by = m_panFrom - event->position();
        m_panFrom = event->position();
        m_timeline->scrollBy(by.x(), by.y());
    } else {
        m_timeline->move(event->position(), event->modifiers());
    }
}

void TimelineLanes::mouseReleaseEvent(QMouseEvent* event) {
    setKeepMouseGrab(false);
    if (event->button() == Qt::MiddleButton)
        m_isPanning = false;
    else if (m_timeline && event->button() == Qt::LeftButton)
        m_timeline->release(event->position(), event->modifiers());
    showCursor();
}

void TimelineLanes::mouseUngrabEvent() {
    m_isPanning = false;
    if (m_timeline)
        m_timeline->cancelDrag();
}

void TimelineLanes::hoverMoveEvent(QHoverEvent* event) {
    if (m_timeline)
        m_timeline->hover(event->position(), event->modifiers());
}

void TimelineLanes::hoverLeaveEvent(QHoverEvent*) {
    if (m_timeline)
        m_timeline->leave();
}

void TimelineLanes::wheelEvent(QWheelEvent* event) {
    if (m_timeline)
        turnWheel(*m_timeline, *event);
}

void TimelineLanes::dragEnterEvent(QDragEnterEvent* event) {
    dragMoveEvent(event);
}

void TimelineLanes::dragMoveEvent(QDragMoveEvent* event) {
    const auto* data = event->mimeData();
    if (m_timeline && data->hasFormat(sourceFormat))
        event->setAccepted(m_timeline->dragSource(sourceOf(*data), event->position()));
    else
        event->setAccepted(data->hasUrls());
}

void TimelineLanes::dragLeaveEvent(QDragLeaveEvent*) {
    if (m_timeline)
        m_timeline->leaveSource();
}

void TimelineLanes::dropEvent(QDropEvent* event) {
    const auto* data = event->mimeData();
    if (m_timeline && data->hasFormat(sourceFormat))
        m_timeline->dropSource(sourceOf(*data), event->position(), event->modifiers() & Qt::ControlModifier);
    else if (m_timeline && data->hasUrls())
        m_timeline->dropFiles(data->urls(), event->position());
    event->accept();
}

}  // namespace lipar::ui
