// A small landscape in the colours of a look, so that looks can be told apart at a glance.
#pragma once

#include <QQuickPaintedItem>
#include <QString>

namespace lipar::ui {

class LookScene : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString look READ look WRITE setLook NOTIFY lookChanged)  // the model's own key; unknown ones are grey

public:
    using QQuickPaintedItem::QQuickPaintedItem;

    [[nodiscard]] const QString& look() const { return m_look; }
    void setLook(const QString& look);

    void paint(QPainter* painter) override;

Q_SIGNALS:
    void lookChanged();

private:
    QString m_look;
};

}  // namespace lipar::ui
