// The bar of menus at the top of the window.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.MenuBar {
    id: bar

    implicitWidth: contentItem.childrenRect.width + leftPadding + rightPadding
    implicitHeight: 28
    spacing: 2

    delegate: T.MenuBarItem {
        id: entry

        implicitWidth: implicitContentWidth + 20
        implicitHeight: 28
        Accessible.name: text

        contentItem: Text {
            text: entry.text
            color: entry.palette.windowText
            font.pixelSize: 13
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            radius: 4
            color: entry.highlighted || entry.down ? entry.palette.midlight : "transparent"
        }
    }
    contentItem: Row {
        spacing: bar.spacing

        Repeater {
            model: bar.contentModel
        }
    }
    background: Item {}
}
