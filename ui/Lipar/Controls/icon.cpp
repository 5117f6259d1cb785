#include "ui/Lipar/Controls/icon.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>
#include <QtDebug>

namespace lipar::ui {

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setImplicitSize(20, 20);
    setAntialiasing(true);
}

void Icon::setName(const QString& name) {
    if (name == m_name)
        return;
    m_name = name;
    Q_EMIT nameChanged();
    update();
}

void Icon::setColor(const QColor& color) {
    if (color == m_color)
        return;
    m_color = color;
    Q_EMIT colorChanged();
    update();
}

void Icon::paint(QPainter* painter) {
    if (m_name.isEmpty())
        return;
    QFile file(":/icons/" + m_name + ".svg");
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("no icon named %s", qUtf8Printable(m_name));
        return;
    }
    auto svg = file.readAll();
    svg.replace("currentColor", m_color.name().toLatin1());
    QSvgRenderer renderer(svg);
    painter->setOpacity(m_color.alphaF());
    renderer.render(painter, boundingRect());
}

}  // namespace lipar::ui
