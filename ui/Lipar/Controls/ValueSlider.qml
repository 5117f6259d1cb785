// A slider on a thin track. `mark`: a value worth finding again, such as the default; below `from` = none.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.Slider {
    id: control

    required property string label
    property real mark: from - 1

    implicitWidth: 160
    implicitHeight: 24
    opacity: enabled ? 1 : 0.45
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    wheelEnabled: false
    Accessible.name: label

    background: Item {
        Rectangle {
            x: 8
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - 16
            height: 4
            radius: 2
            color: control.palette.mid

            Rectangle {
                width: control.visualPosition * parent.width
                height: parent.height
                radius: 2
                color: control.palette.highlight
            }
            Rectangle {
                visible: control.mark >= control.from
                x: (control.mark - control.from) / (control.to - control.from) * parent.width - 1
                y: -4
                width: 2
                height: 12
                radius: 1
                color: control.palette.placeholderText
            }
        }
    }
    handle: Rectangle {
        x: control.visualPosition * (control.width - width)
        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
        width: 16
        height: 16
        radius: 8
        color: control.pressed ? control.palette.highlight : control.palette.windowText
        border.width: 3
        border.color: control.palette.alternateBase

        FocusRing {
            shown: control.visualFocus
            radius: 10
        }
    }
}
