// The ruler above the lanes: timecode, markers, the range between in and out. Press to move the playhead; markers and both
// ends of the range are dragged.
#pragma once

#include <QColor>
#include <QFontMetricsF>
#include <QPointer>
#include <QQuickPaintedItem>

#include "app/session/timeline_editor.h"

namespace lipar::ui {

class TimelineRuler : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(lipar::session::TimelineEditor* timeline READ timeline WRITE setTimeline NOTIFY timelineChanged)
    Q_PROPERTY(QColor color MEMBER m_color NOTIFY colorsChanged)
    Q_PROPERTY(QColor tickColor MEMBER m_tickColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor textColor MEMBER m_textColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor accentColor MEMBER m_accentColor NOTIFY colorsChanged)

public:
    explicit TimelineRuler(QQuickItem* parent = nullptr);

    [[nodiscard]] session::TimelineEditor* timeline() const { return m_timeline; }
    void setTimeline(session::TimelineEditor* timeline);

    void paint(QPainter* painter) override;

Q_SIGNALS:
    void timelineChanged();
    void colorsChanged();
    void pressed();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseUngrabEvent() override;
    void wheelEvent(QWheelEvent* event) override;
    void hoverMoveEvent(QHoverEvent* event) override;

private:
    // Where a marker's flag and name are.
    [[nodiscard]] QRectF rectOf(const project::Marker& marker, const QFontMetricsF& metrics) const;
    void paintTicks(QPainter& painter);
    void paintRange(QPainter& painter);
    void paintMarkers(QPainter& painter);

    QPointer<session::TimelineEditor> m_timeline;
    QColor m_color;
    QColor m_tickColor;
    QColor m_textColor;
    QColor m_accentColor;
};

}  // namespace lipar::ui
