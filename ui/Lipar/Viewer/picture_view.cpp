#include "ui/Lipar/Viewer/picture_view.h"

#include <algorithm>
#include <memory>

#include <QQuickWindow>
#include <QSGImageNode>

namespace lipar::ui {

namespace {

using session::ViewState;

constexpr int framesPerLatent = 4;  // of every model of this family
constexpr int oldestShown = 8;      // latent frames: over a second
constexpr double splitGap = 4;      // between the halves

QColor mixed(const QColor& a, const QColor& b, double t) {
    const auto channel = [t](float x, float y) { return float(x + (y - x) * t); };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()), channel(a.blueF(), b.blueF()),
                            channel(a.alphaF(), b.alphaF()));
}

// The largest rectangle of this aspect in the middle of `space`.
QRectF fitted(const QRectF& space, double aspectRatio) {
    QSizeF size(space.height() * aspectRatio, space.height());
    if (size.width() > space.width())
        size = {space.width(), space.width() / aspectRatio};
    QRectF fit({0, 0}, size);
    fit.moveCenter(space.center());
    return fit;
}

// An image at a fixed place in the drawing order. Its texture is made anew only when the image is another one.
// A transform node and not a plain one: the software renderer finds the place of a new child through its parent, and
// only looks at nodes that can have one.
class Layer : public QSGTransformNode {
public:
    void set(QQuickWindow* window, const QImage& image, QSGTexture::Filtering filtering) {
        if (image.isNull()) {
            if (m_image) {
                removeChildNode(m_image);
                delete m_image;
                m_image = nullptr;
            }
            return;
        }
        const bool isNew = !m_image;
        if (isNew) {
            m_image = window->createImageNode();
            m_image->setOwnsTexture(true);
            m_image->setFiltering(filtering);
        }
        if (isNew || m_key != image.cacheKey()) {
            m_image->setTexture(window->createTextureFromImage(image));
            m_key = image.cacheKey();
            m_size = image.size();
        }
        if (isNew)
            appendChildNode(m_image);
    }
    // Shows the part from `left` to `right` (0..1 of the width) of the image that would fill `whole`.
    void place(const QRectF& whole, double left, double right) {
        if (!m_image)
            return;
        m_image->setRect(
            QRectF(whole.x() + left * whole.width(), whole.y(), (right - left) * whole.width(), whole.height()));
        m_image->setSourceRect(QRectF(left * m_size.width(), 0, (right - left) * m_size.width(), m_size.height()));
    }

private:
    QSGImageNode* m_image = nullptr;
    qint64 m_key = 0;
    QSize m_size;
};

// The source's picture, the edited one over it, the heatmaps over both; the source has its own in split mode.
struct PictureNode : QSGTransformNode {
    PictureNode() {
        for (Layer* layer : {&source, &edited, &heat, &sourceHeat}) {
            layer->setFlag(OwnedByParent, false);
            appendChildNode(layer);
        }
    }

    Layer source;
    Layer edited;
    Layer heat;
    Layer sourceHeat;
    PicturePtr sourcePicture;
    PicturePtr editedPicture;
    QImage sourceImage;
    QImage editedImage;
};

}  // namespace

PictureView::PictureView(QQuickItem* parent) : QQuickItem(parent) {
    setFlag(ItemHasContents);
}

int PictureView::stalestFrames() const {
    return oldestShown * framesPerLatent;
}

void PictureView::setFrame(const session::ShownFrame& frame) {
    if (frame == m_frame)
        return;
    const bool sameTokens = frame.tokens == m_frame.tokens;
    m_frame = frame;
    if (!sameTokens)
        redrawHeatmap();
    layOut();
    Q_EMIT frameChanged();
}

void PictureView::setMode(ViewState::Mode mode) {
    if (mode == m_mode)
        return;
    m_mode = mode;
    layOut();
    Q_EMIT modeChanged();
}

void PictureView::setHeatmap(ViewState::Heatmap heatmap) {
    if (heatmap == m_heatmap)
        return;
    m_heatmap = heatmap;
    redrawHeatmap();
    Q_EMIT heatmapChanged();
}

void PictureView::setWipe(double wipe) {
    if (wipe == m_wipe)
        return;
    m_wipe = wipe;
    update();
    Q_EMIT wipeChanged();
}

void PictureView::setAspectRatio(double ratio) {
    if (ratio == m_aspectRatio)
        return;
    m_aspectRatio = ratio;
    layOut();
    Q_EMIT aspectRatioChanged();
}

void PictureView::setKeptColor(const QColor& color) {
    m_keptColor = color;
    redrawHeatmap();
    Q_EMIT colorsChanged();
}

void PictureView::setPrunedColor(const QColor& color) {
    m_prunedColor = color;
    redrawHeatmap();
    Q_EMIT colorsChanged();
}

void PictureView::setStaleColor(const QColor& color) {
    m_staleColor = color;
    redrawHeatmap();
    Q_EMIT colorsChanged();
}

void PictureView::geometryChange(const QRectF& now, const QRectF& before) {
    QQuickItem::geometryChange(now, before);
    layOut();
    measurePixels();
}

void PictureView::itemChange(ItemChange change, const ItemChangeData& data) {
    QQuickItem::itemChange(change, data);
    if (change == ItemSceneChange || change == ItemDevicePixelRatioHasChanged)
        measurePixels();
}

void PictureView::measurePixels() {
    const auto pixels = window() ? (size() * window()->effectiveDevicePixelRatio()).toSize() : QSize();
    if (pixels == m_pixelSize)
        return;
    m_pixelSize = pixels;
    Q_EMIT pixelSizeChanged();
}

void PictureView::layOut() {
    double aspectRatio = m_aspectRatio;
    const auto& picture = m_frame.source ? m_frame.source : m_frame.edited;
    if (aspectRatio <= 0 && picture && picture->height > 0)
        aspectRatio = double(picture->width) / picture->height;
    QRectF rect;
    if (aspectRatio > 0 && width() > 0 && height() > 0) {
        if (m_mode == ViewState::Split) {
            const QRectF half(0, 0, (width() - splitGap) / 2, height());
            const auto left = fitted(half, aspectRatio);
            // Both halves meet in the middle, whatever room is left over beside them.
            rect =
                QRectF(width() / 2 - splitGap / 2 - left.width(), left.y(), 2 * left.width() + splitGap, left.height());
        } else {
            rect = fitted(boundingRect(), aspectRatio);
        }
    }
    update();
    if (rect == m_pictureRect)
        return;
    m_pictureRect = rect;
    Q_EMIT pictureRectChanged();
}

void PictureView::redrawHeatmap() {
    update();
    m_heat = {};
    if (m_heatmap == ViewState::NoHeatmap || !m_frame.hasTokens())
        return;
    const auto& tokens = *m_frame.tokens;
    const bool showsAge = m_heatmap == ViewState::TokenAge && tokens.age.size() == tokens.keep.size();
    std::array<QRgb, oldestShown + 1> byAge;
    for (int age = 0; age <= oldestShown; ++age)
        byAge[std::size_t(age)] = qPremultiply(mixed(m_keptColor, m_staleColor, double(age) / oldestShown).rgba());
    const auto kept = qPremultiply(m_keptColor.rgba());
    const auto pruned = qPremultiply(m_prunedColor.rgba());
    m_heat = QImage(tokens.columns, tokens.rows, QImage::Format_ARGB32_Premultiplied);
    for (int row = 0; row < tokens.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(m_heat.scanLine(row));
        for (int column = 0; column < tokens.columns; ++column) {
            const auto token = std::size_t(row) * std::size_t(tokens.columns) + std::size_t(column);
            if (showsAge)
                line[column] = byAge[std::size_t(std::min<int>(tokens.age[token], oldestShown))];
            else
                line[column] = tokens.keep[token] ? kept : pruned;
        }
    }
}

QSGNode* PictureView::updatePaintNode(QSGNode* old, UpdatePaintNodeData*) {
    auto* node = static_cast<PictureNode*>(old);
    if (m_pictureRect.isEmpty() || (!m_frame.hasSource() && !m_frame.hasEdited())) {
        delete node;
        return nullptr;
    }
    if (!node)
        node = new PictureNode;
    if (node->sourcePicture != m_frame.source) {
        node->sourcePicture = m_frame.source;
        node->sourceImage = session::imageOf(m_frame.source);
    }
    if (node->editedPicture != m_frame.edited) {
        node->editedPicture = m_frame.edited;
        node->editedImage = session::imageOf(m_frame.edited);
    }
    const bool hasBoth = !node->sourceImage.isNull() && !node->editedImage.isNull();
    const bool split = m_mode == ViewState::Split;
    const bool withSource = !hasBoth || m_mode != ViewState::Edited;
    const bool withEdited = !node->editedImage.isNull() && (m_mode != ViewState::Source || !hasBoth);

    node->source.set(window(), withSource ? node->sourceImage : QImage(), QSGTexture::Linear);
    node->edited.set(window(), withEdited ? node->editedImage : QImage(), QSGTexture::Linear);
    node->heat.set(window(), m_heat, QSGTexture::Nearest);
    node->sourceHeat.set(window(), split ? m_heat : QImage(), QSGTexture::Nearest);

    const auto& rect = m_pictureRect;
    if (split) {
        const double half = (rect.width() - splitGap) / 2;
        const QRectF left(rect.x(), rect.y(), half, rect.height());
        const QRectF right(rect.right() - half, rect.y(), half, rect.height());
        node->source.place(left, 0, 1);
        node->sourceHeat.place(left, 0, 1);
        node->edited.place(right, 0, 1);
        node->heat.place(right, 0, 1);
    } else {
        const double edge = m_mode == ViewState::Wipe && hasBoth ? m_wipe : 0;
        node->source.place(rect, 0, edge > 0 ? edge : 1);
        node->edited.place(rect, edge, 1);
        node->heat.place(rect, edge, 1);
    }
    return node;
}

}  // namespace lipar::ui
