// A panel that opens beside its button and closes with a click elsewhere or Escape.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.Popup {
    id: popover

    padding: 16
    margins: 8
    implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    modal: false
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent

    background: Rectangle {
        radius: 6
        color: popover.palette.alternateBase
        border.color: popover.palette.light
    }
}
