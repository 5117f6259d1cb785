// A button that is only an icon; its name is read out and shown as a tooltip.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls

T.ToolButton {
    id: control

    required property string iconName
    required property string label
    property string keys: ""
    property int iconSize: 20

    implicitWidth: 32
    implicitHeight: 32
    opacity: enabled ? 1 : 0.35
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    // Who has clicked goes on with the keys of the window: Space plays, it does not press the button again.
    onReleased: {
        if (!visualFocus)
            focus = false;
    }
    Accessible.name: label

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: control.iconSize
            height: control.iconSize
            name: control.iconName
            color: control.checked ? control.palette.link : control.palette.buttonText
        }
    }
    background: Rectangle {
        radius: 4
        color: control.down || control.hovered || control.checked ? control.palette.midlight : "transparent"

        FocusRing {
            shown: control.visualFocus
        }
    }

    Hint {
        text: control.label
        keys: control.keys
        shown: control.hovered
    }
}
