// The edge between source and edited: drag anywhere on the picture, or use the arrow keys.
pragma ComponentBehavior: Bound
import QtQuick
import Lipar.Controls
import Lipar.Session

Item {
    id: handle

    required property ViewState view

    activeFocusOnTab: true
    Accessible.role: Accessible.Slider
    Accessible.name: qsTr("Edge between source and edited")
    Accessible.focusable: true
    Keys.onLeftPressed: view.wipe -= 0.02
    Keys.onRightPressed: view.wipe += 0.02

    MouseArea {
        anchors.fill: parent
        cursorShape: Qt.SplitHCursor
        preventStealing: true
        onPressed: mouse => {
            handle.forceActiveFocus(Qt.MouseFocusReason);
            handle.view.wipe = mouse.x / width;
        }
        onPositionChanged: mouse => handle.view.wipe = mouse.x / width
    }
    Rectangle {
        x: Math.round(handle.view.wipe * handle.width) - 1
        width: 2
        height: parent.height
        color: "#f4f4f6"

        Rectangle {
            anchors.centerIn: parent
            width: 32
            height: 32
            radius: 16
            color: "#f4f4f6"
            border.width: handle.activeFocus ? 3 : 1
            border.color: handle.activeFocus ? handle.palette.highlight : "#40000000"

            Icon {
                anchors.centerIn: parent
                width: 20
                height: 20
                name: "grip"
                color: "#1a1b1e"
            }
        }
    }
}
