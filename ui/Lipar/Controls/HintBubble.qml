// What a Hint shows.
import QtQuick
import QtQuick.Templates as T

T.ToolTip {
    id: bubble

    required property Hint hint

    parent: hint.parent
    text: hint.text
    visible: hint.shown
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? parent.height + 6 : 0
    margins: 8
    padding: 8
    delay: 600
    timeout: 8000
    implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent | T.Popup.CloseOnReleaseOutsideParent

    contentItem: Row {
        spacing: 8

        Text {
            width: Math.min(implicitWidth, 280)
            text: bubble.hint.text
            color: bubble.palette.toolTipText
            font.pixelSize: 12
            wrapMode: Text.Wrap
        }
        Text {
            visible: bubble.hint.keys !== ""
            text: bubble.hint.keys
            color: bubble.palette.toolTipText
            opacity: 0.65
            font.pixelSize: 12
        }
    }
    background: Rectangle {
        color: bubble.palette.toolTipBase
        radius: 4
        border.color: bubble.palette.mid
    }
}
