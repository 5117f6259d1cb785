// One figure of the HUD: what it is, and its value.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

RowLayout {
    id: figure

    required property string label
    required property string value
    property string unit: ""
    property string hint: ""

    spacing: 4
    Accessible.role: Accessible.StaticText
    Accessible.name: label + ": " + value + " " + unit

    Caption {
        Layout.alignment: Qt.AlignBaseline
        text: figure.label
    }
    Text {
        Layout.alignment: Qt.AlignBaseline
        text: figure.unit === "" ? figure.value : figure.value + " " + figure.unit
        color: palette.windowText
        font.pixelSize: 11
        font.weight: Font.DemiBold
    }

    HoverHandler {
        id: hover
    }
    Hint {
        text: figure.hint
        shown: hover.hovered && text !== ""
    }
}
