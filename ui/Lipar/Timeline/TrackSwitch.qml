// A small switch of a track: heard or not, alone, locked.
pragma ComponentBehavior: Bound
import QtQuick
import Lipar.Controls

IconButton {
    id: control

    required property bool isOn
    property color activeColor: palette.link

    implicitWidth: 24
    implicitHeight: 22
    iconSize: 16
    checkable: false
    Accessible.checkable: true
    Accessible.checked: isOn

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: control.iconSize
            height: control.iconSize
            name: control.iconName
            color: control.isOn ? control.activeColor : control.palette.placeholderText
        }
    }
}
