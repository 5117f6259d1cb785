// The whole clip as a line: what has come out of the edit so far, and where the viewer is. Drag or use the arrow keys.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

T.Slider {
    id: control

    required property Transport transport
    required property real duration  // seconds

    readonly property real span: Math.max(to - from, 0.001)

    implicitHeight: 24
    from: 0
    to: Math.max(duration, transport.lastSeconds, 0.001)
    value: transport.seconds
    enabled: transport.hasFrames
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: qsTr("Position in the clip")
    onMoved: transport.seek(value)
    Keys.onLeftPressed: transport.step(-1)
    Keys.onRightPressed: transport.step(1)

    Binding {
        target: control
        property: "value"
        value: control.transport.seconds
        when: !control.pressed
        restoreMode: Binding.RestoreNone
    }

    background: Item {
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            height: 8
            radius: 2
            color: control.palette.base
            border.color: control.palette.mid

            Rectangle {
                visible: control.transport.hasFrames
                x: control.transport.firstSeconds / control.span * parent.width
                y: 1
                width: (control.transport.lastSeconds - control.transport.firstSeconds) / control.span * parent.width
                height: parent.height - 2
                color: control.palette.highlight
                opacity: 0.4
            }
            Rectangle {
                visible: control.transport.hasFrames
                x: control.transport.firstSeconds / control.span * parent.width
                y: 1
                width: Math.max(0, control.visualPosition * parent.width - x)
                height: parent.height - 2
                color: control.palette.highlight
            }
        }
    }
    handle: Rectangle {
        visible: control.transport.hasFrames
        x: control.visualPosition * control.width - width / 2
        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
        width: 6
        height: 20
        radius: 3
        color: control.palette.windowText
        border.width: 1
        border.color: control.palette.window

        FocusRing {
            shown: control.visualFocus
        }
    }
}
