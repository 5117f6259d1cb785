// A scroll bar that is only there when there is something to scroll.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.ScrollBar {
    id: control

    implicitWidth: 10
    padding: 2
    visible: size < 1
    minimumSize: 0.1
    Accessible.ignored: true

    contentItem: Rectangle {
        implicitWidth: 6
        radius: 3
        color: control.pressed || control.hovered ? control.palette.placeholderText : control.palette.light
    }
}
