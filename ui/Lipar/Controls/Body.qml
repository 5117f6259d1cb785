// Running text.
import QtQuick

Text {
    color: palette.windowText
    font.pixelSize: 13
    lineHeight: 1.15
    wrapMode: Text.Wrap
}
