// A line between groups of a menu.
import QtQuick
import QtQuick.Templates as T

T.MenuSeparator {
    id: separator

    implicitWidth: 100
    implicitHeight: 9
    Accessible.ignored: true

    contentItem: Item {
        Rectangle {
            x: 8
            y: 4
            width: parent.width - 16
            height: 1
            color: separator.palette.mid
        }
    }
}
