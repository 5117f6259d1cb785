// A line of a menu: its text on the left, its key on the right, a tick before it while it is on.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls

T.MenuItem {
    id: item

    property string keys: ""

    implicitWidth: implicitContentWidth
    implicitHeight: 28
    Accessible.name: text

    contentItem: RowLayout {
        spacing: 0

        Icon {
            Layout.leftMargin: 6
            Layout.rightMargin: 6
            Layout.preferredWidth: 16
            Layout.preferredHeight: 16
            opacity: item.checkable && item.checked ? 1 : 0
            name: "check"
            color: item.palette.link
        }
        Text {
            Layout.fillWidth: true
            text: item.text
            color: item.palette.windowText
            opacity: item.enabled ? 1 : 0.45
            font.pixelSize: 13
        }
        Text {
            Layout.leftMargin: 32
            Layout.rightMargin: item.subMenu ? 24 : 12
            text: item.keys
            color: item.palette.placeholderText
            opacity: item.enabled ? 1 : 0.45
            font.pixelSize: 12
        }
    }
    background: Rectangle {
        radius: 4
        color: item.highlighted && item.enabled ? item.palette.midlight : "transparent"
    }
}
