// Small, secondary text beside a control or under a picture.
import QtQuick

Text {
    color: palette.placeholderText
    font.pixelSize: 11
    elide: Text.ElideRight
}
