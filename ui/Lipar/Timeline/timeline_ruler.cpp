#include "ui/Lipar/Timeline/timeline_ruler.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <QCursor>
#include <QPainter>

#include "ui/Lipar/Timeline/timeline_wheel.h"

namespace lipar::ui {

namespace {

using session::TimelineEditor;

constexpr double labelRoom = 96;  // pixels between two times that are written
constexpr double leastTick = 7;
constexpr int labelPixels = 10;
constexpr double rangeHeight = 3;
constexpr double mostNameWidth = 120;  // of a marker

// Frames between two labels: frames, then seconds and minutes that people count in.
qint64 labelStep(double pixelsPerFrame, qint64 perSecond) {
    for (const qint64 frames : {1, 2, 5, 10})
        if (frames < perSecond && double(frames) * pixelsPerFrame >= labelRoom)
            return frames;
    for (const qint64 seconds : {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400})
        if (double(seconds * perSecond) * pixelsPerFrame >= labelRoom)
            return seconds * perSecond;
    return 36000 * perSecond;
}

QString nameOf(const project::Marker& marker, const QFontMetricsF& metrics) {
    return metrics.elidedText(QString::fromStdString(marker.name), Qt::ElideRight, mostNameWidth);
}

qint64 tickStep(qint64 label, double pixelsPerFrame) {
    for (const qint64 parts : {10, 5, 4, 2})
        if (label % parts == 0 && double(label / parts) * pixelsPerFrame >= leastTick)
            return label / parts;
    return label;
}

}  // namespace

TimelineRuler::TimelineRuler(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setAcceptedMouseButtons(Qt::LeftButton);
    setAcceptHoverEvents(true);
    setOpaquePainting(true);
    connect(this, &TimelineRuler::colorsChanged, this, [this] { update(); });
}

void TimelineRuler::setTimeline(TimelineEditor* timeline) {
    if (timeline == m_timeline)
        return;
    if (m_timeline)
        m_timeline->disconnect(this);
    m_timeline = timeline;
    if (m_timeline) {
        const auto redraw = [this] { update(); };
        connect(m_timeline, &TimelineEditor::viewChanged, this, redraw);
        connect(m_timeline, &TimelineEditor::layoutChanged, this, redraw);
        connect(m_timeline, &TimelineEditor::rangeChanged, this, redraw);
        connect(m_timeline->selection(), &session::Selection::changed, this, redraw);
    }
    update();
    Q_EMIT timelineChanged();
}

void TimelineRuler::paint(QPainter* painter) {
    painter->fillRect(boundingRect(), m_color);
    if (!m_timeline)
        return;
    paintTicks(*painter);
    paintRange(*painter);
    paintMarkers(*painter);
}

void TimelineRuler::paintTicks(QPainter& painter) {
    auto font = painter.font();
    font.setPixelSize(labelPixels);
    painter.setFont(font);
    const auto& rate = m_timeline->document().project().format.rate;
    const auto& scale = m_timeline->scale();
    const auto perSecond = std::max<qint64>(1, rate.rounded());
    const auto step = labelStep(scale.pixelsPerFrame, perSecond);
    const auto tick = tickStep(step, scale.pixelsPerFrame);
    const QFontMetricsF metrics(painter.font());
    std::vector<QRectF> markers;
    for (const auto& marker : m_timeline->document().project().markers)
        markers.push_back(rectOf(marker, metrics));
    const auto first = qint64(scale.firstFrame) / step * step;
    for (auto frame = first; scale.xOf(double(frame)) < width(); frame += tick) {
        const double x = std::floor(scale.xOf(double(frame)));
        const bool isLabelled = frame % step == 0;
        painter.fillRect(QRectF(x, height() - (isLabelled ? 9 : 5), 1, isLabelled ? 9 : 5), m_tickColor);
        const auto time = session::frameTimecode(frame, rate);
        const QRectF label(x + 4, 3, isLabelled ? metrics.horizontalAdvance(time) : 0, height() - 8);
        // A marker and its name take the place of a time.
        const bool isCovered = std::ranges::any_of(markers, [&](const QRectF& marker) { return marker.intersects(label); });
        if (isLabelled && !isCovered) {
            painter.setPen(m_textColor);
            painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, time);
        }
    }
    painter.fillRect(QRectF(0, height() - 1, width(), 1), m_tickColor);
}

QRectF TimelineRuler::rectOf(const project::Marker& marker, const QFontMetricsF& metrics) const {
    const auto& rate = m_timeline->document().project().format.rate;
    const double x = std::round(m_timeline->scale().xOf((marker.time * rate).value()));
    const double name = marker.name.empty() ? 0 : metrics.horizontalAdvance(nameOf(marker, metrics)) + 11;
    return {x - 6, 3, 12 + name, 14};
}

void TimelineRuler::paintRange(QPainter& painter) {
    const auto in = m_timeline->inFrame();
    const auto out = m_timeline->outFrame();
    if (in < 0 && out < 0)
        return;
    const auto& scale = m_timeline->scale();
    const double left = std::max(-10.0, scale.xOf(double(std::max<qint64>(in, 0))));
    const double right =
        std::min(width() + 10, out < 0 ? scale.xOf(double(m_timeline->layout().frames())) : scale.xOf(double(out)));
    painter.fillRect(QRectF(left, 0, right - left, rangeHeight), m_accentColor);
    // Brackets, so that the ends are seen apart from the colour.
    if (in >= 0)
        painter.fillRect(QRectF(left, 0, 2, height()), m_accentColor);
    if (out >= 0)
        painter.fillRect(QRectF(right - 2, 0, 2, height()), m_accentColor);
}

void TimelineRuler::paintMarkers(QPainter& painter) {
    const QFontMetricsF metrics(painter.font());
    const auto& project = m_timeline->document().project();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& marker : project.markers) {
        const double x = std::round(m_timeline->scale().xOf((marker.time * project.format.rate).value()));
        if (x < -200 || x > width() + 10)
            continue;
        const QPointF flag[] = {{x - 5, 3}, {x + 5, 3}, {x + 5, 11}, {x, 17}, {x - 5, 11}};
        const bool isSelected = m_timeline->selection()->marker() == marker.id;
        painter.setBrush(QColor(QString::fromStdString(marker.color)));
        painter.setPen(QPen(isSelected ? m_textColor : m_color, isSelected ? 2 : 1));
        painter.drawPolygon(flag, 5);
        if (marker.name.empty())
            continue;
        const auto name = nameOf(marker, metrics);
        const QRectF label(x + 8, 3, metrics.horizontalAdvance(name) + 8, 14);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_color);
        painter.drawRect(label);
        painter.setPen(m_textColor);
        painter.drawText(label, Qt::AlignCenter, name);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void TimelineRuler::mousePressEvent(QMouseEvent* event) {
    if (!m_timeline)
        return;
    Q_EMIT pressed();
    setKeepMouseGrab(true);
    m_timeline->pressRuler(event->position(), event->modifiers());
    event->accept();
}

void TimelineRuler::mouseMoveEvent(QMouseEvent* event) {
    if (m_timeline)
        m_timeline->move(event->position(), event->modifiers());
}

void TimelineRuler::mouseReleaseEvent(QMouseEvent* event) {
    setKeepMouseGrab(false);
    if (m_timeline)
        m_timeline->release(event->position(), event->modifiers());
}

void TimelineRuler::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!m_timeline)
        return;
    if (const auto* marker = m_timeline->markerAt(event->position().x()))
        Q_EMIT m_timeline->markerEditRequested(marker->id, event->position().x());
}

void TimelineRuler::mouseUngrabEvent() {
    if (m_timeline)
        m_timeline->cancelDrag();
}

void TimelineRuler::hoverMoveEvent(QHoverEvent* event) {
    if (m_timeline)
        setCursor(m_timeline->rulerCursor(event->position().x()));
}

void TimelineRuler::wheelEvent(QWheelEvent* event) {
    if (m_timeline)
        turnWheel(*m_timeline, *event);
}

}  // namespace lipar::ui
