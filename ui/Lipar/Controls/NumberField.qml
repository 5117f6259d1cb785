// A whole number with a unit, to type or to step.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls

T.SpinBox {
    id: control

    required property string label
    property string unit: ""

    signal edited(int number)

    implicitWidth: 120
    implicitHeight: 32
    leftPadding: 10
    rightPadding: 30
    opacity: enabled ? 1 : 0.45
    editable: true
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: label
    onValueModified: control.edited(value)
    validator: IntValidator {
        bottom: Math.min(control.from, control.to)
        top: Math.max(control.from, control.to)
    }

    component Stepper: Item {
        id: stepper

        required property bool isUp
        readonly property bool isPressed: isUp ? control.up.pressed : control.down.pressed

        implicitWidth: 24
        implicitHeight: 14

        Icon {
            anchors.centerIn: parent
            width: 12
            height: 12
            rotation: stepper.isUp ? 180 : 0
            name: "chevron-down"
            color: stepper.isPressed ? control.palette.link : control.palette.placeholderText
        }
    }

    contentItem: TextInput {
        text: control.displayText
        color: control.palette.text
        selectionColor: control.palette.highlight
        selectedTextColor: control.palette.highlightedText
        font.pixelSize: 13
        selectByMouse: true
        verticalAlignment: Text.AlignVCenter
        readOnly: !control.editable
        validator: control.validator
        inputMethodHints: Qt.ImhDigitsOnly
        clip: true
        Accessible.name: control.label

        Text {
            x: parent.contentWidth + 4
            height: parent.height
            text: control.unit
            color: control.palette.placeholderText
            font.pixelSize: 12
            verticalAlignment: Text.AlignVCenter
        }
    }
    up.indicator: Stepper {
        isUp: true
        x: control.width - width - 2
        y: 2
    }
    down.indicator: Stepper {
        isUp: false
        x: control.width - width - 2
        y: control.height - height - 2
    }
    background: Rectangle {
        radius: 4
        color: control.palette.base
        border.width: control.activeFocus ? 2 : 1
        border.color: control.activeFocus ? control.palette.link : control.hovered ? control.palette.light
                                                                                   : control.palette.mid
    }
}
