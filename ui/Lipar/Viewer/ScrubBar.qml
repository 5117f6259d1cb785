// The whole timeline as a line: where the playhead is, and the range between in and out. Drag or use the arrow keys.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

T.Slider {
    id: control

    required property Player player

    readonly property bool hasRange: player.inFrame >= 0 || player.outFrame >= 0
    readonly property real rangeStart: Math.max(0, player.inFrame) / to
    readonly property real rangeEnd: (player.outFrame >= 0 ? player.outFrame + 1 : player.frames) / to

    implicitHeight: 16
    from: 0
    to: Math.max(1, player.frames)
    stepSize: 1
    snapMode: T.Slider.SnapAlways
    enabled: player.frames > 0
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    wheelEnabled: false
    Accessible.name: qsTr("Position in the timeline")
    onMoved: player.seek(value)
    Keys.onLeftPressed: player.step(-1)
    Keys.onRightPressed: player.step(1)

    Binding {
        target: control
        property: "value"
        value: control.player.frame
        when: !control.pressed
        restoreMode: Binding.RestoreNone
    }

    background: Item {
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            height: 4
            radius: 2
            color: control.palette.mid

            Rectangle {
                visible: control.hasRange
                x: control.rangeStart * parent.width
                width: Math.max(2, (control.rangeEnd - control.rangeStart) * parent.width)
                height: parent.height
                radius: 2
                color: control.palette.light
            }
            Rectangle {
                width: control.visualPosition * parent.width
                height: parent.height
                radius: 2
                color: control.palette.highlight
                opacity: 0.75
            }
        }
    }
    handle: Rectangle {
        visible: control.enabled
        x: control.visualPosition * control.width - width / 2
        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
        width: 6
        height: 14
        radius: 3
        color: control.palette.windowText
        border.width: 1
        border.color: control.palette.window

        FocusRing {
            shown: control.visualFocus
        }
    }
}
