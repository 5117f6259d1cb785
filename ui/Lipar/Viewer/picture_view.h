// Draws a frame: source, edited, both with a wipe, or both side by side, with the heatmap over it.
//
// Plain image nodes of the scene graph, so that it also works where Qt Quick renders in software.
#pragma once

#include <array>

#include <QColor>
#include <QImage>
#include <QQuickItem>

#include "app/session/shown_frame.h"
#include "app/session/view_state.h"

namespace lipar::ui {

class PictureView : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(lipar::session::ShownFrame frame READ frame WRITE setFrame NOTIFY frameChanged)
    Q_PROPERTY(lipar::session::ViewState::Mode mode READ mode WRITE setMode NOTIFY modeChanged)
    Q_PROPERTY(lipar::session::ViewState::Heatmap heatmap READ heatmap WRITE setHeatmap NOTIFY heatmapChanged)
    Q_PROPERTY(double wipe READ wipe WRITE setWipe NOTIFY wipeChanged)  // 0..1 of the picture's width
    // Width over height of the clip as it is shown; 0 = the picture's own.
    Q_PROPERTY(double aspectRatio READ aspectRatio WRITE setAspectRatio NOTIFY aspectRatioChanged)
    Q_PROPERTY(QColor keptColor READ keptColor WRITE setKeptColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor prunedColor READ prunedColor WRITE setPrunedColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor staleColor READ staleColor WRITE setStaleColor NOTIFY colorsChanged)
    Q_PROPERTY(int stalestFrames READ stalestFrames CONSTANT)  // video frames of reuse at which staleColor is reached
    // Where the picture is in the item; the edited half in split mode is its right one.
    Q_PROPERTY(QRectF pictureRect READ pictureRect NOTIFY pictureRectChanged)
    Q_PROPERTY(bool showsEdited READ showsEdited NOTIFY frameChanged)
    // Of a picture that fills the item, in the screen's own pixels.
    Q_PROPERTY(QSize pixelSize READ pixelSize NOTIFY pixelSizeChanged)

public:
    explicit PictureView(QQuickItem* parent = nullptr);

    [[nodiscard]] const session::ShownFrame& frame() const { return m_frame; }
    [[nodiscard]] session::ViewState::Mode mode() const { return m_mode; }
    [[nodiscard]] session::ViewState::Heatmap heatmap() const { return m_heatmap; }
    [[nodiscard]] double wipe() const { return m_wipe; }
    [[nodiscard]] double aspectRatio() const { return m_aspectRatio; }
    [[nodiscard]] QColor keptColor() const { return m_keptColor; }
    [[nodiscard]] QColor prunedColor() const { return m_prunedColor; }
    [[nodiscard]] QColor staleColor() const { return m_staleColor; }
    [[nodiscard]] int stalestFrames() const;
    [[nodiscard]] QRectF pictureRect() const { return m_pictureRect; }
    [[nodiscard]] bool showsEdited() const { return m_frame.hasEdited(); }
    [[nodiscard]] QSize pixelSize() const { return m_pixelSize; }

    void setFrame(const session::ShownFrame& frame);
    void setMode(session::ViewState::Mode mode);
    void setHeatmap(session::ViewState::Heatmap heatmap);
    void setWipe(double wipe);
    void setAspectRatio(double ratio);
    void setKeptColor(const QColor& color);
    void setPrunedColor(const QColor& color);
    void setStaleColor(const QColor& color);

Q_SIGNALS:
    void frameChanged();
    void modeChanged();
    void heatmapChanged();
    void wipeChanged();
    void aspectRatioChanged();
    void colorsChanged();
    void pictureRectChanged();
    void pixelSizeChanged();

protected:
    QSGNode* updatePaintNode(QSGNode* old, UpdatePaintNodeData*) override;
    void geometryChange(const QRectF& now, const QRectF& before) override;
    void itemChange(ItemChange change, const ItemChangeData& data) override;

private:
    void layOut();
    void redrawHeatmap();
    void measurePixels();

    session::ShownFrame m_frame;
    session::ViewState::Mode m_mode = session::ViewState::Wipe;
    session::ViewState::Heatmap m_heatmap = session::ViewState::NoHeatmap;
    double m_wipe = 0.5;
    double m_aspectRatio = 0;
    QColor m_keptColor = Qt::red;
    QColor m_prunedColor = Qt::blue;
    QColor m_staleColor = Qt::black;
    QRectF m_pictureRect;
    QSize m_pixelSize;
    QImage m_heat;  // one pixel a token
};

}  // namespace lipar::ui
