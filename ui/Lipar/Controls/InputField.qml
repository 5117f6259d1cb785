// A line of text to type.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.TextField {
    id: control

    required property string label
    property string example: ""  // shown while empty
    property bool hasProblem: false

    implicitWidth: 120
    implicitHeight: 32
    leftPadding: 10
    rightPadding: 10
    opacity: enabled ? 1 : 0.45
    color: palette.text
    selectionColor: palette.highlight
    selectedTextColor: palette.highlightedText
    font.pixelSize: 13
    selectByMouse: true
    verticalAlignment: TextInput.AlignVCenter
    activeFocusOnTab: true
    Accessible.name: label

    Text {
        anchors.fill: parent
        anchors.leftMargin: control.leftPadding
        anchors.rightMargin: control.rightPadding
        visible: control.length === 0 && control.preeditText === ""
        text: control.example
        color: control.palette.placeholderText
        font: control.font
        elide: Text.ElideRight
        verticalAlignment: Text.AlignVCenter
    }

    background: Rectangle {
        radius: 4
        color: control.palette.base
        border.width: control.activeFocus ? 2 : 1
        border.color: control.hasProblem ? control.palette.brightText
                                         : control.activeFocus ? control.palette.link
                                                               : control.hovered ? control.palette.light
                                                                                 : control.palette.mid
    }
}
