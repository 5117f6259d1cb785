// The lanes of the timeline as one painted item: draws them, and hands mouse, wheel and drops to the view model.
#pragma once

#include <QPointer>
#include <QQuickPaintedItem>

#include "ui/Lipar/Timeline/lane_painter.h"

namespace lipar::ui {

class TimelineLanes : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(lipar::session::TimelineEditor* timeline READ timeline WRITE setTimeline NOTIFY timelineChanged)
    Q_PROPERTY(QColor laneColor MEMBER m_laneColor WRITE setLaneColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor lineColor MEMBER m_lineColor WRITE setLineColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor textColor MEMBER m_textColor WRITE setTextColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor quietTextColor MEMBER m_quietTextColor WRITE setQuietTextColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor accentColor MEMBER m_accentColor WRITE setAccentColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor accentInkColor MEMBER m_accentInkColor WRITE setAccentInkColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor focusColor MEMBER m_focusColor WRITE setFocusColor NOTIFY colorsChanged)

public:
    explicit TimelineLanes(QQuickItem* parent = nullptr);
    ~TimelineLanes() override;

    [[nodiscard]] session::TimelineEditor* timeline() const { return m_timeline; }
    void setTimeline(session::TimelineEditor* timeline);
    void setLaneColor(const QColor& color) { setColor(m_laneColor, color); }
    void setLineColor(const QColor& color) { setColor(m_lineColor, color); }
    void setTextColor(const QColor& color) { setColor(m_textColor, color); }
    void setQuietTextColor(const QColor& color) { setColor(m_quietTextColor, color); }
    void setAccentColor(const QColor& color) { setColor(m_accentColor, color); }
    void setAccentInkColor(const QColor& color) { setColor(m_accentInkColor, color); }
    void setFocusColor(const QColor& color) { setColor(m_focusColor, color); }

    void paint(QPainter* painter) override;

Q_SIGNALS:
    void timelineChanged();
    void colorsChanged();
    void pressed();  // the lanes take the keyboard
    void menuRequested(QPointF at);

protected:
    void geometryChange(const QRectF& now, const QRectF& before) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseUngrabEvent() override;
    void hoverMoveEvent(QHoverEvent* event) override;
    void hoverLeaveEvent(QHoverEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void setColor(QColor& member, const QColor& color);
    void showCursor();

    QPointer<session::TimelineEditor> m_timeline;
    QColor m_laneColor;
    QColor m_lineColor;
    QColor m_textColor;
    QColor m_quietTextColor;
    QColor m_accentColor;
    QColor m_accentInkColor;
    QColor m_focusColor;
    QPointF m_panFrom;
    bool m_isPanning = false;
};

}  // namespace lipar::ui
