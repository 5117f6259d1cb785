// An on/off switch with its text on the left.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.Switch {
    id: control

    property string hint: ""

    implicitWidth: implicitContentWidth + 48
    implicitHeight: 24
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    onReleased: {
        if (!visualFocus)
            focus = false;  // as a PushButton
    }
    Accessible.name: text
    Accessible.description: hint

    contentItem: Heading {
        rightPadding: 48
        text: control.text
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
    indicator: Rectangle {
        x: control.width - width
        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
        width: 36
        height: 20
        radius: 10
        color: control.checked ? control.palette.highlight : control.palette.mid

        Rectangle {
            x: control.checked ? parent.width - width - 3 : 3
            y: 3
            width: 14
            height: 14
            radius: 7
            color: control.checked ? control.palette.highlightedText : control.palette.windowText

            Behavior on x {
                NumberAnimation {
                    duration: 80
                }
            }
        }

        FocusRing {
            shown: control.visualFocus
            radius: 12
        }
    }
}
