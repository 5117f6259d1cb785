// What a Hint shows.
import QtQuick
import QtQuick.Templates as T

T.ToolTip {
    id: hint

    property string keys: ""

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
            text: hint.text
            color: hint.palette.toolTipText
            font.pixelSize: 12
            wrapMode: Text.Wrap
        }
        Text {
            visible: hint.keys !== ""
            text: hint.keys
            color: hint.palette.toolTipText
            opacity: 0.65
            font.pixelSize: 12
        }
    }
    background: Rectangle {
        color: hint.palette.toolTipBase
        radius: 4
        border.color: hint.palette.mid
    }
}
