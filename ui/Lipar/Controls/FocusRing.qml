// The outline of the control that has the keyboard. Anchored around its parent.
import QtQuick

Rectangle {
    property bool shown: false

    anchors.fill: parent
    anchors.margins: -2
    visible: shown
    color: "transparent"
    radius: 6
    border.width: 2
    border.color: palette.link
}
