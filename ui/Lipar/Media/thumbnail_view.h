// A picture out of a model, fitted into the item with its corners rounded off.
#pragma once

#include <QImage>
#include <QQuickPaintedItem>
#include <QVariant>

namespace lipar::ui {

class ThumbnailView : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariant image READ image WRITE setImage NOTIFY imageChanged)  // QImage
    Q_PROPERTY(bool hasImage READ hasImage NOTIFY imageChanged)

public:
    using QQuickPaintedItem::QQuickPaintedItem;

    [[nodiscard]] QVariant image() const { return m_image; }
    [[nodiscard]] bool hasImage() const { return !m_image.isNull(); }
    void setImage(const QVariant& image);

    void paint(QPainter* painter) override;

Q_SIGNALS:
    void imageChanged();

private:
    QImage m_image;
};

}  // namespace lipar::ui
