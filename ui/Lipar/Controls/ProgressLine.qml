// Progress as a thin line; a negative value runs back and forth: how far is not known yet.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.ProgressBar {
    id: control

    required property string label
    property real progress: -1

    implicitWidth: 160
    implicitHeight: 4
    indeterminate: progress < 0
    value: Math.max(0, progress)
    Accessible.name: label

    background: Rectangle {
        radius: 2
        color: control.palette.mid
    }
    contentItem: Item {
        clip: true

        Rectangle {
            visible: !control.indeterminate
            width: control.visualPosition * parent.width
            height: parent.height
            radius: 2
            color: control.palette.highlight
        }
        Rectangle {
            visible: control.indeterminate
            width: parent.width / 4
            height: parent.height
            radius: 2
            color: control.palette.highlight

            SequentialAnimation on x {
                running: control.indeterminate && control.visible
                loops: Animation.Infinite

                NumberAnimation {
                    from: 0
                    to: control.width * 3 / 4
                    duration: 900
                    easing.type: Easing.InOutQuad
                }
                NumberAnimation {
                    from: control.width * 3 / 4
                    to: 0
                    duration: 900
                    easing.type: Easing.InOutQuad
                }
            }
        }
    }
}
