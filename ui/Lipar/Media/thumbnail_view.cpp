#include "ui/Lipar/Media/thumbnail_view.h"

#include <QPainter>
#include <QPainterPath>

namespace lipar::ui {

void ThumbnailView::setImage(const QVariant& image) {
    m_image = image.value<QImage>();
    Q_EMIT imageChanged();
    update();
}

void ThumbnailView::paint(QPainter* painter) {
    if (m_image.isNull())
        return;
    // Fills the item: what juts out is cut off.
    const auto scaled = QSizeF(m_image.size()).scaled(size(), Qt::KeepAspectRatioByExpanding);
    const QRectF target((width() - scaled.width()) / 2, (height() - scaled.height()) / 2, scaled.width(),
                        scaled.height());
    QPainterPath outline;
    outline.addRoundedRect(boundingRect(), 3, 3);
    painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter->setClipPath(outline);
    painter->drawImage(target, m_image);
}

}  // namespace lipar::ui
