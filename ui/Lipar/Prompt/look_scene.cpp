#include "ui/Lipar/Prompt/look_scene.h"

#include <array>

#include <QHash>
#include <QLinearGradient>
#include <QPainter>
#include <QPainterPath>

namespace lipar::ui {

namespace {

// Sky above, sky below, sun, far hills, near hills.
using SceneColors = std::array<QRgb, 5>;

const QHash<QString, SceneColors> colorsByLook{
    {"watercolor", {0xffcfe6ee, 0xfff7efe0, 0xfff6c9a8, 0xff9dc4bd, 0xff7aa58f}},
    {"oil", {0xff2f5f8f, 0xffe2b26a, 0xfff7d774, 0xff4f6b3a, 0xff2c4526}},
    {"pencil", {0xfff3f1ec, 0xffebe8e1, 0xffffffff, 0xffb9b6b0, 0xff86847f}},
    {"cartoon", {0xff3fb4ff, 0xff9fe0ff, 0xffffe14a, 0xff58c857, 0xff2f9e41}},
    {"ink", {0xffffffff, 0xffffffff, 0xff111111, 0xff8b8b8b, 0xff111111}},
    {"comic", {0xffffdf3d, 0xffff9d2e, 0xffffffff, 0xffe8403a, 0xff26327a}},
    {"pixel", {0xff5b6ee1, 0xffcbdbfc, 0xfffbf236, 0xff6abe30, 0xff37946e}},
    {"neon", {0xff12062b, 0xff4b0f6b, 0xffff3fb4, 0xff1fd5ff, 0xff120a3a}},
    {"noir", {0xff101010, 0xff565656, 0xffe8e8e8, 0xff2b2b2b, 0xff080808}},
    {"snow", {0xffb9c8d6, 0xffeef3f7, 0xffffffff, 0xffd3dee8, 0xfff8fbfd}},
    {"autumn", {0xff9fb6c4, 0xfff2dcb3, 0xffffe9b0, 0xffd07a2b, 0xff8e3f1c}},
    {"thermal", {0xff180b4a, 0xff7a1d8f, 0xfffff3a3, 0xfff2542d, 0xffffb02e}},
    {"sepia", {0xffd9c29b, 0xffefdfbf, 0xfff8efdb, 0xffa98757, 0xff6b5030}},
    {"underwater", {0xff0b6c8f, 0xff063a5e, 0xff9ff0e6, 0xff0a4f6b, 0xff04283f}},
    {"sunset", {0xff4a2a68, 0xffff8a4c, 0xffffe08a, 0xff7a3351, 0xff2d1730}},
    {"original", {0xff7fb4de, 0xffdcebf3, 0xfffff6cf, 0xff7da36b, 0xff4f7a48}},
};
constexpr SceneColors otherColors{0xff6d7a88, 0xffa9b4bf, 0xffdfe4e8, 0xff5a6672, 0xff434d57};

}  // namespace

void LookScene::setLook(const QString& look) {
    if (look == m_look)
        return;
    m_look = look;
    Q_EMIT lookChanged();
    update();
}

void LookScene::paint(QPainter* painter) {
    const auto colors = colorsByLook.value(m_look, otherColors);
    const double w = width();
    const double h = height();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    QLinearGradient sky(0, 0, 0, h);
    sky.setColorAt(0, QColor(colors[0]));
    sky.setColorAt(0.8, QColor(colors[1]));
    painter->fillRect(boundingRect(), sky);

    const double sun = 0.34 * h;
    const QRectF sunRect(0.62 * w, 0.16 * h, sun, sun);
    painter->setBrush(QColor(colors[2]));
    m_look == "pixel" ? painter->drawRect(sunRect) : painter->drawEllipse(sunRect);

    QPainterPath far(QPointF(0, 0.66 * h));
    far.cubicTo(0.18 * w, 0.30 * h, 0.36 * w, 0.34 * h, 0.56 * w, 0.64 * h);
    far.cubicTo(0.72 * w, 0.46 * h, 0.86 * w, 0.46 * h, w, 0.60 * h);
    far.lineTo(w, h);
    far.lineTo(0, h);
    painter->fillPath(far, QColor(colors[3]));

    QPainterPath near(QPointF(0, 0.86 * h));
    near.cubicTo(0.30 * w, 0.92 * h, 0.58 * w, 0.56 * h, w, 0.80 * h);
    near.lineTo(w, h);
    near.lineTo(0, h);
    painter->fillPath(near, QColor(colors[4]));
}

}  // namespace lipar::ui
